"""Rows that evidently break no rule between tables: left out, before the rest is joined and put to the rules.

The joins of `_passes` say of every key what each table holds of it, and nearly all of it is as it should be. Here each
row is told where in the first table its key stands, a number; what the rules ask is then compared as whole columns, and
keys of which all of it holds need no look. Keys of which it does not hold, or that this can't tell, go on with all of
their rows, so that the rules find and word what is wrong. Of three papers:

    papers       at  author_count     authorships  at  position     evident
    03ab…        0   2                03ab…        0   1            0: two positions, 1 and 2
                                      03ab…        0   2
    5c11…        1   1                5c11…        1   2            not 1: its position is 2
    77fe…        2   1                                              not 2: nobody wrote it
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import polars as pl

from byline_schemas._tally import Scans

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[Any]
NOWHERE = -1
"""The place of a row whose key the first table does not have."""


def doubtful_authors(tables: Scans) -> Scans:
    """Return the tables of the pass over authors without the rows of authors that evidently break no rule."""
    held = {name: frame.collect() for name, frame in tables.items()}
    authors, works = held["authors"], held["works"]
    places = _places([works], authors, "author_id")
    if places is None:
        return _lazy(held)
    (at,) = places
    said = works.group_by(at=pl.Series(at)).agg(
        papers=pl.col("paper_id").n_unique(), first=pl.col("published").min(), last=pl.col("published").max()
    )
    said = authors.select(at=pl.int_range(pl.len())).join(said, on="at", how="left", maintain_order="left")
    sure = (
        (authors["paper_count"] == said["papers"]).fill_null(value=False)
        & authors["first_published"].eq_missing(said["first"])
        & authors["last_published"].eq_missing(said["last"])
        & (authors["aliases"].list.len() == 1).fill_null(value=False)
        & ~authors["author_id"].is_in(held["identifiers"]["author_id"].implode())
    ).to_numpy(writable=True)
    alias = authors["aliases"].list.first().gather(np.maximum(at, 0))
    _put_out(sure, at, works["name_as_listed"].ne_missing(alias).to_numpy())
    return _lazy({**held, "authors": authors.filter(~sure), "works": _rest(works, at, sure)})


def doubtful_papers(tables: Scans) -> Scans:
    """Return the tables of the pass over papers without the rows of papers that evidently break no rule."""
    held = {name: frame.collect() for name, frame in tables.items()}
    papers, others = held["papers"], ("authorships", "records", "labels")
    found = _places([held[name] for name in others], papers, "paper_id")
    if found is None or any(any(frame.null_count().row(0)) for frame in held.values()):
        return _lazy(held)
    sure = np.ones(papers.height, dtype=np.bool_)
    _authors_are_in_order(sure, papers, held["authorships"], found[0])
    _records_are_counted(sure, papers, held["records"], found[1])
    _positions_run(sure, held["labels"], found[2])
    rest = {name: _rest(held[name], at, sure) for name, at in zip(others, found, strict=True)}
    return _lazy({**held, "papers": papers.filter(~sure), **rest})


def _authors_are_in_order(sure: Flags, papers: pl.DataFrame, authorships: pl.DataFrame, at: Numbers) -> None:
    """Put out the papers whose authors are not numbered, counted, ended and dated as the paper says."""
    count, year = papers["author_count"].to_numpy(), papers["year"].to_numpy()
    position, last = authorships["position"].to_numpy(), authorships["is_last"].to_numpy()
    sure &= _counted(at, len(sure)) == count
    sure &= _counted(at[last], len(sure)) == ~papers["authors_truncated"].to_numpy()
    _put_out(sure, at, last & (position != count[at]))
    _put_out(sure, at, authorships["year"].to_numpy() != year[at])
    _positions_run(sure, authorships, at)


def _records_are_counted(sure: Flags, papers: pl.DataFrame, records: pl.DataFrame, at: Numbers) -> None:
    """Put out the papers that have not as many records as they say, one of them published."""
    published = (records["status"] == "published").to_numpy()
    sure &= _counted(at, len(sure)) == papers["record_count"].to_numpy()
    sure &= _counted(at[published], len(sure)) == 1


def _positions_run(sure: Flags, rows: pl.DataFrame, at: Numbers) -> None:
    """Put out the keys whose positions do not run 1, 2, …, each once.

    Sorted by key and position, a row's position must be how far it is behind its key's first row, and one more:

        key              0  0  0  4  4
        position         1  2  4  1  2
        its key's first  0  0  0  3  3
        row - first + 1  1  2  3  1  2     so that key 0 is put out
    """
    both = np.sort((at << 32) | rows["position"].to_numpy())
    key, row = both >> 32, np.arange(len(both))
    first = np.maximum.accumulate(np.where(np.diff(key, prepend=NOWHERE - 1) != 0, row, 0))
    _put_out(sure, key, (both & 0xFFFFFFFF) != row - first + 1)


def _places(tables: Sequence[pl.DataFrame], first: pl.DataFrame, key: str) -> list[Numbers] | None:
    """Return where the key of each row of some tables stands in the first one; null where one stands there twice."""
    if first[key].n_unique() < first.height or first.is_empty():
        return None
    known = first.select(key, at=pl.int_range(pl.len()))
    keys = pl.concat([rows.select(key) for rows in tables])
    found = keys.join(known, on=key, how="left", maintain_order="left")["at"].fill_null(NOWHERE).to_numpy()
    return np.split(found, np.cumsum([rows.height for rows in tables])[:-1])


def _counted(at: Numbers, count: int) -> Numbers:
    """Return how many rows are at each place, of so many places."""
    found: Numbers = np.bincount(at + 1, minlength=count + 1)[1:]
    return found


def _put_out(sure: Flags, at: Numbers, wrong: Flags) -> None:
    """Make the keys unsure of which a row is wrong."""
    places = at[wrong]
    sure[places[places >= 0]] = False


def _rest(rows: pl.DataFrame, at: Numbers, sure: Flags) -> pl.DataFrame:
    """Return the rows whose key is not sure, or nowhere."""
    return rows.filter(~sure[at] | (at < 0))


def _lazy(held: dict[str, pl.DataFrame]) -> Scans:
    return {name: frame.lazy() for name, frame in held.items()}
