"""Limits that the forms of the tables set."""

LONGEST_LIST = 65_535
"""Authors or labels of a record: positions are 16 bits."""
