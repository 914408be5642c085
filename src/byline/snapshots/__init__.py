"""Snapshots: sealed, gated, published by one switch, remembered, compared, pruned."""
