"""Why a record can't be read, in words that name the place and the way out."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache, lru_cache

PAGE_FURNITURE = "page_furniture"
NO_HEADER = "no_header"
BAD_DATE = "bad_date"
MISSING_BYLINE = "missing_byline"
NOT_UTF8 = "not_utf8"
TOO_LONG = "too_long"
DAMAGED_FILE = "damaged_file"
OTHER_FORM = "other_form"

FORMS = "a code and a date such as 'LGSep 25, 2023', 'cs.LG 25 September 2023' or 'hep-th2023-09-25'"
ELSEWHERE = (
    "for citations in running text use AnyStyle, for PDF use GROBID, for a saved web page copy its text"
)
"""What reads what byline does not."""
_LINE_END = re.compile(rb"\r\n|\r|\n")


@dataclass(frozen=True)
class Reason:
    """A stable code, and what was expected and what stood there."""

    code: str
    detail: str


def other_form(text: str) -> Reason:
    """Text behind a record that is no part of its abstract, and that no form fits."""
    return Reason(
        OTHER_FORM,
        "text of no form that byline knows (`byline forms` lists them), and no part of the abstract above; titles with "
        f'names below are read from a file of their own (`form = "lines"` beside it); {ELSEWHERE}; where it is the '
        f"abstract's own, take out the line break before it; found {_short(text)}",
    )


@cache
def page_furniture() -> Reason:
    """Menus, counts, footers, blank lines: nothing is wrong with them."""
    return Reason(PAGE_FURNITURE, "part of the page (menu, count, button or footer), not of a paper")


def no_header(text: str) -> Reason:
    """Text that stands before any header, and in which no record of another form begins."""
    return Reason(
        NO_HEADER,
        f"expected {FORMS}, or a record of another page (`byline forms` lists them; titles with names below are read "
        f"with `--form lines`); {ELSEWHERE}; found {_short(text)}",
    )


def bad_date(header: str) -> Reason:
    """A header whose date the calendar doesn't have, or that can't be told."""
    return Reason(BAD_DATE, f"expected a day of the calendar, as in {FORMS}; found {_short(header)}")


@lru_cache(maxsize=1)
def missing_byline(found: str | None) -> Reason:
    """A header that no title and authors follow."""
    what = "the record ends there" if found is None else f"found {_short(found)}"
    return Reason(MISSING_BYLINE, f"expected title and authors on the line after the header; {what}")


def not_utf8(record: bytes) -> Reason:
    """Bytes that are not text: names the first one, its place, what it looks like, how to convert the file."""
    try:
        record.decode()
        at, what = record.index(0), "a NUL byte, which no text holds"
        way_out = "if the file is UTF-16, convert it: iconv -f UTF-16 -t UTF-8 FILE; else remove the byte"
    except UnicodeDecodeError as error:
        at = error.start
        byte = record[at : at + 1]
        shown = byte.decode("cp1252", "replace")
        what = f"byte 0x{byte[0]:02x}, which is not UTF-8 here"
        way_out = "find the file's encoding and convert it: iconv -f ENCODING -t UTF-8 FILE"
        if shown.isprintable() and shown != "\ufffd":
            what += f" (in Windows-1252 it is '{shown}')"
            way_out = "convert the file: iconv -f WINDOWS-1252 -t UTF-8 FILE"
    line = len(_LINE_END.findall(record[:at])) + 1
    return Reason(NOT_UTF8, f"{what}, at offset {at} of the record, in its line {line}; {way_out}")


def _short(text: str) -> str:
    text = unicodedata.normalize("NFC", text[:400])
    text = " ".join("".join(char if char.isprintable() else " " for char in text).split())
    return repr(text if len(text) <= 80 else text[:79] + "…")
