import re
from datetime import date
from importlib.resources import files

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline import identity, names
from byline.core.hashing import hash_one
from byline.identity import mentions, terms
from byline_schemas import AUTHORS, NAME_PARTS


def paper(authors: list[str], **more: object) -> pl.DataFrame:
    row = {
        "paper_id": "p", "published": date(2020, 1, 2), "category": "cs.LG", "title": "Otters", "abstract": None,
        "labels": ["mit"], "authors": authors, **more,
    }  # fmt: skip
    return pl.DataFrame([row], schema_overrides={"abstract": pl.String, "authors": pl.List(pl.String)})


def test_a_row_a_listed_author_in_order():
    out = identity.describe(paper(["Ada Lovelace", "Ida Flintlock"]))
    assert out["position"].to_list() == [1, 2]
    assert out["position"].dtype == pl.UInt16
    assert out["name_as_listed"].to_list() == ["Ada Lovelace", "Ida Flintlock"]
    assert out["is_last"].to_list() == [False, True]


def test_papers_without_authors_have_no_rows_and_shift_nobody_s_place():
    some = pl.concat([paper([]), paper(["Ada Pym", "Bo Li"]), paper([]), paper(["Cy Fox"])])
    out = identity.describe(some)
    assert out.select("name_as_listed", "position").rows() == [("Ada Pym", 1), ("Bo Li", 2), ("Cy Fox", 1)]


def test_nobody_is_last_of_a_cut_list():
    out = identity.describe(paper(["Ada Lovelace", "Ida Flintlock"], authors_truncated=True))
    assert out["is_last"].to_list() == [False, False]


def test_names_beyond_those_whose_parts_are_known_are_read_as_they_stand():
    parts = [{"given": "Ada Lovelace", "family": "Pym", "suffix": None}]
    known = pl.Series("name_parts", [parts], dtype=pl.List(NAME_PARTS))
    out = identity.describe(paper(["Ada Lovelace Pym", "Bo Maria Li"]).with_columns(known))
    assert out["given"].to_list() == ["Ada Lovelace", "Bo Maria"]
    assert out["family"].to_list() == ["Pym", "Li"]


CO_AUTHORS = [
    # name, block, what stands for the given name ("" for an initial), its first letter
    ("Ottla Quixworth", "ottla", "o"),
    ("Ottla M. Quixworth", "ottla", "o"),
    ("O. Quixworth", "", "o"),
    ("Quixworth", "", ""),
    ("Jean-Pierre Quixworth", "jeanpierre", "j"),
    ("J.-P. Quixworth", "jp", "j"),
    ("J. P. Quixworth", "", "j"),
]
RARITIES = [(0.0, 0), (0.06, 0), (0.07, 1), (3.0, 24), (31.87, 255), (31.9, 255), (99.0, 255)]


@pytest.mark.parametrize(("name", "given", "letter"), CO_AUTHORS)
@pytest.mark.parametrize(("rarity", "level"), RARITIES)
def test_a_co_author_s_key_holds_who_it_is_the_given_name_and_how_rare(name, given, letter, rarity, level):
    parts = pl.repeat(None, 1, dtype=NAME_PARTS, eager=True)
    parsed = names.parse(pl.Series([name]), parts)
    given_names = names.first_given(parsed["given_key"])
    (key,) = mentions.coauthor_keys(parsed, pl.Series([rarity], dtype=pl.Float32), given_names).to_list()
    assert key >> 32 == hash_one(f"{parsed['block'].item()} {letter}", "coauthor") >> 32
    assert key >> 8 & 0xFFFFFF == (hash_one(given, "given") & 0xFFFFFF if given else 0)
    assert key & 0xFF == level


def test_a_long_list_keeps_a_bounded_sample_of_co_authors():
    out = identity.describe(paper([f"A{chr(97 + i % 26)}a Namey{chr(97 + i // 26)}" for i in range(500)]))
    assert out["coauthors"].list.len().max() == 24


def test_evidence_does_not_depend_on_the_papers_around():
    one, other = paper(["Ada Lovelace"]), paper(["Ida Flintlock"]).with_columns(paper_id=pl.lit("q"))
    together = identity.describe(pl.concat([one, other]))
    assert together.head(1).equals(identity.describe(one))


def test_a_paper_without_authors_gives_no_mention():
    assert identity.describe(paper([])).height == 0


def authors(*listed: str) -> pl.DataFrame:
    mentions = identity.describe(paper(list(listed))).with_columns(author_id=pl.lit("x"))
    return identity.describe_authors(mentions)


def test_an_author_goes_by_the_fullest_form_and_keeps_all():
    table = authors("J. Smith", "John Smith", "John R. Smith")
    assert table["name"].item() == "John R. Smith"
    assert table["aliases"].item().to_list() == ["J. Smith", "John R. Smith", "John Smith"]
    assert table["paper_count"].dtype == pl.UInt32


def test_the_initial_is_ascii_or_an_underscore():
    partition = AUTHORS.partition
    assert partition is not None
    initials = [
        authors(name).select(partition.value()).item()
        for name in ("Ada Öst", "Ada Øst", "王小明", "Ada ibn Sina", "Jan van der Meulen")
    ]
    assert initials == ["O", "O", "_", "S", "M"]


@settings(max_examples=100, deadline=None)
@given(st.lists(st.none() | st.text(alphabet="abcXYZé -s\\.", max_size=14), max_size=8))
def test_words_are_runs_of_three_letters_or_more_within_their_row(texts):
    said = terms.words(pl.Series(texts, dtype=pl.String))
    expected = [
        (row, word.removesuffix("s") if word[-2:-1] != "s" else word)
        for row, text in enumerate(texts)
        for word in re.findall(r"(?<!\\)(?<![a-zé])[a-zé]+", (text or "").lower())
        if len(word.encode()) >= terms.LEAST_LETTERS
    ]
    keys = [hash_one(word, "term") & int(terms.HASH_MASK) for _, word in expected]
    assert said.paper.tolist() == [row for row, _ in expected]
    assert said.hash.tolist() == keys


FULLEST = [
    (["J. Smith", "Jon Smith"], "Jon Smith"),
    (["Jon Smith", "Jonathan Smith"], "Jonathan Smith"),
    (["Jon A. Smith", "Jon Smith"], "Jon A. Smith"),
    (["Jonathan Smith", "Jon A. B. Smith"], "Jonathan Smith"),
    (["Jo Mueller", "Jo Müller"], "Jo Müller"),
    (["Jose Smith", "José Smith", "Jose Smith"], "José Smith"),
    (["Jon Smithe", "Jan Smithe", "Jon Smithe"], "Jon Smithe"),
    (["Jon Smithe", "Jan Smithe"], "Jan Smithe"),
    (["Jona?than Smith", "Jon Smith"], "Jon Smith"),
    (["Jon Smith Jr.", "Jon Smith"], "Jon Smith Jr."),
]


@pytest.mark.parametrize(("listed", "shown"), FULLEST)
def test_the_fullest_form_is_shown(listed, shown):
    """Odd marks, letters in full given names, letters, accents, frequency, order: the first that differs counts."""
    for order in (listed, listed[::-1]):
        assert authors(*order)["name"].to_list() == [shown]


def test_an_author_has_the_days_of_the_first_and_the_last_paper():
    days = [date(2020, 1, 2), None, date(2018, 3, 4)]
    rows = [paper(["Ada Pym"]).with_columns(paper_id=pl.lit(f"p{n}"), published=pl.lit(day, dtype=pl.Date))
            for n, day in enumerate(days)]  # fmt: skip
    mentions = identity.describe(pl.concat(rows)).with_columns(author_id=pl.lit("x"))
    table = identity.describe_authors(mentions)
    assert table.select("paper_count", "first_published", "last_published").rows() == [
        (3, date(2018, 3, 4), date(2020, 1, 2))
    ]


def words_of(title: str, abstract: str | None) -> int:
    """Return how many words are kept of a paper."""
    frame = pl.DataFrame({"title": [title], "abstract": [abstract]}, schema_overrides={"abstract": pl.String})
    return len(terms.terms(frame)[0])


RARE = [f"{one}{other}quix" for one in "abcdefghij" for other in "klmno"]


@pytest.mark.parametrize(
    ("abstract", "count"),
    [
        (None, 1),
        (f"{RARE[1]} {'-' * 72}"[:79], 1),
        (f"{RARE[1]} {'-' * 73}"[:80], 2),
        (f"{RARE[1]} {'-' * 290} {RARE[2]}"[:301], 2),
        (" ".join(RARE), terms.KEPT),
    ],
    ids=["none", "a remark", "long enough", "what stands far behind", "many"],
)
def test_words_of_the_title_and_of_the_beginning_of_an_abstract_are_kept(abstract, count):
    assert words_of(RARE[0], abstract) == count


ALIKE = [
    ("owlquix", "owlquixs"),
    ("OWLQUIX", "owlquix"),
    ("the owlquix of", "owlquix"),
    (r"\alphaquix owlquix", "owlquix"),
]


@pytest.mark.parametrize(("one", "other"), ALIKE)
def test_words_are_compared_without_case_plural_and_commands(one, other):
    found = [terms.terms(pl.DataFrame({"title": [text], "abstract": [None]}, schema_overrides={"abstract": pl.String}))
             for text in (one, other)]  # fmt: skip
    assert found[0].to_list() == found[1].to_list() != [[]]


def test_what_is_no_letter_parts_words_and_every_character_beyond_ascii_is_one():
    for mark in "\x7f`{@[ 0-":
        assert len(terms.words(pl.Series([f"owl{mark}barn"])).hash) == 2
    for letter in "az\u0080\u00e9\u4e2d":
        assert len(terms.words(pl.Series([f"owl{letter}barn"])).hash) == 1


def test_words_that_end_in_a_double_s_and_short_ones_stay_as_they_are():
    keys = [terms.words(pl.Series([text])).hash.tolist() for text in ("glass", "glas", "gla", "gl")]
    assert len(keys[0]) == len(keys[1]) == len(keys[2]) == 1
    assert keys[0] != keys[1] == keys[2]
    assert keys[3] == []


def rarest(text: str) -> list[int]:
    """Return what is kept of a text, a word at a time: rarity level times 2^28, and the lower 28 bits of the hash."""
    with (files("byline.resources") / "word_counts.npy").open("rb") as file:
        listed = np.load(file, allow_pickle=False)
    slots: dict[int, int] = {}
    for number, level in zip(listed["hash"].tolist(), listed["level"].tolist(), strict=True):
        slots[number % 2**20] = min(level, slots.get(number % 2**20, level))
    keys = {hash_one(word.removesuffix("s"), "term") % 2**28 for word in text.split() if len(word) > 2}
    coded = {slots.get(key % 2**20, 12) * 2**28 + key for key in keys}
    return sorted((one for one in coded if one >= 3 * 2**28), reverse=True)[:12]


TEXTS = (
    "the gates of learning and neural gates on graphs for sparse barns",
    " ".join(RARE[:40]),
    "owlquix network model data",
    "of the and",
    "sparse kernel regression bound lattice quantum galaxy protein market speech music robot theorem",
)


def test_the_rarest_words_come_first_each_once_by_paper():
    found = terms.terms(pl.DataFrame({"title": TEXTS}).with_columns(abstract=pl.lit(None, pl.String)))
    assert found.to_list() == [rarest(text) for text in TEXTS]
    assert [len(one) for one in found][1:4] == [12, 3, 0]
    assert len({one >> 28 for one in found[4]}) > 3


def test_levels_of_words_fall_with_the_papers_that_have_them():
    papers = np.array([1, 26_775, 26_776, 56_683, 56_684, 120_000], dtype=np.float64)
    assert terms.level_of(papers).tolist() == [15, 2, 1, 1, 0, 0]
