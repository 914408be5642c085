"""What one would write without byline, as one would write it: each reads a listing and writes one Parquet of papers.

All take the names from the byline by the same rule, so that the comparison is between tools and not between rules.
`RULE` needs no look-around, which neither RE2 nor Rust's engine has.
"""

NAME = r"[A-Z][^\s,]*(?: [^\s,]+){1,4}"
"""A name: a capital, then at least another word."""
RULE = rf"^(.+[^\sA-Z,(/-])({NAME}(?:, {NAME})*)$"
"""Title and names: the last place where a capital follows without a space and all behind are names."""
HEADER = r"^([A-Za-z-]+)((?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)\w* \d{1,2}, \d{4})(.*)$"
"""Category code, date, badges."""
ORGANISATIONS = " · "
CUT = " et al."
COLUMNS = (
    "row",
    "code",
    "published",
    "badges",
    "title",
    "authors",
    "authors_truncated",
    "affiliations",
    "abstract",
)
"""What each writes; `row` counts records from 0. A record without a readable byline has null title and no authors."""
