"""The index of arXiv's metadata file: what it holds, that it is the same however it came, what is refused."""

from __future__ import annotations

import gzip
import os
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

from byline.core.errors import UsageError
from byline.names.folding import fold_names
from byline.reference import building, keeping, keys, layout, lookup, source
from byline.reference.author_keys import FIRST_AUTHORS, author_hashes, first_authors, without_tex
from byline.reference.authors import NAME, display, joined, names_of
from byline.reference.leading import leading
from byline.reference.records import read_block
from tests.reference.papers import here, lines, metadata, sentence


def built(path: Path, folder: Path) -> layout.Index:
    return building.build_index(path, folder / "index", folder / "scratch", here)


def written(path: Path, content: bytes) -> Path:
    """Write the file as its name asks: plain, gzipped or zipped."""
    if path.suffix == ".gz":
        path.write_bytes(gzip.compress(content))
    elif path.suffix == ".zip":
        with zipfile.ZipFile(path, "w") as archive:
            archive.writestr("arxiv-metadata-oai-snapshot.json", content)
    else:
        path.write_bytes(content)
    return path


def content_of(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}


def one(paper: dict[str, Any], tmp_path: Path) -> dict[str, Any]:
    path = written(tmp_path / "one.json", lines([paper]))
    (block,) = source.plain_blocks(path)
    papers = read_block(block)
    return papers.with_columns(names=names_of(papers["authors"])).row(0, named=True)


def test_a_paper_comes_with_its_fields_as_a_build_needs_them(tmp_path: Path):
    row = one(metadata(7, doi="10.1234/ABC 10.1234/def"), tmp_path)
    assert row["arxiv_id"] == "2301.00007"
    assert row["title"] == "Sparse gates in the 7th layer"
    assert row["doi"] == "10.1234/abc"
    assert str(row["published"]) == "2023-01-02"
    assert row["abstract"].replace("\n", " ").strip() == f"{sentence(7)} We gate the 7th layer."
    assert row["names"] == [
        {"given": "Ada", "family": "Lindqvist", "suffix": None},
        {"given": "Boris", "family": "Ohm", "suffix": "Jr."},
        {"given": "Cleo", "family": "Varga", "suffix": None},
    ]


@pytest.mark.parametrize(
    ("typed", "doi"),
    [
        ("10.1234/ABC", "10.1234/abc"),
        ("doi:10.1234/abc.", "10.1234/abc"),
        ("https://doi.org/10.1234.5/abc(2)7", "10.1234.5/abc(2)7"),
        ("10.1234/abc;10.1234/def", "10.1234/abc"),
        ("10.1234/a;b, 10.1234/def", "10.1234/a;b"),
        ("10.48550/arXiv.2301.00007", None),
        ("in press", None),
        ("10.1234/", None),
        (" ", None),
    ],
)
def test_a_doi_is_found_in_what_authors_typed(typed: str, doi: str | None, tmp_path: Path):
    assert one(metadata(doi=typed), tmp_path)["doi"] == doi


@pytest.mark.parametrize(
    ("parsed", "shown"),
    [
        ([["{\\O}stby", "J\\'er\\^ome", ""]], ["Jérôme Østby"]),
        ([["Sample Collaboration", "", ""], ["Ohm", "B.", ""]], ["Sample Collaboration", "B. Ohm"]),
        ([["Collaboration", "Sample", ""]], ["Sample Collaboration"]),
        ([["Sample Collaboration:", "", ""]], ["Sample Collaboration"]),
        ([[":", "", ""], ["van der Ohm", "B.", "III"]], ["B. van der Ohm III"]),
        ([["", "Plato", ""]], ["Plato"]),
        ([["Ohm", "B. -J.", ""]], ["B. -J. Ohm"]),
        ([["Nov\\'ak", "Ji\\v{r}\\'{\\i}", ""]], ["Jiří Novák"]),
        ([["Ohm", "B.\n  C.", None]], ["B. C. Ohm"]),
    ],
)
def test_names_are_arxivs_own_reading_with_accents_decoded(
    parsed: list[list[str]], shown: list[str], tmp_path: Path
):
    names = pl.Series(one(metadata(authors_parsed=parsed), tmp_path)["names"], dtype=NAME)
    assert pl.select(display(pl.lit(names))).to_series().to_list() == shown


PLAIN = [["Lindqvist", "Ada", ""], ["van der Ohm", "B. C.", "Jr."], ["O'Varga", "", ""], ["Łu", "Á.", ""]]
MARKED = [
    ["{\\O}stby", "J\\'er"],
    ["", "Plato"],
    [":", ""],
    ["Ohm ", "-B", ""],
    ["李", "a\u0308b"],
    ["Ohm--Li", "X"],
    [],
]


def test_first_authors_make_the_same_keys_as_if_all_were_decoded():
    names = [*PLAIN, *MARKED]
    authors = [None, [], *([one] for one in names), *([one, other] for one in names for other in names)]
    authors += [[*MARKED[1:3], one, other] for one in names for other in names]
    lists = pa.array(authors, type=pa.list_(pa.list_(pa.string())))
    texts = pl.Series(joined(lists))
    for found, wanted in zip(
        author_hashes(leading(lists, texts)), author_hashes(first_authors(names_of(texts))), strict=True
    ):
        assert found.there.tolist() == wanted.there.tolist()
        assert found.hashes[found.there].tolist() == wanted.hashes[wanted.there].tolist()


TEX = {
    r"{\O}stby": "ostby", r"Ji\v{r}\'{\i}": "jiri", r"{\L}uk\'a\v s": "lukas", r"{\AA}ngstr\"om": "angstrom",
    r"Fa{\ss}bender": "fassbender", r"{\DJ}or{\dj}e": "dorde", r"Gon\c{c}alves": "goncalves", r"Erd\H{o}s": "erdos",
    r"{\AE}r{\o}": "aero", r"\u{G}ur": "gur", "van der Ohm": "van der ohm",
}  # fmt: skip


@pytest.mark.parametrize("family", TEX)
def test_a_name_in_tex_folds_as_the_decoded_one_does(family: str):
    folded = fold_names(without_tex(pl.Series([family])))
    assert folded.to_list() == [TEX[family]]
    (decoded,) = names_of(pl.Series([family + "\tA."])).to_list()
    assert fold_names(pl.Series([decoded[0]["family"]])).to_list() == [TEX[family]]


def test_a_list_that_arxiv_has_not_read_is_cut_at_commas_and_and(tmp_path: Path):
    row = one(
        metadata(
            authors="Ada Lindqvist (1), B. Ohm (2) and C. Varga ((1) Here, (2) There)", authors_parsed=None
        ),
        tmp_path,
    )
    assert [name["family"] for name in row["names"]] == ["Lindqvist", "Ohm", "Varga"]


@pytest.mark.parametrize("name", ["a.json", "a.json.gz", "a.zip"])
def test_the_index_is_the_same_however_the_file_is_packed(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(source.plain_blocks, "__defaults__", (4096,))
    monkeypatch.setattr(source.unpacked_blocks, "__defaults__", (4096,))
    content = lines([metadata(n) for n in range(60)])
    (tmp_path / "plain").mkdir()
    plain = built(written(tmp_path / "plain.json", content), tmp_path / "plain")
    (tmp_path / "other").mkdir()
    other = built(written(tmp_path / name, content), tmp_path / "other")
    assert len(plain.papers) > 1
    assert content_of(other.folder) == content_of(plain.folder)
    assert other.source.papers == 60
    assert other.source.newest == "2023-02-03"


def test_a_paper_is_found_by_each_of_its_keys_and_only_its_part_is_read(tmp_path: Path):
    index = built(written(tmp_path / "a.json", lines([metadata(n) for n in range(30)])), tmp_path)
    (block,) = source.plain_blocks(tmp_path / "a.json")
    asked = keys.keys_of(read_block(block)).rename({"row": "paper"})
    found = lookup.probe(index, 0, asked.filter(pl.col("kind") == keys.Kind.ARXIV_ID))
    assert sorted(found.select("paper", "row").rows()) == [(n, n) for n in range(30)]
    rows = lookup.fetch(index, 0, pl.Series([4, 9]), pl.Series([False, True]))
    assert rows["arxiv_id"].to_list() == ["2301.00004", "2301.00009"]
    assert [text is None for text in rows["abstract"]] == [True, False]


ABOUT_LINES: dict[str, Callable[[bytes], bytes]] = {
    "as it is": lambda content: content,
    "a mark ahead": lambda content: b"\xef\xbb\xbf" + content,
    "blank lines": lambda content: b"\n \n" + content.replace(b"\n", b"\n\n\t\n"),
    "other ends": lambda content: content.replace(b"\n", b"\r\n"),
    "no end": lambda content: content.rstrip(b"\n"),
}


@pytest.mark.parametrize("change", ABOUT_LINES.values(), ids=ABOUT_LINES.keys())
def test_an_index_beside_its_file_gives_the_abstracts_that_one_by_itself_holds(
    change: Callable[[bytes], bytes], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(source.plain_blocks, "__defaults__", (4096,))
    papers = [metadata(n, categories=f"cs.{'LCA'[n % 3]}L") for n in range(30)]
    papers[3]["abstract"] = "  "
    path = written(tmp_path / "a.json", change(lines(papers)))
    made = []
    for beside, piece in ((False, source.PIECE_BYTES), (True, 150)):  # a piece of less than a line, too
        monkeypatch.setattr(source, "PIECE_BYTES", piece)
        made.append(
            building.build_index(path, tmp_path / str(beside), tmp_path / "scratch", here, beside=beside)
        )
    assert len(made[0].papers) > 1
    assert made[0].sha256 == made[1].sha256
    for number, part in enumerate(made[0].papers):
        rows = pl.Series(range(part.first, part.first + part.rows), dtype=pl.UInt32)
        itself, aside = (lookup.fetch(index, number, rows, rows >= part.first + 2) for index in made)
        assert itself.equals(aside)
        assert aside["abstract"].null_count() >= 2
    assert not list((tmp_path / "True").rglob("abstracts"))


CHANGED: dict[str, Callable[[Path], object]] = {
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\n"),
    "gone": lambda path: path.unlink(),
    "other papers": lambda path: rewritten(path, lambda content: content.replace(b"2301.0000", b"2302.0000")),
    "no JSON": lambda path: rewritten(path, lambda content: content.replace(b'"', b"'")),
}


def rewritten(path: Path, change: Callable[[bytes], bytes]) -> None:
    """Change a file so that its size and time say nothing of it."""
    status = path.stat()
    path.write_bytes(change(path.read_bytes()))
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


@pytest.mark.parametrize("change", CHANGED.values(), ids=CHANGED.keys())
def test_an_index_beside_a_file_that_is_another_by_now_gives_no_abstract(
    change: Callable[[Path], object], tmp_path: Path
):
    path = written(tmp_path / "a.json", lines([metadata(n) for n in range(9)]))
    index = building.build_index(path, tmp_path / "index", tmp_path / "scratch", here, beside=True)
    change(path)
    rows = pl.Series([2, 5], dtype=pl.UInt32)
    assert lookup.fetch(index, 0, rows, rows < 0)["arxiv_id"].to_list() == ["2301.00002", "2301.00005"]
    with pytest.raises(UsageError, match=r"a\.json: not, or no longer, the file"):
        lookup.fetch(index, 0, rows, rows > 0)


def test_papers_that_do_not_stand_on_a_line_each_are_refused(tmp_path: Path):
    content = lines([metadata(n) for n in range(3)])
    for name, said in (
        ("a.json", content.replace(b"\n", b" ", 1)),
        ("b.json", content.replace(b', "', b',\n"')),
    ):
        with pytest.raises(UsageError, match=rf"{name}:1: not a paper .*no JSON object"):
            built(written(tmp_path / name, said), tmp_path)


def test_an_index_that_is_kept_beside_a_file_is_taken_for_the_same_file_elsewhere(tmp_path: Path):
    path = written(tmp_path / "a.json", lines([metadata(n) for n in range(9)]))
    keeping.index_for(path, tmp_path / "home", tmp_path / "scratch", here)
    moved = path.rename(tmp_path / "b.json")
    index = keeping.index_for(moved, tmp_path / "home", tmp_path / "scratch", here)
    assert index.texts.beside == layout.Beside.of(moved)
    rows = pl.Series([4], dtype=pl.UInt32)
    assert "4th layer" in lookup.fetch(index, 0, rows, rows > 0)["abstract"][0]
    assert layout.open_index(index.folder) == index
    moved.unlink()
    with pytest.raises(UsageError, match="byline arxiv-index"):
        keeping.index_for(index.folder, tmp_path / "home", tmp_path / "scratch", here)


def test_a_key_that_too_many_papers_share_is_left_out(tmp_path: Path):
    same = [metadata(n, title="Preface") for n in range(building.COMMON + 1)]
    index = built(written(tmp_path / "a.json", lines(same)), tmp_path)
    wanted = dict.fromkeys(["arxiv_id", "doi", "title", "abstract", *FIRST_AUTHORS], pl.String())
    page = pl.DataFrame([{"title": "Preface"}], schema=wanted)
    asked = keys.keys_of(page).rename({"row": "paper"})
    assert lookup.probe(index, 0, asked).is_empty()


WRONG = {
    "no JSON": (b"Some text\n", ":1: .*no JSON object"),
    "another object": (b'{"name": "byline"}\n', ":1: .*it has no id"),
    "no title": (lines([metadata(), metadata(title=None)]), ":2: .*it has no title"),
    "torn": (lines([metadata(), metadata()])[:-40], ":2: .*no JSON object"),
    "an array": (b"[1, 2]\n", ":1: .*a JSON list"),
    "names that are none": (lines([metadata(), metadata(authors_parsed="A. Ohm")]), ":2: .*authors_parsed"),
    "Latin-1": (lines([metadata(), metadata()]) + b'{"id": "1", "title": "Caf\xe9"}\n', ":3: not UTF-8"),
    "a number for an id": (lines([metadata(), metadata(id=2301.00001)]), ":2: .*it has no id"),
    "a null byte": (lines([metadata()]) + b"\0\0\0\n", ":2: .*no JSON object"),
    "empty": (b"", "is empty"),
    "blank": (b"\n\n \n", "holds no paper"),
    "nested without end": (lines([metadata()]) + b"[" * 50_000 + b"\n", ":2: .*nested too deeply"),
    "half of a character": (lines([metadata(title="x\ud800")]), ":1: .*surrogate"),
}


@pytest.mark.parametrize(("content", "said"), WRONG.values(), ids=WRONG.keys())
@pytest.mark.parametrize("name", ["a.json", "a.json.gz"])
def test_what_is_not_arxivs_metadata_is_refused_with_the_line(
    content: bytes, said: str, name: str, tmp_path: Path
):
    if not content and name.endswith(".gz"):
        said = "holds no paper"
    with pytest.raises(UsageError, match=said):
        built(written(tmp_path / name, content), tmp_path)


AS_GOOD: dict[str, Callable[[bytes], bytes]] = {
    "a byte order mark": lambda content: b"\xef\xbb\xbf" + content,
    "lines that end in CRLF": lambda content: content.replace(b"\n", b"\r\n"),
    "blank lines": lambda content: b"\n" + content.replace(b"\n", b"\n\n"),
    "no last line's end": lambda content: content.rstrip(b"\n"),
    "letters as they are": lambda content: content.replace(b"\\u00f8", "\u00f8".encode()),
}


@pytest.mark.parametrize("change", AS_GOOD.values(), ids=AS_GOOD.keys())
def test_a_file_that_differs_in_its_wrapping_gives_the_same_papers(
    change: Callable[[bytes], bytes], tmp_path: Path
):
    content = lines([metadata(n, authors_parsed=[["\u00d8stby", "S\u00f8ren", ""]]) for n in range(5)])
    for name in ("plain", "other"):
        (tmp_path / name).mkdir()
    plain = built(written(tmp_path / "a.json", content), tmp_path / "plain")
    other = built(written(tmp_path / "b.json", change(content)), tmp_path / "other")
    assert content_of(other.folder) == content_of(plain.folder)


def test_an_id_that_lines_repeat_is_counted(tmp_path: Path):
    papers = [metadata(n) for n in (1, 2, 1, 3, 1)]
    index = built(written(tmp_path / "a.json", lines(papers)), tmp_path)
    assert (index.source.papers, index.source.repeated) == (5, 2)


def test_a_line_that_is_longer_than_any_paper_s_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(source, "LONGEST_LINE", 4096)
    monkeypatch.setattr(source.plain_blocks, "__defaults__", (1024,))
    with pytest.raises(UsageError, match="is no paper's"):
        built(written(tmp_path / "a.json", lines([metadata(abstract="x" * 9_000)])), tmp_path)


def test_a_zip_without_its_end_is_called_torn_and_a_locked_one_locked(tmp_path: Path):
    path = written(tmp_path / "a.zip", lines([metadata(n) for n in range(50)]))
    content = path.read_bytes()
    path.write_bytes(content[:-60])
    with pytest.raises(UsageError, match=r"torn in or after line 1 .*not a zip"):
        built(path, tmp_path)
    at = content.index(b"PK\x01\x02")
    path.write_bytes(
        content[:6] + b"\x01" + content[7 : at + 8] + b"\x01" + content[at + 9 :]
    )  # the lock's bit
    with pytest.raises(UsageError, match=r"can't be unpacked in or after line 1 .*encrypted"):
        built(path, tmp_path)


def test_a_torn_archive_is_refused_with_the_line(tmp_path: Path):
    path = tmp_path / "a.json.gz"
    path.write_bytes(gzip.compress(lines([metadata(n) for n in range(500)]))[:-200])
    with pytest.raises(UsageError, match=r"torn in or after line \d+"):
        built(path, tmp_path)


def test_a_pipe_is_not_waited_for(tmp_path: Path):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(UsageError, match="not a regular file"):
        keeping.digest_of(tmp_path / "pipe", tmp_path)


def test_a_zip_without_json_is_refused(tmp_path: Path):
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("readme.txt", "nothing")
    with pytest.raises(UsageError, match=r"holds no \.json"):
        built(tmp_path / "a.zip", tmp_path)


def test_an_index_that_lost_a_file_or_was_altered_is_noticed(tmp_path: Path):
    index = built(written(tmp_path / "a.json", lines([metadata(n) for n in range(3)])), tmp_path)
    part = index.folder / index.papers[0].path
    assert layout.damaged((index.folder, index.papers[0])) is None
    part.write_bytes(part.read_bytes()[:-1] + b"?")
    assert layout.damaged((index.folder, index.papers[0])) == index.papers[0].path
    part.unlink()
    with pytest.raises(UsageError, match="is missing from the index"):
        layout.open_index(index.folder)


@pytest.mark.parametrize(
    ("others", "said"),
    [
        (["arxiv-metadata-oai-snapshot.json"], None),
        ([], None),
        (["b.json"], "holds 2 .json files"),
        (["readme.txt"], None),
    ],
)
def test_of_several_files_in_a_zip_the_official_one_is_read_and_no_other_is_guessed(
    others, said, tmp_path: Path
):
    content = lines([metadata(n) for n in range(3)])
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.writestr("a.json", content if others != ["arxiv-metadata-oai-snapshot.json"] else b"{}\n")
        for name in others:
            archive.writestr(name, content)
    if said is not None:
        with pytest.raises(UsageError, match=said):
            built(tmp_path / "a.zip", tmp_path)
    else:
        assert built(tmp_path / "a.zip", tmp_path).source.papers == 3
