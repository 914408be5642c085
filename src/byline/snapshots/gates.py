"""Gates before publishing: too little stops a build, oddities are said. Thresholds: `resources/gates.toml`."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any, Literal

from byline.core.errors import DataError, GateError, UsageError
from byline.core.result import Unread
from byline.report.tallies import Tally
from byline.snapshots.gate_metrics import SnapshotFacts, distance, facts_of, lacking, papers_lost, titles
from byline.snapshots.lost import UNREADABLE
from byline.snapshots.scan import Parts
from byline_schemas import TABLES
from byline_schemas.tables import ADDED

Level = Literal["fail", "warn"]
Settings = Mapping[str, Any]

QUARANTINE = "quarantine"
"""The gate of records that could not be read."""
NAMED = 3
"""Papers that a message names."""


@dataclass(frozen=True)
class Gate:
    """A gate that tripped: its name, what was found, why the threshold is what it is."""

    name: str
    level: Level
    message: str
    reason: str
    accepted: bool = False
    """Whether a person overrode it for this build."""


@dataclass(frozen=True)
class GateReport:
    """All gates that tripped, in the order of `gates.toml`."""

    tripped: tuple[Gate, ...]
    facts: SnapshotFacts | None = None
    """What was found in the snapshot that was put to the gates."""

    @property
    def failed(self) -> tuple[Gate, ...]:
        """Gates that stop the build."""
        return tuple(gate for gate in self.tripped if gate.level == "fail" and not gate.accepted)

    @property
    def accepted(self) -> tuple[str, ...]:
        """Names of gates that tripped and were overridden: what the history records."""
        return tuple(gate.name for gate in self.tripped if gate.accepted)

    @property
    def warnings(self) -> tuple[str, ...]:
        """Oddities to say, one line each."""
        return tuple(f"{gate.name}: {gate.message}" for gate in self.tripped if gate.level == "warn")

    def raise_for_failures(self, unread: Sequence[Unread] = (), rest: str | None = None) -> None:
        """Raise `GateError` that names every failed gate and how to override it; return when none failed.

        `unread` are the first records that could not be read, `rest` is the file that lists all of them: said where the
        gate that failed is theirs.
        """
        if not self.failed:
            return
        lines = [f"{len(self.failed)} gate(s) tripped, nothing is published:"]
        for gate in self.failed:
            lines += [f"  {gate.name}: {gate.message}", f"    {gate.reason}"]
            if gate.name == QUARANTINE:
                lines += [f"    {one.shown()}" for one in unread]
                lines += [f"    all of them: {rest}"] if rest is not None else []
        flags = " ".join(f"--accept {gate.name}" for gate in self.failed)
        failure = GateError(
            "\n".join(lines), f"If this is right, run again with {flags}; the history records it."
        )
        failure.gates = tuple((gate.name, gate.message) for gate in self.failed)
        failure.unread, failure.rest = tuple(unread), rest
        raise failure


@cache
def thresholds() -> dict[str, Settings]:
    """Return the reviewed settings by gate."""
    text = files("byline.resources").joinpath("gates.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def names() -> list[str]:
    """Return the gates that a person may override, in the file's order."""
    return [name for name, settings in thresholds().items() if settings["level"] == "fail"]


def known_names(accept: frozenset[str]) -> frozenset[str]:
    """Return the names of gates to override as the settings write them. Raises `UsageError` for one that is no gate."""
    accepted = frozenset(name.replace("-", "_") for name in accept)
    unknown = sorted(accepted - set(names()))
    if unknown:
        raise UsageError(f"no such gate: {', '.join(unknown)}", f"Gates: {', '.join(names())}.")
    return accepted


def check_gates(
    new: Path,
    old: Path | None,
    accept: frozenset[str] = frozenset(),
    parts: Parts | None = None,
    facts: SnapshotFacts | None = None,
    tally: Tally | None = None,
) -> GateReport:
    """Put a sealed snapshot to every gate, against the last one where there is one.

    `parts`: what can differ between both, `facts`: what was found in the old one, and `tally`: the new one's tallies,
    where that is known. `accept` names gates to override, with `-` or `_`. An old snapshot that can't be read any more
    is not compared, which is itself a warning. Raises `UsageError` for a name that is no gate.
    """
    accepted = known_names(accept)
    tripped: list[Gate] = []
    now = _facts(new, tally)
    before, unreadable = _before(old, facts)
    try:
        found = dict(_found(new, now, before, parts))
    except UNREADABLE as error:  # of the old one's files: the new one was checked a moment ago
        unreadable = f"the last snapshot can't be compared: {str(error).splitlines()[0]}"
        found = dict(_found(new, now, None, parts))
    if unreadable:
        tripped.append(Gate("last_snapshot", "warn", unreadable, "Nothing to compare with."))
    for name, settings in thresholds().items():
        if name in found:
            level: Level = settings["level"]
            tripped.append(Gate(name, level, found[name], settings["reason"], name in accepted))
    return GateReport(tuple(tripped), now)


def _facts(folder: Path, tally: Tally | None = None) -> SnapshotFacts:
    settings = thresholds()
    stating = settings["abstract_fill_drop"]["forms"]
    return facts_of(folder, float(settings["low_confidence"]["below"]), stating, tally)


@dataclass(frozen=True)
class _Before:
    """The last snapshot: its folder and its facts."""

    folder: Path
    facts: SnapshotFacts


def _before(old: Path | None, facts: SnapshotFacts | None) -> tuple[_Before | None, str]:
    """Return the last snapshot where there is one to compare with, and what keeps it from being compared."""
    if old is None:
        return None, ""
    try:
        before = _facts(old) if facts is None else facts
    except DataError as error:
        return None, f"the last snapshot can't be compared: {error.what}"
    missing = sorted(TABLES.keys() - set(ADDED) - before.rows.keys())
    if missing:
        return None, f"the last snapshot can't be compared: it has no table {missing[0]}"
    return _Before(old, before), ""


def _found(
    new: Path, now: SnapshotFacts, before: _Before | None, parts: Parts | None
) -> Iterator[tuple[str, str]]:
    """Yield name and message of every gate that trips."""
    for check in (_nothing, _quarantine, _confidence, _largest):
        yield from check(now)
    for name, message in _fill(now):
        without = titles(new, lacking(new, name.removesuffix("_fill"), NAMED))
        yield name, "; ".join([message, *without, "…"] if without else [message])
    if before is not None:
        for compare in (_rows_lost, _fill_drops, _drift):
            yield from compare(now, before.facts)
        yield from _papers(new, before, parts)


def _beyond(name: str, part: float, whole: float) -> bool:
    settings = thresholds()[name]
    return bool(part > settings["more_than"] and part > settings["share"] * whole)


def _nothing(now: SnapshotFacts) -> Iterator[tuple[str, str]]:
    if now.rows["papers"] == 0:
        yield "nothing_to_publish", "there are no papers"


def _quarantine(now: SnapshotFacts) -> Iterator[tuple[str, str]]:
    bad = sum(count for reason, count in now.reasons.items() if reason != "page_furniture")
    found = now.rows["records"] - now.reasons.get("page_furniture", 0)
    if _beyond("quarantine", bad, found):
        listed = ", ".join(f"{reason} {count}" for reason, count in sorted(now.reasons.items()))
        yield "quarantine", f"{bad} of {found} records are quarantined ({bad / found:.1%}): {listed}"
        return
    settings = thresholds()["quarantine"]
    unread, text = now.unread_bytes, now.text_bytes
    if unread > settings["more_than_bytes"] and unread > settings["share"] * text:
        listed = ", ".join(f"{reason} {count}" for reason, count in sorted(now.reasons.items()))
        yield "quarantine", f"{unread} of {text} bytes of text were not read ({unread / text:.1%}): {listed}"


def _fill(now: SnapshotFacts) -> Iterator[tuple[str, str]]:
    for column in ("title", "category"):
        settings = thresholds()[f"{column}_fill"]
        rate = now.fill[column]
        if now.rows["papers"] >= settings.get("at_least", 1) and rate < settings["minimum"]:
            yield (
                f"{column}_fill",
                f"{rate:.1%} of the papers have a {column}, expected {settings['minimum']:.0%}",
            )


def _confidence(now: SnapshotFacts) -> Iterator[tuple[str, str]]:
    if _beyond("low_confidence", now.unsure, now.rows["papers"]):
        yield (
            "low_confidence",
            f"{now.unsure} boundaries are doubtful ({now.unsure / now.rows['papers']:.1%}): byline review shows them",
        )


def _largest(now: SnapshotFacts) -> Iterator[tuple[str, str]]:
    if _beyond("largest_author", now.largest_author, now.rows["papers"]):
        yield "largest_author", f"one author signs {now.largest_author} of {now.rows['papers']} papers"


def _rows_lost(now: SnapshotFacts, before: SnapshotFacts) -> Iterator[tuple[str, str]]:
    for table in ("authors", "authorships", "records", "affiliations"):
        lost = before.rows[table] - now.rows[table]
        if _beyond(f"{table}_lost", lost, before.rows[table]):
            yield (
                f"{table}_lost",
                f"{before.rows[table]} {table} before, {now.rows[table]} now ({lost} fewer)",
            )


def _papers(new: Path, before: _Before, parts: Parts | None) -> Iterator[tuple[str, str]]:
    was, now = (before.folder, new) if parts is None else parts.sides(before.folder, new)
    gone, published = papers_lost(now, was), before.facts.rows["papers"]
    if _beyond("papers_lost", len(gone), published):
        named = "; ".join(titles(before.folder, gone[:NAMED]))
        yield "papers_lost", f"{len(gone)} of {published} papers published before are gone: {named}; …"


def _comparable(name: str, now: SnapshotFacts, before: SnapshotFacts) -> bool:
    return min(now.rows["papers"], before.rows["papers"]) >= int(thresholds()[name]["at_least"])


def _fill_drops(now: SnapshotFacts, before: SnapshotFacts) -> Iterator[tuple[str, str]]:
    for column in ("abstract", "category"):
        name = f"{column}_fill_drop"
        drop = before.fill[column] - now.fill[column]
        if _comparable(name, now, before) and drop > thresholds()[name]["drop"]:
            yield (
                name,
                f"{before.fill[column]:.1%} of the papers had a {column} before, {now.fill[column]:.1%} have",
            )


def _drift(now: SnapshotFacts, before: SnapshotFacts) -> Iterator[tuple[str, str]]:
    pairs: dict[str, Callable[[SnapshotFacts], Mapping[str, int]]] = {
        "category_drift": lambda facts: facts.categories,
        "year_drift": lambda facts: facts.years,
    }
    for name, counts in pairs.items():
        moved = distance(counts(before), counts(now))
        if _comparable(name, now, before) and moved > thresholds()[name]["distance"]:
            yield name, f"{moved:.0%} of the papers would have to move to get the last distribution back"
    name = "authors_per_paper_drift"
    if _comparable(name, now, before):
        ratio = now.authors_per_paper / before.authors_per_paper
        if max(ratio, 1 / ratio) > thresholds()[name]["ratio"]:
            yield (
                name,
                f"{before.authors_per_paper:.2f} authors a paper before, {now.authors_per_paper:.2f} now",
            )
