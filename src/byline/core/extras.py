"""Optional parts of an installation: what each is for, and what to say where one is missing.

An extra never holds a library that shapes the bytes of a snapshot: those are dependencies of byline itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from byline.core.errors import UsageError

EXTRAS = {
    "prefect": {"prefect"},
    "dask": {"dask", "distributed"},
    "s3": {"obstore"},
    "export": {"duckdb", "networkx", "xlsxwriter"},
    "all": {
        "prefect",
        "prefect_dask",
        "dask",
        "distributed",
        "obstore",
        "duckdb",
        "networkx",
        "xlsxwriter",
    },
}
"""Top-level modules that each extra of the distribution brings, beside what these need themselves."""


@contextmanager
def needed(extra: str, what: str) -> Iterator[None]:
    """Import modules of an extra; `what` names the thing that needs them, as a person asked for it.

    Raises `UsageError` with the command that brings the extra when one of its own modules is not installed. Any other
    failure of an import passes as it is: an installation that is broken is not one that lacks something.
    """
    try:
        yield
    except ModuleNotFoundError as problem:
        missing = (problem.name or "").partition(".")[0]
        if missing not in EXTRAS[extra]:
            raise
        raise UsageError(
            f"{what} needs {missing.replace('_', '-')}, which is not installed",
            f"Install it: pip install 'byline[{extra}]'",
        ) from None
