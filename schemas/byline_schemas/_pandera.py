"""Pandera as polars sees it; in byline's own processes, without pandas, hypothesis, and pyarrow's object stores.

Pandera and pyarrow import the first two wherever they are installed: 3 s, used by nothing here; both support
installations without them, as pyarrow does builds without its object stores, whose import takes it up to 16 ms (byline
reaches stores by another library). The command line sets `BYLINE_LEAN_IMPORTS`, and then this process has none of them.
Without that variable nothing is hidden: who imports `byline_schemas` into a process of their own may use pandas there.

Why an import hook: neither library has an argument for it, and the import system's own way (`None` in `sys.modules`)
words its error otherwise than `No module named 'pandas'`, by which Pandera tells an installation without pandas.
"""

from __future__ import annotations

import importlib.abc
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType

import polars as pl

os.environ.setdefault("DO_NOT_TRACK", "1")


HIDDEN = ("pandas", "hypothesis")
"""Packages."""
STORES = ("pyarrow._azurefs", "pyarrow._gcsfs", "pyarrow._hdfs", "pyarrow._s3fs")
"""Modules."""


class _Lean(importlib.abc.MetaPathFinder):
    """Answers as an installation without what is hidden does."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname.partition(".")[0] in HIDDEN or fullname in STORES:
            raise ModuleNotFoundError(f"No module named '{fullname}'", name=fullname)
        return None


if os.environ.get("BYLINE_LEAN_IMPORTS") == "1" and not {"pandas", "pandera"} & sys.modules.keys():
    sys.meta_path.insert(0, _Lean())

import pandera.backends.polars.builtin_checks  # noqa: E402, F401 - else made known with the first frame
import pandera.polars as pa  # noqa: E402 - after pandas is hidden
from pandera.api.polars.types import PolarsData  # noqa: E402 - as above
from pandera.errors import SchemaErrors  # noqa: E402 - as above

__all__ = ["PolarsData", "SchemaErrors", "pa", "polars_type"]


def polars_type(column: pa.Column) -> pl.DataType:
    """Return the type that a column is declared to have."""
    declared: pl.DataType | type[pl.DataType] = column.dtype.type
    return declared() if isinstance(declared, type) else declared
