"""Odd records go into quarantine or are read; none stops a build, and none is lost without a word."""

from __future__ import annotations

from pathlib import Path

import polars as pl
import pytest

from byline.cli import run
from byline.core.errors import DataError
from byline.core.options import Options
from byline.files import cuts
from byline.inputs import plan, survey
from byline.pipeline.run import run_build
from tests.conftest import Builder, files_of, for_comparison, table
from tests.pipeline.fabricated import listing

GOOD = listing(1, 3)


def quarantined(build: Builder, text: str) -> list[tuple[str, str, str]]:
    path = build({"a.txt": GOOD, "b.txt": text}, accept=frozenset({"quarantine"})).path
    assert isinstance(path, Path)
    rows = table(path, "quarantine").to_dicts()
    return [(row["reason"], row["raw_text"], row["detail"]) for row in rows]


ODD = (
    ("Ce re\u0301sume\u0301 sans en-te\u0302te est un texte long, qui ne dit rien.\n", "no_header"),
    ("LGFeb 30, 2023De\u0301mo\nPebbles in cold riversMira Oakes\n", "bad_date"),
    ("LGSep 25, 2023\n" + "ab cd " * 11_000 + "\nWe.\n", "no_boundary"),
    (
        "LGSep 25, 2023\nCounting pebbles in riversMira Oakes · " + ", ".join(f"l{i}" for i in range(66_000)),
        "too_long",
    ),
)


def test_odd_records_do_not_stop_the_rest(build):
    files = {f"{number}.txt": text for number, (text, _) in enumerate(ODD)}
    path = build({"a.txt": GOOD, **files}, accept=frozenset({"quarantine"})).path
    rows = table(path, "records").join(table(path, "quarantine"), on="record_id").sort("source_file")
    assert rows["source_file"].to_list() == list(files)
    assert rows["reason"].to_list() == [reason for _, reason in ODD]
    assert all(len(raw.encode()) <= 64 * 1024 for raw in rows["raw_text"])


def test_a_byline_that_cannot_be_read_leaves_the_whole_record_behind_safe_to_show(build):
    text = "CVFeb 8, 2020Code\ntheory of x zhang\x1b[31m et al. · deepmind\nWe see  much.\n"
    ((reason, raw, detail),) = quarantined(build, text)
    assert reason == "no_boundary"
    assert raw == text.replace("\x1b", "\\x1b")
    assert "\x1b" not in detail


def test_names_are_composed_after_they_got_their_capitals(build):
    names = ("i\u0307pek y\u0131lmaz", "İSMAİL YAKİN", "\ufb01ona brandt")
    text = "".join(
        f"LGSep 25, 2023\nCounting pebbles in cold rivers of kind {kind}Tomas Vell, {name}\nWe count.\n"
        for kind, name in zip(("one", "two", "three"), names, strict=True)
    )
    authors = table(build({"b.txt": text}).path, "authors")
    assert authors.height == 4
    assert not authors["name"].str.contains("\u0307").any()


def test_a_space_before_a_comma_is_no_part_of_a_name(build):
    text = "LGSep 25, 2023\nCounting pebbles in cold riversTomas Vell\u00a0, Mira Oakes · deepmind , openai\nWe.\n"
    path = build({"b.txt": text}).path
    assert table(path, "authorships")["name_as_listed"].to_list() == ["Tomas Vell", "Mira Oakes"]
    assert table(path, "paper_affiliations")["label_as_listed"].to_list() == ["deepmind", "openai"]


def test_families_lie_under_their_folded_letter(build):
    text = "LGSep 25, 2023\nSampling fields with noiseKari Ødegård, Jan Łęcki, Una Þórsdóttir, Ola Åkesson\nWe.\n"
    path = build({"b.txt": text}).path
    found = {p.parent.name for p in (path / "authors").rglob("*.parquet") if pl.read_parquet(p).height}
    assert {"initial=O", "initial=L", "initial=T", "initial=A"} <= found


def test_lists_that_a_cut_one_ties_together_are_still_two_papers(build):
    def record(day: str, names: str) -> str:
        return f"LG{day}\nA Unified Theory of Sparse Rewards{names}\nWe unify rewards.\n"

    for year in (2020, 2022):
        text = (
            record(f"Jan 5, {year}", "Maren Oelrichs et al.")
            + record("Jan 6, 2021", "Maren Oelrichs, Greta Holmqvist")
            + record("Jan 5, 2021", "Maren Oelrichs, Karl Brandt, Alba Nordin")
        )
        path = build({"b.txt": text}, accept=frozenset({"papers_lost", "records_lost", "authors_lost"})).path
        assert table(path, "papers").height == 2
        assert "Greta Holmqvist" in table(path, "authors")["name"].to_list()


def test_equal_stretches_of_files_count_alike_wherever_slices_end(tmp_path):
    names = ["Anqelo Zviradze", "Qiupo Zhvan", "Zora Pym", "Mira Oakes", "Wei Lu"]
    settled = "".join(
        f"LGSep {day}, 2020\nSlow fires in cold furnaces of kind {kind}Ada Lovelane, {name}, Tomas Vell\nWe count.\n"
        for day, (kind, name) in enumerate(
            zip(["one", "two", "three", "four", "five"], names, strict=True), 1
        )
    )
    bylines = [
        "Transfer in multilingual XLMBERTAnqelo Zviradze",
        "Edge statesqiupo zhvan, wei lu",
        "On BERTZora Pym",
    ]
    doubtful = "".join(f"CLSep {day}, 2021\n{line}\nWe do.\n" for day, line in enumerate(bylines, 1))
    raw = tmp_path / "raw"
    raw.mkdir()
    for number in range(3):
        own = (
            doubtful
            if number == 0
            else f"LGSep 1, 202{number}\nSome odd gates of kind {number}Ada Lovelane\nx\n"
        )
        (raw / f"{number}.txt").write_text(settled + listing(1, 20) + own)
    built = []
    for size in (3_000, 1 << 24):
        with for_comparison():
            run_build(Options(raw=raw, out=tmp_path / str(size), workers=0, slice_bytes=size))
        built.append(files_of((tmp_path / str(size) / "current").resolve()))
    assert built[0] == built[1]


def test_a_raw_file_that_changes_under_the_build_is_not_believed(tmp_path):
    path = tmp_path / "raw" / "b.txt"
    path.parent.mkdir()
    path.write_bytes("LGSep 25, 2023 is no UTF-8 here\n".encode("utf-16") + b"\n" + b"x" * (2 << 20))
    (source,) = survey(path.parent).sources
    planned = plan(source, tmp_path, 1 << 24)
    pieces = [piece for piece in planned.slices if piece.reason is not None]
    assert pieces
    assert pieces[0].raw_text
    path.write_bytes(b"SECRET" * 1_000_000)
    with pytest.raises(DataError, match="changed while it was read"):
        _ = pieces[0].raw_text
    path.unlink()
    with pytest.raises(DataError, match="changed while it was read"):
        _ = pieces[0].raw_text


def test_a_damaged_current_snapshot_is_healed_by_the_next_build(built, build):
    path = built({"a.txt": GOOD}).path
    whole = files_of(path)
    victim = next((path / "papers").rglob("*.parquet"))
    content = bytearray(victim.read_bytes())
    content[len(content) // 3] ^= 0xFF
    victim.write_bytes(content)
    assert files_of(build({}).path) == whole


def test_any_output_folder_will_do(tmp_path):
    """One beside another that its name matches as a pattern, and one below names of partitions."""
    raw = tmp_path / "raw"
    raw.mkdir()
    (raw / "a.txt").write_text(GOOD)
    for out in (tmp_path / "ox", tmp_path / "o[x]", tmp_path / "year=1999/initial=Z/o*"):
        with for_comparison():  # what comes next takes the same look
            assert run(["build", "--raw", str(raw), "--out", str(out), "--workers", "0"]) == 0
        assert run(["validate", str(out)]) == 0


@pytest.mark.slow
def test_a_year_of_abstracts_near_the_limit_of_a_record_is_published(build, monkeypatch):
    monkeypatch.setattr(cuts, "GROUP_BYTES", 16 * cuts.MIB)
    line = "we look at lanterns again " * 30_000  # 780 kB: a line may hold 1 MiB, a record 4 MiB
    text = "".join(
        f"LGSep {day + 1}, 2023\nOn lanterns of kind {'abcdefghijkl'[day]}Mirelle Ostrava, Tobin Achterberg\n"
        + f"{line}{day}.\n" * 5
        for day in range(12)
    )
    result = build({"a.txt": text}, accept=frozenset({"quarantine"}))
    assert result.statuses == {"published": 12, "quarantined": 12}
    assert result.reasons == {"other_form": 12}  # longer than any abstract
