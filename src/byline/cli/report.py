"""`byline report`: the page on the current snapshot, with what changed since the one before."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from byline.cli.options import DATASET, DatasetOption


def report(
    to: Annotated[
        Path, typer.Option(metavar="FILE", help="The page to write; - for standard output.")
    ] = Path("report.html"),
    against: Annotated[
        str | None,
        typer.Option(metavar="ID", help="Snapshot to compare with.  [default: the one published before]"),
    ] = None,
    out: DatasetOption = DATASET,
) -> None:
    """Write one offline page on the current snapshot, compared with the snapshot before.

    Every snapshot holds such a page, too, without the comparison: report.html beside its tables.
    """
    from byline.cli.dataset import opened
    from byline.core.errors import OutputError
    from byline.snapshots import documents, inside, manifest

    with opened(out, before=against is None, others=[against] if against else []) as dataset:
        known = manifest.read_manifest(dataset.path)
        files, facts = documents.sealed_facts(known)
        inside.refuse_others(dataset.path, [path for paths in files.values() for path in paths])
        changes = _changes(dataset.output, dataset.path, against)
        content = documents.report(documents.unkept(dataset.path, files), facts, changes)
    if str(to) == "-":
        typer.echo(content.decode(), nl=False)
        return
    try:
        to.write_bytes(content)
    except OSError as problem:
        raise OutputError(f"{to}: {problem.strerror}", "Give another file with --to FILE.") from problem
    typer.echo(str(to))


def _changes(out: Path | None, now: Path, against: str | None) -> str:
    """Return the section on the snapshot before; empty when there is none."""
    from byline.core.errors import UsageError
    from byline.report.changes import section
    from byline.snapshots import history, publishing
    from byline.snapshots.diff import diff

    if out is None:
        return ""
    entries = history.entries(out)
    old = against or (entries[-1].previous if entries else None)
    folder = None if old is None else publishing.folder_of(out, old)
    if folder is None or not folder.is_dir():
        if against is not None:
            raise UsageError(f"there is no snapshot {against} in {out}", "`byline log` lists them.")
        return ""
    found = diff(folder, now)
    return section(found.old, found.summary(), found.rows)
