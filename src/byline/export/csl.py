"""Entries as CSL-JSON (Citation Style Language 1.0.2), which Zotero, Pandoc and citeproc read."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from byline.export.bibliography import Entry, Person


def csl(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield the parts of one JSON array, an item a line."""
    yield "["
    for number, entry in enumerate(entries):
        yield (",\n" if number else "\n") + json.dumps(_item(entry), ensure_ascii=False, sort_keys=True)
    yield "\n]\n"


def _item(entry: Entry) -> dict[str, Any]:
    said = {
        "id": entry.key,
        "type": "article-journal" if entry.venue else "article",
        "title": entry.title,
        "author": [_person(person) for person in entry.authors],
        "issued": _issued(entry),
        "container-title": entry.venue,
        "DOI": entry.doi,
        "URL": entry.url,
        "abstract": entry.abstract,
        "archive": "arXiv" if entry.arxiv_id else None,
        "archive_location": entry.arxiv_id,
        "note": entry.comments,
        "custom": {"paper_id": entry.paper_id, "authors_truncated": entry.cut},
    }
    return {name: value for name, value in said.items() if value}


def _person(person: Person) -> dict[str, str]:
    """Return a name as CSL has it: a particle of its own, a collaboration as a literal."""
    if person.is_collaboration:
        return {"literal": person.family}
    said = {
        "family": person.family,
        "given": person.given,
        "non-dropping-particle": person.particle,
        "suffix": person.suffix,
    }
    return {name: value for name, value in said.items() if value}


def _issued(entry: Entry) -> dict[str, list[list[int]]] | None:
    if entry.year is None:
        return None
    return {"date-parts": [[part for part in (entry.year, entry.month, entry.day) if part is not None]]}
