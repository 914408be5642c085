"""Export formats, read by the libraries that know them: BibTeX by bibtexparser, RIS by rispy.

A record is given to its library by itself, so that a damaged one spoils no other; both are imported when the first such
record is met. Why these libraries: `docs/decisions/forms.md`.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from typing import Any

import polars as pl

from byline.forms.engine import LIST_MARK
from byline.forms.name_lists import PARTS
from byline.listing.text import damaged, fold_space, visible

Record = dict[str, Any]
"""Texts by field, and `names`: (name, given, family, suffix) each, `cut`: whether the list was."""

_MACRO = re.compile(r"^\s*@(?i:string)\s*[{(]", re.MULTILINE)
_NO_PAPER = re.compile(r"^\s*@(?i:string|comment|preamble)\b")
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")
_NUMBERED = re.compile(r"\s+\d{4}$")
_NOTED_ID = re.compile(
    r"^(?!arxiv:\s?\d{4}\.\d{4,5}).*$|^arxiv:\s?(\d{4}\.\d{4,5}).*$", re.IGNORECASE | re.DOTALL
)
"""Zotero notes `arXiv:2310.00001 [cs]` where an entry has no eprint."""
_OPENING = re.compile(r"@\w+\s*[{(]")
_BRACE = re.compile(r"(?<!\\)[{})]")
_RIS_END = re.compile(r"^[^\S\n]*ER[^\S\n]{1,2}-.*$", re.MULTILINE)
_RIS_TAG = re.compile(r"^[^\S\n]*([A-Z][A-Z0-9])[^\S\n]{1,2}-[^\S\n]?", re.MULTILINE)


def read_with_library(
    library: str, records: Sequence[str]
) -> tuple[dict[str, pl.Series], pl.DataFrame, list[bool]]:
    """Return the texts by field, the lists of names as `name_lists.read_lists` does, and which records are no papers.

    A record that the library can't read has null everywhere.
    """
    read: Callable[[Sequence[str]], list[Record]] = {"bibtex": _bibtex, "ris": _ris}[library]
    listed = pl.Series(records, dtype=pl.String)
    shown = visible(listed)
    hurt = [False] * len(records) if shown is listed else damaged(listed).to_list()
    rows = read(shown.to_list())
    fields = sorted({key for row in rows for key in row if key not in {"names", "cut", "macro"}})
    texts = {}
    for field in fields:
        column = fold_space(pl.Series([row.get(field) for row in rows], dtype=pl.String))
        texts[field] = column.set(column == "", None)
    names = pl.DataFrame(
        {
            "authors": pl.Series(
                [[name[0] for name in row.get("names", ())] for row in rows], dtype=pl.List(pl.String)
            ),
            "authors_truncated": [bool(row.get("cut")) for row in rows],
            "name_parts": pl.Series(
                [
                    [{"given": n[1], "family": n[2], "suffix": n[3]} for n in row.get("names", ())] or None
                    for row in rows
                ],
                dtype=PARTS,
            ),
            "odd": [
                lost or any(len(name[0]) > 80 for name in row.get("names", ()))
                for row, lost in zip(rows, hurt, strict=True)
            ],
        }
    )
    return texts, names, [bool(row.get("macro")) for row in rows]


def own_text(library: str, records: Sequence[str]) -> list[int]:
    """Return how many characters of each text are the record itself: what stands behind its end is somebody else's.

    Example: of `@misc{a, title = {Owls}}` with a recipe below it, 24; a text whose end is not found is one record.
    """
    end_of: Callable[[str], int] = {"bibtex": _bibtex_end, "ris": _ris_end}[library]
    return [end_of(record) for record in records]


def _bibtex_end(text: str) -> int:
    found = _OPENING.search(text)
    if found is None:
        return len(text)
    round_one = found[0].endswith("(")
    return _closed(text, found.end() - 1 + round_one, ")" if round_one else "}") or len(text)


def _closed(text: str, start: int, closing: str) -> int | None:
    """Return where what begins at `start` is closed, outside inner braces: behind the mark; null where it is not."""
    depth = 0
    for brace in _BRACE.finditer(text, start):
        depth += {"{": 1, "}": -1}.get(brace[0], 0)
        if depth == 0 and brace[0] == closing:
            return brace.end()
    return None


def _ris_end(text: str) -> int:
    found = _RIS_END.search(text)
    return len(text) if found is None else found.end()


def _bibtex(records: Sequence[str]) -> list[Record]:
    from bibtexparser.entrypoint import parse_string  # noqa: PLC0415 - 0.1 s that only BibTeX need pay
    from bibtexparser.model import DuplicateFieldKeyBlock  # noqa: PLC0415

    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)  # a record it can't read is quarantined here
    macros = "\n".join(record for record in records if _MACRO.search(record))
    rows: list[Record] = []
    for record in records:
        if _NO_PAPER.search(record):
            rows.append({"macro": True})
            continue
        found = parse_string(
            f"{macros}\n{record}" if macros else record, parse_stack=[]
        )  # values as they stand
        entries: list[Any] = list(found.entries)
        entries += [b.ignore_error_block for b in found.blocks if isinstance(b, DuplicateFieldKeyBlock)]
        strings = {key.lower(): _plain(str(macro.value)) for key, macro in found.strings_dict.items()}
        rows.append(_entry(entries[0], strings) if entries else {})
    return rows


def _entry(entry: Any, strings: dict[str, str]) -> Record:  # noqa: ANN401 - bibtexparser's entries have no useful type
    values: dict[str, str] = {}
    for field in entry.fields:
        values.setdefault(field.key.lower(), _plain(_resolved(str(field.value), strings)))
    archive = (values.get("archiveprefix") or values.get("eprinttype") or "").lower()
    eprint = values.get("eprint", "")
    in_arxiv = (
        "arxiv" in archive
        or re.match(r"(?i)arxiv:", eprint)
        or re.fullmatch(r"\d{4}\.\d{4,5}(v\d+)?", eprint)
    )
    journal = values.get("journal") or values.get("journaltitle") or values.get("booktitle") or ""
    names, cut = _bibtex_names(values.get("author") or "")
    date = values.get("date") or " ".join(values.get(part, "") for part in ("year", "month")).strip()
    return {
        "title": values.get("title"),
        "venue": journal or values.get("publisher") or values.get("howpublished"),
        "date": _bibtex_date(values, date),
        "doi": values.get("doi"),
        "id": eprint if in_arxiv else _NOTED_ID.sub(r"\1", values.get("note", "")) or None,
        "subjects": values.get("primaryclass") or values.get("eprintclass"),
        "abstract": values.get("abstract"),
        "comments": values.get("note"),
        "link": LIST_MARK.join(values[name] for name in ("url", "ee", "pdf") if name in values) or None,
        "names": names,
        "cut": cut,
    }


def _bibtex_date(values: Record, date: str) -> str:
    day = values.get("day", "")
    month = str(values.get("month", ""))
    if day.isdigit() and month:
        return f"{day} {month} {values.get('year', '')}"
    return f"{month} {values.get('year', '')}" if month and "date" not in values else date


def _resolved(value: str, strings: dict[str, str]) -> str:
    """Return a value with `@string`'s names resolved, and what `#` joins put together: `owl # " and " # {Moss}`."""
    pieces, depth, quoted, start = [], 0, False, 0
    for at, char in enumerate(value):
        quoted ^= char == '"' and depth == 0
        depth += {"{": 1, "}": -1}.get(char, 0)
        if char == "#" and depth == 0 and not quoted:
            pieces.append(value[start:at])
            start = at + 1
    words = [piece.strip() for piece in [*pieces, value[start:]]]
    if len(words) == 1:
        return strings.get(words[0].lower(), value)
    return "".join(
        word[1:-1] if word[:1] in {'"', "{"} else strings.get(word.lower(), word) for word in words
    )


def _plain(value: str) -> str:
    """Take off what encloses a value: quotes or braces, and braces within that pair up around the whole of it.

    Quotes within braces are the text's own: `{{"Owls" they said}}`.
    """
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1].strip()
    while len(value) > 1 and value[0] == "{" and _closed(value, 0, "}") == len(value):
        value = value[1:-1].strip()
    return value


def _bibtex_names(text: str) -> tuple[list[tuple[str, str | None, str, str | None]], bool]:
    """Split at ` and ` outside braces, each name by BibTeX's rules; DBLP's numbers go, `and others` is a cut."""
    from bibtexparser.middlewares.names import (  # noqa: PLC0415
        parse_single_name_into_parts,
        split_multiple_persons_names,
    )

    names, cut = [], False
    for listed in split_multiple_persons_names(" ".join(text.split())):
        name = _NUMBERED.sub("", listed.strip(" ,"))
        if name.lower() in {"others", "et al.", "et al"}:
            cut = True
            continue
        parts = parse_single_name_into_parts(name, strict=False)
        family = " ".join([*parts.von, *parts.last])
        if not family:
            continue
        given = " ".join(parts.first) or None
        names.append((_plain(name), given, _plain(family), " ".join(parts.jr) or None))
    return names, cut


def _ris(records: Sequence[str]) -> list[Record]:
    import rispy  # noqa: PLC0415 - only RIS need pay

    rows: list[Record] = []
    for record in records:
        text = _RIS_TAG.sub(r"\1  - ", record.replace("\r\n", "\n").replace("\r", "\n"))
        if "\nER  - " not in text:
            text += "\nER  - \n"
        try:
            found = rispy.loads(text)
        except (rispy.parser.ParseError, ValueError, KeyError, IndexError, OSError):
            found = []
        rows.append(_ris_record(found[0]) if found else {})
    return rows


def _ris_date(entry: dict[str, Any]) -> str | None:
    """Return the date; Web of Science gives month and day (`DA  - MAR 12`) beside the year."""
    said = [str(entry[key]) for key in ("date", "year", "publication_year") if entry.get(key)]
    if len(said) > 1 and not _YEAR.search(said[0]):
        return f"{said[0]} {said[1][:4]}"
    return said[0] if said else None


def _ris_record(entry: dict[str, Any]) -> Record:
    names = []
    cut = False
    people = entry.get("authors") or entry.get("first_authors") or []
    for listed in [one for line in people for one in str(line).split(";")]:
        name = " ".join(listed.split()).strip(" ,")
        if re.fullmatch(r"(?i)et\.? al\.?|others", name):
            cut = True
            continue
        family, _, given = name.partition(",")
        given, _, suffix = given.partition(",")
        if family.strip():
            names.append((name, given.strip() or None, family.strip(), suffix.strip() or None))
    first = [entry.get(key) for key in ("title", "primary_title", "translated_title")]
    venues = ("alternate_title3", "secondary_title", "journal_name", "alternate_title2", "alternate_title1")
    books = (entry.get("unknown_tag") or {}).get("BT") or [None]
    return {
        "title": next((text for text in first if text), None),
        "venue": next((entry[key] for key in venues if entry.get(key)), books[0] or entry.get("publisher")),
        "date": _ris_date(entry),
        "doi": entry.get("doi") or entry.get("type_of_work"),  # where EndNote has it, too
        "abstract": entry.get("abstract") or entry.get("notes_abstract"),
        "link": LIST_MARK.join(entry.get("urls") or ()) or None,
        "names": names,
        "cut": cut,
    }
