"""Records in the wild: what is read, what is quarantined and why. All people and papers are made up."""

import datetime
import hashlib
import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from byline.listing import SCHEMA, parse

HERE = Path(__file__).parents[1]
BYLINE = "Counting pebbles in cold riversMira Oakes, Tomas Vell et al. · ashgrove"
ABSTRACT = "We count pebbles. The count is right."


def rows(*lines: str, end: str = "\n") -> list[dict[str, Any]]:
    return parse([end.join(lines).encode()]).to_dicts()


def reasons(*lines: str) -> list[str | None]:
    return [row["reason"] for row in rows(*lines)]


def one(*lines: str, end: str = "\n") -> dict[str, Any]:
    (row,) = rows(*lines, end=end)
    return row


def header(line: str) -> tuple[str, datetime.date, list[str]]:
    row = one(line, BYLINE, ABSTRACT)
    assert row["reason"] is None, row["detail"]
    return row["category_code"], row["published"], row["badges"]


def test_the_real_listing_is_read_exactly():
    frame = parse([(HERE.parent / "data/raw/listing.txt").read_bytes()])
    expected = [
        json.loads(line) for line in (HERE / "golden/listing_expected.jsonl").read_text().splitlines()
    ]
    assert frame.height == len(expected)
    for row, says in zip(frame.to_dicts(), expected, strict=True):
        assert row["reason"] is None
        assert (row["first_line"], row["last_line"]) == (says["first_line"], says["last_line"])
        assert (row["category_code"], str(row["published"]), row["badges"]) == (
            says["category_code"],
            says["date"],
            says["badges"],
        )
        assert row["byline"].startswith(says["title"] + says["authors"][0])
        assert len(row["abstract"]) == says["abstract_chars"]
        assert hashlib.sha256(row["abstract"].encode()).hexdigest() == says["abstract_sha256"]


@pytest.mark.parametrize(
    ("line", "code", "day"),
    [
        ("LGSep 25, 2023", "LG", "2023-09-25"),
        ("cs.LGSept 3, 2021", "cs.LG", "2021-09-03"),
        ("hep-thAugust 14, 2024", "hep-th", "2024-08-14"),
        ("flu-dyn1 Mar 2020", "flu-dyn", "2020-03-01"),
        ("LG2023-09-25", "LG", "2023-09-25"),
        ("CL 14 August 2024", "CL", "2024-08-14"),
        ("soft May 3, 2020", "soft", "2020-05-03"),
        ("cond-mat.str-elDec. 31, 1999", "cond-mat.str-el", "1999-12-31"),
        ("astro-ph.GA · 3rd June 2020", "astro-ph.GA", "2020-06-03"),
        ("q-algJanuary 1, 1995", "q-alg", "1995-01-01"),
        ("mathmarch 7, 2001", "math", "2001-03-07"),
        ("LGFEB 29, 2024", "LG", "2024-02-29"),
        ("LG2023/9/5", "LG", "2023-09-05"),
        ("LG25-Sep-2023", "LG", "2023-09-25"),
        ("QQSep 25, 2023", "QQ", "2023-09-25"),
        ("HEP-THSep 25, 2023", "HEP-TH", "2023-09-25"),
        ("Hep-ph Sep 25, 2023", "Hep-ph", "2023-09-25"),
        ("QUANTGASSep 25, 2023", "QUANTGAS", "2023-09-25"),
        ("new-codeSep 25, 2023", "new-code", "2023-09-25"),
        ("LG\u00a0Sep\u00a025,\u00a02023", "LG", "2023-09-25"),
        ("\u200bLG\u200bSep 25, 2023 ", "LG", "2023-09-25"),
        ("\tLG  Sep  25 ,  2023", "LG", "2023-09-25"),
        ("Cs.LgSep 25, 2023", "Cs.Lg", "2023-09-25"),
    ],
)
def test_a_header_may_take_many_forms(line, code, day):
    assert header(line) == (code, datetime.date.fromisoformat(day), [])


@pytest.mark.parametrize(
    ("rest", "badges"),
    [
        ("Code", ["Code"]),
        ("CodeData", ["Code", "Data"]),
        (" Code · Video", ["Code", "Video"]),
        ("Best PaperCode", ["Best Paper", "Code"]),
        ("CodeCode", ["Code"]),
        ("Shiny", ["Shiny"]),
        ("CodeShiny", ["Code", "Shiny"]),
        ("ShinyCode", ["Shiny", "Code"]),
        ("ShinySparkly", ["ShinySparkly"]),
        ("Codec", ["Codec"]),
        ("★ 41", ["★ 41"]),
        ("2 repos", ["2 repos"]),
        ("5 citationsCode", ["5 citations", "Code"]),
        ("2 repos5 citations", ["2 repos", "5 citations"]),
        ("Code12 starsData", ["Code", "12 stars", "Data"]),
        ("1.2k stars", ["1.2k stars"]),
        ("100+ citations", ["100+ citations"]),
        ("3D", ["3D"]),
        ("trending", ["trending"]),
        ("code available", ["code available"]),
    ],
)
def test_known_badges_are_split_and_unknown_ones_kept_as_listed(rest, badges):
    assert header("LGSep 25, 2023" + rest)[2] == badges


@pytest.mark.parametrize("date", ["25 Sep 2023", "Sep 25, 2023", "2023-09-25"])
@pytest.mark.parametrize("rest", ["2 repos", "17 citations"])
def test_a_badge_that_begins_with_a_digit_may_touch_the_date_in_any_form(date, rest):
    assert header("LG" + date + rest) == ("LG", datetime.date(2023, 9, 25), [rest])


LOWER_CASE = (
    "models of owl nests in winter; with maps for the northern coastada pym",
    "models of owl nests in the north of the islandtomas vell, jing an",
    "3d maps of the cold riversmira oakes, vera can",
    "a note on what is left of the wintermira oakes, tomas to et al. · ashgrove",
    "how fires in cold furnaces are to be lit by the and forolga brand",
)


@pytest.mark.parametrize("byline", LOWER_CASE)
@pytest.mark.parametrize(
    "line", ["LGJul 14, 2003", "math-phJul 14, 2003Code", "LG Jul 14, 2003", "CL2003-07-14"]
)
def test_a_title_and_names_in_lower_case_are_the_byline_of_their_record(line, byline):
    first, second = rows("LGSep 25, 2023", BYLINE, ABSTRACT, line, byline, ABSTRACT)
    assert (first["abstract"], first["reason"]) == (ABSTRACT, None)
    assert (second["byline"], second["abstract"], second["reason"]) == (byline, ABSTRACT, None)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("blank", [0, 1, 3])
@pytest.mark.parametrize("final", [True, False])
def test_line_ends_and_blank_lines_make_no_difference(end, blank, final):
    lines = (["LGSep 25, 2023", BYLINE, ABSTRACT] + [""] * blank) * 2
    data = end.join(lines + ([""] if final else [])).encode()
    first, second = parse([data]).to_dicts()
    for row in (first, second):
        assert (row["byline"], row["abstract"], row["reason"]) == (BYLINE, ABSTRACT, None)
    assert (first["first_line"], first["last_line"]) == (1, 3)
    assert (second["first_line"], second["last_line"]) == (4 + blank, 6 + blank)
    assert (first["byte_start"], first["byte_end"]) == (0, second["byte_start"])
    assert second["byte_end"] == len(data)


def test_mixed_line_ends_are_all_line_ends():
    row = one("LGSep 25, 2023\r" + BYLINE + "\r\n" + "one\rtwo\r\nthree")
    assert (row["abstract"], row["last_line"]) == ("one two three", 5)


def test_a_byte_order_mark_belongs_to_the_first_record():
    (row,) = parse([b"\xef\xbb\xbf" + "\n".join(["LGSep 25, 2023", BYLINE]).encode()]).to_dicts()
    assert (row["byte_start"], row["category_code"], row["first_line"]) == (0, "LG", 1)


def test_leading_blank_lines_belong_to_the_first_record_but_are_not_its_content():
    row = one("", " ", "LGSep 25, 2023", BYLINE, "")
    assert (row["byte_start"], row["first_line"], row["last_line"], row["abstract"]) == (0, 3, 4, None)


def test_an_abstract_may_be_wrapped_missing_or_in_paragraphs():
    wrapped, missing, paragraphs = rows(
        "LGSep 25, 2023", BYLINE, "We count", "  pebbles. ", "LGSep 24, 2023", BYLINE, "LGSep 23, 2023", BYLINE,
        "A.", "", "B.",
    )  # fmt: skip
    assert [wrapped["abstract"], missing["abstract"], paragraphs["abstract"]] == [
        "We count pebbles.",
        None,
        "A. B.",
    ]


def test_texts_are_nfc_without_control_codes_white_space_folded_and_nothing_else_changed():
    row = one(
        "LGSep 25, 2023",
        "On\u00a0 e\u0301te\u0301Zo\x7fe\u0308\u2003Pym\x1b\x9b",
        "a\u200bb \u200b c\u200cd\tﬁ № \\emph{x}",
    )
    assert row["byline"] == "On étéZoë Pym"
    assert row["abstract"] == "ab c\u200cd ﬁ № \\emph{x}"


def test_a_line_in_an_abstract_that_looks_like_a_header_stays_there():
    for line in (
        "In Sep 25, 2023 we",
        "Sep 25, 2023",
        "AI Sep 25, 2023 was the day",
        "other Sep 25, 2023 models",
    ):
        row = one("LGSep 25, 2023", BYLINE, "We began early.", line, "and went home.")
        assert row["abstract"] == f"We began early. {line} and went home."
    quoted = one(
        "LGSep 25, 2023", BYLINE, "Headers such as", "LGSep 25, 2023", "are quoted in the text below."
    )
    assert quoted["abstract"].startswith("Headers such as LGSep 25, 2023 are")


def test_furniture_between_records_is_set_apart():
    for line in (
        "Load more",
        "Show 20 more",
        "Page 2 of 7",
        "1,234 papers",
        "17",
        "Next ›",
        "© 2024 Ashgrove",
        "Search",
    ):
        first, page, second = rows(
            "LGSep 25, 2023", BYLINE, ABSTRACT, line, "", "LGSep 24, 2023", BYLINE, ABSTRACT
        )
        assert (first["abstract"], second["abstract"]) == (ABSTRACT, ABSTRACT)
        assert (page["reason"], page["raw_text"], page["first_line"]) == ("page_furniture", line + "\n\n", 4)


def test_furniture_before_the_first_header_and_after_the_last_record():
    page, record, footer = rows(
        "Paper explorer", "Home", "Search", "1,234 papers", "LGSep 25, 2023", BYLINE, ABSTRACT,
        "Load more", "About us", "© 2024 Ashgrove. All rights reserved.",
    )  # fmt: skip
    assert [page["reason"], record["reason"], footer["reason"]] == ["page_furniture", None, "page_furniture"]
    assert (page["first_line"], page["last_line"], footer["last_line"]) == (1, 4, 10)


def test_a_real_abstract_is_never_cut():
    for line in ("17", "papers", "Next", "Page 2 of 7", "code", "We show", "about"):
        row = one("LGSep 25, 2023", BYLINE, "The number of pebbles in the river was", line, "which is right.")
        assert row["abstract"].endswith(f"was {line} which is right.")
    row = one("LGSep 25, 2023", BYLINE, "The number of pebbles in the river was", "17")
    assert row["abstract"].endswith("was 17")


def test_text_before_the_first_header_says_what_was_expected():
    text, record = rows("Dear all, here is the list that I promised you yesterday.", "LGSep 25, 2023", BYLINE)
    assert (text["reason"], record["reason"]) == ("no_header", None)
    assert "LGSep 25, 2023" in text["detail"]
    assert "Dear all" in text["detail"]


@pytest.mark.parametrize(
    "line", ["LGFeb 30, 2023", "LG2023-13-01", "LG31 April 2020Code", "LGSep 25, 20231", "LG25/09/2023"]
)
def test_an_impossible_date_is_a_bad_date(line):
    bad, good = rows(line, BYLINE, ABSTRACT, "LGSep 25, 2023", BYLINE, ABSTRACT)
    assert (bad["reason"], bad["byline"], bad["published"], good["reason"]) == ("bad_date", None, None, None)
    assert line in bad["detail"]


def test_a_header_without_byline_is_quarantined():
    assert reasons("LGSep 25, 2023", "", "LGSep 24, 2023", BYLINE) == ["missing_byline", None]
    assert reasons("LGSep 24, 2023", BYLINE, "LGSep 25, 2023") == [None, "missing_byline"]
    assert reasons("LGSep 25, 2023", "Load more", "LGSep 24, 2023", BYLINE) == [
        "missing_byline",
        "page_furniture",
        None,
    ]
    assert reasons("LGSep 25, 2023", "we count pebbles in the cold river, " * 20 + "and more of them.") == [
        "missing_byline"
    ]


def test_an_abstract_in_place_of_the_byline_is_no_part_of_the_record_before():
    short = "We present a study of parsers for twelve languages and show that they can be trained in a day."
    assert reasons("LGSep 25, 2023", BYLINE, ABSTRACT, "CLFeb 6, 2020", short) == [None, "missing_byline"]
    wrapped = ("We present a large study of parsers and show that they can", "be trained in a day.")
    assert reasons("LGSep 25, 2023", BYLINE, ABSTRACT, "CLFeb 6, 2020", *wrapped) == [None, "missing_byline"]


def test_a_header_is_never_the_byline_of_another():
    for last in ("We study what was left of the page.", "and what was left of the page."):
        found = reasons("LGMar 1, 2022", "LGMar 2, 2022", last, "LGSep 25, 2023", BYLINE)
        assert found[0] == "missing_byline"
        assert set(found[:-1]) == {"missing_byline"}
        assert found[-1] is None


def test_bytes_that_are_not_utf8_name_the_byte_and_the_way_out():
    data = (
        "\n".join(["LGSep 25, 2023", "CafésAda Pym", "Text", "LGSep 24, 2023", BYLINE])
        .encode()
        .replace("é".encode(), b"\xe9")
    )
    bad, good = parse([data]).to_dicts()
    assert (bad["reason"], good["reason"], good["byline"]) == ("not_utf8", None, BYLINE)
    for part in ("0xe9", "'é'", "offset 18", "line 2", "iconv -f WINDOWS-1252"):
        assert part in bad["detail"]
    assert "Caf\\xe9s" in bad["raw_text"]


def test_a_windows_space_does_not_hide_a_header():
    data = "\n".join(["LGSep 24, 2023", BYLINE, "LG~Sep 25, 2023", BYLINE]).encode().replace(b"~", b"\xa0")
    assert parse([data])["reason"].to_list() == [None, "not_utf8"]


def test_a_nul_byte_quarantines_its_record_only():
    assert reasons("LGSep 25, 2023", BYLINE, "a\0b", "LGSep 24, 2023", BYLINE) == ["not_utf8", None]


def test_the_raw_text_is_safe_and_short():
    row = one("\x1b[2J\x9b evil " + "x" * 100_000)
    assert row["raw_text"].startswith("\\x1b[2J\\x9b evil")
    assert len(row["raw_text"].encode()) <= 64 * 1024
    assert row["raw_text"].isprintable()


def test_nothing_and_blank_lines():
    assert parse([]).height == parse([b""]).height == parse([b"", b""]).height == 0
    assert parse([b""]).schema == pl.Schema(SCHEMA)
    assert reasons("", "  ", "\ufeff") == ["page_furniture"]


def test_slices_are_told_apart():
    frame = parse([b"", "\n".join(["LGSep 25, 2023", BYLINE]).encode(), b"", b"text\r", b"\nmore"])
    assert frame["slice"].to_list() == [1, 3, 4]
    assert frame["byte_start"].to_list() == [0, 0, 0]
    assert frame["byte_end"].to_list() == [14 + 1 + len(BYLINE.encode()), 5, 5]
    assert frame["first_line"].to_list() == [1, 1, 2]


def test_equal_records_have_equal_digests_wherever_they_stand():
    record = "\n".join(["LGSep 25, 2023", BYLINE, ABSTRACT, ""]).encode()
    digests = parse([record * 2, b"\n" + record]).get_column("digest").to_list()
    assert digests[0] == digests[1] != digests[2]
    assert digests[0] == hashlib.blake2b(record, digest_size=10, person=b"record").hexdigest()
