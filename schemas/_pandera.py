"""Pandera as polars sees it, imported without pandas.

`import pandera` imports pandas wherever pandas is installed, which costs 1.7 s and is used by nothing here;
Pandera supports installations without it. Where pandas is loaded already, or Pandera is, nothing is hidden.
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
    if "pandas" in sys.modules or "pandera" in sys.modules:
        import pandera.polars  # noqa: PLC0415 - the order of the imports is what this function is about

        return
    finder = _WithoutPandas()
    sys.meta_path.insert(0, finder)
    try:
        import pandera.polars  # noqa: F401, PLC0415 - as above
    finally:
        sys.meta_path.remove(finder)


_import_lean()

import pandera.polars as pa  # noqa: E402 - after the lean import
from pandera.api.polars.types import PolarsData  # noqa: E402 - as above
from pandera.errors import SchemaErrors  # noqa: E402 - as above

__all__ = ["PolarsData", "SchemaErrors", "pa"]
