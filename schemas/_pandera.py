"""Pandera as polars sees it; in byline's own processes, without pandas.

Pandera and pyarrow import pandas wherever it is installed: 3 s, used by nothing here; both support installations
without it. The command line sets `BYLINE_LEAN_IMPORTS`, and then this process has no pandas. Without that
variable nothing is hidden: who imports `schemas` into a process of their own may use pandas there.
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


if os.environ.get("BYLINE_LEAN_IMPORTS") == "1" and not {"pandas", "pandera"} & sys.modules.keys():
    sys.meta_path.insert(0, _WithoutPandas())

import pandera.polars as pa  # noqa: E402 - after pandas is hidden
from pandera.api.polars.types import PolarsData  # noqa: E402 - as above
from pandera.errors import SchemaErrors  # noqa: E402 - as above

__all__ = ["PolarsData", "SchemaErrors", "pa"]
