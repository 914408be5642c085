"""A build over an output folder that it did not leave so says what is strange; commands name what they can't read."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from byline.core.errors import DataError
from byline.snapshots import manifest, prune
from byline.snapshots.doubts import doubts
from tests.publish import faults
from tests.validation import dataset
from tests.validation.damage_out import lines, pointed


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("doubts")
    tables = dataset.frames(3, people=3)
    dataset.write(home / "files", tables)
    for note in ("one", "two"):
        faults.publish(home / "out", home / "files", dataset.facts(tables, note))
    return home / "out"


def said(**values: str) -> Callable[[Path], None]:
    """Let the manifest of the current snapshot say something else."""

    def do(out: Path) -> None:
        path = faults.current(out) / manifest.NAME
        path.write_text(json.dumps(json.loads(path.read_text()) | values))

    return do


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        (lambda out: shutil.rmtree(faults.current(out)), "was current, but is not there"),
        (pointed("snapshots/" + "e" * 20), "was current, but is not there"),
        (said(snapshot_id="f" * 20), "says that it is ffffffffffffffffffff"),
        (said(contract_version="3.0"), "follows contract 3.0, newer than"),
        (said(contract_version="9" * 5_000), "newer than"),
        (lambda out: shutil.rmtree(out / "history"), "no line of the history"),
        (lines(lambda said: said.pop()), "the last line of the history names"),
        (lines(lambda said: said[0].update(when="yesterday")), "'yesterday' is no time"),
    ],
)
def test_what_is_strange_about_the_snapshot_before_is_said(
    damage: Callable[[Path], object], words: str, published: Path, tmp_path: Path
):
    out = faults.copy(published, tmp_path / "out")
    assert doubts(out) == []
    damage(out)
    assert words in "\n".join(doubts(out))


def test_nothing_is_strange_before_the_first_publication(tmp_path: Path):
    assert doubts(tmp_path) == []


def test_prune_names_a_time_that_is_none(published: Path, tmp_path: Path):
    out = faults.copy(published, tmp_path / "out")
    lines(lambda said: said[1].update(when="yesterday"))(out)
    with pytest.raises(DataError, match="'yesterday' is no time"):
        prune.prune(out)
