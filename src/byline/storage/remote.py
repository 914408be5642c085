"""A build with raw listings or output on an object store: the ordinary build between two transfers."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from byline.core.errors import BylineError, GateError, OutputError, UsageError
from byline.core.options import Options
from byline.files.scratch import scratch
from byline.snapshots import history, publishing
from byline.snapshots.lock import build_lock
from byline.storage.mirror import fetch_output, fetch_snapshot, snapshots_there
from byline.storage.place import Place, open_place
from byline.storage.pointer import read_pointer
from byline.storage.publishing import complete, push
from byline.storage.transfer import fetch_folder

if TYPE_CHECKING:
    from byline.core.result import Result


def build_remotely(options: Options, build: Callable[[Options], Result]) -> Result:
    """Fetch, build, publish. `build` is the ordinary build of options that name folders.

    Raises what `build` raises, with addresses in place of the copies' paths; `LockHeldError` when another build
    published to the same place meanwhile.
    """
    _refuse_overlap(options)
    with _scratch(options.work) as work:
        local = replace(
            options,
            raw=work / "raw" if options.raw_url else options.raw,
            out=work / "out" if options.out_url else options.out,
            raw_url=None,
            out_url=None,
            # A temporary copy is gone when the next build comes.
            incremental=options.incremental and (options.out_url is None or options.work is not None),
            # There is nothing old in a copy: see `dispatch`.
            keep=None if options.out_url else options.keep,
        )
        if options.raw_url:
            _fetch_raw(options.raw_url, options.curated is None, work)
        try:
            if options.out_url is None:
                return build(local)
            return _build_and_push(open_place(options.out_url, OutputError), local, build)
        except BylineError as failure:
            raise _with_addresses(failure, options, local) from failure
        except OSError as problem:
            raise OutputError(
                f"{problem.filename or work}: {problem.strerror or problem}",
                "Nothing was published; see to the space in the scratch folder, or name another with --work.",
            ) from problem


def _build_and_push(place: Place, local: Options, build: Callable[[Options], Result]) -> Result:
    pointer, tag = read_pointer(place)
    if pointer is not None:
        complete(place, pointer)
    fetch_output(place, pointer, local.out)
    result = build(local)
    if result.path is None:
        return result
    if result.up_to_date:
        return replace(result, path=f"{place.url}/snapshots/{result.snapshot_id}")
    return replace(result, path=push(place, local.out, pointer, tag))


def rollback_remotely(url: str, to: str | None) -> str:
    """Make an earlier snapshot of an output on an object store current again; return its id.

    Raises as `publishing.rollback` does; `LockHeldError`: a build published meanwhile.
    """
    place = open_place(url, OutputError)
    pointer, tag = read_pointer(place)
    if pointer is not None:
        complete(place, pointer)
    with scratch() as out:
        fetch_output(place, pointer, out)
        entries = history.entries(out)
        wanted = to or (entries[-1].previous if entries else None)
        if wanted is not None and wanted.isalnum():
            fetch_snapshot(place, wanted, out)
        for name in snapshots_there(place):  # for the message that names them
            publishing.folder_of(out, name).mkdir(parents=True, exist_ok=True)
        try:
            back = publishing.rollback(out, to)
        except BylineError as failure:
            raise failure.said_of(str(out), url) from failure
        push(place, out, pointer, tag)
        return back.name


def _refuse_overlap(options: Options) -> None:
    if options.raw_url and options.out_url:
        one, other = options.raw_url.rstrip("/") + "/", options.out_url.rstrip("/") + "/"
        if one.startswith(other) or other.startswith(one):
            raise UsageError(
                f"{options.raw_url} and {options.out_url} lie in each other", "Choose two prefixes apart."
            )


@contextmanager
def _scratch(work: Path | None) -> Iterator[Path]:
    """Yield the folder for the copies: the person's own, locked and kept, or a temporary one."""
    if work is not None:
        with build_lock(work):
            yield work.absolute()
        return
    with scratch() as temporary:
        yield temporary


def _fetch_raw(url: str, curated_too: bool, work: Path) -> None:
    """Fetch the raw listings, and `curated` beside them, as a build on a disk would find it."""
    place = open_place(url, UsageError)
    fetch_folder(place, work / "raw")
    parent, _, name = place.url.rpartition("/")
    if curated_too and name and not parent.endswith("/"):
        fetch_folder(open_place(f"{parent}/curated", UsageError), work / "curated")


def _with_addresses(failure: BylineError, options: Options, local: Options) -> BylineError:
    rest = failure.rest if isinstance(failure, GateError) else None
    for url, path in ((options.raw_url, local.raw), (options.out_url, local.out)):
        if url:
            failure = failure.said_of(str(path), url)
    if rest is not None and options.out_url:  # it lies in the scratch folder, not at the address
        shown = rest if options.work else "kept only in a scratch folder of your own (--work DIR)"
        failure = failure.said_of(rest.replace(str(local.out), options.out_url), shown)
    return failure
