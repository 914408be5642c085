"""The flow started by hand (`python flows/build_dataset.py`): options, words and exit codes of `byline build`."""

from __future__ import annotations

import enum
import functools
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from byline.cli.build import build
from byline.cli.given import given
from byline.cli.outcome import Format, places, say
from byline.cli.running import guarded, written_out
from byline.core import cycles
from byline.core.errors import UsageError
from byline.core.extras import needed
from byline_flows.surroundings import address, prepare, project_folder, spare

if TYPE_CHECKING:
    from byline.core.result import Result

ONLY_BY_HAND = {"keep_work", "output"}
"""Options of `byline build` that the flow does not have: they are for people who look at what a build leaves."""


def main(arguments: Sequence[str]) -> int:
    """Run the flow in this process; return the exit code of the contract."""
    app = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    app.command(name="build_dataset")(command)
    return guarded(lambda: app(written_out(arguments), standalone_mode=False, prog_name="build_dataset"))


@functools.wraps(build)  # its options and its help are those of `byline build`
def command(**options: object) -> None:
    """Say what is waited for, then run the flow; a server is not started only to find out that nothing is new."""
    spare(os.environ)
    if address(os.environ) is None and _nothing_new(options):
        build(**options)  # type: ignore[arg-type] # its own options, as the command line read them
        cycles.never_again()
        return
    print(f"byline: {prepare(os.environ, project_folder())}", file=sys.stderr, flush=True)
    parameters = {name: _plain(value) for name, value in options.items() if name not in ONLY_BY_HAND}
    named: Any = options["files"] or []
    with ExitStack() as stack:
        what = stack.enter_context(given(str(options["raw"]), named))
        parameters |= {"raw": what.raw, "files": [str(path) for path in what.files] or None}
        told = functools.partial(
            say,
            output=Format(str(options["output"])),
            out=str(options["out"]),
            place=places(what.raw, what.files),
        )
        told(lambda: _run_flow(parameters, lambda end: _unreported(end, told, stack)))


def _nothing_new(options: Mapping[str, Any]) -> bool:
    """Tell whether the raw folder, with these options, is what the current snapshot was built from."""
    if options["files"] or options["check"] or options["arxiv"] or options["engine"].value != "local":
        return False
    from byline.core.options import Options
    from byline.pipeline.looking import nothing_new

    raw, out = str(options["raw"]), str(options["out"])
    return nothing_new(replace(Options.at(raw, out), curated=options["curated"], ror=options["ror"]))


def _plain(value: object) -> object:
    """Return the value as Prefect keeps parameters: plain JSON."""
    if isinstance(value, enum.Enum):
        return value.value
    return str(value) if isinstance(value, Path) else value


def _run_flow(parameters: dict[str, object], unreported: Callable[[Result | Exception], int]) -> Any:  # noqa: ANN401 - as flows do
    """Run the flow; `unreported` says how a build ended whose server is gone."""
    from byline.cli.watching import for_terminal

    with needed("prefect", "the flow build_dataset"):
        from byline_flows import listening, server
        from byline_flows.dataset import build_dataset

    server.last_words = unreported
    listening.listener = for_terminal() if sys.stderr.isatty() else listening.Lines()
    try:
        run: Any = build_dataset
        return run(**parameters)
    except RuntimeError as problem:
        if "reach API" in str(problem) or "server" in str(problem).lower():
            raise UsageError(f"Prefect: {problem}", _NO_SERVER) from problem
        raise


def _unreported(
    end: Result | Exception, say: Callable[[Callable[[], Result]], None], stack: ExitStack
) -> int:
    """Say how a build ended whose server is gone, close what the process holds, and return the exit code."""
    from byline_flows import listening
    from byline_flows.server import LOST

    def came_to() -> Result:
        if isinstance(end, Exception):
            raise end
        return end

    def words() -> None:
        listening.listener.close()
        stack.close()
        typer.echo(f"warning: {LOST}", err=True)
        say(came_to)

    return guarded(words)


_NO_SERVER = (
    "Start it (`prefect server start`) or unset PREFECT_API_URL to use a temporary one; "
    "`byline build` does the same without Prefect."
)
