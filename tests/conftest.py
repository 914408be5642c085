"""What the tests share: the real listing, a build of it, and a helper that builds fabricated listings."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import polars as pl
import pytest

os.environ.setdefault("DO_NOT_TRACK", "1")

from byline.core.options import Options
from byline.core.result import Result
from byline.pipeline.run import run_build

ROOT = Path(__file__).parents[1]
LISTING = ROOT / "data" / "raw" / "listing.txt"

Builder = Callable[..., Result]


def pytest_configure() -> None:
    """Set no deadlines: a busy machine is no failure. (A cluster's workers have no Hypothesis.)"""
    from hypothesis import settings

    settings.register_profile("byline", deadline=None)
    settings.load_profile("byline")


def table(dataset: Path, name: str) -> pl.DataFrame:
    """Return a published table with its partition column, sorted by nothing in particular."""
    return pl.read_parquet(f"{dataset}/{name}/**/*.parquet", hive_partitioning=True)


def files_of(folder: Path) -> dict[str, bytes]:
    """Return every file below a folder with its bytes."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


@pytest.fixture(scope="session")
def real_build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the real listing once; return the folder of its snapshot."""
    home = tmp_path_factory.mktemp("real")
    (home / "raw").mkdir()
    (home / "raw" / "listing.txt").write_bytes(LISTING.read_bytes())
    result = run_build(Options(raw=home / "raw", out=home / "out", workers=0))
    assert isinstance(result.path, Path)
    return result.path


def write_listings(raw: Path, listings: Mapping[str, str | bytes]) -> None:
    """Write listings (name → text or bytes) into a raw folder."""
    for name, content in listings.items():
        path = raw / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)


@pytest.fixture(scope="session")
def kept_builds(
    tmp_path_factory: pytest.TempPathFactory,
) -> Callable[[Mapping[str, str]], tuple[Path, Result]]:
    """Return a function that builds listings once a session; it gives the folder of `raw` and `out`, and the result."""
    kept: dict[tuple[tuple[str, str], ...], tuple[Path, Result]] = {}

    def folder(listings: Mapping[str, str]) -> tuple[Path, Result]:
        key = tuple(listings.items())
        if key not in kept:
            home = tmp_path_factory.mktemp("kept")
            write_listings(home / "raw", listings)
            kept[key] = home, run_build(Options(raw=home / "raw", out=home / "out", workers=0))
        return kept[key]

    return folder


@pytest.fixture
def built(tmp_path: Path, kept_builds: Callable[[Mapping[str, str]], tuple[Path, Result]]) -> Builder:
    """Return a function that puts listings and what their first build left into `tmp_path`, for tests of what follows.

    The build is a copy of one that the session made: its own course is not what is tested.
    """

    def put(listings: Mapping[str, str]) -> Result:
        home, result = kept_builds(listings)
        assert isinstance(result.path, Path)
        shutil.copytree(home, tmp_path, symlinks=True, dirs_exist_ok=True)
        return replace(result, path=tmp_path / result.path.relative_to(home))

    return put


@contextmanager
def for_comparison() -> Iterator[None]:
    """Let builds leave out the look at every rule: where their bytes must be those of a build that took it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("byline.pipeline.finishing.validation.parts", tuple)
        yield


@pytest.fixture
def build(tmp_path: Path) -> Builder:
    """Return a function that writes listings (name → text or bytes) and builds them into `tmp_path/out`."""

    def run(listings: dict[str, str | bytes], **options: object) -> Result:
        raw = tmp_path / "raw"
        raw.mkdir(exist_ok=True)
        write_listings(raw, listings)
        settings = {"raw": raw, "out": tmp_path / "out", "workers": 0, **options}
        return run_build(Options(**settings))  # type: ignore[arg-type]  # the tests name the options they mean

    return run
