"""What a build does with arXiv's metadata: make or open the index, find the papers' entries, fill in what pages cut."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from byline.core.errors import UsageError
from byline.pipeline.stages.bucket import BucketTask
from byline.pipeline.stages.matched import Matched
from byline.pipeline.state import Build, Mapper

if TYPE_CHECKING:
    from byline.pipeline.stages.match import FetchTask
    from byline.reference.layout import Index

ASKED, CHOSEN, FOUND = "asked", "chosen", "found"
"""Folders of what the stage exchanges."""


def prepare_index(build: Build, mapper: Mapper) -> None:
    """Open the index of arXiv's metadata that the options name; where they name the file, make it once and keep it.

    Raises `UsageError`: there is no such file, it is not arXiv's metadata, or the index is damaged.
    """
    path = build.options.arxiv
    if path is None:
        return
    from byline.reference import keeping  # noqa: PLC0415 - builds without an index need none of it

    try:
        build.index = keeping.index_for(path, build.options.cache / "arxiv", build.work / "index", mapper)
    except OSError as problem:
        if problem.filename is not None and Path(problem.filename) != path:
            raise
        raise UsageError(
            f"{path}: {problem.strerror or problem}",
            "Give arXiv's metadata file, or an index of it, with --arxiv PATH.",
        ) from None


def match_papers(build: Build, mapper: Mapper, buckets: Sequence[BucketTask]) -> None:
    """Find the entries of the merged papers, fill in what pages cut, and write what `merge` left to be written."""
    index = build.index
    if index is None:
        return
    from byline.pipeline.stages import fill, match  # noqa: PLC0415 - as above

    merged = buckets[0].target.parent
    probes = [
        match.ProbeTask(part, index.folder, merged, len(buckets), build.work / ASKED / f"{part:05d}.run")
        for part in range(len(index.keys))
    ]
    mapper("match", match.probe, probes)
    probed = tuple(task.target for task in probes)
    choices = [
        match.ChooseTask(bucket, index.folder, probed, build.work / CHOSEN / f"{bucket:06d}.run")
        for bucket in range(len(buckets))
    ]
    counts = mapper("match", match.choose, choices)
    fetches = match.fetch_tasks(build.work / FOUND, index, [task.target for task in choices], counts)
    mapper("match", match.fetch, fetches)
    tasks = [fill.FillTask(task, _entries(fetches, task.bucket)) for task in buckets]
    facts = mapper("match", fill.fill_bucket, tasks)
    build.merged = [
        (folder, replace(before, partitions=before.partitions | more.partitions, decided=more.decided))
        for (folder, before), more in zip(build.merged, facts, strict=True)
    ]
    build.matched = Matched.total([fact.matched for fact in facts])
    build.notes += notes(build.matched, index)


def _entries(fetches: Sequence[FetchTask], bucket: int) -> tuple[tuple[Path, int], ...]:
    """Return where the entries for a paper bucket lie: run files, and its group in each."""
    return tuple(
        (task.target, bucket - task.first_bucket)
        for task in fetches
        if 0 <= bucket - task.first_bucket < len(task.chosen)
    )


def notes(matched: Matched, index: Index) -> list[str]:
    """Return what a person should know: entries that say otherwise, ids of several papers or lines."""
    found = []
    if matched.disagreements:
        said = ", ".join(f"{name} {count}" for name, count in sorted(matched.disagreements.items()))
        found.append(f"arXiv's metadata says otherwise than the page ({said}); the page's word stands")
    repeated = int((matched.ids["count"] - 1).sum())
    if repeated:
        found.append(f"{repeated} paper(s) carry an arXiv id that another paper carries, too")
    if index.source.repeated:
        found.append(f"{index.source.repeated} line(s) of arXiv's metadata repeat the id of an earlier line")
    return found
