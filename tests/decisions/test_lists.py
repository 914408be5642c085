"""Word lists that people extend without code: what they add holds for their builds, and for nothing else."""

from __future__ import annotations

import ast
import re
import warnings
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from byline import names
from byline.cli.app import app
from byline.core import resources
from byline.core.errors import UsageError
from byline.decisions import lists
from byline.explain.furniture import keep_furniture, unknown_lines
from byline.explain.records import find_record
from byline.listing import words
from byline.names import wordlists
from byline.snapshots import manifest
from byline.validation import validate
from tests.conftest import ROOT, files_of, table

PAGE = "\n".join(
    f"""LGMay {number}, 2020OwlSeal
Sparse Gates for Nest {number}Ada Lovelane, Owlmeister Alan Lamportov Owlsen · nestlab
We close gate {number}.
Hooted by {number} owls"""
    for number in range(1, 5)
)
ADDED = {
    "furniture.txt": "# of the page\nHooted by 7 owls\n",
    "badges.txt": "OwlSeal\n",
    "organisations.tsv": "nest-lab\tNest Laboratory\tfacility\tNZ\t012abcd34\tnestlab|nest lab\n",
    "titles.tsv": "owlmeister\t1\n",
    "suffixes.tsv": "owlsen\tOwlsen\tdegree\n",
}


def write(folder: Path, files: dict[str, str]) -> Path:
    """Write lists into a curated folder; return that folder."""
    (folder / "lists").mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (folder / "lists" / name).write_text(content, "utf-8")
    return folder


def test_what_a_person_adds_holds_for_their_builds_and_leaves_no_trace(build, tmp_path):
    without = build({"a.txt": PAGE}).path
    assert "Hooted by" in table(without, "papers")["abstract"][0]
    write(tmp_path / "curated", ADDED)
    with_lists = build({}).path
    assert table(with_lists, "papers")["abstract"].str.contains("Hooted").sum() == 0
    assert table(with_lists, "quarantine")["reason"].to_list() == ["page_furniture"] * 4
    assert table(with_lists, "papers")["badges"].to_list() == [["OwlSeal"]] * 4
    place = table(with_lists, "affiliations").row(0, named=True)
    assert (place["name"], place["country"], place["ror_id"]) == ("Nest Laboratory", "NZ", "012abcd34")
    families = set(table(with_lists, "authors")["family"])
    assert families == {"Lovelane", "Lamportov"}
    said = manifest.read_manifest(with_lists).options["curated"]
    assert sorted(said) == sorted(f"lists/{name}" for name in ADDED)
    assert validate(with_lists).ok
    for name in ADDED:
        (tmp_path / "curated" / "lists" / name).unlink()
    again = build({}).path
    assert again.name == without.name
    assert files_of(again) == files_of(without)


@pytest.mark.slow  # starts worker processes
def test_workers_hold_the_lists_too(build, tmp_path):
    write(tmp_path / "curated", ADDED)
    here = build({"a.txt": PAGE, "b.txt": PAGE.replace("2020", "2021")}, slice_bytes=200).path
    there = build({}, out=tmp_path / "other", workers=2, slice_bytes=200).path
    assert files_of(here) == files_of(there)


def test_a_name_of_an_added_organisation_means_it_alone():
    added = lists.read(None)
    assert added.key == ""
    from byline.affiliations import load_registry

    shipped = load_registry()
    form = shipped.forms["form"][0]
    mine = resources.Additions(
        "mine", {"organisations/organisations.tsv": (f"owls\tOwl Institute\t\t\t\t{form}",)}
    )
    with resources.added(mine):
        registry = load_registry()
        assert registry.forms.filter(pl.col("form") == form)["key"].to_list() == ["owls"]
    assert load_registry() == shipped or load_registry().forms.equals(shipped.forms)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("words.txt", "owl", "no list that can be extended"),
        ("furniture.txt", "/(/", "furniture.txt:1: no pattern"),
        ("furniture.txt", "\n/.*/", "furniture.txt:2: a pattern that fits an empty line"),
        ("furniture.txt", "[all]", "expected one of"),
        ("furniture.txt", "a\x1b[31mb", "a line of text is expected"),
        ("badges.txt", "x" * 80, "at most 60 characters"),
        ("organisations.tsv", "key only", "key and name are needed"),
        ("organisations.tsv", "k\tName\tzoo", "the kind is one of company"),
        ("organisations.tsv", "k\tName\t\tNew Zealand", "a country is two capitals"),
        ("organisations.tsv", "k\tName\t\t\thttps://ror.org/012abcd34", "a ROR id is the last part"),
        ("organisations.tsv", "k\tName\t\t\t\t\t", "7 columns"),
        ("titles.tsv", "owlmeister\tmany", "invalid literal"),
        ("titles.tsv", "Owlmeister\t1", "small letters"),
        ("suffixes.tsv", "owl\tOwl\tbird", "'bird' is none of generation"),
        ("particles.tsv", "ob\tlower", "2 column(s), expected 3"),
        ("team_words.txt", "+Parliament", "small letters"),
        ("suffixes.tsv", "owl\t\tdegree", "a column is empty"),
        ("particles.tsv", "ob\tlower\t", "a column is empty"),
    ],
)
def test_an_entry_that_cannot_be_one_is_said_with_its_place(tmp_path, name, content, message):
    with pytest.raises(UsageError) as failure:
        lists.read(write(tmp_path, {name: content}))
    assert message in failure.value.what
    assert failure.value.way_out


def test_remarks_empty_lists_and_a_readme_add_nothing(tmp_path):
    write(tmp_path, {"badges.txt": "# nothing yet\n\n", "README.md": "what this is", ".hidden": "x"})
    assert lists.read(tmp_path) == resources.Additions()


@given(st.text(st.characters(exclude_categories=("C", "Zl", "Zp")), min_size=1, max_size=60))
def test_a_line_as_it_stands_fits_itself(line):
    folded = " ".join(line.split())
    if folded:
        assert pl.Series([folded]).str.contains(rf"(?i)^(?:{lists.literal(line)})$").item()


def test_any_number_stands_for_every_number():
    pattern = rf"(?i)^(?:{lists.literal('Upvote 12 (3.4k views)')})$"
    shown = pl.Series(
        ["upvote 1,234 (17 views)", "Upvote 7 (2M views)", "Upvote (3 views)", "Upvote 1 (2 views)."]
    )
    assert shown.str.contains(pattern).to_list() == [True, True, False, False]


def test_what_holds_ends_with_its_block():
    before = (words.badges(), wordlists.particles(), words.furniture())
    added = resources.Additions(
        "k", {"listing/badges.txt": ("Hoot",), "names/particles.tsv": ("ob\tlower\tob",)}
    )
    with resources.added(added):
        assert "Hoot" in words.badges()
        assert wordlists.particles()["ob"] is wordlists.Particle.LOWER
    assert (words.badges(), wordlists.particles(), words.furniture()) == before


def decorated(tree: ast.AST, *names: str) -> list[ast.FunctionDef]:
    """Return the functions that carry one of these decorators."""
    return [
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef)
        and any(ast.unparse(mark).partition("(")[0] in names for mark in node.decorator_list)
    ]


def test_nothing_that_people_extend_is_kept_for_longer_than_it_holds():
    trees = {path: ast.parse(path.read_text("utf-8")) for path in (ROOT / "src").rglob("*.py")}
    kept = {node.name for tree in trees.values() for node in decorated(tree, "resources.kept", "kept")}
    assert {"badges", "furniture", "particles", "_curated"} <= kept
    extended = {resource for resource, _, _ in lists._LISTS.values()}
    for path, tree in trees.items():
        for node in decorated(tree, "cache", "lru_cache"):
            text = ast.unparse(node)
            used = {
                name
                for name in kept | {"load_registry"}
                if re.search(rf"\b{name}\(", text.replace(f"def {node.name}(", ""))
            }
            assert not used, f"{path}: {node.name} keeps what is made of {used}: use resources.kept"
            assert not any(name in text for name in extended), f"{path}: {node.name}"


def test_a_name_that_was_taken_apart_is_taken_apart_anew_by_words_that_people_add():
    listed = pl.Series(["Ada Maria ob Pym"])
    before = names.parse(listed)["particle"].to_list()
    with resources.added(resources.Additions("k", {"names/particles.tsv": ("ob\tlower\tob",)})):
        assert names.parse(listed)["particle"].to_list() == ["ob"]
    assert names.parse(listed)["particle"].to_list() == before == [None]


def test_lines_that_repeat_between_records_are_offered_and_kept(build, tmp_path):
    menu = "Prose of a menu that nobody knows.\n" * 3
    raw = tmp_path / "raw"
    snapshot = build({"a.txt": menu + PAGE}).path
    found = unknown_lines(snapshot, raw)
    assert [(line.text, line.count) for line in found] == [("Hooted by 1 owls", 4), (menu.splitlines()[0], 3)]
    assert found[0].line == 3 + 4
    for line in found:
        keep_furniture(tmp_path / "curated", line.text)
    mended = build({}).path
    assert set(table(mended, "quarantine")["reason"]) == {"page_furniture"}
    assert unknown_lines(mended, raw) == []


def test_an_abstract_is_not_offered(build, tmp_path):
    wrapped = "".join(
        f"LGMay {n}, 2020\nSparse Gates for Nest {n}Ada Lovelane, Alan Lamportov\nWe close.\n{word} gates.\n"
        + f"They {word} on.\n" * 4
        for n, word in enumerate(("swing", "creak", "rust"), 1)
    )
    copies = {f"{number}.txt": wrapped for number in range(4)}
    assert unknown_lines(build(copies).path, tmp_path / "raw") == []


@pytest.mark.parametrize("line", ["# of pages", "[tail]", "/x/", "more (2)"])
def test_a_kept_line_is_read_as_it_stood(tmp_path, line):
    keep_furniture(tmp_path, line)
    entries = lists.read(tmp_path).entries["listing/furniture.txt"]
    assert entries[0] == "[tail]"
    assert pl.Series([line]).str.contains(rf"(?i)^(?:{entries[1]})$").item()


def test_review_asks_and_keeps(build, tmp_path):
    build({"a.txt": PAGE})
    words_ = ["review", "--furniture", "--raw", str(tmp_path / "raw"), "--out", str(tmp_path / "out")]
    shown = CliRunner().invoke(app, words_, input="p\n")
    assert "4 times, first a.txt:4" in shown.output
    assert "1 decision(s) kept" in shown.output
    assert "Hooted by 1 owls" in (tmp_path / "curated" / "lists" / "furniture.txt").read_text("utf-8")


def test_explaining_furniture_prints_no_warning(tmp_path):
    (tmp_path / "a.txt").write_text(PAGE + "\nLoad more\n")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        facts = find_record(tmp_path / "a.txt", 17, "a.txt")
    assert facts.fields["reason"] == "page_furniture"


@pytest.mark.parametrize("name", [name for name in lists._LISTS if name != lists.FURNITURE])
def test_every_shipped_entry_is_one_that_people_could_add(name):
    shipped, check, way_out = lists._LISTS[name]
    wrong = []
    for number, line in enumerate(resources.text(shipped).splitlines(), 1):
        try:
            if line.strip() and not line.startswith("#"):
                check(line)
        except ValueError as problem:
            wrong.append(f"{shipped}:{number}: {problem}: {line!r}. {way_out}")
    assert not wrong, "\n".join(wrong)


def test_a_list_that_is_no_text_and_a_folder_that_is_none_are_said(tmp_path):
    folder = write(tmp_path / "one", {})
    (folder / "lists" / "badges.txt").write_bytes(b"\xff\xfe")
    with pytest.raises(UsageError, match=r"badges\.txt: .*utf-8"):
        lists.read(folder)
    (tmp_path / "lists").write_text("OwlSeal\n")
    for look in (lists.read, lists.digests):
        with pytest.raises(UsageError, match="lists is not a folder"):
            look(tmp_path)


@pytest.mark.parametrize(("line", "pattern"), [("/x/", "(?:x)"), ("//", "//"), ("/", "/"), ("/a", "/a")])
def test_what_stands_between_slashes_is_a_pattern(line, pattern):
    assert lists._furniture(line) == pattern
