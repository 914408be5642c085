"""What arXiv's metadata knows of records before papers are told apart: authors that miss, and doubtful borders."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, TypeVar

import polars as pl

from byline.pipeline.stages.read import SliceFacts

if TYPE_CHECKING:
    from byline.reference.building import Mapper
    from byline.reference.layout import Index

A = TypeVar("A")
R = TypeVar("R")


def in_turn(stage: str, work: Callable[[A], R], tasks: Sequence[A]) -> list[R]:
    """Do tasks one after the other, in this process: a `Mapper` where there are few."""
    return [work(task) for task in tasks]


def with_known(
    amended: pl.DataFrame,
    doubtful: pl.DataFrame,
    facts: Iterable[SliceFacts],
    index: Index | None,
    mapper: Mapper,
) -> pl.DataFrame:
    """Return amended readings with what arXiv's metadata knows; as they are without an index.

    That is the authors of records of these slices that have an arXiv id and a title and no authors, and the borders of
    doubtful bylines that are an entry's title and authors. Each follows from the record (and for a border from its
    second look) and the index alone.
    """
    if index is None:
        return amended
    from byline.pipeline.stages import borders, rescue  # noqa: PLC0415 - builds without an index need none of it

    completed = mapper("evidence", rescue.complete, rescue.complete_tasks(facts, index.folder))
    tasks = borders.border_tasks(doubtful, amended, index.folder)
    settled = pl.concat([amended.clear(), *mapper("evidence", borders.settle_borders, tasks)])
    rest = amended.join(settled, on=["digest", "row"], how="anti")
    return pl.concat([rest, settled, *completed])
