r"""Entries as BibTeX. Texts stay in Unicode; what TeX takes for itself (`% & # _ ~ ^ \ { }`) is escaped.

A title with LaTeX stands as it was listed, where its braces and dollars are paired; capitals keep their case in double
braces.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from byline.export.bibliography import Entry, Person

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ESCAPES = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{character: "\\" + character for character in "&%$#_{}"},
}
_SPECIAL = re.compile("[" + re.escape("".join(_ESCAPES)) + "]")
_BARE = re.compile(r"(?<!\\)([&%#])")


def bibtex(entries: Iterable[Entry]) -> Iterator[str]:
    """Yield one entry's text after the other, a blank line after each."""
    for entry in entries:
        fields = [f"  {name} = {value}," for name, value in _fields(entry)]
        kind = "article" if entry.venue else "misc"
        yield "\n".join([f"@{kind}{{{entry.key},", *fields, "}"]) + "\n\n"


def _fields(entry: Entry) -> Iterator[tuple[str, str]]:
    names = [_name(person) for person in entry.authors] + (["others"] if entry.cut else [])
    yield "title", "{{" + _title(entry) + "}}"
    yield "author", "{" + " and ".join(names) + "}"
    yield from _date(entry)
    texts = {
        "journal": entry.venue,
        "doi": entry.doi,
        "eprint": entry.arxiv_id,
        "archiveprefix": "arXiv" if entry.arxiv_id else None,
        "primaryclass": entry.category if entry.arxiv_id else None,
        "abstract": entry.abstract,
        "note": entry.comments,
    }
    yield from ((name, _value(text)) for name, text in texts.items() if text)
    if entry.url:
        yield "url", "{" + _paired(entry.url.replace(" ", "%20")) + "}"


def _date(entry: Entry) -> Iterator[tuple[str, str]]:
    """Yield year, month and day as far as they are known; a month stands as BibTeX's own word for it."""
    if entry.year is not None:
        yield "year", f"{{{entry.year}}}"
    if entry.month is not None:
        yield "month", MONTHS[entry.month - 1]
    if entry.day is not None:
        yield "day", f"{{{entry.day}}}"


def _value(text: str) -> str:
    return "{" + escape(text) + "}"


def escape(text: str) -> str:
    """Return a text whose characters TeX prints as they are."""
    return _SPECIAL.sub(lambda match: _ESCAPES[match[0]], text)


def _title(entry: Entry) -> str:
    listed = entry.title_tex
    if listed is None or not _is_paired(listed):
        return escape(entry.title)
    return _BARE.sub(r"\\\1", listed)


def _is_paired(text: str) -> bool:
    """Tell whether braces are paired and dollars come in twos, escaped ones apart."""
    plain = re.sub(r"\\[\\{}$]", "", text)
    depth = 0
    for character in plain:
        depth += (character == "{") - (character == "}")
        if depth < 0:
            return False
    return depth == 0 and plain.count("$") % 2 == 0 and not plain.endswith("\\")


def _paired(url: str) -> str:
    return url.replace("{", "%7B").replace("}", "%7D").replace("\\", "%5C")


def _name(person: Person) -> str:
    """Return `particle Family, Jr, Given`, or a name in braces that no program takes apart."""
    family = escape(person.family)
    if person.is_collaboration or (person.given is None and not person.particle and " " in family):
        return "{" + family + "}"
    family = f"{escape(person.particle)} {_kept(family)}" if person.particle else _kept(family)
    return ", ".join([family, *(escape(part) for part in (person.suffix, person.given) if part)])


def _kept(family: str) -> str:
    """Put a family name in braces where BibTeX would split it: at a comma, or at the word `and`."""
    return "{" + family + "}" if "," in family or re.search(r"\band\b", family, re.IGNORECASE) else family
