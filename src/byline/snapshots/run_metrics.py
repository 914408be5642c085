"""A run as metrics, in the text format that Prometheus' node exporter collects from files (`*.prom`).

The format: https://prometheus.io/docs/instrumenting/exposition_formats/
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from pathlib import Path

from byline.core.errors import UsageError
from byline.files import fs
from byline.snapshots.runs import DONE, Run

LAST_SUCCESS = "byline_last_success_timestamp_seconds"
_KNOWN = re.compile(rf"^{LAST_SUCCESS} ([0-9]+)$", re.MULTILINE)

Samples = Mapping[tuple[tuple[str, str], ...], float]
"""Values by labels."""


def check(path: Path) -> None:
    """Raise `UsageError` when metrics can't be written there: said before the work, not behind it."""
    if path.is_dir() or not os.access(path.parent, os.W_OK):
        raise UsageError(
            f"metrics can't be written to {path}", "Name a file in a folder that you may write to."
        )


def write(path: Path, run: Run) -> None:
    """Replace the file by the metrics of this run, at once: a collector never reads half of it.

    A run that failed keeps the moment of the last success that the file knew. Raises `OutputError`.
    """
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    fs.write(temporary, text(run, _last_success(path)).encode())
    fs.replace(temporary, path)


def _last_success(path: Path) -> int | None:
    try:
        found = _KNOWN.search(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError):
        return None
    return None if found is None else int(found[1])


def text(run: Run, last_success: int | None = None) -> str:
    """Return a run's metrics; `last_success` (seconds since 1970) stands where this run was none.

    >>> print(text(Run(run="r", started="2026-01-01T00:00:00Z", outcome="published", exit_code=0)), end="")
    # HELP byline_run_exit_code Exit code of the last run.
    # TYPE byline_run_exit_code gauge
    byline_run_exit_code 0
    """
    return "".join(line for family in _families(run, last_success) for line in _family(*family))


def _families(run: Run, last_success: int | None) -> Iterator[tuple[str, str, Samples]]:
    """Yield name, help and samples of each metric."""
    plain: dict[str, tuple[str, float | None]] = {
        "byline_run_exit_code": ("Exit code of the last run.", run.exit_code),
        "byline_run_end_timestamp_seconds": ("When the last run ended.", _moment(run.ended)),
        LAST_SUCCESS: (
            "When a run last ended with exit code 0.",
            _moment(run.ended) if run.outcome in DONE else last_success,
        ),
        "byline_run_duration_seconds": ("What the last run took.", run.seconds),
        "byline_run_cpu_seconds": ("CPU seconds of the last run.", run.cpu_seconds),
        "byline_run_peak_memory_bytes": (
            "Largest memory of a process of the last run.",
            run.peak_memory_bytes,
        ),
        "byline_run_files": ("Raw files that the last run read.", run.files),
        "byline_run_warnings": ("Warnings of the last run.", len(run.warnings)),
    }
    if run.ended is None:
        plain = {"byline_run_exit_code": plain["byline_run_exit_code"]}
    for name, (said, value) in plain.items():
        if value is not None:
            yield name, said, {(): value}
    labelled: dict[str, tuple[str, str, Mapping[str, float]]] = {
        "byline_run_stage_seconds": ("Seconds by stage.", "stage", {s.name: s.seconds for s in run.stages}),
        "byline_run_records": ("Records by status.", "status", run.records),
        "byline_run_quarantined_records": ("Quarantined records by reason.", "reason", run.reasons),
        "byline_run_table_rows": ("Rows by table.", "table", run.tables),
        "byline_run_gates_tripped": (
            "Gates that tripped.",
            "gate",
            {gate.name: 1 for gate in run.gates},
        ),
    }
    for name, (said, label, values) in labelled.items():
        if values:
            yield name, said, {((label, key),): value for key, value in sorted(values.items())}


def _family(name: str, said: str, samples: Samples) -> Iterator[str]:
    yield f"# HELP {name} {said}\n# TYPE {name} gauge\n"
    for labels, value in samples.items():
        shown = ",".join(f'{key}="{_escaped(text)}"' for key, text in labels)
        yield f"{name}{{{shown}}} {value:.15g}\n" if shown else f"{name} {value:.15g}\n"


def _escaped(label: str) -> str:
    return label.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")


def _moment(when: str | None) -> float | None:
    return None if when is None else datetime.fromisoformat(when).timestamp()
