"""Who is one person and who is not, by kind. All people are made up."""

from datetime import date

import polars as pl
import pytest

from byline import identity
from byline.identity import explain, features

Listed = tuple[list[str], str | None, date | None]
SOLO = "Spectral rewriting of tangled graphs", "Otters in winter rivers", "A detector for slow neutrinos"


def described(*listed: Listed) -> pl.DataFrame:
    """Return the mentions of papers given as authors, category, day."""
    papers = pl.DataFrame(
        {
            "paper_id": [f"p{number}" for number in range(len(listed))],
            "authors": [authors for authors, _, _ in listed],
            "category": pl.Series([category for _, category, _ in listed], dtype=pl.String),
            "published": pl.Series([day for _, _, day in listed], dtype=pl.Date),
            "title": [SOLO[number % len(SOLO)] for number in range(len(listed))],
            "abstract": pl.Series([None] * len(listed), dtype=pl.String),
            "labels": pl.Series([[]] * len(listed), dtype=pl.List(pl.String)),
        }
    )
    return identity.describe(papers)


def persons(*listed: Listed, papers: int = 1_000_000) -> list[list[str]]:
    """Return the author ids of each paper's list."""
    mentions = described(*listed)
    found = mentions.with_columns(identity.resolve(mentions, papers=papers))
    return found.group_by("paper_id", maintain_order=True).agg("author_id")["author_id"].to_list()


def alone(*names: str) -> list[Listed]:
    """Return a paper a name, of one field and near in time."""
    return [([name], "cs.CL", date(2020, 1 + number, 3)) for number, name in enumerate(names)]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["Maria Elena Bertolucci", "Maria Teresa Bertolucci"], id="full middle names"),
        pytest.param(
            ["Muhammad Usman Qureshi", "Muhammad Hamza Qureshi", "Muhammad Bilal Qureshi"],
            id="three after the commonest first name",
        ),
        pytest.param(["Nguyen Van Dat", "Van Loc Nguyen"], id="Vietnamese, in either order"),
        pytest.param(["Tran Thi Quynh", "Tran Thi Bich"], id="Vietnamese, family name first"),
        pytest.param(["Ottla Maren Quixworth", "Ottla Signe Quixworth"], id="a rare family name"),
        pytest.param(["Ottla M. Quixworth", "Ottla S. Quixworth"], id="middle initials"),
        pytest.param(["Ottla Maren Quixworth", "Ottla S. Quixworth"], id="a middle name and another initial"),
    ],
)
def test_contradicting_middle_names_are_persons_of_their_own(names):
    found = [one for (one,) in persons(*alone(*names))]
    assert len(set(found)) == len(names)


def test_a_form_without_middle_name_brings_contradicting_ones_not_together():
    names = ["Ottla Maren Quixworth", "Ottla Quixworth", "Ottla Signe Quixworth", "Ottla Quixworth"]
    found = [one for (one,) in persons(*alone(*names))]
    assert found[0] != found[2]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["Iben Luis Kaldager", "Iben Luiz Kaldager"], id="s and z"),
        pytest.param(["Iben Sofia Kaldager", "Iben Sophia Kaldager"], id="f and ph"),
        pytest.param(["Iben Alex Kaldager", "Iben Alexander Kaldager"], id="one begins the other"),
        pytest.param(["Iben Luis Kaldager", "Iben Kaldager"], id="left out"),
        pytest.param(["Iben Luis Kaldager", "Iben L. Kaldager"], id="an initial"),
        pytest.param(["Iben Marek Luis Kaldager", "Iben Luis Kaldager"], id="one of two left out"),
    ],
)
def test_middle_names_that_agree_but_for_their_spelling_are_one_person(names):
    found = [one for (one,) in persons(*alone(*names))]
    assert len(set(found)) == 1


def test_much_in_common_outweighs_a_contradicting_middle_name():
    circle = ["Wilhelmina Fenwick", "Zoltana Brambleby", "Ingmar Flintlock"]
    one, other = persons(
        (["Ottla Maren Quixworth", *circle], "cs.CL", date(2020, 1, 1)),
        (["Ottla M. S. Quixworth", *circle], "cs.CL", date(2020, 5, 1)),
    )
    assert one[0] == other[0]


@pytest.mark.parametrize(
    "names",
    [
        pytest.param(["J. Lindqvist", "Jonas Lindqvist"], id="an initial and a name it fits"),
        pytest.param(["Jonas Lindqvist", "Jonas Lindqvist"], id="one name twice"),
        pytest.param(["Jonas Lindqvist", "Jonas P. Lindqvist"], id="a middle initial"),
        pytest.param(["Lindqvist", "Jonas Lindqvist", "Jonas Lindqvist"], id="three"),
    ],
)
def test_nobody_is_twice_an_author_of_a_paper(names):
    circle = ["Wilhelmina Fenwick", "Zoltana Brambleby"]
    lists = persons(
        ([*names, *circle], "cs.CL", date(2020, 1, 1)),
        (["Jonas Lindqvist", *circle], "cs.CL", date(2020, 5, 1)),
        (["J. Lindqvist", *circle], "cs.CL", date(2020, 7, 1)),
    )
    assert [len(found) for found in lists] == [len(names) + 2, 3, 3]
    assert all(len(set(found)) == len(found) for found in lists)


@pytest.mark.parametrize("papers", [20, 300, 1_000_000])
@pytest.mark.parametrize(
    "name",
    ["Wei Zhang", "Hiroshi Tanaka", "Mohammed Ali", "Thanh Nguyen", "Min-jun Kim", "Jihoon Kim", "H. Lee"],
)
def test_a_common_name_in_unrelated_fields_is_two_persons(name, papers):
    one, other = persons(
        ([name, "Milburn Fenwick"], "cs.CL", date(2020, 1, 1)),
        ([name, "Zoltana Brambleby"], "hep-ph", date(2020, 3, 1)),
        papers=papers,
    )
    assert one[0] != other[0]


def test_a_common_name_in_unrelated_fields_is_explained():
    mentions = described(
        (["Hiroshi Tanaka"], "cs.CL", date(2020, 1, 1)), (["Hiroshi Tanaka"], "hep-ph", date(2020, 3, 1))
    )
    why = explain.explain_pair(mentions, ("p0", 1), ("p1", 1), papers=20)
    assert not why.together
    assert why.probability is not None
    assert why.probability < 0.5
    assert "far" in [piece.feature for piece in why.evidence]


def test_a_common_name_in_unrelated_fields_is_one_person_where_something_is_shared():
    one, other = persons(
        (["Hiroshi Tanaka", "Zoltana Brambleby"], "cs.CL", date(2020, 1, 1)),
        (["Hiroshi Tanaka", "Zoltana Brambleby"], "hep-ph", date(2020, 3, 1)),
    )
    assert one == other


def test_a_rare_name_may_stand_in_unrelated_fields():
    one, other = persons(
        (["Ottla Quixworth"], "cs.CL", date(2020, 1, 1)), (["Ottla Quixworth"], "hep-ph", date(2020, 3, 1))
    )
    assert one == other


@pytest.mark.parametrize(
    ("category", "day", "feature"),
    [
        pytest.param("cs.CL", None, "years", id="no date: years, by relation"),
        pytest.param("cs.CL", None, "gap", id="no date: years, over all"),
        pytest.param(None, date(2020, 1, 1), "field", id="no category"),
    ],
)
def test_what_is_not_known_weighs_nothing(category, day, feature):
    mentions = described((["Ottla Quixworth"], category, day), (["O. Quixworth"], "cs.CL", date(2020, 1, 1)))
    why = explain.explain_pair(mentions, ("p0", 1), ("p1", 1))
    assert [piece.weight for piece in why.evidence if piece.feature == feature] == [0.0]


def test_a_few_new_papers_move_the_corpus_to_no_other_step():
    assert [features.corpus_step(papers) for papers in (300, 320, 1_000, 5_000, 20_000, 120_000)] == [
        0, 0, 1, 2, 3, 4,
    ]  # fmt: skip


def test_explain_says_that_one_paper_keeps_two_apart():
    mentions = described((["J. Lindqvist", "Jonas Lindqvist"], "cs.CL", date(2020, 1, 1)))
    why = explain.explain_pair(mentions, ("p0", 1), ("p0", 2))
    assert why.evidence[-1].feature == "one_paper"
    assert why.probability is not None
    assert why.probability < 1e-6


def test_explain_says_that_middle_names_contradict():
    mentions = described(*alone("Maria Elena Bertolucci", "Maria Teresa Bertolucci"))
    why = explain.explain_pair(mentions, ("p0", 1), ("p1", 1))
    assert why.evidence[-1].feature == "middle"
    total = why.bias + sum(piece.weight for piece in why.evidence)
    assert total < why.threshold
    assert why.probability == pytest.approx(1 / (1 + 2.718281828**-total), abs=1e-4)
