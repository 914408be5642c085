"""Fabricated papers as pages of all forms show them: all or less of what there is to say, or something else."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from byline.forms.model import forms
from tests.pipeline.fabricated import FAMILY, GIVEN, MONTHS, title
from tests.pipeline.gates_paper import NAMES
from tests.reference.papers import metadata, sentence

TEMPLATES: dict[str, str] = tomllib.loads(Path(__file__).with_name("pages.toml").read_text("utf-8"))
PAPERS = 60
"""So many papers there are; of the second half arXiv's metadata knows (`edited_metadata.MANY`)."""
OFTEN = range(25, 35)
"""Papers that many show."""
TEASER = 60


@dataclass(frozen=True)
class Name:
    """A name of which the parts are known."""

    given: str
    family: str

    @property
    def full(self) -> str:
        """`Ada B. Pym`."""
        return f"{self.given} {self.family}"

    @property
    def turned(self) -> str:
        """`Pym, Ada B.`."""
        return f"{self.family}, {self.given}"

    @property
    def short(self) -> str:
        """`AB Pym`."""
        return f"{self.initials} {self.family}"

    @property
    def behind(self) -> str:
        """`Pym AB`."""
        return f"{self.family} {self.initials}"

    @property
    def initials(self) -> str:
        """`AB`."""
        return "".join(part[0] for part in self.given.split())


@dataclass(frozen=True)
class Paper:
    """A paper as somebody shows it; `cut`: more authors follow."""

    title: str
    names: tuple[Name, ...]
    arxiv: str
    doi: str
    year: int
    month: str
    day: int
    abstract: str
    cut: bool = False


class _Joined(list[str]):
    def __format__(self, sign: str) -> str:
        return sign.join(self)


class _Where:
    def __init__(self, holds: bool) -> None:
        self._holds = holds

    def __format__(self, words: str) -> str:
        return words * self._holds


def shown(form: str, told: Paper) -> str:
    """Return a record of a form (a key of `TEMPLATES`)."""
    says: dict[str, Any] = {
        **{name: getattr(told, name) for name in ("title", "arxiv", "doi", "year", "month", "day", "abstract")},
        **{name: _Joined(getattr(one, name) for one in told.names) for name in ("full", "turned", "short", "behind")},
        "cut": _Where(told.cut), "number": told.arxiv or "2310.00001", "teaser": told.abstract[:TEASER],
    }  # fmt: skip
    lacking = [f"{{{name}}}" for name in ("arxiv", "doi", "abstract") if not says[name]]
    found = []
    for line in TEMPLATES[form].splitlines(keepends=True):
        if not any(field in line for field in lacking):
            names = told.names if "{one." in line else told.names[:1]
            found += [line.format(one=one, **says) for one in names]
    return "".join(found)


def paper(number: int) -> Paper:
    """Return a paper as it is; the same for the same number."""
    rnd = random.Random(f"paper {number}")
    if number >= PAPERS // 2:
        entry = metadata(number)
        known = tuple(Name(given, family) for family, given, *_ in NAMES)
        texts = (" ".join(entry[name].split()) for name in ("title", "abstract"))
        return Paper(next(texts), known, entry["id"], f"10.1234/gates.{number}", 2023, "Jan", 2, next(texts))
    people = [
        (rnd.choice(GIVEN) + rnd.choice(["", "", "", " C."]), rnd.choice(FAMILY))
        for _ in range(rnd.randint(1, 4))
    ]
    names = tuple(Name(*one) for one in dict.fromkeys(people))
    year, month = rnd.randint(2019, 2022), rnd.randrange(12)
    arxiv = f"{year % 100:02d}{month + 1:02d}.{number:05d}"
    said = f"{sentence(number)} {sentence(f'more {number}')}"
    return Paper(
        title(rnd), names, arxiv, f"10.1234/made.{number}", year, MONTHS[month], rnd.randint(1, 28), said
    )


def told(rnd: random.Random) -> Paper:
    """Return a paper as somebody may show it."""
    one, other = (paper(rnd.choice(rnd.choice([OFTEN, range(PAPERS)]))) for _ in range(2))
    if rnd.random() < 0.3:
        one = replace(one, names=one.names[: rnd.randint(1, len(one.names))], cut=rnd.random() < 0.7)
    if rnd.random() < 0.15:
        one = replace(one, names=(*one.names, other.names[0]))
    if rnd.random() < 0.2:
        one = replace(one, names=tuple(Name(f"{name.given[0]}.", name.family) for name in one.names))
    if rnd.random() < 0.1:
        one = replace(
            one, names=tuple(Name(name.given.replace("a", "á"), name.family.upper()) for name in one.names)
        )
    if rnd.random() < 0.2:
        one = replace(
            one, title=rnd.choice([one.title.lower(), f"{one.title} (extended)", f"On {one.title}: $x^2$"])
        )
    return replace(
        one,
        arxiv=rnd.choices([one.arxiv, "", other.arxiv], [5, 4, 1])[0],
        doi=rnd.choices([one.doi, "", other.doi], [5, 4, 1])[0],
        year=one.year + rnd.choices([0, -1, 3], [7, 2, 1])[0],
        abstract=rnd.choices([one.abstract, "", other.abstract, one.abstract * 4], [6, 3, 1, 1])[0],
    )


def records(rnd: random.Random, form: str, count: int) -> str:
    """Return so many records of a form; sometimes the form's own example stands among them."""
    some = [shown(form, told(rnd)) for _ in range(count)]
    if form in forms() and rnd.random() < 0.1:
        some.insert(rnd.randint(0, count), forms()[form].example.lstrip("\n"))
    return rnd.choice(["", "", "\n"]).join(some)
