"""byline: pasted paper listings in, analysis-ready Parquet out.

    import byline

    byline.parse(text)                                    # what a paste says
    byline.segment(lines)                                 # titles and authors that a page glued together, told apart
    byline.build("data/raw", "data/processed")            # publish a snapshot
    papers = byline.load("papers", out="data/processed")  # a lazy polars frame of the current one
    data = byline.dataset("data/processed")               # several tables of one snapshot

Nothing is imported before it is used.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from byline.api.building import build
    from byline.api.datasets import dataset, follow, load, validate
    from byline.api.pastes import parse, segment
    from byline.core.errors import BylineError

    __version__: str
else:

    def __getattr__(name: str) -> object:
        """Import what is asked for; the version, too, is looked up: that takes longer than `byline --help` may."""
        from importlib import import_module  # noqa: PLC0415 - as said above

        if name == "__version__":
            return import_module("importlib.metadata").version("byline")
        if name not in _PLACES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        return getattr(import_module(_PLACES[name]), name)


_PLACES = {
    "BylineError": "byline.core.errors",
    "build": "byline.api.building",
    "dataset": "byline.api.datasets",
    "follow": "byline.api.datasets",
    "load": "byline.api.datasets",
    "parse": "byline.api.pastes",
    "segment": "byline.api.pastes",
    "validate": "byline.api.datasets",
}
"""Where what is offered lies."""

__all__ = ["BylineError", "build", "dataset", "follow", "load", "parse", "segment", "validate"]


def __dir__() -> list[str]:
    """Return what is offered, for people who look with `dir`."""
    return sorted([*globals(), *__all__])
