"""arXiv's metadata file → index: blocks in, parts of papers and sorted keys out; memory bounded by a block a worker."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import file_digest
from itertools import accumulate
from pathlib import Path
from typing import Protocol, TypeVar

import numpy as np
import polars as pl

from byline.core import arrow
from byline.core.errors import UsageError
from byline.core.hashing import Hashes, hash64
from byline.core.sorted_arrays import firsts
from byline.files import fs, run_files
from byline.reference import keys, layout, source
from byline.reference.records import PLACES, ROWS, read_block, unwrapped
from byline.reference.source import Block

A = TypeVar("A")
R = TypeVar("R")

RANGES = 16
"""Ranges of keys that blocks are scattered into; neighbours are put together when they are small."""
RANGE_KEYS = 2_000_000
"""Keys of a part, about: what a look-up holds."""
COMMON = 64
"""Papers beyond which a key says too little to be worth comparing all of them."""
SPOOLED = 16
"""Blocks of a packed file that lie unpacked at a time: half a gigabyte."""


class Mapper(Protocol):
    """Runs plain functions on plain arguments and returns the results in their order; see `pipeline.state`."""

    def __call__(self, stage: str, work: Callable[[A], R], tasks: Sequence[A]) -> list[R]:
        """Apply `work` to every task."""
        ...


@dataclass(frozen=True)
class BlockTask:
    """A block to read, the part of papers that it becomes, and the run file that takes its keys."""

    block: Block
    part: Path
    keys: Path
    texts: Path
    """The part that takes the abstracts, or where they stand."""
    beside: bool
    """Whether abstracts stay in the file."""


@dataclass(frozen=True)
class BlockFacts:
    """What a block held: papers, their ids (hashes), the newest change, keys by range, digests of the parts."""

    papers: int
    ids: Hashes
    newest: str | None
    ranges: tuple[int, ...]
    sha256: str
    texts_sha256: str


@dataclass(frozen=True)
class KeysTask:
    """Ranges of keys to put together, from which run files, where the papers of each of these begin, and the part."""

    ranges: tuple[int, ...]
    runs: tuple[Path, ...]
    bases: tuple[int, ...]
    part: Path


def index_block(task: BlockTask) -> BlockFacts:
    """Write a block's papers as a part of the index, and its keys by range.

    Papers of one category stand together: their words are alike, which the compression uses, and a listing of one
    subject reads few row groups.
    """
    papers = read_block(task.block).sort("categories", maintain_order=True)
    layout.write_part(task.part, papers.select(ROWS.keys()))
    layout.write_part(task.texts, papers.select(PLACES.keys()) if task.beside else _abstracts(papers))
    made = keys.keys_of(papers).select("key", "row")
    ranges = made["key"].to_numpy() // np.uint32(2**32 // RANGES)
    counts = run_files.write_groups(task.keys, made, ranges.astype(np.int64), RANGES)
    newest = papers["updated"].max()
    return BlockFacts(
        papers.height,
        hash64(papers["arxiv_id"], "arxiv"),
        None if newest is None else str(newest),
        counts,
        _digest(task.part),
        _digest(task.texts),
    )


def _abstracts(papers: pl.DataFrame) -> pl.DataFrame:
    """Return the abstracts with blanks for their lines' ends."""
    texts = unwrapped(papers["abstract"].rechunk().to_arrow(compat_level=pl.CompatLevel.oldest()))
    return pl.DataFrame({"abstract": arrow.series(texts)})


def merge_keys(task: KeysTask) -> tuple[int, int, str]:
    """Write a part of sorted keys; return its rows, its smallest key and the digest of its bytes.

    Keys that more than `COMMON` papers share are left out: they would make a look-up compare all of those.
    """
    pieces = []
    for one in task.ranges:
        for run, base in zip(task.runs, task.bases, strict=True):
            pieces.append(
                run_files.read_group([run], one).with_columns(pl.col("row") + pl.lit(base, pl.UInt32))
            )
    frame = _without_common(pl.concat(pieces))
    layout.write_part(task.part, frame)
    return frame.height, int(frame["key"].min() or 0), _digest(task.part)  # type: ignore[arg-type]  # a number


def _without_common(keys: pl.DataFrame) -> pl.DataFrame:
    """Return keys and rows sorted, each pair once, without the keys of more than `COMMON` papers.

    Both fit into one number of 64 bits, which is sorted much faster than two columns.
    """
    packed = (keys["key"].to_numpy().astype(np.uint64) << np.uint64(32)) | keys["row"].to_numpy().astype(
        np.uint64
    )
    packed = np.sort(packed)
    packed = packed[firsts(packed)]
    key = (packed >> np.uint64(32)).astype(np.uint32)
    starts = np.flatnonzero(firsts(key))
    lengths = np.diff(np.append(starts, len(key)))
    few = np.repeat(lengths <= COMMON, lengths)
    return pl.DataFrame({"key": key[few], "row": (packed[few] & np.uint64(2**32 - 1)).astype(np.uint32)})


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def build_index(
    path: Path,
    folder: Path,
    scratch: Path,
    mapper: Mapper,
    sha256: str | None = None,
    *,
    beside: bool = False,
) -> layout.Index:
    """Make the index of a metadata file in `folder`, which holds nothing else, and open it.

    `scratch` is a folder for what is needed on the way; `sha256` the file's digest where it is known. `beside` leaves
    the abstracts of a plain file where they are: who opens the index needs the file, too.
    Raises `UsageError` naming file and line: the file is torn, or is not arXiv's metadata.
    """
    if path.stat().st_size == 0:
        raise UsageError(f"{path} is empty", source.GET_IT)
    for old in (folder, scratch):
        fs.rmtree(old)
        fs.mkdir(old)
    place = layout.Beside.of(path) if beside and not source.is_packed(path) else None
    facts: list[BlockFacts] = []
    for tasks in _tasks(path, folder, scratch, beside=place is not None):
        facts += mapper("index", index_block, tasks)
        fs.rmtree(scratch / "blocks")
    if not any(fact.papers for fact in facts):
        raise UsageError(f"{path} holds no paper", source.GET_IT)
    papers = _parts(layout.PAPERS, facts, (fact.sha256 for fact in facts))
    found = _merged(folder, scratch, facts, tuple(part.first for part in papers), mapper)
    newest = max((fact.newest for fact in facts if fact.newest), default=None)
    digest = sha256 or _digest(path)
    ids = np.sort(np.concatenate([fact.ids for fact in facts]))
    repeated = int((ids[1:] == ids[:-1]).sum())
    about = layout.Source(digest, path.stat().st_size, len(ids), newest, repeated)
    texts = _parts(_kind(beside=place is not None), facts, (fact.texts_sha256 for fact in facts))
    layout.write_texts(folder, layout.Texts(texts, place))
    layout.write_description(folder, about, papers, found)
    fs.rmtree(scratch)
    return layout.open_index(folder)


def _tasks(path: Path, folder: Path, scratch: Path, *, beside: bool) -> Iterator[list[BlockTask]]:
    """Yield what is to be done: at once for a plain file, a few blocks at a time where they must be unpacked."""
    packed = source.is_packed(path)
    blocks = source.unpacked_blocks(path, scratch / "blocks") if packed else source.plain_blocks(path)
    numbered = (
        BlockTask(
            block, folder / _part(layout.PAPERS, number), scratch / f"{number:05d}.run",
            folder / _part(_kind(beside=beside), number), beside,
        )
        for number, block in enumerate(blocks)
    )  # fmt: skip
    if packed:
        yield from (list(some) for some in _in_lists(numbered, SPOOLED))
    else:
        yield list(numbered)


def _in_lists(items: Iterator[A], size: int) -> Iterator[list[A]]:
    """Yield lists of so many items, the last one shorter."""
    held: list[A] = []
    for item in items:
        held.append(item)
        if len(held) == size:
            yield held
            held = []
    if held:
        yield held


def _part(kind: str, number: int) -> str:
    return f"{kind}/part-{number:05d}.parquet"


def _kind(*, beside: bool) -> str:
    return layout.PLACES if beside else layout.ABSTRACTS


def _parts(kind: str, facts: Sequence[BlockFacts], digests: Iterable[str]) -> tuple[layout.Part, ...]:
    """Return the parts that the blocks became, of one kind, each with where its rows begin."""
    begins = accumulate((fact.papers for fact in facts), initial=0)
    return tuple(
        layout.Part(_part(kind, number), fact.papers, first, digest)
        for number, (fact, first, digest) in enumerate(zip(facts, begins, digests, strict=False))
    )


def _merged(
    folder: Path, scratch: Path, facts: Sequence[BlockFacts], bases: tuple[int, ...], mapper: Mapper
) -> list[layout.Part]:
    """Put the keys of all blocks together, neighbouring ranges in one part as long as it stays small."""
    totals = np.sum([fact.ranges for fact in facts], axis=0)
    groups: list[list[int]] = [[]]
    for one in range(RANGES):
        if groups[-1] and totals[[*groups[-1], one]].sum() > RANGE_KEYS:
            groups.append([])
        groups[-1].append(one)
    runs = tuple(scratch / f"{number:05d}.run" for number in range(len(facts)))
    tasks = [
        KeysTask(tuple(group), runs, bases, folder / _part(layout.KEYS, number))
        for number, group in enumerate(groups)
    ]
    made = mapper("index", merge_keys, tasks)
    return [
        layout.Part(_part(layout.KEYS, number), rows, first, digest)
        for number, (rows, first, digest) in enumerate(made)
    ]
