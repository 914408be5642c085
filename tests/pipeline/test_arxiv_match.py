"""Which entry of arXiv's metadata a listed paper is: typed otherwise it is found, another paper fills nothing."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from byline.core.options import Options
from byline.pipeline.run import run_build
from byline.pipeline.stages.borders import known_borders
from byline.reference.building import build_index
from tests.conftest import table
from tests.pipeline.fabricated import listing
from tests.pipeline.gates_paper import ENTRY, LOWER, NAMES, OTHERS, TITLE, card
from tests.reference.papers import here, lines, sentence

OTHER = "A reply to others that says what it says in words which nobody has used before about these matters."
FIRST = "We present a rigorous study of gates in layers, one by one, under the assumption that nothing else moves."
LAST = "The results agree well with what simulations give for numbers that matter in practice."
NO_ABSTRACT = {"abstract": ""}
SAME: dict[str, dict[str, str]] = {
    "case": {"title": "SPARSE GATES IN DEEP LAYERS: A CAREFUL STUDY OF WASTE"},
    "dashes": {"title": "Sparse-gates in deep layers \u2014 a careful study of waste"},
    "LaTeX": {"title": r"Sparse {\it gates} in deep layers: a careful study of waste"},
    "a word": {"title": "Sparse gates in deep layers: a thorough study of waste"},
    "no subtitle": {"title": "Sparse gates in deep layers"},
    "no abstract": NO_ABSTRACT,
    "initials": {"names": "A. {}, B. Ohm, C. Varga et al."},
    "one name": {"names": "Ada {} et al."},
    "a footnote's mark": {"title": TITLE + "\u2020"} | NO_ABSTRACT,
    "family names first": {"names": "{} Ada, Ohm Boris, Varga Cleo et al."},
    "a slip in a name": {"names": "Ada {}, Boris Ohm, Cleo Vraga et al."},
    "HTML's entities": {"title": TITLE.replace(" of ", " &#111;f ")},
    "words in another order": {"title": "A careful study of waste with sparse gates in deep layers"}
    | NO_ABSTRACT,
    "cut by the page": {"title": "Sparse gates in deep layers: a care\u2026"} | NO_ABSTRACT,
    "a subtitle more": {"title": TITLE + ": extended version"} | NO_ABSTRACT,
    "another subtitle over one abstract": {"title": "Sparse gates in deep layers: theory and practice"},
    "mojibake in a name": {"names": "Ada {}, Boris Ohm, Cleo VÃ¡rga et al."},
    "rewritten": {"title": "Sparse gates in many layers: a thorough look at waste"} | NO_ABSTRACT,
    "rewritten with a number": {"title": "Thin doors in deep layers: a careful study of two wastes"}
    | NO_ABSTRACT,
    "the day of a later version": {"day": "Nov 9, 2024"} | NO_ABSTRACT,
    "a day years after": {"day": "Nov 9, 2031"},
    "a note before": {"title": f"[v2] {TITLE}"} | NO_ABSTRACT,
    "a note behind": {"title": f"{TITLE} (preprint)"} | NO_ABSTRACT,
    "slips and endings": {"title": "Sparse gate in dep layers: the careful study ofr waste"} | NO_ABSTRACT,
    "cut within a word": {"title": "Sparse gates in deep layers: a careful stud"} | NO_ABSTRACT,
    "degrees": {"names": "Ada {}, Boris Ohm, MD, Cleo Varga, Ph.D. et al."},
}
"""How the page has it, by kind; what is not said is as in the entry."""
APART: dict[str, tuple[dict[str, str], dict[str, Any]]] = {
    "another part": ({"title": "Gates in deep layers I"} | NO_ABSTRACT, {"title": "Gates in deep layers II"}),
    "a reply": ({"title": "Gates in deep layers"} | NO_ABSTRACT, {"title": "Reply to: Gates in deep layers"}),
    "a comment": (
        {"title": "Comment on gates in deep layers"},
        {"title": "Gates in deep layers", "abstract": OTHER},
    ),
    "an erratum": (
        {"title": "Gates in deep layers"},
        {"title": "Erratum: gates in deep layers", "abstract": OTHER},
    ),
    "another group": ({"title": "Gates in SU(2) layers"} | NO_ABSTRACT, {"title": "Gates in SU(3) layers"}),
    "another subtitle": (
        {"title": "Gates in deep layers: theory"} | NO_ABSTRACT,
        {"title": "Gates in deep layers: experiment"},
    ),
    "another number under one abstract": (
        {"title": "Gates in deep layers IV"},
        {"title": "Gates in deep layers V"},
    ),
    "the same title by others": (NO_ABSTRACT, {"first": "Nakahara"}),
    "a subtitle less and a list of another length": (
        {"title": "Gates in deep layers", "names": "Ada {}, Boris Ohm, Cleo Varga"} | NO_ABSTRACT,
        {"title": "Gates in deep layers -- verification"},
    ),
    "another title and another name": (
        {"title": "Doors in many layers: a study", "names": "Ada {}, Boris Ohm, Rei Nakahara et al."}
        | NO_ABSTRACT,
        {"title": "Gates in deep layers: a study"},
    ),
    "a subtitle more, on another day": (
        {"title": "Gates in deep layers: the finite case", "day": "Mar 9, 2023"} | NO_ABSTRACT,
        {"title": "Gates in deep layers"},
    ),
    "the first and last sentence of another paper": (
        {"title": "Gates in short layers", "day": "Mar 9, 2023", "abstract": f"{FIRST} {OTHER} {LAST}"},
        {
            "title": "Gates in deep layers",
            "abstract": f"{FIRST} {sentence('more')} {sentence('again')} {LAST}",
        },
    ),
    "a sister paper": (
        {"title": "Gates in deep layers"},
        {"title": "Trees and their bark", "abstract": OTHER},
    ),
}
"""How the page has it, and how the entry differs that is another paper."""
ODD: dict[str, dict[str, Any]] = {
    "an id that went through a float": {"id": "704.002"},
    "a comment of blanks": {"comments": "\t \n "},
    "a comment with combining accents": {"comments": "Dans la re\u0301union d'\\'et\\'e,\n  12 pages\x0b"},
    "a journal of digits": {"journal-ref": "76, 013009 (2007)"},
    "a journal with combining accents": {"journal-ref": "Re\u0301vue des portes 76 (2007) 13"},
    "categories that nobody knows": {"categories": "no-such.XX"},
    "no versions": {"versions": [], "update_date": None},
    "a day that is none": {"versions": [{"version": "v1", "created": "yesterday"}]},
    "a DOI with words": {"doi": "doi: 10.1234/Odd, in press"},
    "names of marks": {"more": [[":", "", ""], ["\u0007", " ", ""], ["O\u0308st", "", ""]]},
    "many names": {"more": [[f"Smith{n:04d}", "A.", ""] for n in range(300)]},
}
"""How an entry is odd that is the paper all the same."""
FAMILIES = ["Abelsen", "Brunnow", "Cattle", "Dorniak", "Eppler", "Farkash", "Gundel", "Hovland", "Ivarez", "Jokela",
            "Kostrow", "Lundeby", "Mirzoyan", "Nystad", "Orlick", "Petrelli", "Quastel", "Rundgren", "Solvang",
            "Tessmer", "Ullrich", "Vestergard", "Wahlgren", "Xirau", "Yngvesson", "Zetterholm", "Aldrovand",
            "Bergfeldt", "Castellan", "Dragomir", "Ekstrand", "Fjellheim", "Grondahl", "Haverkamp", "Ingvald",
            "Jespersen", "Kalvoda", "Lindholt", "Mortensen", "Nordvik", "Ostrander", "Pallister", "Quennell",
            "Rostow", "Silvander", "Thorsrud", "Ulvestad", "Voorhees", "Wexelsen", "Yardley"]  # fmt: skip
"""First authors, one a case, so that all cases fit into one listing."""


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Build every case in one listing; return its paper by case."""
    home = tmp_path_factory.mktemp("cases")
    cards, entries, names = [], list(OTHERS), {}
    kinds: list[tuple[str, dict[str, str], dict[str, Any]]] = [
        (name, page, {}) for name, page in SAME.items()
    ]
    kinds += [(name, *both) for name, both in APART.items()] + [(name, {}, odd) for name, odd in ODD.items()]
    for number, ((name, page, changes), family) in enumerate(zip(kinds, FAMILIES, strict=True)):
        names[name] = family
        listed = page.get("names", "Ada {}, Boris Ohm, Cleo Varga et al.").format(family)
        text = sentence(family)
        cards.append(
            card(page.get("title", TITLE), listed, page.get("abstract", text), page.get("day", "Jan 2, 2023"))
        )
        first = [changes.get("first", family), "Rei" if "first" in changes else "Ada", ""]
        said = {key: value for key, value in changes.items() if key not in ("first", "more")}
        authors = [first, *NAMES[1:], *changes.get("more", [])]
        entry = {"id": f"2302.{number:05d}", "abstract": text, "authors_parsed": authors}
        entries.append(ENTRY | entry | said)
    (home / "raw").mkdir()
    (home / "raw" / "a.txt").write_text("".join(cards) + listing(1, 20))
    (home / "arxiv.json").write_bytes(lines(entries))
    options = Options(raw=home / "raw", out=home / "out", arxiv=home / "arxiv.json", workers=0)
    path = run_build(options).path
    assert isinstance(path, Path)
    of_papers = (
        table(path, "authorships")
        .sort("paper_id", "position")
        .group_by("paper_id")
        .agg("name_as_listed", "source")
    )
    rows = table(path, "papers").join(of_papers, on="paper_id").iter_rows(named=True)
    by_family = {word: row for row in rows for word in row["name_as_listed"][0].split()}
    return {name: by_family[family] for name, family in names.items()}


@pytest.mark.parametrize("case", SAME)
def test_a_paper_typed_otherwise_is_found(cases, case):
    assert cases[case]["name_as_listed"][-1] == "Jérôme Østby Jr."


@pytest.mark.parametrize("case", APART)
def test_a_wrong_paper_fills_nothing(cases, case):
    found = cases[case]
    assert (found["source"], found["filled"], found["arxiv_id"]) == (["listed"] * 3, [], None)
    assert found["authors_truncated"] == ("et al." in APART[case][0].get("names", "et al."))


@pytest.mark.parametrize(
    "changes",
    [{"authors_parsed": [["Nakahara", "Rei", ""], *NAMES[1:]]}, {"title": TITLE + " and want"}],
    ids=["other authors", "a longer title"],
)
def test_a_border_is_not_taken_from_an_entry_of_others(changes):
    index = pl.Series([LOWER.splitlines()[1]])
    assert border_in(index, [ENTRY | changes]).is_empty()
    assert border_in(index, [ENTRY])["authors"].to_list() == [["ada lindqvist", "boris ohm", "cleo varga"]]


MARK = "\u2019"
"""A quotation mark: the end of a title, or the beginning of a name as in \u2019t Hooft."""


@pytest.mark.parametrize(
    ("listed", "known", "found"), [(MARK, MARK, 1), (MARK, "", 0), ("", "", 1), ("?", "", 1)]
)
def test_a_mark_that_may_begin_a_name_is_the_title_s_only_where_the_entry_has_it(listed, known, found):
    byline = TITLE.lower() + listed + "ada lindqvist, boris ohm, cleo varga et al."
    assert border_in(pl.Series([byline]), [ENTRY | {"title": TITLE + known}]).height == found


@pytest.mark.parametrize(
    ("names", "found"),
    [
        ("ada lindqvist, boris ohm, cleo varga et al.", 1),
        ("ada lindqvist, boris ohm, cleo varga", 0),
        ("ada lindqvist, boris ohm, cleo varga, j\u00e9r\u00f4me \u00f8stby jr.", 1),
        ("a. lindqvist, b. ohm et al.", 0),
    ],
    ids=["cut", "shorter and not cut", "whole", "initials alone"],
)
def test_a_border_needs_all_names_or_a_list_that_is_cut_and_one_in_full(names, found):
    assert border_in(pl.Series([TITLE.lower() + names]), [ENTRY]).height == found


def border_in(bylines: pl.Series, papers: list[dict[str, Any]]) -> pl.DataFrame:
    """Return the borders that a file of these papers makes plain."""
    with tempfile.TemporaryDirectory() as scratch:
        path = Path(scratch) / "arxiv.json"
        path.write_bytes(lines(papers))
        index = build_index(path, Path(scratch) / "index", Path(scratch) / "work", here)
        return known_borders(bylines, index)


@pytest.mark.parametrize("case", ODD)
def test_odd_values_are_cleaned_or_left_out(cases, case):
    found = cases[case]
    assert found["name_as_listed"][3] == "J\u00e9r\u00f4me \u00d8stby Jr."
    assert {"names of marks": 5, "many names": 304}.get(case, 4) == len(found["name_as_listed"])
    expected = {
        "an id that went through a float": ("arxiv_id", None),
        "a comment of blanks": ("comments", None),
        "a comment with combining accents": ("comments", "Dans la r\u00e9union d'\u00e9t\u00e9, 12 pages"),
        "a journal of digits": ("venue", None),
        "a journal with combining accents": ("venue", "R\u00e9vue des portes"),
        "a DOI with words": ("doi", "10.1234/odd"),
    }
    column, value = expected.get(case, ("authors_source", "arxiv"))
    assert found[column] == value
