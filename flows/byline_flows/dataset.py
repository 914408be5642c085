"""The main job as a Prefect flow: `make run`, schedules and deployments. Same stages, same bytes as `byline build`."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Literal

from byline.core.errors import BylineError
from byline.core.extras import needed
from byline.core.options import MIB, Options
from byline.core.result import Result
from byline.forms.declared import declared_of
from byline_flows import listening

with needed("prefect", "the flow build_dataset"):
    from prefect import flow
    from prefect.client.schemas.objects import State

    from byline_flows.engines import build_here, build_on_dask
    from byline_flows.outcome import outcome, parameters
    from byline_flows.progress import FlowProgress
    from byline_flows.report import report_done, report_failed
    from byline_flows.wording import in_flow_words


@flow(name="build_dataset", persist_result=False)
def build_dataset(
    raw: str = "data/raw",
    out: str = "data/processed",
    files: list[str] | None = None,
    form: str | None = None,
    published: str | None = None,
    venue: str | None = None,
    category: str | None = None,
    curated: str | None = None,
    ror: str | None = None,
    arxiv: str | None = None,
    engine: Literal["local", "dask"] = "local",
    address: str | None = None,
    workers: int | None = None,
    check: bool = False,
    accept: list[str] | None = None,
    incremental: bool = True,
    wait: float = 0.0,
    keep: int | None = None,
    metrics: str | None = None,
    slice_mib: int = 16,
    work: str | None = None,
) -> State[Result]:
    """Read the raw listings and publish a snapshot; when nothing is new, say so and do nothing.

    Args:
        raw: Folder of raw listings (.txt, .gz, .zst, any depth), or the address of one (s3://bucket/prefix).
        out: Folder that holds the snapshots and `current`, or the address of one.
        files: Files that are the whole input; the raw folder is then not read.
        form: The form of these files' page, when the text doesn't tell (`byline forms` lists them).
        published: Date for their records that state none: 2023, 2023-09 or 2023-09-25.
        venue: Venue for their records that state none.
        category: arXiv category for their records that state none.
        curated: Folder of reviewed decisions; `curated` beside the raw folder when not given.
        ror: Official ROR dump (zip or JSON) to resolve organisations against.
        arxiv: arXiv's metadata file, or an index of it: fills in what pages cut.
        engine: Where the work runs: on this machine, or on a Dask cluster.
        address: Scheduler of the Dask cluster, for example tcp://10.0.0.5:8786.
        workers: Worker processes of the local engine; 0 for none; by size and cores when not given.
        check: Do everything but publishing.
        accept: Names of gates to override for this run; the history records them.
        incremental: Work on what changed alone, going on from the last build; the bytes are the same. False: on all.
        wait: Seconds to wait while another build runs.
        keep: After publishing, remove old snapshots but this many latest, and what readers may still hold.
        metrics: File to write the run's metrics to, for Prometheus' text-file collector.
        slice_mib: MiB of text that a task reads; bounds a worker's memory.
        work: Scratch folder for listings and snapshots on an object store; a temporary one when not given.
    """
    progress = FlowProgress(listening.listener)
    run = build_on_dask if engine == "dask" else build_here

    def build() -> Result:
        said = declared_of(files, form=form, published=published, venue=venue, category=category)
        named = tuple(Path(name) for name in files or ())
        options = replace(
            Options.at(raw, out), files=named, declared=said,
            curated=_path(curated), ror=_path(ror), arxiv=_path(arxiv),
            engine=engine, address=address, workers=workers, wait=wait,
            slice_bytes=slice_mib * MIB, incremental=incremental,
            work=_path(work), metrics=_path(metrics),
            check_only=check, accept=frozenset(accept or ()), keep=keep,
        )  # fmt: skip
        try:
            result = run(options, progress)
        except BylineError as failure:
            report_failed(in_flow_words(failure, parameters()))
            raise
        progress.done()
        report_done(result)
        return result

    return outcome(build)


def _path(text: str | None) -> Path | None:
    return None if text is None else Path(text)
