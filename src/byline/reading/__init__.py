"""Slices of raw files to rows: records of whatever form, title and authors told apart; nothing normalized yet."""
