"""Headers that are read the short way read as they do the long way; what is asked first is true of every header."""

from __future__ import annotations

import numpy as np
import polars as pl
from hypothesis import example, given, settings
from hypothesis import strategies as st

from byline.listing import headers
from byline.listing.lines import read_page

CODES = [
    "LG",
    "AMa",
    "hep-th",
    "cond-mat",
    "may",
    "Cs.LG",
    "cs.LG",
    "HEP-TH",
    "MAR",
    "sep",
    "A",
    "2D Maps of",
    "A 3D",
]
MONTHS = ["Sep", "SEPTEMBER", "March", "Mar", "may", "Mays", "Sep.", "2023-09-", "", "nov", "3rd of "]
DAYS = ["25", "31", "2", "25th", "12.", "", "25 Sep"]
YEARS = [", 2023", ",2023", " 2023", ", 20232", ", 202", " 1492", "-2023", "", "/2/2023"]
RESTS = [
    "",
    "Code",
    "CodeDataset",
    "Code Available",
    "Codec",
    "2 repos",
    " Code",
    "Best Paper",
    "CodeCode",
    " x",
    ".",
]
LINE = st.tuples(
    *(st.sampled_from(pieces) for pieces in (CODES, ["", " ", "· "], MONTHS, ["", " "], DAYS, YEARS, RESTS))
)


@settings(max_examples=300, deadline=None)
@given(parts=LINE)
@example(parts=("LG", "", "Sep", " ", "25", ", 2023", "CodeDataset"))
@example(parts=("sep", "", "Mar", " ", "2", ", 2023", "2 repos"))
def test_a_header_read_the_short_way_is_what_the_long_way_reads(parts: tuple[str, ...]):
    text = pl.Series(["".join(parts)])
    line = np.zeros(1, np.int64)
    if text.str.contains(headers._fast()).item():
        assert headers._read_fast(line, text).equals(headers._read_full(line, text))
    if text.str.contains(headers._pattern()).item():
        assert text.str.contains(headers._DATED).item()


def test_a_listing_of_plain_headers_never_asks_the_long_pattern(monkeypatch):
    monkeypatch.setattr(headers, "_pattern", lambda: "(")  # polars would refuse it
    listing = "LGSep 25, 2023Code\nOn OwlsAda Pym\nWe look.\nhep-thSep 24, 2023\nOn LarksBo Li\nWe do.\n"
    assert headers.find_headers(read_page(listing.encode())).rest.to_list() == ["Code", ""]
