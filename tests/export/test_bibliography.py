"""Bibliographies: what a published snapshot gives is read back by the tools that it is for."""

from __future__ import annotations

import json

import pytest
import rispy
from bibtexparser.entrypoint import parse_string
from bibtexparser.middlewares import names

from byline.export.bibliography import Entry, Person, entries
from byline.export.bibtex import bibtex
from byline.export.csl import csl
from byline.export.ris import ris
from byline.export.selection import Selection
from byline.snapshots.dataset import open_dataset

ADA = Person("Lovelace", "Ada B.")
CASES = {
    "a particle": Person("Brandt", "Tomas", "van der"),
    "a suffix": Person("Fenn", "John", None, "Jr."),
    "one name": Person("Plutarch"),
    "the word and": Person("Holl and Sons", "Ines"),
    "a comma": Person("Foo, Inc.", "Ines"),
    "letters beyond ASCII": Person("Łukasik", "Żaneta"),
    "characters of TeX": Person("R&D_Team", "50% #1 {x} ~^\\"),
}


def entry(**said: object) -> Entry:
    """Return a fabricated entry."""
    plain: dict[str, object] = {
        "paper_id": "0f1e2d3c4b5a69788796", "title": "On Sparse Gates", "title_tex": None, "authors": (ADA,),
        "cut": False, "year": 2023, "month": 9, "day": 25, "venue": None, "doi": None, "arxiv_id": None,
        "category": "cs.LG", "abstract": None, "links": (), "comments": None,
    }  # fmt: skip
    return Entry(**{**plain, **said})  # type: ignore[arg-type]


def read_back(one: Entry) -> dict[str, str]:
    """Return the fields that bibtexparser finds in an entry's BibTeX."""
    library = parse_string("".join(bibtex([one])))
    assert library.failed_blocks == []
    (found,) = library.entries
    return {"key": found.key, "type": found.entry_type, **{field.key: field.value for field in found.fields}}


@pytest.mark.parametrize("person", CASES.values(), ids=CASES)
def test_every_kind_of_name_is_one_name_to_bibtex(person):
    found = read_back(entry(authors=(ADA, person, ADA)))["author"]
    assert len(names.split_multiple_persons_names(found)) == 3


def test_particle_suffix_and_given_name_come_back_as_they_were():
    person = Person("Brandt", "Tomas", "van der", "Jr.")
    parts = names.parse_single_name_into_parts(read_back(entry(authors=(person,)))["author"])
    assert (parts.first, parts.von, parts.last, parts.jr) == (["Tomas"], ["van", "der"], ["Brandt"], ["Jr."])


def test_a_collaboration_stays_whole():
    person = Person("FOO and BAR Collaboration", is_collaboration=True)
    assert read_back(entry(authors=(person,)))["author"] == "{FOO and BAR Collaboration}"
    assert json.loads("".join(csl([entry(authors=(person,))])))[0]["author"] == [
        {"literal": "FOO and BAR Collaboration"}
    ]


def test_a_cut_list_ends_in_others():
    assert read_back(entry(cut=True))["author"].endswith(" and others")


def test_the_date_goes_as_far_as_it_is_known():
    day, month, year, none = (
        entry(),
        entry(day=None),
        entry(month=None, day=None),
        entry(year=None, month=None, day=None),
    )
    assert [sorted({"year", "month", "day"} & read_back(one).keys()) for one in (day, month, year, none)] == [
        ["day", "month", "year"], ["month", "year"], ["year"], [],
    ]  # fmt: skip
    issued = [item.get("issued") for item in json.loads("".join(csl([day, month, year, none])))]
    assert issued == [
        {"date-parts": [[2023, 9, 25]]}, {"date-parts": [[2023, 9]]}, {"date-parts": [[2023]]}, None,
    ]  # fmt: skip


@pytest.mark.parametrize(
    "title",
    ["100 % of a & b_c #1 ~ ^ \\", "braces } and { gone wrong", "a {{b}} c", "$x_1$ for 5 $", "ends in \\"],
)
def test_no_title_breaks_the_file(title):
    assert read_back(entry(title=title))["title"]
    assert read_back(entry(title="plain", title_tex=title))["title"]


def test_a_title_with_latex_stands_as_listed():
    assert read_back(entry(title="On ℓ₁ Gates", title_tex=r"On $\ell_1$ Gates & More"))["title"] == (
        r"{On $\ell_1$ Gates \& More}"
    )


def test_keys_are_ascii_and_follow_from_the_paper_alone():
    assert entry().key == "lovelace2023sparse_0f1e2d"
    assert entry(authors=(Person("Łukasik"),), title="Über ß", year=None).key.isascii()
    assert entry(authors=()).key.startswith("anon")


def test_a_published_paper_is_an_article_and_another_is_not():
    assert read_back(entry(venue="Annals of Placeholders"))["type"] == "article"
    assert read_back(entry())["type"] == "misc"


def test_ris_is_read_back_with_its_names_and_without_numbers():
    text = "".join(
        ris([entry(authors=tuple(CASES.values()), doi="10.1234/x"), entry(title="Two\nER  - lines")])
    )
    one, two = rispy.loads(text)
    assert not text.startswith("1.")
    assert one["authors"][0] == "van der Brandt, Tomas"
    assert one["authors"][1] == "Fenn, John, Jr."
    assert one["doi"] == "10.1234/x"
    assert two["title"] == "Two ER - lines"


def test_csl_has_particles_of_their_own():
    (item,) = json.loads("".join(csl([entry(authors=(CASES["a particle"],))])))
    assert item["author"] == [{"family": "Brandt", "given": "Tomas", "non-dropping-particle": "van der"}]


def test_the_real_listing_comes_back_whole(real_build):
    found = list(entries(Selection(open_dataset(real_build))))
    library = parse_string("".join(bibtex(found)))
    assert library.failed_blocks == []
    assert len({one.key for one in library.entries}) == len(found) == 21
    assert len(rispy.loads("".join(ris(found)))) == 21
    assert len(json.loads("".join(csl(found)))) == 21
    assert sum("others" in one["author"] for one in library.entries) == 14
