"""A build from Python: the same job as `byline build`, with its options as arguments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from byline.core.options import MIB, Engine, Options

if TYPE_CHECKING:
    from byline.core.progress import Progress
    from byline.core.result import Result


def build(
    raw: str | PathLike[str] | Iterable[str | PathLike[str]] = "data/raw",
    out: str | PathLike[str] = "data/processed",
    *,
    form: str | None = None,
    published: str | None = None,
    venue: str | None = None,
    category: str | None = None,
    curated: str | PathLike[str] | None = None,
    ror: str | PathLike[str] | None = None,
    arxiv: str | PathLike[str] | None = None,
    engine: Engine = "local",
    address: str | None = None,
    workers: int | None = None,
    check: bool = False,
    accept: Iterable[str] = (),
    wait: float = 0.0,
    keep: int | None = None,
    incremental: bool = True,
    slice_mib: int = 16,
    work: str | PathLike[str] | None = None,
    keep_work: bool = False,
    metrics: str | PathLike[str] | None = None,
    progress: Progress | None = None,
) -> Result:
    """Read raw listings and publish a snapshot; when nothing is new, do nothing.

    Args:
        raw: Folder of listings or its address, or the files that are the whole input.
        out: Folder that holds snapshots and `current`, or its address.
        form: Form of the named files, where the text doesn't tell (`byline forms` lists them); this and the next three
            are for files that are named, a folder's declare theirs in `listing.toml`.
        published: Date of their papers that give none: 2023, 2023-09 or 2023-09-25.
        venue: Venue of their papers that give none.
        category: arXiv category of their papers that give none.
        curated: Folder of reviewed decisions; `curated` beside the raw folder when not given.
        ror: Official ROR dump to resolve organisations against.
        arxiv: arXiv's metadata file, or an index of it: fills in what pages cut.
        engine: local (this machine) or dask.
        address: Scheduler of the Dask cluster.
        workers: Processes of the local engine, this one among them; by size and cores when not given.
        check: Do everything but publishing.
        accept: Gates to override for this build.
        wait: Seconds to wait while another build runs.
        keep: After publishing, remove old snapshots but this many latest; none is removed when not given.
        incremental: Work on what changed alone, going on from the last build; the bytes are the same. False: on all.
        slice_mib: MiB of text that a task reads.
        work: Scratch folder for object stores, kept for the next build; a temporary one when not given.
        keep_work: Leave the work folder behind, to look at.
        metrics: File to write the run's metrics to, in the text format that Prometheus reads.
        progress: Told what the build does; silent when not given.

    Returns:
        What was done: `.snapshot_id`, `.path`, `.statuses`, `.reasons`, `.tables`, `.warnings`, and the first records
        that could not be read, `.unread`.

    Raises:
        BylineError: Nothing was published; `.exit_code` is that of the command line, `.way_out` says what to do.

    Example:
        >>> build([listing], out).statuses["published"]
        21
    """
    from byline.forms.declared import declared_of  # noqa: PLC0415 - brings polars, as the next line does
    from byline.storage.dispatch import build_anywhere  # noqa: PLC0415 - a second of imports

    single = isinstance(raw, str | PathLike)
    folder = str(raw) if single else "data/raw"
    files = () if single else tuple(Path(one) for one in raw)  # type: ignore[union-attr]  # told apart above
    if single and Path(folder).is_file():
        folder, files = "data/raw", (Path(folder),)
    said = declared_of(files, form=form, published=published, venue=venue, category=category)
    options = replace(
        Options.at(folder, str(out)), files=files, declared=said,
        curated=_path(curated), ror=_path(ror), arxiv=_path(arxiv),
        engine=engine, address=address, workers=workers, wait=wait,
        slice_bytes=slice_mib * MIB, incremental=incremental,
        work=_path(work), keep_work=keep_work, metrics=_path(metrics),
        check_only=check, accept=frozenset(accept), keep=keep,
    )  # fmt: skip
    return build_anywhere(options, progress)


def _path(given: str | PathLike[str] | None) -> Path | None:
    return None if given is None else Path(given)
