"""What people decided about authors: who is one person, their identifiers, and the names that they want to bear.

- `authors.csv`: verdict (same | different), paper_id_a, position_a, paper_id_b, position_b, note.
- `identifiers.csv`: scheme (orcid | dblp | openalex), value, paper_id, position, evidence, note.
- `names.jsonl`: one object a line: mentions (of one person), name, and optionally given, family, suffix (where the name
  would be parted otherwise), withheld (forms that are not to be published), note.

A person is named by mentions, a paper and a place in its list, since those outlive builds: an author's id changes when
an older paper joins. Mentions that bear one identifier, or stand in one line of names, are of one person.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import polars as pl
from pydantic import Field

from byline.core.errors import UsageError
from byline.core.limits import LONGEST_LIST
from byline.decisions.files import Listed, Position, csv_rows, find, json_lines
from byline_schemas.identifier_values import VALUE_PATTERNS, orcid_checks

AUTHORS, IDENTIFIERS, NAMES = "authors.csv", "identifiers.csv", "names.jsonl"
FILES = (AUTHORS, IDENTIFIERS, NAMES)

DECISION_COLUMNS = {
    "verdict": pl.String(),
    "paper_id_a": pl.String(),
    "position_a": pl.UInt16(),
    "paper_id_b": pl.String(),
    "position_b": pl.UInt16(),
}
IDENTIFIER_COLUMNS = {
    "paper_id": pl.String(),
    "position": pl.UInt16(),
    "scheme": pl.String(),
    "value": pl.String(),
    "evidence": pl.String(),
}
PREFIXES = {
    "orcid": r"^(?:https?://)?(?:www\.)?orcid\.org/",
    "dblp": r"^(?:https?://)?(?:www\.)?dblp\.(?:org|dagstuhl\.de|uni-trier\.de)/pid/|\.(?:html|xml)$",
    "openalex": r"^(?:https?://)?(?:api\.)?openalex\.org/(?:authors/|people/)?",
}
"""What stands around an identifier where it is given as an address."""


class Mention(NamedTuple):
    """An author of a paper."""

    paper_id: Listed
    position: Position


@dataclass(frozen=True)
class Verdict:
    """A row of `authors.csv`: whether two mentions are of one person."""

    verdict: Literal["same", "different"]
    paper_id_a: Listed
    position_a: Position
    paper_id_b: Listed
    position_b: Position


@dataclass(frozen=True)
class Identifier:
    """A row of `identifiers.csv`: an identifier that the author of a mention bears, and what says so."""

    scheme: Literal["orcid", "dblp", "openalex"]
    value: Listed
    paper_id: Listed
    position: Position
    evidence: Listed


@dataclass(frozen=True)
class WantedName:
    """A line of `names.jsonl`: the name that a person wants to bear, and forms that are not to be published."""

    mentions: Annotated[list[Mention], Field(min_length=1, max_length=LONGEST_LIST)]
    name: Listed
    given: Listed | None = None
    family: Listed | None = None
    suffix: Listed | None = None
    withheld: Annotated[list[Listed], Field(max_length=LONGEST_LIST)] = field(default_factory=list)


def author_decisions(folder: Path | None) -> pl.DataFrame:
    """Return pairs of mentions that are the same or different by a person's word: the columns `DECISION_COLUMNS`.

    Those of `authors.csv`, and what follows from the other files: the mentions of one identifier, and of one line of
    names, are the same. Raises `UsageError` naming file and line when one can't be read.
    """
    rows = [
        (one.verdict, one.paper_id_a, one.position_a, one.paper_id_b, one.position_b)
        for _, one in _verdicts(folder)
    ]
    bearers: dict[tuple[str, str], list[Mention]] = {}
    for _, one in _identifiers(folder):
        bearers.setdefault((one.scheme, one.value), []).append(Mention(one.paper_id, one.position))
    people = [*bearers.values(), *(one.mentions for _, one in _names(folder))]
    for mentions in people:
        rows += [("same", *a, *b) for a, b in pairwise(mentions) if a != b]
    return pl.DataFrame(rows, schema=DECISION_COLUMNS, orient="row")


def identifiers(folder: Path | None) -> pl.DataFrame:
    """Return the identifiers of mentions: the columns `IDENTIFIER_COLUMNS`, each row once.

    Raises `UsageError` naming file and line when one can't be read.
    """
    rows = [
        (one.paper_id, one.position, one.scheme, one.value, one.evidence) for _, one in _identifiers(folder)
    ]
    return pl.DataFrame(rows, schema=IDENTIFIER_COLUMNS, orient="row").unique(maintain_order=True)


def wanted_names(folder: Path | None) -> list[WantedName]:
    """Return the names that people want to bear, in the file's order: the last line about a person counts.

    Raises `UsageError` naming file and line when one can't be read.
    """
    return [one for _, one in _names(folder)]


def decided_mentions(folder: Path | None) -> pl.DataFrame:
    """Return paper_id, position, and the places (`FILE:LINE`) of every mention that decisions speak of, each once."""
    rows = list(_places(folder))
    schema = {"paper_id": pl.String, "position": pl.UInt16, "place": pl.String}
    frame = pl.DataFrame(rows, schema=schema, orient="row")
    return frame.group_by("paper_id", "position", maintain_order=True).agg(places="place")


def _places(folder: Path | None) -> Iterator[tuple[str, int, str]]:
    for number, one in _verdicts(folder):
        yield one.paper_id_a, one.position_a, f"{AUTHORS}:{number}"
        yield one.paper_id_b, one.position_b, f"{AUTHORS}:{number}"
    for number, said in _identifiers(folder):
        yield said.paper_id, said.position, f"{IDENTIFIERS}:{number}"
    for number, name in _names(folder):
        for mention in name.mentions:
            yield *mention, f"{NAMES}:{number}"


def _verdicts(folder: Path | None) -> Iterator[tuple[int, Verdict]]:
    header = ",".join([*DECISION_COLUMNS, "note"])
    example = f'{header}\nsame,0f1e2d3c4b5a69788796,1,9a8b7c6d5e4f30213243,2,"her thesis"'
    what = "a decision with a verdict (same or different) and two mentions"
    return csv_rows(find(folder, AUTHORS), Verdict, what, example)


def _identifiers(folder: Path | None) -> Iterator[tuple[int, Identifier]]:
    """Yield line and content, the value without what an address has around it."""
    example = (
        "scheme,value,paper_id,position,evidence\n"
        "orcid,0000-0002-1825-0097,0f1e2d3c4b5a69788796,1,https://example.org/her-page"
    )
    path = find(folder, IDENTIFIERS)
    for number, one in csv_rows(path, Identifier, "an identifier of a mention", example):
        bare = re.sub(PREFIXES[one.scheme], "", one.value).rstrip("/")
        value = bare.upper() if one.scheme != "dblp" else bare
        wrong = re.fullmatch(VALUE_PATTERNS[one.scheme], value) is None
        if wrong or (one.scheme == "orcid" and not orcid_checks(value)):
            why = "is not of its shape" if wrong else "has a wrong check digit: a digit is mistyped"
            raise UsageError(
                f"{path}:{number}: {one.value!r} {why} ({one.scheme})", f"Expected a CSV such as\n{example}"
            )
        yield number, Identifier(one.scheme, value, one.paper_id, one.position, one.evidence)


def _names(folder: Path | None) -> Iterator[tuple[int, WantedName]]:
    example = '{"mentions": [["0f1e2d3c4b5a69788796", 1]], "name": "Ada Lovelace", "withheld": ["A. Byron"]}'
    return json_lines(find(folder, NAMES), WantedName, "a name that a person wants", example)
