"""Links, pipes and devices planted below an output folder: nothing outside is written, emptied or waited for."""

from __future__ import annotations

import os
import random
import shutil
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from byline.core.errors import BylineError, OutputError
from byline.files import beneath, fs, run_files
from byline.snapshots import history, prune, publishing
from byline.snapshots.lock import OWN_FOLDERS, build_lock
from byline.snapshots.manifest import Facts
from byline.validation import validate
from tests.publish import faults
from tests.validation import dataset

LEFT_BY_CRASHES = (
    ".current.tmp",
    "history/.log.jsonl.tmp",
    "history/.pending.json.tmp",
    "history/pending-author-redirects.parquet",
    "history/.pending-author-redirects.parquet.tmp",
)
OTHERS = (
    ".lock",
    "history/log.jsonl",
    "history/pending.json",
    "history/author_redirects",
    "history/author_redirects/part-00000.parquet",
    ".cache/parsed-0",
    ".cache/parsed-0/ab",
    ".cache/parsed-0/ab/abcd.parsed",
)
Plant = Callable[[Path, Path], None]
Prepared = tuple[Path, Path, tuple[Facts]]
"""An output folder, the files of another publication, and its facts."""


def link_to_folder(path: Path, outside: Path) -> None:
    path.symlink_to(outside)


def link_to_file(path: Path, outside: Path) -> None:
    path.symlink_to(outside / "letters" / "a.txt")


def link_into_nowhere(path: Path, outside: Path) -> None:
    path.symlink_to(outside / "new")


def hard_link(path: Path, outside: Path) -> None:
    os.link(outside / "letters" / "a.txt", path)


def pipe(path: Path, outside: Path) -> None:
    os.mkfifo(path)


def endless(path: Path, outside: Path) -> None:
    path.symlink_to("/dev/zero")


KINDS: tuple[Plant, ...] = (link_to_folder, link_to_file, link_into_nowhere, hard_link, pipe, endless)


@pytest.fixture(scope="module")
def prepared(tmp_path_factory) -> Prepared:
    """Return an output folder with two publications, the files of a third one, and its facts."""
    home = tmp_path_factory.mktemp("planted")
    tables = dataset.frames(3, people=3)
    dataset.write(home / "files", tables)
    for note in ("one", "two"):
        faults.publish(home / "out", home / "files", dataset.facts(tables, note))
    return home / "out", home / "files", (dataset.facts(tables, "three"),)


@pytest.fixture
def outside(tmp_path: Path) -> Path:
    folder = tmp_path / "outside"
    (folder / "letters").mkdir(parents=True)
    (folder / "letters" / "a.txt").write_text("dear")
    (folder / "b.txt").write_text("diary")
    return folder


def state(folder: Path) -> dict[str, bytes | None]:
    """Return what lies below a folder: files with their bytes, folders with none."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() if path.is_file() else None
        for path in sorted(folder.rglob("*"))
    }


def put(plant: Plant, out: Path, place: str, outside: Path) -> None:
    path = out / place
    if not path.parent.resolve().is_relative_to(out.resolve()):
        return  # behind what was planted before
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    path.unlink(missing_ok=True)
    path.parent.mkdir(parents=True, exist_ok=True)
    plant(path, outside)


@pytest.mark.parametrize("place", OWN_FOLDERS)
def test_a_link_in_place_of_an_own_folder_is_refused_by_name(place, prepared, outside, tmp_path):
    out, files, (facts,) = prepared
    out = faults.copy(out, tmp_path / "out")
    put(link_to_folder, out, place, outside)
    with pytest.raises(OutputError, match=rf"{place} is a symbolic link, not a folder") as told:
        faults.publish(out, files, facts)
    assert told.value.exit_code == 4
    assert set(faults.bytes_below(outside)) == {"b.txt", "letters/a.txt"}


@pytest.mark.parametrize("place", LEFT_BY_CRASHES)
def test_a_link_in_place_of_a_temporary_file_is_not_written_through(place, prepared, outside, tmp_path):
    out, files, (facts,) = prepared
    out = faults.copy(out, tmp_path / "out")
    put(link_to_file, out, place, outside)
    with suppress(OutputError):
        faults.publish(out, files, facts)
    assert (outside / "letters" / "a.txt").read_text() == "dear"


def test_a_lock_that_is_also_another_file_is_not_written(prepared, outside, tmp_path):
    (tmp_path / "out").mkdir()
    put(hard_link, tmp_path / "out", ".lock", outside)
    with pytest.raises(OutputError, match="hard link"), build_lock(tmp_path / "out"):
        pass
    assert (outside / "letters" / "a.txt").read_text() == "dear"


def test_an_output_folder_that_is_a_link_is_its_owners_choice(prepared, tmp_path):
    out, files, (facts,) = prepared
    faults.copy(out, tmp_path / "real")
    (tmp_path / "out").symlink_to("real")
    faults.publish(tmp_path / "out", files, facts)
    faults.consistent(tmp_path / "out")


def test_a_run_file_never_lands_behind_a_link(outside, tmp_path):
    with build_lock(tmp_path / "out"):
        (tmp_path / "out" / ".work").symlink_to(outside)
        with pytest.raises(OutputError, match=r"\.work is a symbolic link"):
            run_files.write_checked(tmp_path / "out" / ".work" / "7" / "x", b"rows")
        with pytest.raises(OutputError, match=r"leads out of"):
            fs.mkdir(tmp_path / "out" / "snapshots" / ".." / ".." / "outside" / "new")
    assert set(faults.bytes_below(outside)) == {"b.txt", "letters/a.txt"}


def acts(out: Path, files: Path, facts: Facts) -> Iterator[Callable[[], object]]:
    """Yield what may be done to an output folder."""

    def locked(work: Callable[[], object]) -> None:
        with build_lock(out):
            work()

    yield lambda: faults.publish(out, files, facts)
    yield lambda: locked(lambda: publishing.rollback(out))
    yield lambda: locked(lambda: prune.prune(out, keep=1, grace=prune.GRACE * 0))
    yield lambda: locked(lambda: run_files.write_checked(out / ".cache/parsed-0/ab/abcd.parsed", b"rows"))
    yield lambda: run_files.read_checked(out / ".cache/parsed-0/ab/abcd.parsed")
    yield lambda: history.entries(out)
    yield lambda: validate(out, deep=False)


def walk(rounds: int, seed: int, prepared: Prepared, outside: Path, home: Path) -> None:
    """Plant something, do something, and look outside; often enough that all meet."""
    rng = random.Random(seed)
    out, files, (facts,) = prepared
    before = state(outside)
    inside = [path.relative_to(out).as_posix() for path in sorted(out.rglob("*"))]
    for number in range(rounds):
        here = faults.copy(out, home / f"out{number}")
        for _ in range(rng.choice((1, 1, 2))):
            place = rng.choice(rng.choice((inside, OWN_FOLDERS, LEFT_BY_CRASHES, OTHERS)))
            with suppress(OSError):  # below what was planted before
                put(rng.choice(KINDS), here, place, outside)
        with suppress(BylineError):
            rng.choice(list(acts(here, files, facts)))()
        assert state(outside) == before, (seed, number)
        shutil.rmtree(here)


NAMES = ("history", "snapshots", ".staging", "log.jsonl", ".log.jsonl.tmp", "x")
"""Parts of the paths of a small tree, so that what is planted is often met."""
OPERATIONS: tuple[Callable[[Path, Path], object], ...] = (
    lambda one, _: fs.mkdir(one),
    lambda one, _: fs.refuse_other_than_folder(one),
    lambda one, _: fs.write(one, b"new"),
    lambda one, _: fs.write_atomic(one, b"new"),
    fs.replace,
    fs.link,
    lambda one, _: fs.symlink("x", one),
    lambda one, _: fs.unlink(one),
    lambda one, _: fs.rmtree(one),
    lambda one, _: fs.fsync_file(one),
    lambda one, _: fs.fsync_folder(one),
    lambda one, _: fs.fsync_tree(one),
    lambda one, _: beneath.read_file(one),
    lambda one, _: beneath.read_file(one, limit=8),
    lambda one, _: run_files.write_checked(one, b"rows"),
    lambda one, _: run_files.read_checked(one),
)
"""Whatever changes or reads something below an output folder, on a place or two."""


def place_in(rng: random.Random, out: Path) -> Path:
    return out.joinpath(*(rng.choice(NAMES) for _ in range(rng.choice((1, 1, 2, 2, 3)))))


def storage_walk(rounds: int, seed: int, outside: Path, out: Path) -> None:
    """Make a small tree, plant something in it, do one operation, and look outside: some 2 ms a round."""
    rng = random.Random(seed)
    before = state(outside)
    beneath.hold([out])
    for number in range(rounds):
        out.mkdir()
        for _ in range(rng.randrange(4)):
            with suppress(OSError):
                place = place_in(rng, out)
                place.parent.mkdir(parents=True, exist_ok=True)
                place.write_bytes(b"own")
        kind = rng.choice(KINDS)
        planted = place_in(rng, out)
        with suppress(OSError):  # below a file
            put(kind, out, planted.relative_to(out).as_posix(), outside)
        near = rng.choice((planted, planted, planted / rng.choice(NAMES), place_in(rng, out)))
        operation = rng.choice(OPERATIONS)
        found: object = None
        with suppress(BylineError, OSError):
            found = operation(near, place_in(rng, out))
        assert state(outside) == before, (seed, number)
        assert kind is hard_link or found not in (b"dear", b"diary"), (seed, number)
        shutil.rmtree(out)


def test_no_operation_leads_out_whatever_is_planted(outside, tmp_path, monkeypatch):
    monkeypatch.setattr(
        os, "fsync", os.fstat
    )  # what waits for a disk costs the most, and is looked at elsewhere
    storage_walk(300, 18, outside, tmp_path / "out")


def test_whatever_is_planted_nothing_outside_changes(prepared, outside, tmp_path):
    walk(10, 18, prepared, outside, tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2))
def test_hundreds_of_plants_change_nothing_outside(seed, prepared, outside, tmp_path):
    rounds = int(os.environ.get("PLANTED_ROUNDS", "250"))
    storage_walk(rounds - rounds // 10, seed, outside, tmp_path / "out")
    walk(rounds // 10, seed, prepared, outside, tmp_path)
