"""Forms as data: what the files in `resources/forms/` may say, and the only place where they are read."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

CARD = "card"
"""byline's own form, read by `byline.listing`; its file describes how it is copied otherwise."""


@dataclass(frozen=True)
class Mark:
    """A line by which a form is known: the first of a record, one inside it, or a heading above records.

    Patterns are Rust regular expressions, searched in a line as it stands.
    """

    pattern: str
    never: str | None = None
    """A pattern that the line must not match."""
    also: tuple[str, ...] = ()
    """More patterns that the line must match: where one is expensive, a cheap one stands first."""
    within: tuple[tuple[int, str], ...] = ()
    """(lines, pattern): one of that many lines behind the mark, blank ones not counted, must match."""
    unless: tuple[tuple[int, str], ...] = ()
    """(lines, pattern): none of that many lines behind the mark may match."""
    back: int = 0
    """How many lines before the mark, blank ones not counted, belong to the record whatever they are."""
    opens: str | None = None
    """Of those lines, the one that begins the record where it can be told."""
    start: tuple[int, str] | None = None
    """(lines, pattern): of that many lines before the mark the nearest that matches begins the record."""
    halt: str | None = None
    """A line that ends the record before: what `start` looks for stands behind it."""
    lead: tuple[str, ...] = ()
    """Lines right before that belong to the record when they match one of these."""
    skip: str | None = None
    """Lines before the mark that do not count towards `back`."""
    heading: bool = False
    """A heading: no record, but what is below it is of this form."""
    longest: int = 600
    """Longest line, in bytes, that is looked at."""


@dataclass(frozen=True)
class Line:
    """A kind of line: its pattern, whose named groups are the fields it gives, and what the lines behind it are."""

    pattern: str
    wraps: bool = False
    """Lines of no kind that follow go on with this line's last group, up to a blank line."""
    then: tuple[str, ...] = ()
    """Fields of the lines of no kind that follow, one each; the last one takes all that are left."""
    ends: int = 0
    """The record ends with its first line of this kind (1, or true), or with a later one (its number)."""
    once: bool = False
    """Only a record's first line of this kind has it; a later one is text."""
    marked: bool = False
    """Only the line by which the record is known has this kind; another one is text."""
    seals: int = 0
    """Behind that many lines of this kind a record has no more kinds but those that end it: what follows is text."""
    fields: tuple[str, ...] = ()
    """The named groups, in their order."""


@dataclass(frozen=True)
class Part:
    """A pattern that takes a field apart: its named groups are fields, too. The first that matches counts."""

    of: str
    pattern: str
    fields: tuple[str, ...]


@dataclass(frozen=True)
class Form:
    """One form; see `docs/forms.md` for what each key of its file means."""

    name: str
    page: str
    example: str
    reads: tuple[Mapping[str, Any], ...]
    says: tuple[str, ...]
    marks: tuple[Mark, ...] = ()
    lines: tuple[Line, ...] = ()
    parts: tuple[Part, ...] = ()
    then: tuple[str, ...] = ()
    """Fields of lines of no kind before the first line that has one."""
    paragraphs: bool = False
    """Lines of no kind count by paragraphs, not one by one."""
    dense: str | None = None
    """Pattern of the line that begins the names: by it paragraphs are told where no blank lines part them."""
    closes: bool = False
    """A blank line ends a record, unless the next line of no kind is indented."""
    form: str = ""
    """The form's name in `records.form`, where several files describe one."""
    reader: str = "engine"
    """engine: fields as the file says; card: title and authors as on cards; glued: by the boundary model; listing:
    not told by marks at all."""
    library: str | None = None
    """Reader of an export format, in `byline.forms.libraries`."""
    names: str = "listed"
    """Order of the names' parts: listed (as most of them are, by vote), initials_last, family_first."""
    furniture: str | None = None
    """Pattern of lines that belong to the page."""
    drop: str | None = None
    """Pattern of what is left out of a field before it is taken apart: HTML's tags, pictures."""
    breaks: str | None = None
    """Pattern of a break that the page shows, within a line or at its end: it ends a sentence."""
    goes_on: str | None = None
    """Pattern of such a break within one piece of text, with a group before and one behind it: it is a space."""
    emphasis: bool = False
    """Signs of Markdown's emphasis may enclose a title."""
    code: str | None = None
    """Pattern of a link labelled code, in an `item`: a badge."""
    lone: bool = False
    """A list of one name is doubted unless it surely is none of a venue."""
    splits: str | None = None
    """Pattern behind which a line that is a mark is cut: several records may stand on one."""
    heading_date: bool = False
    """A heading's day holds for the records below it."""
    declared_only: bool = False
    unread: bool = False
    """Recognized, so that it becomes no part of what stands above, and quarantined: the form has no records."""
    inside: tuple[str, ...] = ()
    """Forms whose pages hold such lines, too: among their records this one does not begin."""
    way_out: str = ""
    """What to do with text of this form that can't be read."""


def _groups(pattern: str) -> tuple[str, ...]:
    """Return the names of a pattern's groups, in their order."""
    return tuple(re.findall(r"\(\?P<(\w+)>", pattern))


def _line(data: Mapping[str, Any]) -> Line:
    return Line(
        pattern=data["pattern"],
        wraps=data.get("wraps", False),
        then=tuple(data.get("then", ())),
        ends=int(data.get("ends", 0)),
        once=data.get("once", False),
        marked=data.get("marked", False),
        seals=data.get("seals", 0),
        fields=_groups(data["pattern"]),
    )


def _part(data: Mapping[str, Any]) -> Part:
    return Part(data["of"], data["pattern"], _groups(data["pattern"]))


def _mark(data: Mapping[str, Any]) -> Mark:
    return Mark(
        pattern=data["pattern"],
        never=data.get("never"),
        also=_several(data.get("also", ())),
        within=tuple((int(count), str(pattern)) for count, pattern in data.get("within", ())),
        unless=tuple((int(count), str(pattern)) for count, pattern in data.get("unless", ())),
        back=data.get("back", 0),
        opens=data.get("opens"),
        start=(int(data["start"][0]), str(data["start"][1])) if "start" in data else None,
        halt=data.get("halt"),
        lead=tuple(data.get("lead", ())),
        skip=data.get("skip"),
        heading=data.get("heading", False),
        longest=data.get("longest", 600),
    )


def _several(said: str | list[str]) -> tuple[str, ...]:
    return (said,) if isinstance(said, str) else tuple(said)


@cache
def _shared() -> dict[str, str]:
    """Return what `resources/forms_define.toml` names: pieces of patterns that several forms use."""
    text = (files("byline") / "resources" / "forms_define.toml").read_text("utf-8")
    return _with_definitions({}, tomllib.loads(text))


def _with_definitions(known: Mapping[str, str], more: Mapping[str, str]) -> dict[str, str]:
    """Return the definitions known and some more, which may name the ones before them."""
    known = dict(known)
    for name, pattern in more.items():
        known[name] = _expanded(pattern, known)
    return known


def _defined(data: dict[str, Any]) -> dict[str, Any]:
    """Put what `[define]` and the shared definitions name into every pattern that names it as `<<NAME>>`."""
    known = _with_definitions(_shared(), data.pop("define", {}))
    for key in ("furniture", "splits", "dense"):
        if key in data:
            data[key] = _expanded(data[key], known)
    for key in ("marks", "lines", "parts"):
        for row in data.get(key, ()):
            for field, value in row.items():
                if isinstance(value, str):
                    row[field] = _expanded(value, known)
                elif field in {"within", "unless"}:
                    row[field] = [[count, _expanded(pattern, known)] for count, pattern in value]
                elif field == "start":
                    row[field] = [value[0], _expanded(value[1], known)]
                elif field in {"lead", "also"}:
                    row[field] = [_expanded(pattern, known) for pattern in value]
    return data


def _expanded(pattern: str, known: Mapping[str, str]) -> str:
    return re.sub(r"<<(\w+)>>", lambda found: known[found[1]], pattern)


def parse(name: str, text: str) -> Form:
    """Return the form that a file says. Raises KeyError or ValueError when it is not a form's file."""
    data = _defined(tomllib.loads(text))
    return Form(
        name=name,
        page=data["page"],
        example=data["example"],
        reads=tuple(data.get("reads", ())),
        says=tuple(data["says"]),
        marks=tuple(map(_mark, data.get("marks", ()))),
        lines=tuple(map(_line, data.get("lines", ()))),
        parts=tuple(map(_part, data.get("parts", ()))),
        then=tuple(data.get("then", ())),
        paragraphs=data.get("paragraphs", False),
        dense=data.get("dense"),
        closes=data.get("closes", False),
        form=data.get("form", name),
        reader=data.get("reader", "engine"),
        library=data.get("library"),
        names=data.get("names", "listed"),
        furniture=data.get("furniture"),
        drop=data.get("drop"),
        breaks=data.get("breaks"),
        goes_on=data.get("goes_on"),
        emphasis=data.get("emphasis", False),
        code=data.get("code"),
        lone=data.get("lone", False),
        splits=data.get("splits"),
        heading_date=data.get("heading_date", False),
        declared_only=data.get("declared_only", False),
        unread=data.get("unread", False),
        inside=tuple(data.get("inside", ())),
        way_out=data.get("way_out", ""),
    )


@cache
def forms() -> dict[str, Form]:
    """Return the shipped forms by name, in alphabetical order: it decides where two could begin on one line."""
    folder = files("byline") / "resources" / "forms"
    names = sorted(item.name[: -len(".toml")] for item in folder.iterdir() if item.name.endswith(".toml"))
    return {name: parse(name, (folder / f"{name}.toml").read_text("utf-8")) for name in names}
