"""Indexes of files that people bring: arXiv's metadata, looked up by keys, a part at a time."""
