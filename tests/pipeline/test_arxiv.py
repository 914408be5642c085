"""`--arxiv`: what pages cut is filled in, by the right paper or not at all, and who said what stays known."""

from __future__ import annotations

import json
import re
import shutil
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from byline.cli import run
from byline.core.errors import UsageError
from byline.core.options import Options
from byline.core.result import Result
from byline.pipeline.run import run_build
from byline.reference import keeping
from tests.conftest import files_of, for_comparison, table, write_listings
from tests.pipeline.fabricated import listing
from tests.pipeline.gates_paper import ABSTRACT, ENTRY, LOWER, NAMES, OTHERS, SHOWN, TITLE, card, paper
from tests.reference.papers import lines, metadata


@pytest.fixture
def with_file(build, tmp_path):
    """Return a function that builds a listing with a metadata file of these papers."""

    def run(text: str, papers: list[dict[str, Any]], **options: Any) -> Any:
        path = tmp_path / "arxiv.json"
        path.write_bytes(lines(papers))
        name = "b.md" if text.startswith("- ") else "b.txt"
        with for_comparison():  # `completed` was put to every rule
            return build({"a.txt": listing(1, 5), name: text}, arxiv=path, **options)

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


def test_a_cut_list_is_completed_and_says_who_said_what(completed):
    found = paper(completed)
    assert found["names"] == [*SHOWN, "Jérôme Østby Jr."]
    assert found["sources"] == ["listed", "listed", "listed", "arxiv"]
    assert (found["authors_source"], found["authors_truncated"], found["author_count"]) == ("arxiv", False, 4)
    assert (found["arxiv_id"], found["doi"]) == ("2301.00003", "10.1234/gates.3")
    assert found["filled"] == ["arxiv_id", "doi", "comments"]
    assert found["comments"] == "12 pages"
    assert found["match_confidence"] > 0.97


TWINS = [ENTRY, ENTRY | {"id": "2301.00004"}, *OTHERS, OTHERS[0]]
"""Two entries that fit alike, and an id that the file repeats."""


@pytest.fixture(scope="module")
def between_twins(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Result]:
    """Build the page with those entries; return the folder of `raw`, `out` and the file, and the result."""
    home = tmp_path_factory.mktemp("twins")
    write_listings(home / "raw", {"a.txt": listing(1, 5), "b.txt": card()})
    (home / "arxiv.json").write_bytes(lines(TWINS))
    return home, run_build(Options(raw=home / "raw", out=home / "out", arxiv=home / "arxiv.json", workers=0))


def test_of_two_entries_that_fit_alike_neither_fills(between_twins):
    _, result = between_twins
    found = paper(result.path)
    assert found["filled"] == []
    assert found["match_confidence"] < 0.6
    assert any("1 line(s) of arXiv's metadata repeat the id" in warning for warning in result.warnings)


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
    chosen = paper(with_file(card(), TWINS, out=tmp_path / "chosen").path)
    assert (chosen["arxiv_id"], chosen["match_confidence"], len(chosen["names"])) == ("2301.00003", 1.0, 4)


def test_a_decision_that_is_none_is_refused_with_its_line(with_file, tmp_path):
    (tmp_path / "curated").mkdir()
    (tmp_path / "curated" / "matches.jsonl").write_text('\n{"paper_id": "x"}\n')
    with pytest.raises(UsageError, match=r"matches\.jsonl:2"):
        with_file(card(), [ENTRY])


def test_a_doubtful_border_is_taken_from_an_entry_whose_title_and_authors_stand_there(
    with_file, build, tmp_path, capsys
):
    title = TITLE.replace("waste", "Mina")
    page = LOWER.replace("waste", "mina")  # the last word may be a name
    plain = build({"a.txt": listing(1, 20), "b.txt": page}, out=tmp_path / "plain").path
    doubtful = table(plain, "records").filter(pl.col("source_file") == "b.txt")["boundary_confidence"].item()
    assert doubtful is None or doubtful < 0.9
    found = paper(with_file(page, [ENTRY | {"title": title}, *OTHERS]).path)
    assert found["title"] == title.lower()
    assert found["names"] == [name.lower() for name in SHOWN] + ["J\u00e9r\u00f4me \u00d8stby Jr."]
    assert found["boundary_confidence"] == pytest.approx(0.999)
    assert run(["explain", "b.txt:2", "--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out")]) == 0
    assert f"read as arXiv's metadata has it (2301.00003): {title.lower()} | ada" in capsys.readouterr().out


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


@pytest.mark.parametrize("slice_bytes", [300, pytest.param(1 << 30, marks=pytest.mark.slow)])
def test_the_same_bytes_whatever_the_slices_and_buckets(build, many, tmp_path, monkeypatch, slice_bytes):
    texts, path, plain = many
    monkeypatch.setattr("byline.pipeline.order.BUCKET_BYTES", 2_000)
    monkeypatch.setattr("byline.pipeline.stages.match.FETCHED", 5)
    monkeypatch.setattr("byline.pipeline.stages.match.PROBED_BUCKETS", 2)
    with for_comparison():
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
    with for_comparison():
        build({"a.txt": texts["a.txt"]}, arxiv=path, out=tmp_path / "grown")
        grown = build(texts, arxiv=path, out=tmp_path / "grown")
    assert files_of(grown.path) == plain


def test_the_index_by_itself_gives_the_same_snapshot_and_is_made_once(build, many, tmp_path, monkeypatch):
    texts, path, _ = many
    shutil.copytree(path.parent / "out", tmp_path / "plain", symlinks=True)
    monkeypatch.setattr(keeping, "build_index", None)  # a second making would fail
    with for_comparison():
        again = build({**texts, "d.txt": listing(5, 5)}, arxiv=path, out=tmp_path / "plain")
    assert not again.up_to_date
    (index,) = (p for p in (tmp_path / "plain" / ".cache" / "arxiv").iterdir() if p.is_dir())
    with for_comparison():
        other = build(texts, arxiv=index, out=tmp_path / "other")
    assert files_of(other.path) == files_of(again.path)


def test_the_manifest_names_the_file_and_its_date(completed):
    said = json.loads((completed / "manifest.json").read_text())["options"]["arxiv"]
    assert (said["papers"], said["newest"]) == (11, "2023-02-03")
    assert len(said["sha256"]) == 64


def test_report_and_datapackage_say_where_it_comes_from_and_how_much(completed, real_build):
    path = completed
    digest = json.loads((path / "manifest.json").read_text())["options"]["arxiv"]["sha256"]
    (source,) = json.loads((path / "datapackage.json").read_text())["sources"]
    assert (source["version"], "changed up to 2023-02-03" in source["title"]) == (digest, True)
    report = (path / "report.html").read_text()
    said = report[report.index('id="arxiv"') :]
    assert digest in said
    for column in ("arxiv_id", "doi", "comments", "authors"):
        assert re.search(rf"<code>{column}</code></td>\s*<td[^>]*>1</td>", said)
    assert 'id="arxiv"' not in (real_build / "report.html").read_text()


def test_a_file_that_is_not_there_is_said(build, tmp_path):
    with pytest.raises(UsageError, match="--arxiv PATH"):
        build({"a.txt": listing(1, 3)}, arxiv=tmp_path / "nothing.json")


def test_explain_says_what_was_considered_and_review_keeps_the_word(
    between_twins, tmp_path, capsys, monkeypatch
):
    home, result = between_twins
    shutil.copytree(home, tmp_path, symlinks=True, dirs_exist_ok=True)
    path = result.path
    where = ["--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out")]
    assert run(["explain", "b.txt:2", *where]) == 0
    said = capsys.readouterr().out
    assert "nothing is filled" in said
    assert {"2301.00003", "2301.00004"} <= set(said.split())
    file = (home / "arxiv.json").rename(home / "moved.json")
    try:
        assert run(["explain", "b.txt:2", *where]) == 0
        assert "metadata can't be asked" in capsys.readouterr().out
        assert run(["explain", "b.txt:2", *where, "--arxiv", str(file)]) == 0
        assert "nothing is filled" in capsys.readouterr().out
    finally:
        file.rename(home / "arxiv.json")
    assert run(["review", "--matches", "--list", *where]) == 0
    assert paper(path)["paper_id"] in capsys.readouterr().out
    monkeypatch.setattr("typer.prompt", lambda *_, **__: "1")
    assert run(["review", "--matches", *where]) == 0
    kept = json.loads((tmp_path / "curated" / "matches.jsonl").read_text())
    assert (kept["paper_id"], kept["arxiv_id"]) == (paper(path)["paper_id"], "2301.00003")
    said = Options(raw=tmp_path / "raw", out=tmp_path / "out", arxiv=tmp_path / "arxiv.json", workers=0)
    result = run_build(said)
    assert paper(Path(str(result.path)))["match_confidence"] == 1.0
    assert result.matched == (1, 0)
    capsys.readouterr()
    for word, told in ((None, "it is 2301.00003"), ({**kept, "arxiv_id": None}, "none is it")):
        if word is not None:
            (tmp_path / "curated" / "matches.jsonl").write_text(json.dumps(word) + "\n")
        assert run(["explain", "b.txt:2", *where]) == 0
        assert f"a person said that {told}" in capsys.readouterr().out


def test_the_index_can_be_made_by_itself_and_but_for_its_abstracts_is_the_one_of_a_build(
    many, tmp_path, capsys
):
    _, path, _ = many
    assert run(["arxiv-index", str(path), "--to", str(tmp_path / "index"), "--workers", "0"]) == 0
    assert "24 papers" in capsys.readouterr().out
    assert run(["arxiv-index", str(path), "--to", str(tmp_path / "index")]) == 2
    (made,) = (p for p in (path.parent / "out" / ".cache" / "arxiv").iterdir() if p.is_dir())
    alone, beside = files_of(tmp_path / "index"), files_of(made)
    same = alone.keys() & beside.keys() - {"texts.json"}
    assert {name: alone[name] for name in same} == {name: beside[name] for name in same}
    assert sorted(alone.keys() ^ beside.keys()) == [
        "abstracts/part-00000.parquet",
        "places/part-00000.parquet",
    ]
