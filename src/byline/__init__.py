"""byline: pasted paper listings in, analysis-ready Parquet out."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    __version__: str
else:

    def __getattr__(name: str) -> str:
        """Return the installed version when asked for it: looking it up takes longer than `byline --help` may."""
        if name != "__version__":
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        from importlib.metadata import version  # noqa: PLC0415 - as said above

        return version("byline")
