"""Damage to what lies around the tables: the manifest's writing, documents, folders, links, and the history."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from byline.snapshots import history, manifest, publishing, redirects
from byline_schemas import AUTHOR_REDIRECTS, PAPER_REDIRECTS, Table
from tests.validation.damage import NOBODY, Damage, declare, overwrite

SNAPSHOT = "0123456789abcdef0123"


def canonical(change: Callable[[dict[str, Any]], object]) -> Callable[[Path], None]:
    """Change the manifest, and write it as byline writes it."""

    def do(folder: Path) -> None:
        declare(change)(folder)
        content = json.loads((folder / manifest.NAME).read_text())
        written = json.dumps(content, ensure_ascii=False, sort_keys=True, indent=2) + "\n"
        (folder / manifest.NAME).write_text(written, "utf-8")

    return do


def replaced(name: str, old: str, new: str) -> Callable[[Path], None]:
    """Replace a text in a file once."""

    def do(folder: Path) -> None:
        content = (folder / name).read_text("utf-8")
        assert old in content
        (folder / name).write_text(content.replace(old, new, 1), "utf-8")

    return do


def input_longer(name: str) -> Callable[[dict[str, Any]], None]:
    def change(content: dict[str, Any]) -> None:
        for item in content["inputs"]:
            item["bytes"] += item["path"] == name

    return change


def a_folder(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).mkdir(parents=True)


def linked(name: str) -> Callable[[Path], None]:
    """Move a folder out of the output folder and put a link in its place."""

    def do(out: Path) -> None:
        away = out.parent / "elsewhere"
        (out / name).rename(away)
        (out / name).symlink_to(away)

    return do


def lines(change: Callable[[list[dict[str, Any]]], object]) -> Callable[[Path], None]:
    """Change the lines of the log."""

    def do(out: Path) -> None:
        path = out / history.FOLDER / history.LOG
        said = [json.loads(line) for line in path.read_text("utf-8").splitlines()]
        change(said)
        path.write_text("".join(json.dumps(line, sort_keys=True) + "\n" for line in said), "utf-8")

    return do


def redirected(table: Table, *rows: tuple[str, str | None, str]) -> Callable[[Path], None]:
    """Write redirects from an old id to a new one, of a kind; `@` is an id that is current."""

    def do(out: Path) -> None:
        name = table.name.removesuffix("_redirects")
        found = pl.scan_parquet(out / "current" / f"{name}s" / "**" / "*.parquet", hive_partitioning=False)
        ids = found.select(f"{name}_id").collect().to_series().sort()
        told = [(old, ids[0] if new == "@" else new, kind, SNAPSHOT) for old, new, kind in rows]
        frame = pl.DataFrame(told, schema=table.columns(), orient="row").sort(table.sort)
        path = out / history.FOLDER / redirects.place(table)
        path.parent.mkdir(parents=True, exist_ok=True)
        frame.write_parquet(path)

    return do


def again(out: Path) -> None:
    """Add a snapshot's folder that is a link to another one."""
    (out / publishing.SNAPSHOTS / SNAPSHOT).symlink_to((out / "current").resolve())


def pointed(to: str) -> Callable[[Path], None]:
    def do(out: Path) -> None:
        (out / "current").unlink()
        (out / "current").symlink_to(to)

    return do


INSIDE = [
    Damage(
        "a key that nobody knows", canonical(lambda m: m.update(note="x")), "manifest_is_as_written", False
    ),
    Damage(
        "a key of an input that nobody knows",
        canonical(lambda m: m["inputs"][0].update(note="x")),
        "manifest_is_as_written",
        False,
    ),
    Damage(
        "a key twice",
        replaced(manifest.NAME, '"code_version"', '"code_version": "9",\n  "code_version"'),
        "manifest_is_as_written",
        False,
    ),
    Damage("keys in another order", declare(lambda m: None), "manifest_is_as_written", False),
    Damage(
        "an input listed twice",
        canonical(lambda m: m["inputs"].append(m["inputs"][0])),
        "source_is_an_input",
        False,
    ),
    Damage(
        "a file listed twice",
        canonical(lambda m: m["tables"]["papers"]["files"].append(m["tables"]["papers"]["files"][0])),
        "manifest_is_sound",
        False,
    ),
    Damage(
        "another contract", canonical(lambda m: m.update(contract_version="2")), "snapshot_id_follows", False
    ),
    Damage(
        "an archive that is longer unpacked",
        canonical(input_longer("2021/cards.txt.gz")),
        "last_span_ends_the_file",
        False,
    ),
    Damage(
        "an archive whose records all left",
        canonical(
            lambda m: m["inputs"].append({"path": "z.txt.gz", "sha256": "d" * 64, "bytes": 70, "records": 0})
        ),
        "last_span_ends_the_file",
        False,
    ),
    Damage(
        "an input's records miscounted in an archive",
        canonical(lambda m: m["inputs"][0].update(records=0)),
        "input_records_are_counted",
        False,
    ),
    Damage(
        "another title in datapackage.json",
        replaced("datapackage.json", "Papers", "Pavers"),
        "documents_are_generated",
    ),
    Damage("an empty datapackage.json", overwrite("datapackage.json", b"{}"), "documents_are_generated"),
    Damage(
        "another text in croissant.json",
        replaced("croissant.json", "Papers", "Pavers"),
        "documents_are_generated",
    ),
    Damage(
        "another number in report.html",
        replaced("report.html", "</h1>", " 9</h1>"),
        "documents_are_generated",
    ),
    Damage(
        "a script in report.html",
        replaced("report.html", "</body>", "<script>1</script></body>"),
        "documents_are_generated",
    ),
    Damage(
        "a document more",
        lambda folder: (folder / "notes.md").write_text("x") and None,
        "documents_are_generated",
    ),
    Damage("a document less", lambda folder: (folder / "croissant.json").unlink(), "documents_are_generated"),
    Damage("an empty folder", a_folder("more"), "folder_is_needed", False),
    Damage("an empty year", a_folder("papers/year=1812"), "folder_is_needed", False),
    Damage(
        "a folder in a table without partitions", a_folder("records/year=2020"), "folder_is_needed", False
    ),
]
"""To the snapshot's folder; where `sealed`, digests are right again, but the documents are not made again."""
OUTSIDE = [
    Damage("snapshots that is a link", linked("snapshots"), "output_holds_no_links"),
    Damage("history that is a link", linked("history"), "output_holds_no_links"),
    Damage("redirects that are a link", linked("history/author_redirects"), "output_holds_no_links"),
    Damage("a snapshot that is a link", again, "output_holds_no_links"),
    Damage("current that leads out", pointed("/etc"), "output_holds_no_links"),
    Damage("current that climbs out", pointed("snapshots/.."), "output_holds_no_links"),
    Damage("no log", lambda out: (out / "history" / "log.jsonl").unlink(), "history_is_whole"),
    Damage("no history", lambda out: shutil.rmtree(out / "history"), "history_is_whole"),
    Damage("an empty log", overwrite("history/log.jsonl", b""), "history_is_whole"),
    Damage("a log cut in front", lines(lambda said: said.pop(0)), "history_is_whole"),
    Damage("a log cut in the middle", lines(lambda said: said.pop(1)), "history_is_whole"),
    Damage("a log cut behind", lines(lambda said: said.pop()), "history_ends_with_current"),
    Damage("a torn line", overwrite("history/log.jsonl", b'{"when": "2024'), "history_is_sound"),
    Damage("a line twice", lines(lambda said: said.insert(1, said[0])), "history_is_whole"),
    Damage("lines in another order", lines(lambda said: said.reverse()), "history_is_whole"),
    Damage("a time that is none", lines(lambda said: said[0].update(when="yesterday")), "history_is_sound"),
    Damage(
        "a time without its zone",
        lines(lambda said: said[0].update(when="2024-05-31T17:04:09")),
        "history_is_sound",
    ),
    Damage(
        "a time after the next one",
        lines(
            lambda said: (
                said[0].update(when="2025-12-31T00:00:00Z") or said[1].update(when="2024-01-01T00:00:00Z")
            )
        ),
        "history_is_sound",
    ),
    Damage(
        "a time to come", lines(lambda said: said[-1].update(when="2999-01-01T00:00:00Z")), "history_is_sound"
    ),
    Damage("a kind that is none", lines(lambda said: said[0].update(kind="magic")), "history_is_sound"),
    Damage("another predecessor", lines(lambda said: said[1].update(previous=NOBODY)), "history_is_whole"),
    Damage(
        "a predecessor of the first", lines(lambda said: said[0].update(previous=NOBODY)), "history_is_whole"
    ),
    Damage("no predecessor", lines(lambda said: said[-1].update(previous=None)), "history_is_whole"),
    Damage(
        "a line that follows itself",
        lines(lambda said: said[-1].update(previous=said[-1]["snapshot"])),
        "history_is_sound",
    ),
    Damage(
        "other counts", lines(lambda said: said[0]["counts"].update(papers=9)), "history_tells_of_snapshots"
    ),
    Damage(
        "another code in the log",
        lines(lambda said: said[0].update(code_version="9.9")),
        "history_tells_of_snapshots",
    ),
    Damage(
        "another last snapshot",
        lines(lambda said: said[-1].update(snapshot=NOBODY)),
        "history_ends_with_current",
    ),
    Damage(
        "an author merged into nobody",
        redirected(AUTHOR_REDIRECTS, (NOBODY, "e" * 20, "merged")),
        "redirects_lead_to_authors",
    ),
    Damage(
        "a paper merged into nobody",
        redirected(PAPER_REDIRECTS, (NOBODY, "e" * 20, "merged")),
        "redirects_lead_to_papers",
    ),
    Damage(
        "an author merged and gone",
        redirected(AUTHOR_REDIRECTS, (NOBODY, "@", "merged"), (NOBODY, None, "gone")),
        "redirects_agree",
    ),
    Damage(
        "an author split into one", redirected(AUTHOR_REDIRECTS, (NOBODY, "@", "split")), "redirects_agree"
    ),
    Damage(
        "an author merged twice into one",
        redirected(AUTHOR_REDIRECTS, (NOBODY, "@", "split"), (NOBODY, "@", "split")),
        "redirects_agree",
    ),
    Damage(
        "an author gone to somebody",
        redirected(AUTHOR_REDIRECTS, (NOBODY, "@", "gone")),
        "redirects_are_sound",
    ),
    Damage(
        "a redirect of another kind",
        redirected(PAPER_REDIRECTS, (NOBODY, "@", "lost")),
        "redirects_are_sound",
    ),
    Damage(
        "redirects that are no Parquet",
        overwrite("history/paper_redirects/part-00000.parquet", b"x"),
        "redirects_are_sound",
    ),
]
"""To the output folder."""
