"""Word lists that people extend without code: files in `lists/` of the curated folder, beside what is shipped.

    furniture.txt       a line of the page a line, as it stands; any number in it stands for every number. `[end]`,
                        `[weak]` above lines as in the shipped list, else `[tail]`. `/…/` is a pattern.
    badges.txt          a badge a line, as the page shows it
    organisations.tsv   key, name, kind, country, ROR id, other names parted by | (the last four may be empty)
    team_words.txt      words of collaborations' names, + - = before them as in the shipped list
    suffixes.tsv, titles.tsv, particles.tsv   the columns of the shipped tables

Lines that begin with `#` and empty ones are remarks. What a person adds wins over what is shipped. The files are
inputs: their digests stand in the manifest, and what was read with other lists is read anew.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from hashlib import blake2b, sha256
from pathlib import Path

import polars as pl

from byline.affiliations.registry import FIELDS
from byline.core.errors import UsageError
from byline.core.resources import Additions
from byline.names.wordlists import Particle
from byline_schemas.affiliations import KINDS as KINDS_OF_ORGANISATIONS

FOLDER = "lists"
LONGEST_ENTRY = 2_000
"""Characters of a line; the longest shipped one has 800."""
FURNITURE, BADGES = "furniture.txt", "badges.txt"
KINDS_OF_FURNITURE = ("tail", "weak", "end")

Check = Callable[[str], str]
"""Returns an entry as the list holds it. Raises `ValueError` that says what is wrong with it."""


def read(folder: Path | None) -> Additions:
    """Return what people added; nothing where there is no folder of lists.

    Raises `UsageError` naming file and line: a file that is no list, or an entry that can't be one.
    """
    files = _files(folder)
    entries = {_LISTS[path.name][0]: tuple(_entries(path)) for path in files}
    entries = {name: lines for name, lines in entries.items() if lines}
    if not entries:
        return Additions()
    if (furniture := _LISTS[FURNITURE][0]) in entries:
        entries[furniture] = (f"[{KINDS_OF_FURNITURE[0]}]", *entries[furniture])
    content = json.dumps(entries, sort_keys=True).encode()
    return Additions(blake2b(content, digest_size=8).hexdigest(), entries)


def digests(folder: Path | None) -> dict[str, str]:
    """Return the SHA-256 of every list that is there, by name below the curated folder."""
    return {f"{FOLDER}/{path.name}": sha256(path.read_bytes()).hexdigest() for path in _files(folder)}


def _files(folder: Path | None) -> list[Path]:
    lists = None if folder is None else folder / FOLDER
    if lists is None or not lists.exists():
        return []
    if not lists.is_dir():
        raise UsageError(f"{lists} is not a folder", f"It holds lists: {', '.join(_LISTS)}.")
    paths = sorted(
        path for path in lists.iterdir() if not path.name.startswith(".") and path.name != "README.md"
    )
    for path in paths:
        if path.name not in _LISTS or not path.is_file():
            raise UsageError(f"{path} is no list that can be extended", f"Lists: {', '.join(_LISTS)}.")
    return paths


def _entries(path: Path) -> Iterator[str]:
    """Yield the checked entries of a list."""
    _, check, way_out = _LISTS[path.name]
    try:
        lines = path.read_bytes().decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise UsageError(f"{path}: {problem}", "Lists are UTF-8 text, an entry a line.") from None
    for number, line in enumerate(lines, 1):
        if not line.strip() or line.startswith("#"):
            continue
        try:
            if len(line) > LONGEST_ENTRY or not line.replace("\t", "").isprintable():
                raise ValueError("a line of text is expected")
            yield check(line)
        except ValueError as problem:
            raise UsageError(f"{path}:{number}: {problem}: {line!r:.80}", way_out) from None


def _furniture(line: str) -> str:
    """Return the pattern of a line of the page."""
    said = line.strip()
    if said.startswith("[") and said.endswith("]"):
        if said[1:-1] not in KINDS_OF_FURNITURE:
            raise ValueError(f"expected one of {', '.join(f'[{kind}]' for kind in KINDS_OF_FURNITURE)}")
        return said
    if len(said) > 2 and said.startswith("/") and said.endswith("/"):
        pattern = said[1:-1]
        try:
            matches = pl.Series([""]).str.contains(f"(?i)^(?:{pattern})$").item()
        except pl.exceptions.ComputeError as problem:
            raise ValueError(f"no pattern ({str(problem).splitlines()[-1].strip()})") from None
        if matches:
            raise ValueError("a pattern that fits an empty line fits too much")
        return f"(?:{pattern})"
    return literal(said)


def literal(line: str) -> str:
    r"""Return the pattern of a line as it stands; any number in it stands for every number.

    >>> literal("Upvote 1,204 (today)")
    'Upvote \\d[\\d.,]*[kKM]? \\(today\\)'
    """
    parts = re.split(r"(\d[\d.,]*(?<=\d)[kKM]?\b)", " ".join(line.split()))
    return "".join(r"\d[\d.,]*[kKM]?" if at % 2 else _escaped(part) for at, part in enumerate(parts))


def _escaped(text: str) -> str:
    """Escape what the regular expressions of Rust give a meaning, and nothing else: they refuse other escapes."""
    return re.sub(r"([\\.+*?()|\[\]{}^$#&~-])", r"\\\1", text)


def _badge(line: str) -> str:
    said = " ".join(line.split())
    if len(said) > 60:  # what the reader of headers takes for a badge
        raise ValueError("a badge has at most 60 characters")
    return said


def _organisation(line: str) -> str:
    cells = [cell.strip() for cell in line.split("\t")]
    cells += [""] * (len(FIELDS) - len(cells))
    if len(cells) > len(FIELDS):
        raise ValueError(f"{len(cells)} columns")
    key, name, kind, country, ror, _ = cells
    if not key or not name:
        raise ValueError("key and name are needed")
    if kind and kind not in KINDS_OF_ORGANISATIONS:
        raise ValueError(f"the kind is one of {', '.join(KINDS_OF_ORGANISATIONS)}")
    if country and not re.fullmatch(r"[A-Z]{2}", country):
        raise ValueError("a country is two capitals (ISO 3166-1 alpha-2)")
    if ror and not re.fullmatch(r"0[a-z0-9]{8}", ror):
        raise ValueError("a ROR id is the last part of its address, such as 056y0v115")
    return "\t".join(cells)


def _folded(word: str) -> str:
    if word != word.lower() or not word:
        raise ValueError("the first column is in small letters")
    return word


def _team_word(line: str) -> str:
    _folded(line.strip().lstrip("+-="))
    return line.strip()


def _row(*checks: Callable[[str], object]) -> Check:
    """Return the check of a table's row: the first column is folded, the others are as these checks say."""

    def check(line: str) -> str:
        cells = [cell.strip() for cell in line.split("\t")]
        if len(cells) != 1 + len(checks):
            raise ValueError(f"{len(cells)} column(s), expected {1 + len(checks)}, parted by tabs")
        _folded(cells[0])
        for cell, valid in zip(cells[1:], checks, strict=True):
            valid(cell)
        return "\t".join(cells)

    return check


def _one_of(*words: str) -> Callable[[str], object]:
    def check(cell: str) -> None:
        if cell not in words:
            raise ValueError(f"{cell!r} is none of {', '.join(words)}")

    return check


def _shown(cell: str) -> None:
    if not cell:
        raise ValueError("a column is empty")


_KINDS_OF_SUFFIXES = ("generation", "roman", "kin", "degree", "exact")

_LISTS: Mapping[str, tuple[str, Check, str]] = {
    FURNITURE: (
        "listing/furniture.txt",
        _furniture,
        "A line of the page as it stands, [tail] or [weak] above others, or a pattern between slashes.",
    ),
    BADGES: ("listing/badges.txt", _badge, "A badge a line, as the page shows it."),
    "organisations.tsv": (
        "organisations/organisations.tsv",
        _organisation,
        "Columns, parted by tabs: key, name, kind, country, ROR id, other names parted by |.",
    ),
    "team_words.txt": (
        "names/team_words.txt",
        _team_word,
        "A word a line in small letters, + - or = before it.",
    ),
    "suffixes.tsv": (
        "names/suffixes.tsv",
        _row(_shown, _one_of(*_KINDS_OF_SUFFIXES)),
        "Columns, parted by tabs: folded form, how it is shown, kind.",
    ),
    "titles.tsv": (
        "names/titles.tsv",
        _row(int),
        "Columns, parted by tabs: folded form, how many words must follow.",
    ),
    "particles.tsv": (
        "names/particles.tsv",
        _row(_one_of(*(kind.value for kind in Particle)), _shown),
        "Columns, parted by tabs: word, kind, how it is written.",
    ),
}
"""The lists that people extend: the shipped one, what an entry must be, and what to write instead."""
