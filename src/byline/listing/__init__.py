"""The raw listing, read: bytes of slices → a frame of records that accounts for every byte.

    parse    slices of files, each from a header (or the file's start) to another (or its end) → records
    headers  which lines are headers; a file may be cut before any of them (`byline.inputs.plan` does)

A record is a header line (code, date, badges), a byline (title and authors) and an abstract that may be wrapped or
missing. What is none of these is a quarantined record with a reason. Nothing raises: any bytes at all are either
read or quarantined.
"""

from byline.listing.records import SCHEMA, parse

__all__ = ["SCHEMA", "parse"]
