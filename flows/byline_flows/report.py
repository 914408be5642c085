"""The run report: what a build did, as artifacts in Prefect's UI."""

from __future__ import annotations

from collections.abc import Iterable

from prefect.artifacts import create_markdown_artifact, create_table_artifact
from prefect.logging import get_run_logger

from byline.core.display import clean
from byline.core.result import Result
from byline_flows.server import hurried

REPORT = "byline-report"
TABLES = "byline-tables"


def one_line(result: Result) -> str:
    """Return what a build did, for the state of its run."""
    if result.up_to_date:
        return f"nothing new: snapshot {result.snapshot_id} is current already"
    verb = "checked, not published: " if result.path is None else "published "
    counts = ", ".join(f"{count} {status}" for status, count in sorted(result.statuses.items()))
    return f"{verb}snapshot {result.snapshot_id} ({counts})"


def report_done(result: Result) -> None:
    """Leave the report of a build that went well."""
    _leave(markdown(result))
    if result.tables:
        rows = [{"table": name, "rows": rows} for name, rows in result.tables.items()]
        try:
            with hurried():
                create_table_artifact(key=TABLES, table=rows, description="Rows of the published tables")
        except Exception as problem:  # what is shown must not stop what is done
            get_run_logger().warning("no table in the UI: %s", problem)


def report_failed(message: str) -> None:
    """Leave the report of a build that published nothing: what is wrong and the way out, in the flow's words."""
    _leave(f"# Nothing was published\n\n{_fenced(message)}\n")


def _leave(text: str) -> None:
    try:
        with hurried():
            create_markdown_artifact(key=REPORT, markdown=text, description="What the build did")
    except Exception as problem:  # what is shown must not stop what is done
        get_run_logger().warning("no report in the UI: %s", problem)


def markdown(result: Result) -> str:
    """Return the report as Markdown; texts from listings stand in code spans, where they can't become markup."""
    where = f"`{result.path}`" if result.path is not None else "(not published)"
    sections = [f"# {one_line(result)}\n\nSnapshot `{result.snapshot_id}` in {where}"]
    if not result.up_to_date:
        sections.append(
            f"{result.files} file(s) in {result.slices} slice(s), {result.cached_slices} of them known."
        )
        sections.append(_table(("records", "count"), sorted(result.statuses.items())))
        sections.append(_table(("quarantined because", "count"), sorted(result.reasons.items())))
        sections.append(_list("First records that could not be read", [one.shown() for one in result.unread]))
        if result.rest is not None and result.unread:
            sections.append(f"All of them: {_span(result.rest)}")
        sections.append(_table(("table", "rows"), result.tables.items()))
        sections.append(_table(("stage", "seconds"), ((n, f"{s:.2f}") for n, s in result.seconds.items())))
    sections.append(_list("Old snapshots removed", result.removed))
    sections.append(_list("Warnings", result.warnings))
    sections.append(_list("Not read", [str(item) for item in result.skipped]))
    return "\n\n".join(section for section in sections if section) + "\n"


def _table(head: tuple[str, str], rows: Iterable[tuple[str, object]]) -> str:
    lines = [f"| `{name}` | {value} |" for name, value in rows]
    return "\n".join([f"| {head[0]} | {head[1]} |", "|---|--:|", *lines]) if lines else ""


def _list(title: str, items: Iterable[str]) -> str:
    lines = [f"- {_span(item)}" for item in items]
    return "\n".join([f"## {title}", "", *lines]) if lines else ""


def _span(text: str) -> str:
    return "`" + clean(text).replace("`", "'").replace("\n", " ") + "`"


def _fenced(text: str) -> str:
    return "~~~text\n" + clean(text).replace("~~~", "~ ~ ~") + "\n~~~" if text else ""
