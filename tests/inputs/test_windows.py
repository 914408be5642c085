"""Cuts made with the headers in windows are those that all headers give. All people and papers are made up."""

import random
from collections import Counter

import pytest

from byline.inputs import Limits, Plan, find_sources, plan, reader, windows
from byline.listing.headers import find_headers
from byline.listing.lines import read_page
from tests.fuzz import fuzz_listing as fuzz

BYLINE = b"Slow fires in cold furnacesMira Oakes, Tomas Vell et al.\n"
NO_HEADER = b"A long winding sentence that goes on, as those of an abstract do, of nothing much.\n"
WIDE = Limits(record=40_000, block=60_000, line=5_000)
"""With these a window takes 625 bytes: several records of some 100 bytes each."""


def listing(rnd: random.Random, count: int) -> list[bytes]:
    return [
        b"LGSep %d, 2023\n" % rnd.randint(1, 30) + BYLINE + b"We count pebbles.\n" * rnd.randint(0, 4)
        for _ in range(count)
    ]


def disturbed(rnd: random.Random) -> bytes:
    """Return a listing of about 120 kB with up to three disturbances of the kinds that decide about cuts."""
    parts = listing(rnd, 1_200)
    kinds = (
        b"",
        b"\n" * rnd.choice([70, 3_000, 50_000]),
        NO_HEADER * rnd.choice([3, 100, 300, 600]),
        b"x" * rnd.choice([900, 6_000, 90_000]) + b"\n",
        b"\r\n",
        b"\xff\xfe\xff\n",
        fuzz.fabricate(rnd),
    )
    for _ in range(rnd.randint(0, 3)):
        parts.insert(rnd.choice([0, len(parts), rnd.randint(0, len(parts))]), rnd.choice(kinds))
    return b"".join(parts)


@pytest.fixture
def planned(tmp_path, monkeypatch):
    """Plan some bytes with windows, or with all headers; the number of blocks that windows did for is counted."""
    counted: Counter[str] = Counter()
    in_windows = windows._in_windows

    def spied(*given):
        found = in_windows(*given)
        counted["all" if found is None else "windows"] += 1
        return found

    monkeypatch.setattr(windows, "_in_windows", spied)

    def make(data: bytes, slice_bytes: int, limits: Limits, *, every: bool) -> Plan:
        (tmp_path / "raw").mkdir(exist_ok=True)
        (tmp_path / "raw/a.txt").write_bytes(data)
        (source,) = find_sources(tmp_path / "raw")
        with monkeypatch.context() as patch:
            if every:
                patch.setattr(
                    reader, "headers_to_cut", lambda page, stop, _: windows.headers_to_cut(page, stop, None)
                )
            return plan(source, tmp_path / "work", slice_bytes, limits)

    return make, counted


@pytest.mark.parametrize("seed", range(3))
def test_the_cuts_are_those_of_all_headers(planned, seed):
    make, counted = planned
    rnd = random.Random(seed)
    for _ in range(6):
        data, slice_bytes = disturbed(rnd), rnd.choice([10_000, 15_001, 60_000, 1 << 20])
        limits = Limits(
            record=rnd.choice([10_000, 40_000]), block=rnd.choice([25_000, 60_000, 1 << 20]), line=5_000
        )
        cut = make(data, slice_bytes, limits, every=False)
        assert cut == make(data, slice_bytes, limits, every=True)
    assert counted["windows"] > 0


def test_an_ordinary_file_is_cut_without_looking_at_all_lines(planned, monkeypatch):
    make, counted = planned
    data = b"".join(listing(random.Random(3), 1_200))
    looked = []

    def counting(page, among=None):
        looked.append(len(page.start) if among is None else int(among.sum()))
        return find_headers(page, among=among)

    monkeypatch.setattr(windows, "find_headers", counting)
    assert len(make(data, 20_000, WIDE, every=False).slices) > 4
    assert counted["windows"] >= 2
    assert sum(looked) < 0.9 * len(read_page(data).start)


def test_a_window_without_a_header_makes_all_lines_count(planned):
    make, counted = planned
    parts = listing(random.Random(5), 1_200)
    parts.insert(300, NO_HEADER * 200)
    data = b"".join(parts)
    make(data, 20_000, WIDE, every=False)
    assert counted["all"] >= 1


def test_a_header_far_behind_makes_all_headers_count():
    data = b"".join(listing(random.Random(8), 400))
    page = read_page(data)
    near = windows.Needs(due=30_000, behind=0, slice_bytes=20_000, record=40_000)
    far = windows.Needs(due=30_000, behind=40_001, slice_bytes=20_000, record=40_000)
    every = windows.headers_to_cut(page, len(data), None)
    assert len(windows.headers_to_cut(page, len(data), near)) < len(every)
    assert windows.headers_to_cut(page, len(data), far).tolist() == every.tolist()


def test_the_line_behind_a_window_is_looked_at_to_judge_its_last_one():
    """`LGSep 25, 2023 Nice work` begins a record unless a header follows; the one that follows is out of the window."""
    record = b"LGSep 2, 2023\n" + BYLINE
    doubtful = b"LGSep 25, 2023 Nice work\n"
    for shift in range(0, len(record) + len(doubtful), 5):
        data = b"LGSep 2, 2023\n" + BYLINE + b"." * shift + b"\n" + (record + doubtful) * 600
        page = read_page(data)
        needs = windows.Needs(due=len(data), behind=0, slice_bytes=20_000, record=40_000)
        some = windows.headers_to_cut(page, len(data), needs)
        every = windows.headers_to_cut(page, len(data), None)
        assert set(some.tolist()) <= set(every.tolist())
        assert len(some) < len(every)
