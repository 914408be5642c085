"""A build that dies or fails at any of its writes leaves the last snapshot whole, and the next build heals all."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from byline.core.errors import OutputError
from byline.files import fs
from byline.snapshots.publishing import current
from byline.validation import validate
from tests.conftest import Builder, files_of, for_comparison


def page(*titles: str) -> str:
    """Return records of one year and one initial: few partitions, so that every operation can be tried."""
    return "".join(
        f"LGMay 5, 2020\n{title}Ada Lovelane, Alan Lamportov\nWe close gates.\n" for title in titles
    )


OLD = {"a.txt": page("Sparse Gates for Sorting", "Robust Codes for Routing")}
NEW = {"b.txt": page("Latent Trees for Parsing", "Causal Priors for Scheduling")}


class Killed(BaseException):
    """Stands for `kill -9`: from here on nothing more reaches the disk, whatever cleans up on the way out."""


@pytest.fixture(autouse=True)
def _no_hook_stays() -> Iterator[None]:
    yield
    fs.hook = None


def fail_at(point: int, error: Callable[[Path], BaseException], *, for_good: bool) -> None:
    """Let the operation of that number fail; with `for_good` all later ones, too."""
    seen = 0

    def hook(operation: str, path: Path) -> None:
        nonlocal seen
        seen += 1
        if seen == point or (for_good and seen > point):
            raise error(path)

    fs.hook = hook


def operations(build: Builder) -> int:
    """Return how many operations a build of the new listing has."""
    count = 0

    def hook(operation: str, path: Path) -> None:
        nonlocal count
        count += 1

    fs.hook = hook
    build(NEW)
    fs.hook = None
    return count


def points(build: Builder, tmp_path: Path) -> tuple[int, dict[str, bytes]]:
    """Return the number of operations and the bytes that a build without faults publishes."""
    build(OLD, out=tmp_path / "old")
    shutil.copytree(tmp_path / "old", tmp_path / "calm", symlinks=True)
    total = operations(lambda listings: build(listings, out=tmp_path / "calm"))
    folder = current(tmp_path / "calm")
    assert folder is not None
    (tmp_path / "raw" / "b.txt").unlink()
    return total, files_of(folder)


def survives(
    build: Builder, tmp_path: Path, point: int, error: Callable[[Path], BaseException], *, for_good: bool
) -> bool:
    """Run into a fault at that operation, then build again; return whether the fault was met."""
    out = tmp_path / f"out-{point}"
    shutil.copytree(tmp_path / "old", out, symlinks=True)

    fail_at(point, error, for_good=for_good)
    met = True
    try:
        build(NEW, out=out)
        met = False
    except (Killed, OutputError, OSError):
        pass
    fs.hook = None
    now = current(out)
    assert now is not None
    assert validate(now).ok

    with for_comparison():
        build({}, out=out)
    return met


def run_all(build: Builder, tmp_path: Path, step: int, errors: list[Callable[[Path], BaseException]]) -> int:
    total, whole = points(build, tmp_path)
    tried = 0
    for index, point in enumerate(range(1, total + 1, step)):
        error = errors[index % len(errors)]
        survives(build, tmp_path, point, error, for_good=isinstance(error(Path()), Killed))
        folder = current(tmp_path / f"out-{point}")
        assert folder is not None
        assert files_of(folder) == whole
        (tmp_path / "raw" / "b.txt").unlink()
        tried += 1
    return tried


def no_space(path: Path) -> OSError:
    return OSError(errno.ENOSPC, os.strerror(errno.ENOSPC), str(path))


def read_only(path: Path) -> OSError:
    return OSError(errno.EROFS, os.strerror(errno.EROFS), str(path))


def broken(path: Path) -> OSError:
    return OSError(errno.EIO, os.strerror(errno.EIO), str(path))


def killed(path: Path) -> Killed:
    return Killed(str(path))


def test_a_few_points_of_a_build(build, tmp_path):
    assert run_all(build, tmp_path, 40, [killed, no_space]) >= 3


@pytest.mark.slow
def test_every_point_of_a_build_killed(build, tmp_path):
    tried = run_all(build, tmp_path, 1, [killed])
    print(f"killed at {tried} points")


@pytest.mark.slow
def test_every_point_of_a_build_failing(build, tmp_path):
    tried = run_all(build, tmp_path, 1, [no_space, read_only, broken])
    print(f"failed at {tried} points")
