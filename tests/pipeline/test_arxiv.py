"""`--arxiv`: what pages cut is filled in, by the right paper or not at all, and who said what stays known."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from byline.cli import run
from byline.core.errors import UsageError
from byline.core.options import Options
from byline.pipeline.run import run_build
from byline.reference import keeping
from tests.conftest import files_of, table, write_listings
from tests.pipeline.fabricated import listing
from tests.reference.papers import lines, metadata, sentence

NAMES = [
    ["Lindqvist", "Ada", ""],
    ["Ohm", "Boris", ""],
    ["Varga", "Cleo", ""],
    ["{\\O}stby", "J\\'er\\^ome", "Jr."],
]
SHOWN = ["Ada Lindqvist", "Boris Ohm", "Cleo Varga"]
ABSTRACT = "We gate a network's layers one by one and measure how sparse each of them becomes in the end."
TITLE = "Sparse gates in deep layers: a careful study of waste"
ENTRY = metadata(
    3,
    title=TITLE,
    abstract=f"  {ABSTRACT}\n",
    authors_parsed=NAMES,
    categories="cs.LG stat.ML",
    doi="10.1234/Gates.3",
)
OTHERS = [metadata(n) for n in range(20, 30)]


def card(
    title: str = TITLE, names: str = "Ada Lindqvist, Boris Ohm, Cleo Varga et al.", abstract: str = ABSTRACT
) -> str:
    """Return the paper as a page shows it."""
    return f"LGJan 2, 2023\n{title}{names}\n{abstract}\n"


@pytest.fixture
def with_file(build, tmp_path):
    """Return a function that builds a listing with a metadata file of these papers."""

    def run(text: str, papers: list[dict[str, Any]], **options: Any) -> Any:
        path = tmp_path / "arxiv.json"
        path.write_bytes(lines(papers))
        return build(
            {"a.txt": listing(1, 5), "b.md": text}
            if text.startswith("- ")
            else {"a.txt": listing(1, 5), "b.txt": text},
            arxiv=path,
            **options,
        )

    return run


@pytest.fixture(scope="module")
def completed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the page with its paper and others in the metadata; return the snapshot."""
    home = tmp_path_factory.mktemp("completed")
    write_listings(home / "raw", {"a.txt": listing(1, 5), "b.txt": card()})
    (home / "arxiv.json").write_bytes(lines([ENTRY, *OTHERS]))
    options = Options(raw=home / "raw", out=home / "out", arxiv=home / "arxiv.json", workers=0)
    path = run_build(options).path
    assert isinstance(path, Path)
    return path


def paper(path: Path) -> dict[str, Any]:
    """Return the paper that the tests are about, with its authors."""
    found = table(path, "papers").filter(pl.col("title").str.contains("(?i)gates in deep")).row(0, named=True)
    authors = table(path, "authorships").filter(pl.col("paper_id") == found["paper_id"]).sort("position")
    return found | {"names": authors["name_as_listed"].to_list(), "sources": authors["source"].to_list()}


def test_a_cut_list_is_completed_and_says_who_said_what(completed):
    found = paper(completed)
    assert found["names"] == [*SHOWN, "Jérôme Østby Jr."]
    assert found["sources"] == ["listed", "listed", "listed", "arxiv"]
    assert (found["authors_source"], found["authors_truncated"], found["author_count"]) == ("arxiv", False, 4)
    assert (found["arxiv_id"], found["doi"]) == ("2301.00003", "10.1234/gates.3")
    assert found["filled"] == ["arxiv_id", "doi"]
    assert found["match_confidence"] > 0.97


OTHER = "A reply to others that says what it says in words which nobody has used before about these matters."
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
    "the same title by others": (NO_ABSTRACT, {"first": "Nakahara"}),
    "a sister paper": (
        {"title": "Gates in deep layers"},
        {"title": "Trees and their bark", "abstract": OTHER},
    ),
}
"""How the page has it, and how the entry differs that is another paper."""
FAMILIES = ["Abelsen", "Brunnow", "Cattle", "Dorniak", "Eppler", "Farkash", "Gundel", "Hovland", "Ivarez", "Jokela",
            "Kostrow", "Lunde", "Mirzo", "Nystad", "Orlick"]  # fmt: skip
"""First authors, one a case, so that all cases fit into one listing."""


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, Any]]:
    """Build every case in one listing; return its paper by case."""
    home = tmp_path_factory.mktemp("cases")
    cards, entries, names = [], list(OTHERS), {}
    kinds: list[tuple[str, dict[str, str], dict[str, Any]]] = [
        (name, page, {}) for name, page in SAME.items()
    ] + [(name, *both) for name, both in APART.items()]
    for number, ((name, page, changes), family) in enumerate(zip(kinds, FAMILIES, strict=True)):
        names[name] = family
        listed = page.get("names", "Ada {}, Boris Ohm, Cleo Varga et al.").format(family)
        text = sentence(family)
        cards.append(card(page.get("title", TITLE), listed, page.get("abstract", text)))
        first = [changes.get("first", family), "Rei" if "first" in changes else "Ada", ""]
        said = {key: value for key, value in changes.items() if key != "first"}
        entry = {"id": f"2302.{number:05d}", "abstract": text, "authors_parsed": [first, *NAMES[1:]]}
        entries.append(ENTRY | entry | said)
    (home / "raw").mkdir()
    (home / "raw" / "a.txt").write_text("".join(cards) + listing(1, 20))
    (home / "arxiv.json").write_bytes(lines(entries))
    options = Options(raw=home / "raw", out=home / "out", arxiv=home / "arxiv.json", workers=0)
    path = run_build(options).path
    assert isinstance(path, Path)
    authors = (
        table(path, "authorships")
        .sort("paper_id", "position")
        .group_by("paper_id")
        .agg("name_as_listed", "source")
    )
    rows = table(path, "papers").join(authors, on="paper_id").iter_rows(named=True)
    by_family = {row["name_as_listed"][0].rsplit(" ", 1)[-1]: row for row in rows}
    return {name: by_family[family] for name, family in names.items()}


@pytest.mark.parametrize("case", SAME)
def test_a_paper_typed_otherwise_is_found(cases, case):
    assert cases[case]["name_as_listed"][-1] == "Jérôme Østby Jr."


@pytest.mark.parametrize("case", APART)
def test_a_wrong_paper_fills_nothing(cases, case):
    found = cases[case]
    assert (found["source"], found["filled"], found["arxiv_id"]) == (["listed"] * 3, [], None)
    assert found["authors_truncated"]


def test_of_two_entries_that_fit_alike_neither_fills(with_file):
    found = paper(with_file(card(), [ENTRY, ENTRY | {"id": "2301.00004"}, *OTHERS]).path)
    assert found["filled"] == []
    assert found["match_confidence"] < 0.6


def test_the_page_stands_where_the_registry_says_otherwise(with_file):
    text = card(names="Ada Lindqvist, Boris Ohm")
    result = with_file(text, [ENTRY, *OTHERS])
    assert paper(result.path)["names"] == SHOWN[:2]
    assert any("authors 1" in warning and "page's word stands" in warning for warning in result.warnings)


def test_names_that_do_not_agree_in_order_are_not_extended(with_file):
    found = paper(with_file(card(names="Ada Lindqvist, Cleo Varga, Boris Ohm et al."), [ENTRY, *OTHERS]).path)
    assert found["authors_truncated"]
    assert found["sources"] == ["listed"] * 3


def test_a_person_s_word_on_a_match_is_final(completed, with_file, tmp_path):
    plain = paper(completed)
    folder = tmp_path / "curated"
    folder.mkdir()
    said = {"paper_id": plain["paper_id"], "arxiv_id": None}
    (folder / "matches.jsonl").write_text(json.dumps(said) + "\n")
    none = paper(with_file(card(), [ENTRY, *OTHERS], out=tmp_path / "none").path)
    assert (none["filled"], none["match_confidence"]) == ([], None)
    (folder / "matches.jsonl").write_text(json.dumps(said | {"arxiv_id": "2301.00003"}) + "\n")
    twins = [ENTRY, ENTRY | {"id": "2301.00004"}, *OTHERS]
    chosen = paper(with_file(card(), twins, out=tmp_path / "chosen").path)
    assert (chosen["arxiv_id"], chosen["match_confidence"], len(chosen["names"])) == ("2301.00003", 1.0, 4)


def test_a_decision_that_is_none_is_refused_with_its_line(with_file, tmp_path):
    (tmp_path / "curated").mkdir()
    (tmp_path / "curated" / "matches.jsonl").write_text('\n{"paper_id": "x"}\n')
    with pytest.raises(UsageError, match=r"matches\.jsonl:2"):
        with_file(card(), [ENTRY])


LIST = "# Reading\n\n" + "".join(
    f"- [{title}](https://arxiv.org/abs/2301.{n:05d})\n"
    for n, title in [
        (3, TITLE),
        (21, "Sparse gates in the 21th layer"),
        (22, "Quite another subject altogether"),
    ]
)


def test_a_list_without_authors_becomes_papers_whose_authors_are_the_registry_s(build, tmp_path):
    path = tmp_path / "arxiv.json"
    path.write_bytes(lines([ENTRY, *OTHERS]))
    result = build({"a.txt": listing(1, 20), "list.md": LIST}, arxiv=path)
    found = paper(result.path)
    assert found["names"] == [*SHOWN, "Jérôme Østby Jr."]
    assert found["sources"] == ["arxiv"] * 4
    assert (found["authors_source"], found["arxiv_id"]) == ("arxiv", "2301.00003")
    assert found["abstract"] == ABSTRACT
    assert {"abstract", "published", "category"} <= set(found["filled"])
    assert (str(found["published"]), found["category"]) == ("2023-01-02", "cs.LG")
    assert result.reasons["missing_byline"] == 1, "an id under another title is not taken at its word"


Many = tuple[dict[str, str], Path, dict[str, bytes]]


@pytest.fixture(scope="module")
def many(tmp_path_factory: pytest.TempPathFactory) -> Many:
    """Return listings, a metadata file of which some papers are in them, and what a plain build gives."""
    home = tmp_path_factory.mktemp("many")
    papers = [metadata(n, authors_parsed=NAMES) for n in range(24)]
    path = home / "many.json"
    path.write_bytes(lines(papers))
    cards = "".join(
        f"LGJan 2, 2023\n{' '.join(p['title'].split())}{', '.join(SHOWN)} et al.\n{' '.join(p['abstract'].split())}\n"
        for p in papers[::2]
    )
    texts = {"a.txt": listing(1, 12), "b.txt": cards, "c.md": LIST}
    write_listings(home / "raw", texts)
    plain = run_build(Options(raw=home / "raw", out=home / "out", arxiv=path, workers=0)).path
    assert isinstance(plain, Path)
    return texts, path, files_of(plain)


@pytest.mark.parametrize("slice_bytes", [300, 1 << 30])
def test_the_same_bytes_whatever_the_slices_and_buckets(build, many, tmp_path, monkeypatch, slice_bytes):
    texts, path, plain = many
    monkeypatch.setattr("byline.pipeline.order.BUCKET_BYTES", 2_000)
    monkeypatch.setattr("byline.pipeline.stages.match.FETCHED", 5)
    monkeypatch.setattr("byline.pipeline.stages.match.PROBED_BUCKETS", 2)
    cut = build(texts, arxiv=path, out=tmp_path / "cut", slice_bytes=slice_bytes)
    assert files_of(cut.path) == plain


@pytest.mark.slow
def test_the_same_bytes_with_workers(build, many, tmp_path, monkeypatch):
    texts, path, plain = many
    monkeypatch.setattr("byline.pipeline.order.BUCKET_BYTES", 2_000)
    spread = build(texts, arxiv=path, out=tmp_path / "spread", workers=2, slice_bytes=2_000)
    assert files_of(spread.path) == plain


def test_what_was_read_before_is_not_read_again_and_gives_the_same(build, many, tmp_path):
    texts, path, plain = many
    build({"a.txt": texts["a.txt"]}, arxiv=path, out=tmp_path / "grown")
    grown = build(texts, arxiv=path, out=tmp_path / "grown")
    assert files_of(grown.path) == plain


def test_the_index_by_itself_gives_the_same_snapshot_and_is_made_once(build, many, tmp_path, monkeypatch):
    texts, path, _ = many
    build(texts, arxiv=path, out=tmp_path / "plain")
    monkeypatch.setattr(keeping, "build_index", None)  # a second making would fail
    again = build({**texts, "d.txt": listing(5, 5)}, arxiv=path, out=tmp_path / "plain")
    assert not again.up_to_date
    (index,) = (p for p in (tmp_path / "plain" / ".cache" / "arxiv").iterdir() if p.is_dir())
    other = build(texts, arxiv=index, out=tmp_path / "other")
    assert files_of(other.path) == files_of(again.path)


def test_the_manifest_names_the_file_and_its_date(completed):
    said = json.loads((completed / "manifest.json").read_text())["options"]["arxiv"]
    assert (said["papers"], said["newest"]) == (11, "2023-02-03")
    assert len(said["sha256"]) == 64


def test_a_file_that_is_not_there_is_said(build, tmp_path):
    with pytest.raises(UsageError, match="--arxiv PATH"):
        build({"a.txt": listing(1, 3)}, arxiv=tmp_path / "nothing.json")


def test_explain_says_what_was_considered_and_review_keeps_the_word(with_file, tmp_path, capsys, monkeypatch):
    twins = [ENTRY, ENTRY | {"id": "2301.00004"}, *OTHERS]
    path = with_file(card(), twins).path
    where = ["--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out")]
    assert run(["explain", "b.txt:2", *where]) == 0
    said = capsys.readouterr().out
    assert "nothing is filled" in said
    assert {"2301.00003", "2301.00004"} <= set(said.split())
    assert run(["review", "--matches", "--list", *where]) == 0
    assert paper(path)["paper_id"] in capsys.readouterr().out
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "1")
    assert run(["review", "--matches", *where]) == 0
    kept = json.loads((tmp_path / "curated" / "matches.jsonl").read_text())
    assert (kept["paper_id"], kept["arxiv_id"]) == (paper(path)["paper_id"], "2301.00003")
    assert paper(with_file(card(), twins).path)["match_confidence"] == 1.0


def test_the_index_can_be_made_by_itself(many, build, tmp_path, capsys):
    texts, path, _ = many
    assert run(["arxiv-index", str(path), "--to", str(tmp_path / "index"), "--workers", "0"]) == 0
    assert "24 papers" in capsys.readouterr().out
    assert run(["arxiv-index", str(path), "--to", str(tmp_path / "index")]) == 2
    assert table(build(texts, arxiv=tmp_path / "index").path, "papers")["arxiv_id"].count() > 10
