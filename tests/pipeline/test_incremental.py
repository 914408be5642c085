"""Only what changed is read again, and the snapshot is what a full build into an empty folder gives."""

from __future__ import annotations

import io
import random
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from byline.core.options import Options
from byline.pipeline.run import run_build
from tests.conftest import files_of
from tests.pipeline.fabricated import listing

ANY_LOSS = frozenset({"papers_lost", "authors_lost", "authorships_lost", "records_lost"})


def test_nothing_new_is_said_and_done_at_once(build):
    first = build({"a.txt": listing(1, 10)})
    again = build({})
    assert again.up_to_date
    assert again.path == first.path


def test_a_file_touched_but_not_changed_is_nothing_new(build, tmp_path):
    build({"a.txt": listing(1, 10)})
    (tmp_path / "raw" / "a.txt").touch()
    assert build({}).up_to_date


def test_a_renamed_file_is_not_read_again(build, tmp_path):
    build({"a.txt": listing(1, 10), "b.txt": listing(2, 10)})
    (tmp_path / "raw" / "a.txt").rename(tmp_path / "raw" / "renamed.txt")
    result = build({})
    assert not result.up_to_date
    assert result.cached_slices == result.slices


def test_only_the_new_file_is_read(build):
    build({"a.txt": listing(1, 10), "b.txt": listing(2, 10)})
    result = build({"c.txt": listing(3, 10)})
    assert result.slices - result.cached_slices == 1


def checked(payload: bytes) -> bytes:
    return sha256(payload).digest() + payload


def arrow_of_another_shape() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame({"title": ["Forged"]}).write_ipc(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    "damage",
    [b"", b"torn", bytes(100), checked(b"no Arrow file"), checked(b""), checked(arrow_of_another_shape())],
    ids=["empty", "torn", "zeros", "checked, no Arrow", "checked, nothing", "checked, other columns"],
)
def test_a_damaged_cache_is_noticed_and_made_again(build, tmp_path, damage):
    whole = files_of(build({"a.txt": listing(1, 10)}).path)
    for path in (tmp_path / "out" / ".cache").rglob("*.parsed"):
        path.write_bytes(damage)
    (tmp_path / "raw" / "b.txt").write_text(listing(2, 5))
    build({})
    (tmp_path / "raw" / "b.txt").unlink()
    assert files_of(build({}, accept=ANY_LOSS).path) == whole


@pytest.mark.parametrize("opened", [".", "parsed-*", "parsed-*/*"])
def test_a_cache_that_others_may_write_is_not_used_with_a_word(build, tmp_path, opened):
    build({"a.txt": listing(1, 10)})
    for folder in (
        (tmp_path / "out" / ".cache").glob(opened) if opened != "." else [tmp_path / "out" / ".cache"]
    ):
        folder.chmod(0o775)
    result = build({"b.txt": listing(2, 10)})
    assert result.cached_slices == 0
    assert any("could be written by others" in warning for warning in result.warnings)
    assert build({"c.txt": listing(3, 10)}).cached_slices > 0


def test_a_cached_file_that_others_may_write_is_read_again(build, tmp_path):
    build({"a.txt": listing(1, 10)})
    for path in (tmp_path / "out" / ".cache").rglob("*.parsed"):
        path.chmod(0o666)
    assert build({"b.txt": listing(2, 10)}).cached_slices == 0


def test_a_cache_of_another_code_version_is_not_used(build, tmp_path):
    build({"a.txt": listing(1, 10)})
    stale = tmp_path / "out" / ".cache" / "parsed-of-long-ago"
    stale.mkdir()
    build({"b.txt": listing(2, 5)})
    assert not stale.exists()


EDITS = st.lists(
    st.tuples(st.sampled_from(["write", "remove", "rename", "append"]), st.integers(0, 3)), max_size=4
)


@settings(max_examples=6, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(edits=EDITS, seed=st.integers(0, 1000))
def test_any_sequence_of_edits_ends_where_a_full_build_ends(tmp_path_factory, edits, seed):
    home = tmp_path_factory.mktemp("edits")
    raw = home / "raw"
    raw.mkdir()
    (raw / "kept.txt").write_text(listing(seed, 6))
    _build(raw, home / "grown")
    for step, (edit, which) in enumerate(edits):
        _edit(raw, edit, which, seed + step)
        _build(raw, home / "grown")
    assert files_of(_build(raw, home / "grown")) == files_of(_build(raw, home / "fresh"))


def _edit(raw: Path, edit: str, which: int, seed: int) -> None:
    path = raw / f"{which}.txt"
    if edit == "write" or not path.exists():
        path.write_text(listing(seed, random.Random(seed).randint(1, 5)))
    elif edit == "append":
        path.write_text(path.read_text() + listing(seed, 2))
    elif edit == "rename":
        path.rename(raw / f"{which}-renamed.txt")
    else:
        path.unlink()


def _build(raw: Path, out: Path) -> Path:
    result = run_build(Options(raw=raw, out=out, workers=0, accept=ANY_LOSS))
    assert isinstance(result.path, Path)
    return result.path
