"""Whatever operation a publication dies or fails at: readers see the old or the new, and the next one succeeds."""

from __future__ import annotations

import errno
from functools import partial
from pathlib import Path

import pytest

from byline.snapshots import history, publishing
from byline.validation import validate
from tests.publish import faults
from tests.validation import dataset


def _redirects(out: Path) -> list[bytes]:
    return [(out / history.FOLDER / place).read_bytes() for place in history.REDIRECTS]


class Case:
    """An output folder with one snapshot, the files of the next, and what comes out when nothing goes wrong."""

    def __init__(self, folder: Path) -> None:
        before, after = dataset.frames(4, 1, people=4), dataset.frames(5, 1, people=3)
        self.prepared = [folder / "before", folder / "after"]
        self.facts = [dataset.facts(before), dataset.facts(after)]
        for place, tables in zip(self.prepared, (before, after), strict=True):
            dataset.write(place, tables)
        self.out = folder / "out"
        faults.publish(self.out, self.prepared[0], self.facts[0])
        smooth = faults.copy(self.out, folder / "smooth")
        self.publish = partial(faults.publish, prepared=self.prepared[1], facts=self.facts[1])
        self.operations = faults.operations(partial(self.publish, smooth))
        self.expected = faults.bytes_below(publishing.folder_of(smooth, self.facts[1].snapshot_id))
        self.redirects = _redirects(smooth)

    def check_then_publish(self, out, *, deep=False):
        """What a reader finds now is whole, and the next publication ends as if nothing had happened."""
        faults.consistent(out)
        assert validate(out, deep=deep).ok
        self.publish(out)
        faults.consistent(out)
        assert faults.bytes_below(faults.current(out)) == self.expected
        assert _redirects(out) == self.redirects
        assert [entry.snapshot for entry in history.log(out)] == [facts.snapshot_id for facts in self.facts]
        assert not [*out.rglob("*.tmp"), *out.glob(".staging")]


@pytest.fixture(scope="module")
def case(tmp_path_factory):
    return Case(tmp_path_factory.mktemp("faults"))


def test_a_killed_publication_leaves_old_or_new(case, tmp_path):
    # The slow test takes every single operation, and kills a process at each.
    for number in _representative(case.operations):
        out = faults.copy(case.out, tmp_path / str(number))
        assert faults.stopped_at(number, partial(case.publish, out))
        case.check_then_publish(out)


def test_a_process_that_is_killed_leaves_what_one_leaves_that_is_stopped(case, tmp_path):
    """What stands for a kill in these tests is as good as one: before the switch, and after it."""
    switch = len(case.operations) - 1 - case.operations[::-1].index("symlink")
    for number in (switch - 1, switch + 2):
        ends = []
        for end in (faults.killed_at, faults.stopped_at):
            out = faults.copy(case.out, tmp_path / f"{number}-{end.__name__}")
            assert end(number, partial(case.publish, out))
            ends.append({**faults.bytes_below(out), "current": faults.current(out).name})
        killed, stopped = ({name: said for name, said in end.items() if name != ".lock"} for end in ends)
        assert killed.keys() == stopped.keys()
        assert killed["current"] == stopped["current"]
        case.check_then_publish(out)


def test_a_failing_disk_leaves_old_or_new(case, tmp_path):
    for number in _representative(case.operations)[::2]:
        out = faults.copy(case.out, tmp_path / str(number))
        assert faults.failed_at(number, errno.ENOSPC, partial(case.publish, out))
        case.check_then_publish(out)


def _representative(operations: list[str]) -> list[int]:
    """Some early ones, and those around the switch: the announcement, the link, the rename, the log."""
    switch = len(operations) - 1 - operations[::-1].index("symlink")
    return [0, operations.index("fsync folder"), *range(switch - 1, switch + 4), switch + 9]


@pytest.mark.slow
def test_every_single_operation_killed(case, tmp_path, capsys):
    for number in range(len(case.operations)):
        out = faults.copy(case.out, tmp_path / str(number))
        assert faults.killed_at(number, partial(case.publish, out))
        case.check_then_publish(out, deep=number % 10 == 0)
    with capsys.disabled():
        print(
            f"\nkilled at {len(case.operations)} of {len(case.operations)} operations: {set(case.operations)}"
        )


@pytest.mark.slow
@pytest.mark.parametrize("code", faults.ERRORS, ids=lambda code: errno.errorcode[code])
def test_every_single_operation_failing(code, case, tmp_path, capsys):
    for number in range(len(case.operations)):
        out = faults.copy(case.out, tmp_path / str(number))
        assert faults.failed_at(number, code, partial(case.publish, out))
        case.check_then_publish(out, deep=number % 10 == 0)
    with capsys.disabled():
        print(f"\n{errno.errorcode[code]} at {len(case.operations)} of {len(case.operations)} operations")


def test_the_very_first_publication_may_die_anywhere_around_its_switch(case, tmp_path):
    first = partial(faults.publish, prepared=case.prepared[1], facts=case.facts[1])
    count = len(faults.operations(partial(first, tmp_path / "smooth")))
    for number in range(count - 22, count, 3):
        out = tmp_path / str(number)
        assert faults.stopped_at(number, partial(first, out))
        if publishing.current(out) is not None:
            faults.consistent(out)
        first(out)
        faults.consistent(out)
        assert len(history.log(out)) == 1
        assert faults.bytes_below(faults.current(out)) == case.expected


def test_a_rollback_may_die(case, tmp_path):
    base = faults.copy(case.out, tmp_path / "base")
    case.publish(base)

    count = len(faults.operations(partial(publishing.rollback, faults.copy(base, tmp_path / "smooth"))))
    for number in range(1, count, 3):
        out = faults.copy(base, tmp_path / str(number))
        assert faults.stopped_at(number, partial(publishing.rollback, out))
        faults.consistent(out)
        if faults.current(out).name == case.facts[1].snapshot_id:
            publishing.rollback(out)
        else:
            history.recover(out)
        assert [entry.kind for entry in history.log(out)] == ["build", "build", "rollback"]
        assert faults.current(out).name == case.facts[0].snapshot_id


def test_a_damaged_current_snapshot_is_healed_wherever_that_is_stopped(case, tmp_path):
    damaged = tmp_path / "damaged"
    faults.copy(case.out, damaged)
    current = faults.current(damaged)
    next(current.glob("papers/*/*.parquet")).write_bytes(b"torn")
    next(current.glob("records/*.parquet")).unlink()
    (current / "records" / "stray").mkdir()
    again = partial(faults.publish, prepared=case.prepared[0], facts=case.facts[0])
    count = len(faults.operations(partial(again, faults.copy(damaged, tmp_path / "smooth"))))
    for number in range(2, count, 16):
        out = faults.copy(damaged, tmp_path / str(number))
        faults.stopped_at(number, partial(again, out))
        again(out)
        faults.consistent(out)
        assert faults.bytes_below(faults.current(out)) == faults.bytes_below(faults.current(case.out))
