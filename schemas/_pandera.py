"""Pandera as polars sees it; in byline's own processes, without pandas.

`import pandera` and its first check import pandas wherever pandas is installed: 3 s, used by nothing here;
Pandera supports installations without it. The command line sets `BYLINE_LEAN_IMPORTS`, and then pandas is
hidden while Pandera looks for it. Without that variable nothing is hidden: who imports `schemas` into a
process of their own may use Pandera with pandas there.
"""

from __future__ import annotations

import importlib.abc
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

os.environ.setdefault("DO_NOT_TRACK", "1")


class _WithoutPandas(importlib.abc.MetaPathFinder):
    """Answers as an installation without pandas does."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname == "pandas" or fullname.startswith("pandas."):
            raise ModuleNotFoundError(f"No module named '{fullname}'", name=fullname)
        return None


def _import_lean() -> None:
    """Import Pandera and run one check, after which it has found out what is installed."""
    finder = _WithoutPandas()
    sys.meta_path.insert(0, finder)
    try:
        import pandera.polars as pandera  # noqa: PLC0415 - the order of the imports is what this function is about
        import polars as pl  # noqa: PLC0415 - as above

        schema = pandera.DataFrameSchema({"x": pandera.Column(pl.Int64, pandera.Check.ge(0))})
        schema.validate(pl.DataFrame({"x": [1]}))
    finally:
        sys.meta_path.remove(finder)


if os.environ.get("BYLINE_LEAN_IMPORTS") == "1" and not {"pandas", "pandera"} & sys.modules.keys():
    _import_lean()

import pandera.polars as pa  # noqa: E402 - after the lean import
from pandera.api.polars.types import PolarsData  # noqa: E402 - as above
from pandera.errors import SchemaErrors  # noqa: E402 - as above

__all__ = ["PolarsData", "SchemaErrors", "pa"]
