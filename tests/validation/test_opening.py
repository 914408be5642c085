"""Nothing of a dataset is opened that is no regular file inside it: no pipe is waited for, no device read."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from byline.core.errors import BylineError, DataError
from byline.snapshots import history, manifest, publishing
from byline.snapshots.diff import diff
from byline.validation import Finding, check_part, parts, past, validate
from tests.publish import faults
from tests.validation import dataset
from tests.validation.damage import declare, files_of, first_table

PLACES = (
    "current/manifest.json",
    "current/datapackage.json",
    "current/records/part-00000.parquet",
    "history/log.jsonl",
    "history/pending.json",
    "history/author_redirects/part-00000.parquet",
    "history/paper_redirects/part-00000.parquet",
)


def pipe(path: Path) -> None:
    os.mkfifo(path)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("opening")
    tables = dataset.frames(3, people=3)
    dataset.write(home / "files", tables)
    for note in ("one", "two"):
        faults.publish(home / "out", home / "files", dataset.facts(tables, note))
    return home / "out"


@pytest.mark.parametrize("kind", [pipe, endless, folder])
@pytest.mark.parametrize("place", PLACES)
def test_what_is_no_file_is_named_and_not_opened(
    place: str, kind: Callable[[Path], None], published: Path, tmp_path: Path
):
    out = faults.copy(published, tmp_path / "out")
    path = out / place
    path.unlink(missing_ok=True)
    path.parent.mkdir(exist_ok=True)
    kind(path)
    assert not validate(out).ok
    with suppress(BylineError):
        history.entries(out)
    with suppress(BylineError):
        diff(published, out)


OUTSIDE = ("../../../secret.parquet", "/etc/passwd", "a\0b", "")


@pytest.mark.parametrize(
    ("path", "rule", "said"),
    [
        *((path, "path_stays_inside", "no regular file inside the snapshot") for path in OUTSIDE),
        ("papers/\udc80.parquet", "manifest_is_sound", "half of a surrogate pair"),
    ],
)
def test_a_path_that_leads_out_is_refused_by_every_reader(
    path: str, rule: str, said: str, published: Path, tmp_path: Path
):
    out = faults.copy(published, tmp_path / "out")
    inside = faults.current(out)
    declare(lambda m: first_table(m)["files"][0].update(path=path))(inside)
    assert rule in {finding.rule for finding in validate(out).findings}
    with pytest.raises(BylineError, match=said):
        diff(published, out)


@pytest.mark.parametrize("part", parts())
def test_no_part_of_a_check_opens_what_lies_outside(part: str, published: Path, tmp_path: Path):
    out = faults.copy(published, tmp_path / "out")
    inside = faults.current(out)
    secret = out / "secret.parquet"
    files_of(inside, "papers")[0].rename(secret)
    os.truncate(secret, 7)  # whoever opens it says that it is no Parquet
    declare(lambda m: first_table(m)["files"][0].update(path="../../secret.parquet"))(inside)
    found = check_part(inside, part, deep=True)
    assert {finding.rule for finding in found} <= {
        "path_stays_inside",
        "file_is_there",
        "folder_is_needed",
        "table_file_is_named",
    }


def test_a_snapshot_that_is_a_link_is_neither_used_nor_gone_back_to(published: Path, tmp_path: Path):
    out = faults.copy(published, tmp_path / "out")
    one = next(name for name in publishing.snapshots(out) if name != faults.current(out).name)
    (out / "snapshots" / one).rename(tmp_path / "elsewhere")
    (out / "snapshots" / one).symlink_to(tmp_path / "elsewhere")
    with pytest.raises(DataError, match="symbolic link"):
        publishing.rollback(out)


def test_a_manifest_without_end_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(manifest, "MAX_BYTES", 100)
    (tmp_path / manifest.NAME).write_text(json.dumps({"counts": "x" * 200}))
    with pytest.raises(DataError, match="more than 100 bytes"):
        manifest.read_manifest(tmp_path)


def test_what_is_published_during_a_check_is_no_fault(
    published: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    out = faults.copy(published, tmp_path / "out")
    whole = past.history_agrees
    moved: list[Path] = []

    def meanwhile(dataset: Path, folder: Path) -> Iterator[Finding]:
        if not moved:
            moved.append(publishing.rollback(out))
        yield from whole(dataset, folder)

    monkeypatch.setattr(past, "history_agrees", meanwhile)
    assert validate(out).ok
    assert moved
