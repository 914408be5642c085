"""Make a raw listing of any size, alike in names, titles and lengths to real ones, and the same for the same seed.

    python -m benchmarks.generate OUT --records 1000000
    python -m benchmarks.generate OUT --bytes 10G --files 10000 [--gold DIR] [--seed 1] [--shown 3] [--truth]
    python -m benchmarks.generate --census [--gold DIR]

Writes OUT/raw/part-*.txt and, with `--truth`, OUT/truth/*.parquet. Material is the arXiv sample of the gold folder, or
made-up words without it. No title stands twice; people, groups and names grow as in the sample (`common/community.py`).
"""

from __future__ import annotations

import argparse
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import BinaryIO

import numpy as np
import polars as pl

from benchmarks.common import fabricate, material
from benchmarks.common.corpus import Chunk, Corpus, Shape
from benchmarks.common.gold import gold_folder

UNITS = {"K": 10**3, "M": 10**6, "G": 10**9}
LEAST_RECORD = 120
"""Bytes below which no record's mean falls; bounds the records that a corpus of some bytes may need."""


@dataclass
class Written:
    """What was written."""

    files: int = 0
    records: int = 0
    size: int = 0


@dataclass
class FileSplitter:
    """Writes chunks into files of about `file_size` bytes each, cut between records; one file when it is null."""

    folder: Path
    file_size: int | None = None
    files: int = 1
    """The last of so many files takes what is left."""
    limit: int | None = None
    """Bytes after which to stop, at the record that crosses them."""
    done: Written = field(default_factory=Written)
    _sink: BinaryIO | None = None
    _room: int = 0

    def write(self, chunk: Chunk) -> bool:
        """Write a chunk; return whether the limit was reached."""
        ends = chunk.ends
        if self.limit is not None:
            ends = ends[: int(np.searchsorted(ends, self.limit - self.done.size)) + 1]
        at, record = 0, 0
        while record < len(ends):
            if self._sink is None:
                self._open()
            stop = len(ends)
            cutting = self.file_size is not None and self.done.files < self.files
            if cutting:
                stop = min(stop, int(np.searchsorted(ends, at + self._room)) + 1)
            self._put(chunk.content[at : ends[stop - 1]], stop - record)
            at, record = int(ends[stop - 1]), stop
            if cutting and self._room <= 0:
                self.close()
        return self.limit is not None and self.done.size >= self.limit

    def _open(self) -> None:
        self._sink = (self.folder / f"part-{self.done.files:06d}.txt").open("wb")
        self.done.files += 1
        self._room = self.file_size or 0

    def _put(self, content: memoryview, records: int) -> None:
        assert self._sink is not None
        self._sink.write(content)
        self.done.size += len(content)
        self.done.records += records
        self._room -= len(content)

    def close(self) -> None:
        """Close the file at hand."""
        if self._sink is not None:
            self._sink.close()
            self._sink = None


def corpus_of(gold: Path | None, shape: Shape) -> Corpus:
    """Return the corpus made of the gold's papers, or of made-up ones when it is null."""
    parts = material.from_gold(gold) if gold else material.from_papers(fabricate.papers(shape.seed))
    return Corpus(parts, shape)


def generate(
    corpus: Corpus,
    out: Path,
    *,
    records: int | None = None,
    size: int | None = None,
    files: int = 1,
    truth: bool = False,
) -> Written:
    """Write a listing of so many records, or so many bytes, below `out/raw`."""
    if (records is None) == (size is None):
        raise ValueError("say how many records, or how many bytes")
    folder = out / "raw"
    folder.mkdir(parents=True, exist_ok=True)
    at_most = records if records is not None else -(-(size or 0) // LEAST_RECORD)
    if size is None and files > 1:
        size_guess = int(sum(corpus.chunk(0, 2_000).ends[-1:]) / 2_000 * at_most)
        file_size: int | None = -(-size_guess // files)
    else:
        file_size = None if files == 1 else -(-(size or 0) // files)
    splitter = FileSplitter(folder, file_size, files, size)
    _write(corpus.chunks(min(at_most, corpus.material.titles), truth=truth), splitter, out, truth=truth)
    return splitter.done


def _write(chunks: Iterable[Chunk], splitter: FileSplitter, out: Path, *, truth: bool) -> None:
    for number, chunk in enumerate(chunks):
        full = splitter.write(chunk)
        if truth:
            (out / "truth").mkdir(exist_ok=True)
            known = chunk.truth.head(splitter.done.records - chunk.start)
            known.write_parquet(out / "truth" / f"{number:06d}.parquet")
        if full:
            break
    splitter.close()


def census(corpus: Corpus, papers: pl.DataFrame) -> pl.DataFrame:
    """Count distinct names and family names among the first authors of as many known and made-up papers."""
    known = papers.sample(fraction=1.0, shuffle=True, seed=1)["authors"].list.head(corpus.shape.shown)
    made = pl.concat([chunk.truth for chunk in corpus.chunks(papers.height, truth=True)])
    listed = made.select(pl.concat_list([f"name_{k}" for k in range(corpus.shape.shown)])).to_series()
    rows = []
    for part in (8, 4, 2, 1):
        for kind, lists in (("known", known), ("made up", listed)):
            names = lists.head(papers.height // part).explode().drop_nulls()
            families = names.str.extract(r"(\S+)$")
            often = names.value_counts()["count"].sort(descending=True)
            rows.append(
                {
                    "papers": papers.height // part,
                    "kind": kind,
                    "mentions": len(names),
                    "names": names.n_unique(),
                    "families": families.n_unique(),
                    "most frequent name": often[0],
                    "100th": often[99],
                    "most frequent family": families.value_counts()["count"].max(),
                }
            )
    return pl.DataFrame(rows)


def parse_size(text: str) -> int:
    """Read `10G`, `500M` or plain bytes; units are powers of ten."""
    unit = UNITS.get(text[-1:].upper())
    return int(float(text[:-1]) * unit) if unit else int(text)


def main(arguments: list[str] | None = None) -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("out", type=Path, nargs="?")
    parser.add_argument("--records", type=int)
    parser.add_argument("--bytes", type=parse_size, dest="size")
    parser.add_argument("--files", type=int, default=1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--shown", type=int, default=3)
    parser.add_argument("--gold", type=Path)
    parser.add_argument(
        "--made-up", action="store_true", help="made-up words although known papers are at hand"
    )
    parser.add_argument("--truth", action="store_true")
    parser.add_argument("--census", action="store_true")
    given = parser.parse_args(arguments)
    gold = None if given.made_up else gold_folder(given.gold)
    corpus = corpus_of(gold, Shape(seed=given.seed, shown=given.shown))
    if given.census:
        papers = pl.read_parquet(gold / material.PAPERS) if gold else fabricate.papers(given.seed)
        with pl.Config(tbl_rows=-1, tbl_cols=-1, tbl_width_chars=140):
            print(census(corpus, papers))
        return
    if given.out is None:
        parser.error("say where to write")
    done = generate(
        corpus, given.out, records=given.records, size=given.size, files=given.files, truth=given.truth
    )
    print(f"{done.records} records, {done.size} bytes in {done.files} file(s) under {given.out / 'raw'}")


if __name__ == "__main__":
    main()
