"""Entries as RIS, which reference managers read: written by rispy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from byline.export.bibliography import Entry, Person


def ris(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield one entry's text after the other."""
    import rispy  # noqa: PLC0415 - only where RIS is written

    class Writer(rispy.RisWriter):  # type: ignore[misc]  # rispy has no types
        """Without the running number before each reference: it is no part of the format."""

        def set_header(self, count: int) -> str:
            """Return nothing."""
            return ""

    for entry in entries:
        yield rispy.dumps([_fields(entry)], implementation=Writer).strip("\n") + "\n\n"


def _fields(entry: Entry) -> dict[str, Any]:
    said = {
        "type_of_reference": "JOUR" if entry.venue else "UNPB",
        "id": entry.key,
        "title": _line(entry.title),
        "authors": [_name(person) for person in entry.authors],
        "year": None if entry.year is None else str(entry.year),
        "date": _date(entry),
        "journal_name": entry.venue,
        "doi": entry.doi,
        "urls": [entry.url] if entry.url else None,
        "abstract": None if entry.abstract is None else _line(entry.abstract),
        "notes": _notes(entry),
    }
    return {name: value for name, value in said.items() if value}


def _name(person: Person) -> str:
    """Return `particle Family, Given, Suffix`, the order that RIS sets."""
    if person.is_collaboration:
        return _line(person.family)
    family = f"{person.particle} {person.family}" if person.particle else person.family
    parts = [family, person.given or "", person.suffix or ""]
    return _line(", ".join(parts).rstrip(", "))


def _date(entry: Entry) -> str | None:
    """Return `YYYY/MM/DD/` as far as it is known."""
    if entry.year is None:
        return None
    month = "" if entry.month is None else f"{entry.month:02d}"
    day = "" if entry.day is None else f"{entry.day:02d}"
    return f"{entry.year}/{month}/{day}/"


def _notes(entry: Entry) -> list[str]:
    notes = [f"arXiv:{entry.arxiv_id}"] if entry.arxiv_id else []
    notes += ["The page cut the list of authors."] if entry.cut else []
    return notes + ([_line(entry.comments)] if entry.comments else [])


def _line(text: str) -> str:
    """Return a text on one line: a line that begins like a tag would be read as one."""
    return " ".join(text.split())
