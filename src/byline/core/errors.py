"""Errors that a person sees: what went wrong, where, and the way out; each carries its exit code."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from typing import Self

    from byline.core.result import Unread


class BylineError(Exception):
    """Base of all expected failures.

    `what` names the problem and the place (file and line where there is one), `way_out` what to do about it.
    The command line prints both and ends with `exit_code`; a traceback appears only with `--debug`.
    """

    exit_code = 1

    def __init__(self, what: str, way_out: str = "") -> None:
        """Keep the parts apart, so that a front end can show them as it likes."""
        super().__init__(what if not way_out else f"{what}\n  {way_out}")
        self.what = what
        self.way_out = way_out

    def said_of(self, old: str, new: str) -> Self:
        """Return the same failure with one place named in the other's stead: of a copy, what it is a copy of."""
        told = type(self)(self.what.replace(old, new), self.way_out.replace(old, new))
        told.__dict__.update({**self.__dict__, "what": told.what, "way_out": told.way_out})
        return told

    def __reduce__(self) -> tuple[type[BylineError], tuple[str, str], dict[str, object]]:
        """Survive the way back from a worker process."""
        return (type(self), (self.what, self.way_out), self.__dict__)


class Terminated(BaseException):
    """Somebody asked the process to end (SIGTERM); like an interrupt, it passes everything that cleans up."""


class DataError(BylineError):
    """The data broke the contract or a gate; nothing was published (exit code 1)."""


class GateError(DataError):
    """A gate tripped; nothing was published. What was found is there for programs, too."""

    gates: tuple[tuple[str, str], ...] = ()
    """Name and message of each gate."""
    unread: tuple[Unread, ...] = ()
    """The first records that could not be read, by file and line."""
    rest: str | None = None
    """The file that lists all of them, where it was kept."""


class UsageError(BylineError):
    """Wrong usage, or the raw folder can't be read (exit code 2)."""

    exit_code = 2


class LockHeldError(BylineError):
    """Another build holds the lock (exit code 3)."""

    exit_code = 3


class OutputError(BylineError):
    """The output can't be written (exit code 4)."""

    exit_code = 4
