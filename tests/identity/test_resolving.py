import random
from datetime import date

import polars as pl
import pytest

from byline import identity

Paper = tuple[str, int, str, list[str]]


def papers(*rows: Paper, cut: bool = False) -> pl.DataFrame:
    return pl.DataFrame(
        {
            "paper_id": [row[0] for row in rows],
            "published": [date(row[1], 3, 1) for row in rows],
            "category": ["cs.LG"] * len(rows),
            "title": [row[2] for row in rows],
            "abstract": [None] * len(rows),
            "labels": pl.Series([[]] * len(rows), dtype=pl.List(pl.String)),
            "authors": [row[3] for row in rows],
            "authors_truncated": [cut] * len(rows),
        },
        schema_overrides={"abstract": pl.String},
    )


SMALL = papers(
    ("p1", 2001, "Spectral rewriting of tangled graphs", ["Zoltana Quixworth", "Milburn Fenwick"]),
    ("p2", 2003, "Spectral graphs again", ["Z. Quixworth", "Milburn Fenwick"]),
    ("p3", 2004, "On tangled graphs", ["Zoltana P. Quixworth"]),
    ("p4", 2005, "Otters in rivers", ["Bartolo Quixworth"]),
    ("p5", 2006, "A detector for neutrinos", ["the Glowworm Collaboration", "Zoltana Quixworth"]),
    ("p6", 2007, "More neutrinos", ["Glowworm Collaboration"]),
)


def resolved(frame: pl.DataFrame, decisions: pl.DataFrame | None = None) -> pl.DataFrame:
    mentions = identity.describe(frame)
    return mentions.with_columns(identity.resolve(mentions, decisions))


def author(frame: pl.DataFrame, paper: str, position: int = 1) -> str:
    row = frame.filter((pl.col("paper_id") == paper) & (pl.col("position") == position))
    return str(row["author_id"].item())


def decision(verdict: str, a: tuple[str, int], b: tuple[str, int]) -> dict[str, object]:
    return {
        "verdict": verdict, "paper_id_a": a[0], "position_a": a[1], "paper_id_b": b[0], "position_b": b[1],
    }  # fmt: skip


def test_forms_of_a_rare_name_become_one_person():
    out = resolved(SMALL)
    assert author(out, "p1") == author(out, "p2") == author(out, "p3") == author(out, "p5", 2)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("Mathieu Quixworth", "Matthieu Quixworth", id="a doubled letter"),
        pytest.param("Oswin Tian-Mei Quixworth", "Tian-Mei Quixworth", id="a first name left out"),
    ],
)
def test_a_name_given_otherwise_beside_a_shared_co_author_is_the_same_person(one, other):
    listed = papers(
        ("p1", 2001, "Parsing wicker syntax", [one, "Ottoline Brambleby"]),
        ("p2", 2002, "Wicker syntax again", [other, "Ottoline Brambleby"]),
    )
    out = resolved(listed)
    assert author(out, "p1") == author(out, "p2")


def test_another_given_name_stays_another_person():
    out = resolved(SMALL)
    assert author(out, "p4") != author(out, "p1")


def test_a_collaboration_is_one_author_of_its_kind():
    out = resolved(SMALL)
    assert author(out, "p5") == author(out, "p6")
    table = identity.describe_authors(out)
    assert table.filter(pl.col("author_id") == author(out, "p5"))["kind"].item() == "collaboration"


def test_confidence_is_a_probability():
    confidence = resolved(SMALL)["identity_confidence"]
    assert confidence.dtype == pl.Float32
    assert confidence.is_between(0, 1).all()


def test_an_initial_that_fits_several_names_alike_joins_none():
    out = resolved(
        papers(
            ("a", 2010, "Vision transformers", ["Wei Wang"]),
            ("b", 2011, "Sparse optimisation", ["Wen Wang"]),
            ("c", 2012, "Soil chemistry", ["W. Wang"]),
            ("d", 2012, "Bridges of steel", ["Wu Wang"]),
        )
    )
    assert out["author_id"].n_unique() == 4


def test_an_initial_never_bridges_two_given_names():
    out = resolved(
        papers(
            ("a", 2010, "Tides", ["Jonas Brackwater", "Ida Flintlock"]),
            ("b", 2010, "Tides again", ["J. Brackwater", "Ida Flintlock"]),
            ("c", 2010, "Tides at last", ["Jessica Brackwater", "Ida Flintlock"]),
        )
    )
    assert author(out, "a") != author(out, "c")


def corpus(seed: int, size: int = 120) -> pl.DataFrame:
    rnd = random.Random(seed)
    families = ["Wang", "Quixworth", "Fenwick", "Müller", "Mueller", "de la Torre", "Kim", "Smith"]
    given = ["Wei", "W.", "Zoltana", "Z.", "John", "J. R.", "Min-jun", "Minjun", "Ana", "Anna"]
    rows = [
        (
            f"p{i}",
            rnd.randrange(1990, 2024),
            " ".join(rnd.choices(["tensor", "river", "graph", "otter", "robot"], k=4)),
            [f"{rnd.choice(given)} {rnd.choice(families)}" for _ in range(rnd.randrange(1, 5))],
        )
        for i in range(size)
    ]
    return papers(*rows)


def keyed(frame: pl.DataFrame) -> pl.DataFrame:
    return frame.select("paper_id", "position", "author_id", "identity_confidence").sort(
        "paper_id", "position"
    )


def test_the_order_of_rows_changes_nothing():
    mentions = identity.describe(corpus(1))
    shuffled = mentions.sample(fraction=1.0, shuffle=True, seed=7)
    one = mentions.with_columns(identity.resolve(mentions))
    other = shuffled.with_columns(identity.resolve(shuffled))
    assert keyed(one).equals(keyed(other))


def test_blocks_resolve_alike_alone_and_together():
    mentions = identity.describe(corpus(2))
    together = mentions.with_columns(identity.resolve(mentions))
    apart = pl.concat([part.with_columns(identity.resolve(part)) for part in mentions.partition_by("block")])
    assert keyed(together).equals(keyed(apart))


def test_a_later_paper_does_not_rename_a_person():
    grown = pl.concat(
        [SMALL, papers(("p9", 2020, "Graphs, later", ["Zoltana Quixworth", "Milburn Fenwick"]))]
    )
    before, after = resolved(SMALL), resolved(grown)
    assert author(before, "p1") == author(after, "p1") == author(after, "p9")


def test_an_empty_bucket_resolves_to_nothing():
    mentions = identity.describe(SMALL).head(0)
    assert identity.resolve(mentions).height == 0
    assert identity.describe_authors(mentions.with_columns(author_id=pl.lit("x"))).height == 0


def test_same_holds_across_blocks():
    out = resolved(SMALL, pl.DataFrame([decision("same", ("p4", 1), ("p1", 2))]))
    assert author(out, "p4") == author(out, "p1", 2) == author(out, "p2", 2)


def test_different_holds_against_all_evidence():
    decided = pl.DataFrame([decision("different", ("p1", 1), ("p2", 1))])
    out = resolved(SMALL, decided)
    assert author(out, "p1") != author(out, "p2")


def test_the_same_of_a_different_moves_along():
    decided = pl.DataFrame(
        [decision("different", ("p1", 1), ("p3", 1)), decision("same", ("p3", 1), ("p5", 2))]
    )
    out = resolved(SMALL, decided)
    assert author(out, "p3") == author(out, "p5", 2) != author(out, "p1")


@pytest.mark.parametrize("seed", range(5))
def test_random_decisions_without_conflict_all_hold(seed):
    rnd = random.Random(seed)
    mentions = identity.describe(corpus(seed, 40))
    keys = mentions.select("paper_id", "position").rows()
    rows = [decision(rnd.choice(["same", "different"]), *rnd.sample(keys, 2)) for _ in range(25)]
    bad = identity.conflicts(pl.DataFrame(rows))
    decided = pl.DataFrame(rows).join(bad, on=bad.columns, how="anti")
    assert decided.height > 10
    out = mentions.with_columns(identity.resolve(mentions, decided))
    for row in decided.to_dicts():
        one = author(out, row["paper_id_a"], row["position_a"])
        other = author(out, row["paper_id_b"], row["position_b"])
        assert (one == other) == (row["verdict"] == "same")


def test_decisions_that_contradict_each_other_are_reported():
    a, b, c = ("p1", 1), ("p2", 1), ("p3", 1)
    rows = pl.DataFrame([decision("same", a, b), decision("same", b, c), decision("different", a, c)])
    assert identity.conflicts(rows)["verdict"].to_list() == ["different"]
    assert identity.conflicts(rows.head(2)).height == 0


def test_decisions_on_mentions_elsewhere_are_passed_over():
    decided = pl.DataFrame([decision("same", ("p1", 1), ("elsewhere", 1))])
    assert keyed(resolved(SMALL, decided)).equals(keyed(resolved(SMALL)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Yu. A. Quixworth", "Yuri A. Quixworth"),
        ("Zh. Quixworth", "Zhanna Quixworth"),
        ("Kr. Quixworth", "Krzysztof Quixworth"),
        ("Yu. Quixworth", "Y. Quixworth"),
        ("B.D. Feng", "Bodan Feng"),
    ],
)
def test_initials_of_several_letters_are_compared_with_what_they_fit(one, other):
    both = papers(
        ("p1", 2001, "Tangled graphs", [one, "Milburn Fenwick", "Odalys Brumfield"]),
        ("p2", 2002, "Tangled graphs again", [other, "Milburn Fenwick", "Odalys Brumfield"]),
    )
    out = resolved(both)
    assert author(out, "p1") == author(out, "p2")


@pytest.mark.parametrize("other", ["Yan Quixworth", "Ya. Quixworth", "Zoltana Quixworth"])
def test_initials_of_several_letters_fit_no_other_name(other):
    both = papers(
        ("p1", 2001, "Tangled graphs", ["Yu. Quixworth", "Milburn Fenwick", "Odalys Brumfield"]),
        ("p2", 2002, "Tangled graphs again", [other, "Milburn Fenwick", "Odalys Brumfield"]),
    )
    out = resolved(both)
    assert author(out, "p1") != author(out, "p2")


@pytest.mark.parametrize(
    ("listed", "shown"),
    [
        (["Jose Solanowitz", "José Solanowitz", "Jose Solanowitz"], "José Solanowitz"),
        (["Joerg Muellnerich", "Jörg Müllnerich"], "Jörg Müllnerich"),
        (["Jose Solanowitz", "Jose© Solanowitz"], "Jose Solanowitz"),
        (["J. Solanowitz", "Jose Solanowitz"], "Jose Solanowitz"),
    ],
)
def test_the_name_shown_has_its_accents_and_no_odd_marks(listed, shown):
    rows = [(f"p{i}", 2001, "Tangled graphs", [name, "Milburn Fenwick"]) for i, name in enumerate(listed)]
    mentions = identity.describe(papers(*rows)).filter(pl.col("position") == 1)
    assert identity.describe_authors(mentions.with_columns(author_id=pl.lit("x")))["name"].item() == shown


def test_parts_that_the_form_knows_are_obeyed():
    part = pl.Struct({"given": pl.String, "family": pl.String, "suffix": pl.String})
    said = pl.Series([[{"given": "Wei", "family": "Anna", "suffix": None}, None], None], dtype=pl.List(part))
    both = papers(("p1", 2001, "Graphs", ["Anna W", "Bo Lindgren"]), ("p2", 2001, "Trees", ["Anna W"]))
    mentions = identity.describe(both.with_columns(name_parts=said)).sort("paper_id", "position")
    assert mentions["family"].to_list() == ["Anna", "Lindgren", "Anna"]
    assert mentions["given"].to_list() == ["Wei", "Bo", "W"]
