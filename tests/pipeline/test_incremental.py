"""Only what changed is read again, and the snapshot is what a full build into an empty folder gives."""

from __future__ import annotations

import io
import random
from hashlib import sha256
from pathlib import Path

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from byline.core.options import Options
from byline.pipeline.run import run_build
from tests.conftest import files_of, for_comparison
from tests.pipeline.fabricated import listing

ANY_LOSS = frozenset({"papers_lost", "authors_lost", "authorships_lost", "records_lost"})


def test_nothing_new_is_said_and_done_at_once(built, build):
    first = built({"a.txt": listing(1, 10)})
    again = build({})
    assert again.up_to_date
    assert again.path == first.path


def test_a_file_touched_but_not_changed_is_nothing_new(built, build, tmp_path):
    built({"a.txt": listing(1, 10)})
    (tmp_path / "raw" / "a.txt").touch()
    assert build({}).up_to_date


def test_a_renamed_file_is_not_read_again(built, build, tmp_path):
    built({"a.txt": listing(1, 10), "b.txt": listing(2, 10)})
    (tmp_path / "raw" / "a.txt").rename(tmp_path / "raw" / "renamed.txt")
    result = build({})
    assert not result.up_to_date
    assert result.cached_slices == result.slices


def test_only_the_new_file_is_read(built, build):
    built({"a.txt": listing(1, 10), "b.txt": listing(2, 10)})
    result = build({"c.txt": listing(3, 10)})
    assert result.slices - result.cached_slices == 1


def checked(payload: bytes) -> bytes:
    return sha256(payload).digest() + payload


def arrow_of_another_shape() -> bytes:
    buffer = io.BytesIO()
    pl.DataFrame({"title": ["Forged"]}).write_ipc(buffer)
    return buffer.getvalue()


DAMAGE = {
    "empty": b"",
    "torn": b"torn",
    "zeros": bytes(100),
    "checked, no Arrow": checked(b"no Arrow file"),
    "checked, nothing": checked(b""),
    "checked, other columns": checked(arrow_of_another_shape()),
}


def test_a_damaged_cache_is_noticed_and_made_again(built, build, tmp_path):
    """Each file of the cache is damaged in a way of its own; none is used."""
    listings = {f"{number}.txt": listing(number, 2) for number in range(len(DAMAGE))}
    whole = files_of(built(listings).path)
    cached = sorted((tmp_path / "out" / ".cache").rglob("*.parsed"))
    for path, damage in zip(cached, DAMAGE.values(), strict=True):
        path.write_bytes(damage)
    (tmp_path / "raw" / "more.txt").write_text(listing(9, 5))
    with for_comparison():
        assert build({}).cached_slices == 0
    (tmp_path / "raw" / "more.txt").unlink()
    again = build({}, accept=ANY_LOSS)
    assert again.cached_slices == len(DAMAGE)
    assert files_of(again.path) == whole


@pytest.mark.parametrize("opened", [".", "parsed-*", "parsed-*/*"])
def test_a_cache_that_others_may_write_is_not_used_with_a_word(built, build, tmp_path, opened):
    built({"a.txt": listing(1, 10)})
    for folder in (
        (tmp_path / "out" / ".cache").glob(opened) if opened != "." else [tmp_path / "out" / ".cache"]
    ):
        folder.chmod(0o775)
    with for_comparison():
        result = build({"b.txt": listing(2, 10)})
    assert result.cached_slices == 0
    assert any("could be written by others" in warning for warning in result.warnings)
    if opened == ".":
        with for_comparison():
            assert build({"c.txt": listing(3, 10)}, check_only=True).cached_slices > 0


def test_a_cached_file_that_others_may_write_is_read_again(built, build, tmp_path):
    built({"a.txt": listing(1, 10)})
    for path in (tmp_path / "out" / ".cache").rglob("*.parsed"):
        path.chmod(0o666)
    assert build({"b.txt": listing(2, 10)}).cached_slices == 0


def test_a_cache_of_another_code_version_is_not_used(built, build, tmp_path):
    built({"a.txt": listing(1, 10)})
    stale = tmp_path / "out" / ".cache" / "parsed-of-long-ago"
    stale.mkdir()
    build({"b.txt": listing(2, 5)})
    assert not stale.exists()


Edits = list[tuple[str, int]]
EDITS = st.lists(
    st.tuples(st.sampled_from(["write", "remove", "rename", "append"]), st.integers(0, 3)), max_size=4
)


def test_edits_of_every_kind_end_where_a_full_build_ends(tmp_path):
    """A file that is new, grows, goes by another name and comes again under the old one, and one that goes."""
    edits = [("write", 0), ("append", 0), ("rename", 0), ("write", 0), ("write", 1), ("remove", 1)]
    edited(tmp_path, edits, 7)


@pytest.mark.slow
@settings(max_examples=20, deadline=None)
@given(edits=EDITS, seed=st.integers(0, 1000))
def test_any_sequence_of_edits_ends_where_a_full_build_ends(tmp_path_factory, edits, seed):
    edited(tmp_path_factory.mktemp("edits"), edits, seed)


def edited(home: Path, edits: Edits, seed: int) -> None:
    """Build after every second edit and at the end; compare with a build into an empty folder."""
    raw = home / "raw"
    raw.mkdir()
    (raw / "kept.txt").write_text(listing(seed, 6))
    for step, (edit, which) in enumerate(edits):
        _edit(raw, edit, which, seed + step)
        if step % 2 == seed % 2:
            _build(raw, home / "grown")
    grown = files_of(_build(raw, home / "grown"))
    with for_comparison():
        assert files_of(_build(raw, home / "fresh")) == grown


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
