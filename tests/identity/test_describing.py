import re
from datetime import date

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from byline import identity
from byline.core.hashing import hash_one
from byline.identity import terms
from byline_schemas import AUTHORS


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


def test_nobody_is_last_of_a_cut_list():
    out = identity.describe(paper(["Ada Lovelace", "Ida Flintlock"], authors_truncated=True))
    assert out["is_last"].to_list() == [False, False]


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
