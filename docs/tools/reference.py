"""Write the reference pages from the code: `python -m docs.tools.reference`, which `make docs` does.

A test holds the pages against what this would write.
"""

from __future__ import annotations

import dataclasses
import inspect
import os
import re
from collections.abc import Callable
from pathlib import Path

import typer

import byline
from byline.cli.app import COMMANDS, app
from byline.snapshots import dictionary, gates, run_metrics, runs
from byline.snapshots.dataset import Dataset

DOCS = Path(__file__).parents[1]
MADE = "<!-- made by `make docs`: change the code, not this page -->\n"
WIDTH = "80"


def cli() -> str:
    """Return the page on the command line: the help of every command."""
    os.environ["COLUMNS"] = os.environ["TERMINAL_WIDTH"] = WIDTH
    parts = [f"# Command line\n\n{MADE}\nWhat `byline --help` and `byline COMMAND --help` print.\n"]
    group = typer.main.get_command(app)
    parts.append(f"```text\n{_help(group, None)}\n```\n")
    for function, summary in COMMANDS.items():
        name = function.__name__.replace("_", "-")
        command = group.commands[name]  # type: ignore[attr-defined]  # a group
        parts.append(
            f"## byline {name}\n\n{summary[0].upper()}{summary[1:]}.\n\n```text\n{_help(command, name)}\n```\n"
        )
    return "\n".join(parts)


def _help(command: object, name: str | None) -> str:
    make = command.context_class  # type: ignore[attr-defined]  # typer's own copy of click
    parent = None if name is None else make(typer.main.get_command(app), info_name="byline")
    context = make(command, info_name=name or "byline", parent=parent, terminal_width=int(WIDTH))
    text: str = command.get_help(context)  # type: ignore[attr-defined]
    return "\n".join(line.rstrip() for line in text.splitlines())


def python() -> str:
    """Return the page on what Python offers: signatures and docstrings."""
    parts = [f"# Python\n\n{MADE}\n`import byline` offers these; nothing is imported before it is used.\n"]
    for name in byline.__all__:
        offered = getattr(byline, name)
        if inspect.isfunction(offered):
            parts.append(
                f"## byline.{name}\n\n```text\n{name}{_signature(offered)}\n```\n\n{_doc(offered)}\n"
            )
        else:
            parts.append(f"## byline.{name}\n\n{_doc(offered)}\n")
    parts.append(f"## The dataset\n\n{_doc(Dataset)}\n")
    for name, method in inspect.getmembers(Dataset, inspect.isfunction):
        if not name.startswith("_"):
            parts.append(
                f"### Dataset.{name}\n\n```text\n{name}{_signature(method)}\n```\n\n{_doc(method)}\n"
            )
    return "\n".join(parts)


def _signature(function: Callable[..., object]) -> str:
    return str(inspect.signature(function)).replace("'", "")


def _doc(described: object) -> str:
    """Return a docstring in Google's style as Markdown: sections become headings, entries a list."""
    lines, section = [], ""
    for line in (inspect.getdoc(described) or "").splitlines():
        if re.fullmatch(r"(Args|Returns|Raises|Example):", line):
            section = line[:-1]
            lines.append(f"**{section}**\n")
            lines += ["```python"] if section == "Example" else []
        elif section in ("Args", "Raises") and re.match(r" {4}\w", line):
            name, _, text = line.strip().partition(": ")
            lines.append(f"- `{name}`: {text}")
        else:
            lines.append(line[4:] if section and line.startswith("    ") else line)
    return "\n".join(lines) + ("\n```" if section == "Example" else "")


def reasons() -> str:
    """Return the page on the reasons for quarantine: README.md's table, which a test holds against the code."""
    readme = (DOCS.parent / "README.md").read_text(encoding="utf-8")
    table = re.search(r"^\| reason \|.*?(?=\n\n)", readme, re.DOTALL | re.MULTILINE)
    assert table is not None
    said = "The stable codes of `quarantine.reason`; `detail` says what stood there."
    head = f"# Reasons for quarantine\n\n{MADE}\n{said}\n"
    return f"{head}\n{table[0]}\n"


def gate_page() -> str:
    """Return the page on gates: level, thresholds and the reason of each."""
    rows = []
    for name, settings in gates.thresholds().items():
        numbers = [
            f"{key} {_shown(value)}" for key, value in settings.items() if key not in ("level", "reason")
        ]
        rows.append(f"| `{name}` | {settings['level']} | {', '.join(numbers)} | {settings['reason']} |")
    head = f"""# Gates

{MADE}
Before publishing, a snapshot is compared with reviewed thresholds and with the last one. `fail` stops the run, and
leaves `current` as it was, unless a person accepts it for this run (`byline build --accept GATE`, the flow's parameter
`accept`); `warn` is said and written into the history. They lie in `src/byline/resources/gates.toml`.

| gate | level | trips beyond | why |
|---|---|---|---|
"""
    return head + "\n".join(rows) + "\n"


def _shown(value: object) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def run_report() -> str:
    """Return the page on reports of runs, and on the metrics that are made of them."""
    head = f"""# Report of a run

{MADE}
`history/runs/*.json`, one object a run, the latest {runs.KEEP}; `byline log --runs` lists them, `byline validate`
checks them. Fields are only added; `format` is {runs.FORMAT}.
"""
    shapes = [runs.Run, runs.StageRun, runs.GateRun, runs.Failure]
    parts = [head, *(_shape(shape) for shape in shapes)]
    example = runs.Run(
        run="20260101T030000Z-1-0a1b2c",
        started="2026-01-01T03:00:00Z",
        ended="2026-01-01T03:00:02Z",
        outcome="published",
        exit_code=0,
        seconds=1.7,
        cpu_seconds=1.1,
        records={"published": 21},
        tables={"papers": 21},
        stages=[runs.StageRun("read", 0.4, 21, "records of distinct slices")],
    )
    parts.append(
        f"## Metrics\n\n`byline build --metrics FILE.prom` writes:\n\n```text\n{run_metrics.text(example)}```\n"
    )
    return "\n".join(parts)


def _shape(shape: type) -> str:
    fields = [
        f"| `{one.name}` | {str(one.type).replace('|', 'or').replace('Text', 'text').replace('Count', 'count')} |"
        for one in dataclasses.fields(shape)
    ]
    return (
        f"## {shape.__name__}\n\n{inspect.getdoc(shape)}\n\n| field | type |\n|---|---|\n"
        + "\n".join(fields)
        + "\n"
    )


PAGES: dict[str, Callable[[], str]] = {
    "data-dictionary.md": dictionary.markdown,
    "reference/cli.md": cli,
    "reference/python.md": python,
    "reference/reasons.md": reasons,
    "reference/gates.md": gate_page,
    "reference/run-report.md": run_report,
}
"""The pages that are made, and what makes each."""


def main() -> None:
    """Write all pages."""
    for name, make in PAGES.items():
        path = DOCS / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(make(), encoding="utf-8")
        print(path.relative_to(DOCS.parent))


if __name__ == "__main__":
    main()
