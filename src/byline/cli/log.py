"""`byline log`: what was published, when and why."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from byline.cli.options import DatasetArgument, SameAsArgument, Shape, ShapeOption
from byline.core.display import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from byline.snapshots.history import Entry
    from byline.snapshots.runs import Run


def log(
    dataset: DatasetArgument = None,
    number: Annotated[int, typer.Option("-n", "--number", min=1, help="Show at most this many.")] = 20,
    shape: ShapeOption = Shape.text,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
    runs: Annotated[
        bool, typer.Option("--runs", help="List the runs, also those that published nothing, and why.")
    ] = False,
    settle: Annotated[
        bool,
        typer.Option("--settle", help="Take the log as it is: what was lost of it is not reported again."),
    ] = False,
    out: SameAsArgument = None,
) -> None:
    """List publications, the latest first: when, which snapshot, how much changed, what was overridden.

    A `*` marks the current snapshot; `gone` says that its folder was pruned. Details of what changed
    between two: byline diff OLD NEW. With --runs: what each run did, from its report in history/runs.
    A log of which lines were lost fails byline validate until somebody has looked and says --settle.
    """
    from byline.cli.dataset import outlined, reported, which

    if settle:
        _settle(which(dataset, out))
        return
    if runs:
        with reported(place := which(dataset, out), number) as folder:
            _list_runs(folder, place, number, as_json=as_json or shape is Shape.json)
        return

    with outlined(place := which(dataset, out)) as folder:
        _list(folder, place, number, as_json=as_json or shape is Shape.json)


def _settle(place: str) -> None:
    from byline.core.options import is_address, local_path
    from byline.snapshots import publishing, settled
    from byline.snapshots.lock import build_lock

    if is_address(place):
        from byline.storage.copies import settle_remotely

        said = settle_remotely(place)
    else:
        folder = publishing.holding(local_path(place))
        with build_lock(folder):
            said = settled.settle(folder)
    typer.echo(f"{place}: {said.lines} lines of the log are settled, {said.snapshot} is current")


def _list(out: Path, place: str, number: int, *, as_json: bool) -> None:
    from byline.snapshots import history, publishing

    entries = history.entries(out)
    there, current = set(publishing.snapshots(out)), history.pointed(out)
    shown = list(zip(entries, [None, *entries][:-1], strict=True))[::-1][:number]
    for entry, before in shown:
        if as_json:
            typer.echo(json.dumps({**asdict(entry), "there": entry.snapshot in there}, sort_keys=True))
        else:
            mark = "*" if entry.snapshot == current and entry is entries[-1] else " "
            gone = "" if entry.snapshot in there else "  gone"
            typer.echo(
                clean(f"{mark} {entry.when}  {entry.snapshot}  {entry.kind}{gone}  {_changes(entry, before)}")
            )
            for note in [*(f"overridden: {gate}" for gate in entry.accepted), *entry.warnings]:
                typer.echo(clean(f"      {note}"))
    if not entries:
        typer.echo(f"nothing was published in {place} yet")


def _list_runs(out: Path, place: str, number: int, *, as_json: bool) -> None:
    from byline.core.errors import DataError
    from byline.snapshots import runs

    names = runs.names(out)[::-1][:number]
    for name in names:
        try:
            run = runs.read_run(runs.folder_of(out) / name)
        except DataError as failure:  # one that is damaged hides no other
            typer.echo(clean(f"byline: {failure.said_of(str(out), place)}"), err=True)
            continue
        typer.echo(run.to_json() if as_json else clean("\n".join(_told(run))))
    if not names:
        typer.echo(f"no run has left a report in {place} yet")


def _told(run: Run) -> Iterator[str]:
    """Yield a run's lines for a person: when, how it ended, how long it took, what it dealt with; then what was odd."""
    took = "" if run.seconds is None else f"  {run.seconds:.1f} s"
    ended = run.outcome if not run.exit_code else f"{run.outcome} (exit {run.exit_code})"
    counts = ", ".join(f"{count} {status}" for status, count in sorted(run.records.items()))
    parts = [run.started, ended, run.snapshot or "-", counts]
    yield "  ".join(part for part in parts if part) + took
    if run.error is not None:
        where = f"in stage {run.error.stage}: " if run.error.stage else ""
        yield f"      {where}{run.error.what}"
    for gate in run.gates:
        yield f"      gate {gate.name} ({'accepted' if gate.accepted else gate.level}): {gate.message}"
    yield from (f"      removed snapshot {snapshot}" for snapshot in run.removed)


def _changes(entry: Entry, before: Entry | None) -> str:
    """Return the tables' rows with what changed since the entry before."""
    parts = []
    for name in ("papers", "authors", "authorships"):
        rows = entry.counts.get(name, 0)
        change = rows - before.counts.get(name, 0) if before else 0
        parts.append(f"{rows} {name}" + (f" ({change:+d})" if change else ""))
    return ", ".join(parts)
