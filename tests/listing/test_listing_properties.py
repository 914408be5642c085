"""What holds for any bytes at all."""

import importlib.util
import random
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from byline.inputs import Limits, Source
from byline.listing import parse
from byline.listing.lines import read_page


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


fuzz = _load(Path(__file__).parents[1] / "fuzz" / "fuzz_listing.py")
PIECES = st.sampled_from(
    [*(text.encode() for text in fuzz.HEADERS + fuzz.BYLINES + fuzz.ABSTRACTS + fuzz.FURNITURE), *fuzz.ODD]
)
ENDS = st.sampled_from([b"\n", b"\r\n", b"\r", b"", b"\n\n", b" "])
LISTINGS = st.lists(st.tuples(PIECES, ENDS).map(b"".join), max_size=25).map(b"".join)


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300) | LISTINGS)
def test_any_bytes_are_read_or_quarantined_and_the_spans_give_the_file_back(data):
    frame = parse([data])
    fuzz.check_frame(data, frame)
    spans = zip(frame["byte_start"], frame["byte_end"], strict=True)
    assert b"".join(data[start:end] for start, end in spans) == data


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=300) | LISTINGS)
@example(b"LGSep 25, 2023\r\nOn\x7fOwls\tAda Pym\n\x01\n")
def test_a_page_knows_which_lines_hold_control_codes(data):
    page = read_page(data)
    held = page.lines(np.arange(len(page.start))).str.contains(r"[\x00-\x1f\x7f]")
    assert page.with_controls.tolist() == held.to_list()


@settings(max_examples=25, deadline=None)
@given(parts=st.lists(LISTINGS, max_size=4))
@example(
    parts=[b"LGSep 25, 2023 LGSep 25, 2023\n", b"Slow fires in cold furnacesMira Oakes, Tomas Vell et al.\n"]
)
def test_slices_read_together_give_what_each_gives_alone(parts):
    together = parse(parts)
    for index, part in enumerate(parts):
        mine = together.filter(together["slice"] == index).drop("slice")
        assert mine.equals(parse([part]).drop("slice"))


@settings(max_examples=8, deadline=None)
@given(
    data=LISTINGS,
    slice_bytes=st.sampled_from([1, 100, 10_000]),
    block=st.sampled_from([7, 100, 1 << 22]),
    line=st.sampled_from([200, 1 << 20]),
    record=st.sampled_from([600, 4 << 20]),
)
def test_the_records_are_the_same_however_the_file_is_cut(
    data, slice_bytes, block, line, record, tmp_path_factory
):
    folder = tmp_path_factory.mktemp("cut")
    path = folder / "input.txt"
    path.write_bytes(data)
    source = Source("input.txt", path, len(data))
    whole = fuzz.records(source, folder, len(data) + 1, Limits(line=line, record=record))
    assert fuzz.records(source, folder, slice_bytes, Limits(line=line, record=record, block=block)) == whole


def test_a_longer_file_is_cut_anywhere_alike(tmp_path):
    rnd = random.Random(7)
    data = b"\n".join(fuzz.fabricate(rnd) for _ in range(50))
    path = tmp_path / "input.txt"
    path.write_bytes(data)
    source = Source("input.txt", path, len(data))
    whole = fuzz.records(source, tmp_path, len(data), Limits())
    for slice_bytes, block in ((1, 1 << 22), (100, 5000), (10_000, 999)):
        assert fuzz.records(source, tmp_path, slice_bytes, Limits(block=block)) == whole


@pytest.mark.slow
def test_the_fuzzer_finds_nothing_in_a_minute():
    assert fuzz.fuzz(seconds=60, seed=20) > 10
