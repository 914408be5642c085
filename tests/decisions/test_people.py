"""What people decide about authors: identifiers and names are read, tidied, and refused with their line."""

from __future__ import annotations

import json
from itertools import pairwise

import numpy as np
import polars as pl
import pytest

from byline.core.errors import UsageError
from byline.core.limits import LONGEST_LIST
from byline.decisions import organisations, people
from byline_schemas import TABLES
from byline_schemas.identifier_values import orcid_checks

IDENTIFIERS = "scheme,value,paper_id,position,evidence\n"
GIVEN = [
    ("orcid", "https://orcid.org/0000-0002-1825-0097", "0000-0002-1825-0097"),
    ("orcid", "orcid.org/0000-0002-1694-233x/", "0000-0002-1694-233X"),
    ("dblp", "https://dblp.org/pid/l/AdaLovelane.html", "l/AdaLovelane"),
    ("dblp", "12/3456-7", "12/3456-7"),
    ("openalex", "https://openalex.org/authors/A5023888391", "A5023888391"),
    ("openalex", "a5023888391", "A5023888391"),
]


@pytest.mark.parametrize(("scheme", "given", "kept"), GIVEN)
def test_an_identifier_is_kept_without_the_address_around_it(tmp_path, scheme, given, kept):
    (tmp_path / "identifiers.csv").write_text(f"{IDENTIFIERS}{scheme},{given},p,1,her page\n")
    assert people.identifiers(tmp_path).rows() == [("p", 1, scheme, kept, "her page")]


@pytest.mark.parametrize(
    "row",
    [
        "orcid,0000-0002-1825-0098,p,1,x",
        "orcid,0000-0002-1825,p,1,x",
        "dblp,Ada Lovelane,p,1,x",
        "openalex,W5023888391,p,1,x",
        "scopus,123,p,1,x",
        "orcid,0000-0002-1825-0097,p,0,x",
        "orcid,0000-0002-1825-0097,p,65536,x",
        "orcid,0000-0002-1825-0097,p,first,x",
        "orcid,0000-0002-1825-0097,p,1,",
        "orcid,0000-0002-1825-0097,p,1,x,y",
        'orcid,"0000-0002-1825-0097,p,1,x',
    ],
)
def test_an_identifier_that_is_none_is_refused_with_its_line_and_an_example(tmp_path, row):
    (tmp_path / "identifiers.csv").write_text(f"{IDENTIFIERS}orcid,0000-0002-1825-0097,q,2,x\n{row}\n")
    with pytest.raises(UsageError, match=r"identifiers\.csv:3: ") as said:
        people.identifiers(tmp_path)
    assert "scheme,value,paper_id,position,evidence\n" in said.value.way_out


def test_the_longest_list_is_what_the_tables_positions_can_say():
    assert pl.Series([LONGEST_LIST], dtype=TABLES["authorships"].columns()["position"])[0] == LONGEST_LIST
    assert TABLES["paper_affiliations"].columns()["position"] == pl.UInt16
    assert np.iinfo(np.uint16).max == LONGEST_LIST


def test_a_header_of_one_column_is_one_of_a_table_with_commas(tmp_path):
    (tmp_path / "identifiers.csv").write_text("scheme\ndblp,12/3\n")
    with pytest.raises(UsageError, match=r"identifiers\.csv:2: .*more cells than the header names"):
        people.identifiers(tmp_path)


def test_a_list_of_authors_has_places_up_to_65535(tmp_path):
    (tmp_path / "identifiers.csv").write_text(f"{IDENTIFIERS}dblp,12/3,p,65535,x\ndblp,12/3,q,1,x\n")
    assert people.identifiers(tmp_path)["position"].to_list() == [65_535, 1]


def test_a_digit_mistyped_or_two_exchanged_never_pass_for_an_orcid():
    good = "0000-0002-1825-0097"
    assert orcid_checks(good)
    places = [at for at, char in enumerate(good) if char.isdigit()]
    for at in places:
        for digit in "0123456789":
            assert orcid_checks(good[:at] + digit + good[at + 1 :]) == (digit == good[at])
    for one, other in pairwise(places):
        swapped = list(good)
        swapped[one], swapped[other] = swapped[other], swapped[one]
        assert orcid_checks("".join(swapped)) == (good[one] == good[other])


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_a_table_is_read_as_spreadsheets_save_it(tmp_path, mark):
    rows = "\ufeffnote,value,scheme,position,paper_id,evidence\r\n,12/3,dblp,1,p,she said\r\n,,,,,\r\n"
    (tmp_path / "identifiers.csv").write_bytes(rows.replace(",", mark).encode())
    assert people.identifiers(tmp_path)["value"].to_list() == ["12/3"]


def test_mentions_of_one_identifier_and_of_one_line_of_names_are_the_same(tmp_path):
    row = "orcid,0000-0002-1825-0097"
    (tmp_path / "identifiers.csv").write_text(f"{IDENTIFIERS}{row},p,1,x\ndblp,1/2,r,9,x\n{row},q,2,x\n")
    line = {"mentions": [["s", 1], ["t", 2], ["u", 3]], "name": "Ada Lovelane"}
    (tmp_path / "names.jsonl").write_text(json.dumps(line))
    assert people.author_decisions(tmp_path).rows() == [
        ("same", "p", 1, "q", 2),
        ("same", "s", 1, "t", 2),
        ("same", "t", 2, "u", 3),
    ]
    places = dict(people.decided_mentions(tmp_path).select("paper_id", "places").iter_rows())
    assert places["q"] == ["identifiers.csv:4"]
    assert places["u"] == ["names.jsonl:1"]


@pytest.mark.parametrize(
    "line",
    [
        '{"name": "Ada Lovelane"}',
        '{"mentions": [], "name": "Ada Lovelane"}',
        '{"mentions": [["p"]], "name": "Ada Lovelane"}',
        '{"mentions": [["p", 0]], "name": "Ada Lovelane"}',
        '{"mentions": [["p", 1]], "name": " "}',
        '{"mentions": [["p", 1]], "name": "Ada Lovelane", "withheld": "Adam Byronne"}',
        '{"mentions": [["p", 1]], "name": "Ada Lovelane", "witheld": ["Adam Byronne"]}',
        "Ada Lovelane",
    ],
)
def test_a_name_that_is_none_is_refused_with_its_line(tmp_path, line):
    (tmp_path / "names.jsonl").write_text('{"mentions": [["p", 1]], "name": "Ada Lovelane"}\n\n' + line)
    with pytest.raises(UsageError, match=r"names\.jsonl:3: not a name that a person wants") as said:
        people.wanted_names(tmp_path)
    assert '"withheld"' in said.value.way_out


MEANINGS = "label,verdict,name,ror_id,country,kind\n"


@pytest.mark.parametrize(
    "row",
    [
        "example labs,perhaps,Example Labs,,,",
        "example labs,is,,,,",
        "example labs,is,Example Labs,12,,",
        "example labs,is,Example Labs,,Switzerland,",
        "example labs,is,Example Labs,,CH,club",
        ",is,Example Labs,,,",
    ],
)
def test_a_meaning_that_is_none_is_refused_with_its_line(tmp_path, row):
    (tmp_path / "affiliations.csv").write_text(f"{MEANINGS}{row}\n")
    with pytest.raises(UsageError, match=r"affiliations\.csv:2: "):
        organisations.meanings(tmp_path)


def test_of_two_meanings_of_a_label_the_last_counts_and_all_denials_do(tmp_path):
    (tmp_path / "affiliations.csv").write_text(
        f"{MEANINGS}Example  Labs,is,One,,,\nexample labs,is,Two,https://ror.org/012ABCD34,ch,company\n"
        "example labs,not,Three,,,\nexample labs,not,Four,,,\n"
    )
    said = organisations.meanings(tmp_path)
    assert said.row(0) == ("example labs", "is", "Two", "012abcd34", "CH", "company")
    assert said["name"].to_list() == ["Two", "Three", "Four"]
