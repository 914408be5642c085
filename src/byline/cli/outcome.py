"""What a build did, in the ways people and CI read it: text, JSON, JUnit, GitHub's annotations."""

from __future__ import annotations

import enum
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree

import typer

from byline.core.display import clean
from byline.core.errors import BylineError, GateError

if TYPE_CHECKING:
    from byline.core.result import Result, Unread


class Format(enum.StrEnum):
    """How the outcome of a build is written."""

    text = "text"
    json = "json"
    junit = "junit"
    github = "github"


Place = Callable[[str], str]
"""Gives the path of a raw file by its name in the tables."""


def report(
    build: Callable[[], Result], output: Format, out: str, place: Place
) -> tuple[str, BylineError | None]:
    """Run a build; return what to print, and the failure where it published nothing because of one."""
    result, failure = None, None
    try:
        result = build()
    except BylineError as problem:
        failure = problem
    if output is Format.text:
        return ("" if result is None else summary(result, out)), failure
    said = facts(result, failure)
    write = {Format.json: _json, Format.junit: _junit, Format.github: _github}[output]
    return write(said, place), failure


def summary(result: Result, out: str) -> str:
    """Return what a build did, for a person."""
    lines = [f"skipped {clean(item)}" for item in result.skipped]
    removed = [f"removed old snapshot {snapshot_id}" for snapshot_id in result.removed]
    if result.up_to_date:
        lines += [*(f"warning: {clean(warning)}" for warning in result.warnings), *removed]
        return "\n".join([*lines, f"nothing new: {out}/current is snapshot {result.snapshot_id}"])
    statuses = ("published", "duplicate", "quarantined")
    records = ", ".join(f"{result.statuses[status]} {status}" for status in statuses)
    seconds = ", ".join(f"{name} {spent:.1f}" for name, spent in result.seconds.items())
    lines += [
        f"{result.files} file(s), {sum(result.statuses.values())} records: {records}",
        *(f"  quarantined {count} as {reason}" for reason, count in sorted(result.reasons.items())),
        *unread_lines(result),
        *([clean(result.did)] if result.did else []),
        ", ".join(f"{rows} {name.replace('_', ' ')}" for name, rows in result.tables.items()),
        *matched_lines(result),
        *cut_lines(result),
        *(f"warning: {clean(warning)}" for warning in result.warnings),
        f"took {sum(result.seconds.values()):.1f} s ({seconds})",
        *removed,
    ]
    if result.path is None:
        return "\n".join([*lines, "checked; nothing was published"])
    return "\n".join([*lines, f"published snapshot {result.snapshot_id} as {out}/current"])


def say(build: Callable[[], Result], output: Format, out: str, place: Place) -> None:
    """Build and print what came of it, see `report`. Raises the failure where nothing was published."""
    text, failure = report(build, output, out, place)
    if text:
        typer.echo(text)
    if failure is not None:
        raise failure


def unread_lines(result: Result) -> list[str]:
    """Return the first records that could not be read, and where the rest is."""
    lines = [f"    {clean(one.shown())}" for one in result.unread]
    total = sum(count for reason, count in result.reasons.items() if reason != "page_furniture")
    if result.rest is not None and total:
        lines.append(f"    all {total}: {clean(result.rest)}")
    elif total > len(lines):
        lines.append(f"    … and {total - len(lines)} more: byline review --list, or the table `quarantine`")
    return lines


def matched_lines(result: Result) -> list[str]:
    """Return what arXiv's metadata gave, where the build had it, and what settles the rest."""
    if result.matched is None:
        return []
    filled, doubtful = result.matched
    doubt = f"; of {doubtful} it is doubtful: byline review --matches settles them" if doubtful else ""
    return [f"arXiv's metadata has an entry of {filled} of {result.tables['papers']} papers{doubt}"]


def cut_lines(result: Result) -> list[str]:
    """Return what was cut by pages, and what completes it."""
    if not result.cut:
        return []
    papers = result.tables["papers"]
    if result.matched is not None:
        return [f"{result.cut} of {papers} lists of authors stay as the page cut them (et al.)"]
    return [
        f"{result.cut} of {papers} lists of authors were cut by the page (et al.); arXiv's metadata "
        "completes them: byline build --arxiv FILE"
    ]


def facts(result: Result | None, failure: BylineError | None) -> dict[str, Any]:
    """Return the outcome as plain data, the same keys for every outcome and more where a snapshot was made."""
    gates = failure.gates if isinstance(failure, GateError) else ()
    unread: Sequence[Unread] = failure.unread if isinstance(failure, GateError) else ()
    said: dict[str, Any] = {
        "ok": failure is None,
        "published": None,
        "gates": [{"gate": name, "message": message} for name, message in gates],
        "error": None if failure is None else failure.what,
        "way_out": None if failure is None else failure.way_out,
        "exit_code": 0 if failure is None else failure.exit_code,
        "rest": failure.rest if isinstance(failure, GateError) else None,
    }
    if result is not None:
        unread = result.unread
        said |= {
            "published": None if result.path is None else str(result.path),
            "snapshot_id": result.snapshot_id,
            "up_to_date": result.up_to_date,
            "statuses": dict(result.statuses),
            "reasons": dict(result.reasons),
            "tables": result.tables,
            "lists_cut": result.cut,
            "matched": None if result.matched is None else result.matched[0],
            "matches_doubtful": None if result.matched is None else result.matched[1],
            "warnings": list(result.warnings),
            "skipped": list(result.skipped),
            "rest": result.rest,
        }
    return {**said, "unread": [asdict(one) for one in unread]}


def _json(said: dict[str, Any], place: Place) -> str:
    content = {**said, "unread": [{**one, "path": place(one["file"])} for one in said["unread"]]}
    return json.dumps(content, indent=2, sort_keys=True)  # ASCII only: nothing in it acts on a terminal


def _junit(said: dict[str, Any], place: Place) -> str:
    """Return one test case for the build, and one for each gate that tripped; what was not read stands in it."""
    body = "\n".join(_told(one, place) for one in said["unread"])
    tripped = said["gates"] or ([] if said["ok"] else [{"gate": "build", "message": said["error"]}])
    suite = ElementTree.Element(
        "testsuite", name="byline build", tests=str(max(1, len(tripped))), failures=str(len(tripped)),
        errors="0", skipped="0",
    )  # fmt: skip
    for gate in tripped:
        case = ElementTree.SubElement(suite, "testcase", classname="byline.build", name=gate["gate"])
        failure = ElementTree.SubElement(case, "failure", message=clean(gate["message"].splitlines()[0]))
        failure.text = clean(f"{gate['message']}\n{body}\n{said['way_out']}")
    if not tripped:
        case = ElementTree.SubElement(suite, "testcase", classname="byline.build", name="build")
        if body:
            ElementTree.SubElement(case, "system-out").text = clean(body)
    return ElementTree.tostring(suite, encoding="unicode", xml_declaration=True)


def _github(said: dict[str, Any], place: Place) -> str:
    """Return workflow commands, which GitHub shows at the lines of the raw files that they name."""
    level = "warning" if said["ok"] else "error"
    lines = [
        f"::{level} file={_property(place(one['file']))},line={one['line']},endLine={one['last_line']},"
        f"title={_property(one['reason'])}::{_data(one['detail'] + ': ' + one['text'])}"
        for one in said["unread"]
    ]
    lines += [
        f"::error title=gate {_property(one['gate'])}::{_data(one['message'])}" for one in said["gates"]
    ]
    if not said["ok"] and not said["gates"]:
        lines.append(f"::error::{_data(said['error'])}")
    lines += [f"::warning::{_data(warning)}" for warning in said.get("warnings", ())]
    return "\n".join(lines)


def _told(one: dict[str, Any], place: Place) -> str:
    return f"{place(one['file'])}:{one['line']}: {one['reason']}: {one['detail']}: {one['text']}"


def _data(text: str) -> str:
    """Escape a message as GitHub's workflow commands want it."""
    return clean(text).replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")


def places(raw: str, files: Iterable[Path]) -> Place:
    """Return how a raw file is found by its name in the tables: below the raw folder, or one of the named files."""
    named = {path.name: str(path) for path in files}
    return lambda name: named.get(name, name if named else f"{raw.rstrip('/')}/{name}")
