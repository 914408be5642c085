"""Tables of figures for people (Markdown) and machines (JSON), with what they were measured on."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Mapping, Sequence
from importlib.metadata import version
from pathlib import Path
from typing import Any

OUT = Path("benchmarks/out")
"""Where benchmarks leave their results; not under version control."""


def machine() -> dict[str, str]:
    """Return what a figure depends on."""
    cores = len(os.sched_getaffinity(0))
    load = " ".join(f"{value:.1f}" for value in os.getloadavg())
    packages = ", ".join(f"{name} {version(name)}" for name in ("polars", "pyarrow", "numpy", "pandera"))
    return {
        "cores": str(cores),
        "load before": load,
        "python": platform.python_version(),
        "packages": packages,
    }


def markdown(rows: Sequence[Mapping[str, object]]) -> str:
    """Return rows as a Markdown table; columns are those of the first row."""
    names = list(rows[0])
    lines = [names, ["---"] * len(names), *([_cell(row.get(name, "")) for name in names] for row in rows)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def _cell(value: object) -> str:
    return f"{value:.2f}" if isinstance(value, float) else str(value)


def save(name: str, figures: Mapping[str, Any], text: str, to: Path | None = None) -> None:
    """Print the text, and keep text and figures under `benchmarks/out` (and the figures at `to`)."""
    print(text)
    OUT.mkdir(parents=True, exist_ok=True)
    content = json.dumps({"benchmark": name, "machine": machine(), **figures}, indent=2) + "\n"
    (OUT / f"{name}.md").write_text(text + "\n", encoding="utf-8")
    (OUT / f"{name}.json").write_text(content, encoding="utf-8")
    if to is not None:
        to.write_text(content, encoding="utf-8")
