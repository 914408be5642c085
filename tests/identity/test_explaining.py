from datetime import date
from hashlib import sha256
from importlib.resources import files

import polars as pl
import pytest

from byline import identity
from byline.identity import explain, model
from byline.identity.uncertain import uncertain_pairs


def mentions() -> pl.DataFrame:
    rows = [
        ("p1", ["Zoltana Quixworth", "Milburn Fenwick"]), ("p2", ["Z. Quixworth", "Milburn Fenwick"]),
        ("p3", ["Bartolo Quixworth"]), ("p4", ["Zoltana Quixworth", "Milburn Fenwick"]), ("p5", ["Wei Wang"]),
        ("p6", ["Wei Wang"]), ("p7", ["Wei Wang", "Ida Flintlock"]),
    ]  # fmt: skip
    papers = pl.DataFrame(
        {
            "paper_id": [row[0] for row in rows], "published": [date(2010, 1, 1)] * len(rows),
            "category": ["cs.LG"] * len(rows), "title": ["Otters and graphs"] * len(rows),
            "abstract": pl.Series([None] * len(rows), dtype=pl.String),
            "labels": pl.Series([[]] * len(rows), dtype=pl.List(pl.String)), "authors": [row[1] for row in rows],
        }
    )  # fmt: skip
    described = identity.describe(papers)
    return described.with_columns(identity.resolve(described))


def test_the_weights_of_a_pair_add_up_to_its_probability():
    why = explain.explain_pair(mentions(), ("p1", 1), ("p2", 1))
    assert why.together
    assert why.probability is not None
    logit = why.bias + sum(piece.weight for piece in why.evidence)
    clipped = min(max(logit, -model.CLIP), model.CLIP)
    assert why.probability == pytest.approx(1 / (1 + 2.718281828**-clipped), abs=1e-4)


def test_every_piece_of_evidence_is_put_in_words():
    why = explain.explain_pair(mentions(), ("p1", 1), ("p2", 1))
    assert [piece for piece in why.evidence if not piece.says] == []
    assert "initial" in why.evidence[0].says


def test_names_that_do_not_fit_are_said_not_to():
    why = explain.explain_pair(mentions(), ("p1", 1), ("p3", 1))
    assert not why.together
    assert why.probability is None
    assert why.why == "no person is taken to carry both names"


def test_a_shared_co_author_of_one_form_settles_it():
    why = explain.explain_pair(mentions(), ("p1", 1), ("p4", 1))
    assert why.together
    assert "co-author" in why.why


def test_an_unknown_mention_or_author_is_an_error():
    with pytest.raises(KeyError):
        explain.explain_pair(mentions(), ("nowhere", 1), ("p1", 1))
    with pytest.raises(KeyError):
        explain.explain_author(mentions(), "nobody")


def test_an_author_is_explained_by_forms_links_and_rivals():
    rows = mentions()
    who = str(rows["author_id"][0])
    why = explain.explain_author(rows, who)
    assert dict(why.forms) == {"Zoltana Quixworth": 2, "Z. Quixworth": 1}
    assert why.mentions == 3
    assert [link.together for link in why.links] == [True] * len(why.links)
    assert why.links


DOUBTFUL = [
    ("p1", ["Zoltana Quixworth"], "cs.LG", 2010), ("p2", ["Z. Quixworth"], "hep-ph", 2025),
    ("p3", ["Jonas Keller", "Bo Li"], "cs.CL", 2010), ("p4", ["Jonas Keller", "Ann Ho"], "hep-th", 2012),
    ("p5", ["Jonas Keller", "Cy Fox"], "hep-th", 2012), ("p6", ["Anna Schneider"], "math.AG", 2000),
    ("p7", ["Anna Schneider"], "math.NT", 2020), ("p8", ["Ida Moreau", "Bo Li"], "cs.CL", 2010),
    ("p9", ["I. Moreau", "Cy Fox"], "math.NT", 2019),
]  # fmt: skip
"""Papers of few people who may be one or two: other fields, long gaps, initials."""


def test_uncertain_pairs_come_most_valuable_first():
    papers = pl.DataFrame(DOUBTFUL, schema=["paper_id", "authors", "category", "year"], orient="row")
    described = identity.describe(
        papers.select(
            "paper_id", "authors", "category", published=pl.date("year", 1, 1), title=pl.lit("Otters and graphs"),
            abstract=pl.lit(None, dtype=pl.String), labels=pl.lit([], dtype=pl.List(pl.String)),
        )
    )  # fmt: skip
    pairs = uncertain_pairs(described.with_columns(identity.resolve(described)))
    assert pairs.height > 1
    assert pairs["value"].is_sorted(descending=True)
    assert pairs["probability"].is_between(0.1, 0.9).all()


def test_the_model_has_a_digest():
    resources = files("byline") / "resources"
    parts = (
        "identity_model.json",
        "identity_edges.toml",
        "name_counts.npy",
        "word_counts.npy",
        "names/nicknames.txt",
    )
    content = b"".join((resources / name).read_bytes() for name in parts)
    assert identity.model_digest() == sha256(content).hexdigest()


def test_a_constraint_shows_in_the_evidence():
    papers = pl.DataFrame(
        {
            "paper_id": ["p1", "p2", "p3"], "published": [date(2010, 1, 1)] * 3, "category": ["cs.LG"] * 3,
            "title": ["Otters"] * 3, "abstract": pl.Series([None] * 3, dtype=pl.String),
            "labels": pl.Series([[]] * 3, dtype=pl.List(pl.String)),
            "authors": [["Jonas Brackwater"], ["Jessica Brackwater"], ["J. Brackwater"]],
        }
    )  # fmt: skip
    rows = identity.describe(papers)
    rows = rows.with_columns(identity.resolve(rows))
    assert rows["author_id"].n_unique() == 3
    why = explain.explain_pair(rows, ("p1", 1), ("p3", 1))
    assert not why.together
    assert why.evidence[-1].feature == "rival"
