"""Stage `settle`: parsed rows + amendments + a person's decisions → normalized rows, scattered into paper buckets."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import polars as pl

from byline import affiliations, latex, names, papers
from byline.core import ids
from byline.core.hashing import hash64
from byline.core.limits import LONGEST_LIST
from byline.decisions import curated
from byline.files import run_files
from byline.forms.model import CARD
from byline.inputs import Slice
from byline.normalize import categories, links
from byline.pipeline.stages.evidence import apply_amendments
from byline.pipeline.stages.read import load_parsed
from byline_schemas import PAPERS, PARSED

_PARSED = PARSED.columns()
COUNTED = ("paper_id", "author_count", "authors_source", "filled", "match_confidence", "record_count")
"""Columns of papers that no single record has: they follow from all records of a paper, and from arXiv's metadata."""
SETTLED: dict[str, pl.DataType] = {
    "source_file": pl.String(),
    "source_sha256": pl.String(),
    **{
        name: _PARSED[name]
        for name in (
            "byte_start",
            "byte_end",
            "first_line",
            "last_line",
            "digest",
            "form",
            "reason",
            "detail",
            "raw_text",
        )
    },
    **{name: dtype for name, dtype in PAPERS.columns().items() if name not in COUNTED},
    "authors": pl.List(pl.String),
    "name_parts": _PARSED["name_parts"],
    "labels": pl.List(pl.String),
    "supplied": pl.Boolean(),
    "paper_key": pl.String(),
}
"""Columns of the rows that go into paper buckets: place, reason if unreadable, the paper's fields, the listed names."""


CODE = "Code"
"""The badge that says that there is code."""


@dataclass(frozen=True)
class Placed:
    """A slice and the file it stands in."""

    piece: Slice
    source_file: str
    source_sha256: str


@dataclass(frozen=True)
class SettleTask:
    """Slices to settle in one go, and where their rows go."""

    placed: tuple[Placed, ...]
    cache: Path
    amendments: Path
    """Run file; batch `batch` holds what these slices need."""
    batch: int
    curated: Path | None
    buckets: int
    target: Path
    ties: Path
    """Where the ties of ids go."""
    equal: Path
    """Where the ties of equal records go."""
    keys: Path | None
    """Where the keys of all rows are left (slice, row, key, record), where the next build is to go on from this one."""


def settled_path(folder: Path, number: int) -> Path:
    """Return the run file that task `number` writes.

    Names follow from numbers, so a later task is given how many files there are, not a list of their names.
    """
    return folder / f"{number:06d}.run"


@dataclass(frozen=True)
class SettleFacts:
    """What was settled, and the run files of ties, null where there are none."""

    records: dict[str, int]
    """By source file."""
    ties: Path | None
    """Of the ids that were stated."""
    equal: Path | None
    """Of records from which others of the same bytes may differ."""


def settle_slices(task: SettleTask) -> SettleFacts:
    """Normalize the rows of these slices, scatter them by their key, and what ids or bytes tie to keys by these."""
    amendments = run_files.read_group([task.amendments], task.batch)
    frames = [place(placed, task.cache, amendments) for placed in task.placed]
    frame = normalize(pl.concat(frames), task.curated)
    if task.keys is not None:
        places = [_rows_of(placed, rows) for placed, rows in zip(task.placed, frames, strict=True)]
        keys = pl.concat(places).with_columns(key=frame["paper_key"], record=frame["digest"])
        run_files.write_run(task.keys, keys, [keys.height])
    bucket = bucket_of(frame["paper_key"], task.buckets)
    run_files.write_groups(task.target, frame, bucket.to_numpy(), task.buckets)
    equal = equal_ties(frame) if task.buckets > 1 else pl.DataFrame()
    return SettleFacts(
        records=dict(frame["source_file"].value_counts().iter_rows()),
        ties=_write_ties(papers.id_ties(frame), task.ties, task.buckets),
        equal=_write_ties(equal, task.equal, task.buckets),
    )


def _rows_of(placed: Placed, rows: pl.DataFrame) -> pl.DataFrame:
    """Return where the rows of a slice lie: its digest, and their numbers in it."""
    return pl.select(slice=pl.lit(placed.piece.digest), row=pl.int_range(rows.height, dtype=pl.UInt32))


def equal_ties(frame: pl.DataFrame) -> pl.DataFrame:
    """Return what ties records of the same bytes of one file together: tie (UInt64) and paper_key, each pair once.

    Such records are numbered (`merge.with_record_ids`), so they are looked at together. Their keys differ where what
    stands around them made them read otherwise: a line behind a record that goes on with its title, lists that vote on
    the order of names. A card is read by itself. `frame` holds `SETTLED`, of which `source_file`, `digest`, `form` and
    `paper_key` are looked at.
    """
    some = frame.filter(pl.col("form").ne_missing(CARD))
    record = some.select(pl.concat_str("source_file", "digest", separator=ids.SEPARATOR)).to_series()
    tie = pl.Series("tie", hash64(record, "record"), dtype=pl.UInt64)
    return some.select(tie, "paper_key").unique().sort("tie", "paper_key")


def _write_ties(ties: pl.DataFrame, path: Path, buckets: int) -> Path | None:
    """Write ties in as many groups as there are buckets; null where there are none."""
    if ties.is_empty():
        return None
    group = (ties["tie"] % buckets).cast(pl.Int64)
    run_files.write_groups(path, ties, group.to_numpy(), buckets)
    return path


def bucket_of(keys: pl.Series, buckets: int) -> pl.Series:
    """Return the paper bucket of each key (hexadecimal digits)."""
    number = keys.str.slice(0, 8).str.to_integer(base=16)
    return (number % buckets).cast(pl.UInt32).rename("bucket")


def place(placed: Placed, cache: Path, amendments: pl.DataFrame) -> pl.DataFrame:
    """Return the slice's rows with readings amended and places counted from the start of the file."""
    piece = placed.piece
    frame = load_parsed(cache, piece.digest)
    if frame is None:
        raise FileNotFoundError(f"{cache}: the parsed rows of slice {piece.digest} vanished during the build")
    return in_file(placed, apply_amendments(frame, amendments.filter(pl.col("digest") == piece.digest)))


def in_file(placed: Placed, frame: pl.DataFrame) -> pl.DataFrame:
    """Return rows of a slice with places counted from the start of the file."""
    piece = placed.piece
    return frame.with_columns(
        pl.col("byte_start", "byte_end") + pl.lit(piece.start, dtype=pl.UInt64),
        pl.col("first_line", "last_line") + pl.lit(piece.first_line - 1, dtype=pl.UInt32),
        source_file=pl.lit(placed.source_file),
        source_sha256=pl.lit(placed.source_sha256),
    )


def normalize(frame: pl.DataFrame, decisions: Path | None) -> pl.DataFrame:
    """Return the rows as `SETTLED`: the paper's fields from the listed texts, the originals beside them.

    `frame`: parsed rows (`byline_schemas.PARSED`) of one raw file with the amendments in place, and

    | column | type | what it says |
    |---|---|---|
    | `source_file`, `source_sha256` | String | the raw file |
    | `supplied` | Boolean | whether the authors are arXiv's, not the page's |

    Added are `title_tex`, `abstract_tex` (null where nothing was decoded), the columns of a category, `links`,
    `has_code` and `paper_key`; the byline goes.
    """
    frame = papers.with_ids(_each_name_alone(curated.apply_boundaries(frame, decisions)))
    title, abstract, unmarked = _decoded(frame["title"], frame["abstract"])
    category = categories.resolve(frame["category_code"], **curated.category_settings(decisions))
    frame = frame.with_columns(
        title=title,
        title_tex=_where_changed(frame["title"], title),
        abstract=abstract,
        abstract_tex=_where_changed(frame["abstract"], abstract),
        labels=affiliations.join_labels(frame["labels"]),
        links=_links(frame),
        has_code=says_code(),
        category=category["category"],
        category_candidates=category["category_candidates"].fill_null([]),
        category_name=category["category_name"],
        paper_key=papers.paper_keys(frame, unmarked),
    )
    return frame.select(pl.col(name).cast(dtype) for name, dtype in SETTLED.items())


def _decoded(titles: pl.Series, abstracts: pl.Series) -> tuple[pl.Series, pl.Series, pl.Series]:
    """Return titles, abstracts, and titles as their key goes by them, without LaTeX.

    All in one go: a call costs as much as five hundred titles.
    """
    rows, unmarked = papers.unmarked_titles(titles)
    every = latex.decode(pl.concat([one.alias("decoded") for one in (titles, abstracts, unmarked)]))
    title, abstract = every[: len(titles)], every[len(titles) : len(titles) + len(abstracts)]
    for_key = title.clone().scatter(rows, every[len(titles) + len(abstracts) :])
    return title.alias(titles.name), abstract.alias(abstracts.name), for_key


def _where_changed(listed: pl.Series, decoded: pl.Series) -> pl.Series:
    """Return the listed texts that were decoded, else null.

    They are put into a column of nulls, since `when` keeps the bytes of what it hides, and they would be written.
    """
    rows = (decoded != listed).arg_true()
    nothing = pl.repeat(None, len(listed), dtype=pl.String, eager=True)
    return nothing.scatter(rows, listed.gather(rows))


PARTED_AT_MOST = 0.95
"""How sure a list is at most in which a name was parted by rule: 18 of 18 such names in arXiv's 120,000 papers were
parted rightly, by Laplace's rule of succession (18 + 1) / (18 + 2)."""


def _each_name_alone(frame: pl.DataFrame) -> pl.DataFrame:
    """Part a person from the collaboration that he or she signs for: two authors, before positions are given.

    Where a form tells the parts of names it has parted them already; a list that would become too long stays.
    """
    parted = names.part_lists(frame["authors"])
    more = (parted.list.len() > frame["authors"].list.len()) & (parted.list.len() <= LONGEST_LIST)
    changed = more.fill_null(value=False) & frame["name_parts"].is_null()
    if not changed.any():
        return frame
    return frame.with_columns(
        authors=parted.zip_with(changed, frame["authors"]),
        boundary_confidence=pl.when(changed)
        .then(pl.min_horizontal("boundary_confidence", pl.lit(PARTED_AT_MOST, dtype=pl.Float32)))
        .otherwise("boundary_confidence"),
    )


def _links(frame: pl.DataFrame) -> pl.Series:
    """Return the links of each record: those its own lines state, then those in its abstract, each once."""
    found = links.extract(frame["abstract"]).fill_null([])
    if not (frame["listed_links"].list.len() > 0).any():
        return found
    return pl.select(
        pl.concat_list(frame["listed_links"], found).list.unique(maintain_order=True)
    ).to_series()


def says_code() -> pl.Expr:
    """Return whether one of the `badges` says that there is code; a form gives a link's label as a badge."""
    return pl.col("badges").list.contains(CODE)
