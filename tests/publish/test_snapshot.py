"""Publishing, rolling back, pruning, and who reads meanwhile."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from byline.core.errors import DataError, OutputError
from byline.files import fs
from byline.snapshots import history, manifest, prune, publishing
from byline.snapshots.lock import build_lock
from byline.snapshots.seal import damage, seal
from tests.publish import faults
from tests.validation import dataset

NOON = datetime(2024, 5, 1, 12, tzinfo=UTC)


def publish(out: Path, tables: dataset.Frames, note: str = "", **options: Any) -> Path:
    facts = dataset.facts(tables, note)
    with build_lock(out):
        staged = publishing.stage(out, facts.snapshot_id)
        dataset.write(staged, tables)
        seal(staged, facts)
        return publishing.publish(out, staged, facts.snapshot_id, **options)


@pytest.fixture(scope="module")
def tables():
    return dataset.frames(4, people=4)


@pytest.fixture(scope="module")
def sealed(tmp_path_factory, tables):
    return publish(tmp_path_factory.mktemp("sealed"), tables)


def test_current_is_a_relative_link_to_the_snapshot(tmp_path, tables):
    folder = publish(tmp_path, tables)
    assert (tmp_path / "current").readlink().as_posix() == f"snapshots/{folder.name}"
    assert publishing.current(tmp_path) == folder
    assert not (tmp_path / ".staging").exists()


def test_the_manifest_says_the_same_on_every_run_and_lists_every_file(tmp_path, tables):
    one, two = publish(tmp_path / "one", tables), publish(tmp_path / "two", tables)
    assert faults.bytes_below(one) == faults.bytes_below(two)
    known = manifest.read_manifest(one)
    assert known.to_json() == (one / "manifest.json").read_bytes()
    listed = {file.path for file in known.files()} | {document.path for document in known.documents}
    assert listed == set(faults.bytes_below(one)) - {"manifest.json"}


def test_publishing_the_same_again_changes_nothing(tmp_path, tables):
    publish(tmp_path, tables)
    before = faults.bytes_below(tmp_path)
    publish(tmp_path, tables)
    assert faults.bytes_below(tmp_path) == before


def test_the_log_says_what_was_published_when_and_what_was_overridden(tmp_path, tables):
    one = publish(tmp_path, tables, now=NOON)
    two = publish(
        tmp_path, tables, "second", now=NOON + timedelta(1), accepted=["papers_lost"], warnings=["odd"]
    )
    first, second = history.log(tmp_path)
    assert (first.when, first.snapshot, first.previous) == ("2024-05-01T12:00:00Z", one.name, None)
    assert (second.snapshot, second.previous, second.kind) == (two.name, one.name, "build")
    assert (second.accepted, second.warnings, second.counts["papers"]) == (["papers_lost"], ["odd"], 4)


def test_rollback_goes_back_and_forth_and_is_logged(tmp_path, tables):
    one, two = publish(tmp_path, tables), publish(tmp_path, tables, "second")
    assert publishing.rollback(tmp_path) == one == publishing.current(tmp_path)
    assert publishing.rollback(tmp_path, two.name) == two == publishing.current(tmp_path)
    assert [entry.kind for entry in history.log(tmp_path)] == ["build", "build", "rollback", "rollback"]


def test_rollback_refuses_what_is_not_there_or_damaged(tmp_path, tables):
    one = publish(tmp_path, tables)
    with pytest.raises(DataError, match="no earlier snapshot"):
        publishing.rollback(tmp_path)
    two = publish(tmp_path, tables, "second")
    with pytest.raises(DataError, match="there is no snapshot nothing"):
        publishing.rollback(tmp_path, "nothing")
    next(one.glob("papers/*/*.parquet")).write_bytes(b"")
    with pytest.raises(DataError, match="is damaged"):
        publishing.rollback(tmp_path, one.name)
    assert publishing.current(tmp_path) == two


def turned(path: Path) -> None:
    """Change one byte; the file stays as long as it was."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


DAMAGE: list[tuple[Callable[[Path], object], str, bool]] = [
    (turned, "its SHA-256 is another", False),
    (lambda path: path.write_bytes(path.read_bytes()[:-1]), "not a file of", True),
    (Path.unlink, "missing", True),
    (lambda path: path.rename(path.with_suffix(".old")), "missing", True),
    (lambda path: path.with_suffix(".more").write_bytes(b"x"), "not in the manifest", True),
]


@pytest.mark.parametrize("name", ["papers/*/*.parquet", "datapackage.json"])
@pytest.mark.parametrize(("harm", "said", "quickly"), DAMAGE)
def test_every_file_of_a_snapshot_is_compared_with_the_manifest(tmp_path, sealed, harm, said, quickly, name):
    """By its hash, too, where nothing else is asked for: a quick look does without."""
    folder = shutil.copytree(sealed, tmp_path / "copy")
    assert damage(folder) == []
    harm(next(folder.glob(name)))
    assert any(said in line for line in damage(folder))
    assert bool(damage(folder, hashes=False)) is quickly


def test_a_snapshot_that_is_a_link_is_damaged(tmp_path, sealed):
    (tmp_path / "link").symlink_to(sealed)
    assert damage(tmp_path / "link") == ["link is a symbolic link, not a folder"]


def test_going_back_first_completes_what_a_dead_process_left(tmp_path, tables, monkeypatch):
    one = publish(tmp_path, tables)

    def die(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(history, "complete", die)
        with pytest.raises(KeyboardInterrupt):
            publish(tmp_path, tables, "second")
    two = publishing.current(tmp_path)
    assert two not in {None, one}
    publishing.rollback(tmp_path)
    assert [entry.kind for entry in history.log(tmp_path)] == ["build", "build", "rollback"]


@pytest.mark.parametrize(("levels", "read"), [(20, True), (21, False)])
def test_a_manifest_whose_options_are_nested_without_end_is_none(sealed, levels, read):
    known = json.loads((sealed / "manifest.json").read_bytes())
    known["options"] = json.loads('{"a":' * levels + "1" + "}" * levels)
    content = json.dumps(known).encode()
    if read:
        assert manifest.parse(content).options == known["options"]
        return
    with pytest.raises(ValueError, match="nested too deeply"):
        manifest.parse(content)


def test_what_is_current_cannot_be_gone_back_to(tmp_path, tables):
    one = publish(tmp_path, tables)
    with pytest.raises(DataError, match="is current already"):
        publishing.rollback(tmp_path, one.name)
    assert [entry.kind for entry in history.log(tmp_path)] == ["build"]


def test_a_link_in_the_place_of_a_snapshot_is_replaced_by_it_and_a_file_is_refused(tmp_path, tables):
    one = publish(tmp_path, tables)
    before = faults.bytes_below(one)
    shutil.rmtree(one)
    one.symlink_to("..")
    assert publish(tmp_path, tables) == one
    assert not one.is_symlink()
    assert faults.bytes_below(one) == before
    shutil.rmtree(one)
    one.write_bytes(b"x")
    with pytest.raises(OutputError, match="is a file, not a folder"):
        publish(tmp_path, tables)


def staged(folder: Path, tables: dataset.Frames) -> tuple[Path, manifest.Facts]:
    facts = dataset.facts(tables, "")
    made = publishing.stage(folder, facts.snapshot_id)
    dataset.write(made, tables)
    return made, facts


def test_a_table_without_a_file_is_not_sealed(tmp_path, tables):
    made, facts = staged(tmp_path, tables)
    shutil.rmtree(made / "affiliations")
    with pytest.raises(DataError, match="table 'affiliations' has no file"):
        seal(made, facts)


def test_a_torn_file_is_not_sealed(tmp_path, tables):
    made, facts = staged(tmp_path, tables)
    next(made.glob("authors/*/*.parquet")).write_bytes(b"torn")
    with pytest.raises(DataError, match="no sound Parquet file"):
        seal(made, facts)


def test_what_reads_back_otherwise_is_not_sealed(tmp_path, tables, monkeypatch):
    made, facts = staged(tmp_path, tables)
    monkeypatch.setattr("byline.snapshots.seal.damage", lambda folder, hashes: ["papers: missing"])
    with pytest.raises(DataError, match="reads back otherwise"):
        seal(made, facts)


def test_a_damaged_current_snapshot_does_not_stop_the_next_build(tmp_path, tables):
    one = publish(tmp_path, tables)
    for path in one.rglob("*.parquet"):
        path.unlink()
    two = publish(tmp_path, dataset.frames(5, people=4))
    assert publishing.current(tmp_path) == two
    assert "redirects were not continued" in history.log(tmp_path)[-1].warnings[0]


@pytest.mark.parametrize("gone", ["papers", "authors", "authorships", "records"])
def test_a_current_snapshot_without_a_table_does_not_stop_the_next_build(gone, tmp_path):
    path = publish(tmp_path, dataset.frames(3, people=3)) / "manifest.json"
    known = json.loads(path.read_bytes())
    del known["tables"][gone]
    path.write_text(json.dumps(known))
    publish(tmp_path, dataset.frames(2, people=3))  # what was lost is looked for
    (warning,) = history.log(tmp_path)[-1].warnings
    assert "redirects were not continued" in warning
    assert f"lists no table {gone}" in warning


def test_prune_keeps_the_latest_and_the_current_and_what_is_still_read(tmp_path, tables):
    folders = [publish(tmp_path, tables, str(day), now=NOON + timedelta(day)) for day in range(5)]
    names = [folder.name for folder in folders]
    later = NOON + timedelta(4, hours=1)
    assert prune.prune(tmp_path, keep=1, now=later, dry_run=True) == names[:3]
    assert prune.prune(tmp_path, keep=3, now=later) == names[:2]
    assert prune.prune(tmp_path, keep=1, older_than=timedelta(30), now=later) == []
    assert prune.prune(tmp_path, keep=1, now=later) == [names[2]]
    assert publishing.snapshots(tmp_path) == sorted(names[3:])
    assert prune.prune(tmp_path, keep=1, now=later + timedelta(2)) == [names[3]]
    assert publishing.current(tmp_path) == folders[4]
    assert not damage(folders[4])


def test_of_snapshots_of_one_moment_the_one_that_never_was_current_goes_first(tmp_path, tables):
    one, two = (publish(tmp_path, tables, note, now=NOON) for note in ("", "second"))
    publish(tmp_path, tables, "third", now=NOON)
    never = shutil.copytree(one, tmp_path / "snapshots" / ("f" * 20))
    os.utime(never, (NOON.timestamp(), NOON.timestamp()))
    later = NOON + timedelta(9)
    assert prune.prune(tmp_path, keep=1, now=later, dry_run=True) == [never.name, one.name, two.name]


def test_prune_keeps_ten_when_it_is_not_told_how_many(tmp_path, tables):
    one = publish(tmp_path, tables, now=NOON)
    others = [f"{number:020x}" for number in range(12)]
    for number, name in enumerate(others):
        (one.parent / name).mkdir()
        os.utime(one.parent / name, (number, number))
    assert prune.prune(tmp_path, now=NOON + timedelta(9)) == others[:3]
    assert len(publishing.snapshots(tmp_path)) == 10
    soon = datetime.fromtimestamp(4, UTC)
    assert prune.prune(tmp_path, keep=1, grace=timedelta(0), now=soon) == others[3:5]


def test_a_publication_ends_with_its_history_on_the_disk(tmp_path, tables):
    """The note goes last: until then whoever comes next completes what was begun. All files are on the disk before."""
    seen: list[tuple[str, str]] = []
    fs.hook = lambda operation, path: seen.append((operation, path.name))
    try:
        folder = publish(tmp_path, tables)
    finally:
        fs.hook = None
    documents = {path.name for path in folder.iterdir() if path.is_file()}
    assert len(documents) > 2
    assert {("fsync", name) for name in documents} <= set(seen)
    gone = seen.index(("unlink", history.PENDING))
    logged = max(place for place, (_, name) in enumerate(seen) if name in {"log.jsonl", ".log.jsonl.tmp"})
    assert logged < gone
    assert ("fsync folder", history.FOLDER) in seen[gone:]


def test_prune_never_removes_the_current_one_even_if_it_is_the_oldest(tmp_path, tables):
    one, two = publish(tmp_path, tables, now=NOON), publish(tmp_path, tables, "second", now=NOON)
    publishing.rollback(tmp_path, now=NOON)
    assert prune.prune(tmp_path, keep=1, now=NOON + timedelta(9)) == [two.name]
    assert publishing.current(tmp_path) == one


def test_a_current_that_is_no_link_is_left_alone(tmp_path, tables):
    (tmp_path / "current").mkdir()
    with pytest.raises(OutputError, match="not a symbolic link"):
        publish(tmp_path, tables)
    with pytest.raises(OutputError, match="not a symbolic link"):
        publishing.current(tmp_path)


def test_a_pointer_that_leads_elsewhere_is_not_followed(tmp_path):
    (tmp_path / "current").symlink_to("/etc")
    with pytest.raises(OutputError, match="not into snapshots"):
        publishing.current(tmp_path)


def test_what_dead_builds_left_is_removed(tmp_path, tables):
    (tmp_path / ".staging" / "dead-1" / "papers").mkdir(parents=True)
    (tmp_path / ".staging" / "dead-1" / "link").symlink_to("/etc")
    publish(tmp_path, tables)
    assert not (tmp_path / ".staging").exists()


def test_two_writers_that_wait_publish_one_after_the_other(tmp_path):
    writers = []
    for number in range(2):
        tables = dataset.frames(4 + number, people=4)
        dataset.write(tmp_path / str(number), tables)
        arguments = (tmp_path / "out", tmp_path / str(number), dataset.facts(tables), 50)
        writers.append(faults.PROCESSES.Process(target=faults.publish, args=arguments))
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join(80)
    assert [writer.exitcode for writer in writers] == [0, 0]
    faults.consistent(tmp_path / "out")
    first, second = history.log(tmp_path / "out")
    assert (first.previous, second.previous) == (None, first.snapshot)


def _read_in_a_loop(out: Path, stop: threading.Event, seen: set[str], wrong: list[object]) -> None:
    while not stop.is_set():
        folder = publishing.current(out)
        assert folder is not None
        try:
            papers = pl.read_parquet(folder / "papers").height
            counts = {pl.read_parquet(folder / name).height for name in ("authors", "authorships")}
            known = manifest.read_manifest(folder).tables
            whole = papers == known["papers"].rows and counts == {
                known[name].rows for name in ("authors", "authorships")
            }
            seen.add(folder.name)
            if not whole:
                wrong.append(folder)
        except Exception as error:
            wrong.append(error)


@pytest.mark.slow
def test_a_reader_meets_whole_snapshots_only_during_a_hundred_publications(tmp_path):
    kinds = [dataset.frames(count, people=3) for count in (3, 4, 5)]
    publish(tmp_path, kinds[0])
    stop = threading.Event()
    seen: set[str] = set()
    wrong: list[object] = []
    reader = threading.Thread(target=_read_in_a_loop, args=(tmp_path, stop, seen, wrong))
    reader.start()
    for number in range(100):
        publish(tmp_path, kinds[number % 3], str(number))
    stop.set()
    reader.join()
    assert wrong == []
    assert len(seen) > 3


def test_an_id_follows_from_what_is_said_and_not_from_its_order():
    inputs = [manifest.Input("é.txt", "a" * 64, 3, 1), manifest.Input("b.txt", "b" * 64, 4, 1)]
    options = {"curated": {"x": "é"}, "arxiv": None}
    one = manifest.identify("0.1", inputs, options, "2.0")
    other = manifest.identify("0.1", inputs[::-1], dict(reversed(options.items())), "2.0")
    assert one == other == "764c29d7462568e96f92"
    assert manifest.identify("0.2", inputs, options, "2.0") != one
    assert manifest.identify("0.1", inputs, options, "1.0") != one
