"""Bylines of every odd kind, from made-up titles and people: how many are read right, which are sure and wrong.

    python -m benchmarks.boundary_kinds [--each N] [--mistakes]

Nothing here was learned from: titles, names and degrees are this file's own. Each kind draws N bylines with a seed.
"""

from __future__ import annotations

import argparse
import os
import random
import sys
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

os.environ.setdefault("POLARS_MAX_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import polars as pl

from byline.boundary import segment

SURE = 0.99


@dataclass(frozen=True)
class Byline:
    """A byline and what it says."""

    text: str
    title: str
    authors: list[str]
    abstract: str | None = None


Make = Callable[[random.Random], Byline]


@cache
def _data() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text("utf-8"))


def _some(rnd: random.Random, low: int = 1, high: int = 4) -> list[str]:
    return rnd.sample(_data()["names"], rnd.randint(low, high))


def _title(rnd: random.Random) -> str:
    title: str = rnd.choice(_data()["titles"])
    return title


def cut(rnd: random.Random) -> Byline:
    """Every mark of a cut list, and organisations behind it."""
    title, names = _title(rnd), _some(rnd)
    mark = rnd.choice(_data()["cuts"])
    behind = rnd.choice(_data()["label_marks"]) + rnd.choice(_data()["labels"]) if rnd.random() < 0.4 else ""
    return Byline(title + ", ".join(names) + mark + behind, title, names)


def labels(rnd: random.Random) -> Byline:
    """Organisations behind any separator, without a mark."""
    title, names = _title(rnd), _some(rnd)
    behind = rnd.choice(_data()["label_marks"]) + rnd.choice(_data()["labels"])
    return Byline(title + ", ".join(names) + behind, title, names)


def separators(rnd: random.Random) -> Byline:
    """Other separators than the card's."""
    title, names = _title(rnd), _some(rnd, 2)
    mark = rnd.choice((",", ";", "; ", " and ", " & ", " | "))
    return Byline(title + mark.join(names), title, names)


def last_and(rnd: random.Random) -> Byline:
    """`and` before the last name."""
    title, names = _title(rnd), _some(rnd, 2)
    mark = rnd.choice((" and ", " & ", ", and "))
    return Byline(title + ", ".join(names[:-1]) + mark + names[-1], title, names)


def prefix(rnd: random.Random) -> Byline:
    """`Authors:` and `By` before the first name."""
    title, names = _title(rnd), _some(rnd)
    return Byline(
        title + rnd.choice(("Authors: ", "By ", "Author: ", "by ")) + ", ".join(names), title, names
    )


def degrees(rnd: random.Random) -> Byline:
    """A degree behind some names."""
    title = _title(rnd)
    names = [n + (", " + rnd.choice(_data()["degrees"]) if rnd.random() < 0.6 else "") for n in _some(rnd)]
    return Byline(title + ", ".join(names), title, names)


def inverted(rnd: random.Random) -> Byline:
    """Family names first."""
    title = _title(rnd)
    data = _data()
    pairs = list(zip(rnd.sample(data["families"], 3), rnd.sample(data["given"], 3), strict=True))
    if rnd.random() < 0.5:
        pairs = [(family, given[0] + ".") for family, given in pairs]
    names = [f"{family}, {given}" for family, given in pairs]
    return Byline(title + rnd.choice((", ", "; ")).join(names), title, names)


def organisation(rnd: random.Random) -> Byline:
    """An organisation in the list of names."""
    title, names = _title(rnd), _some(rnd, 1, 3)
    return Byline(title + ", ".join([*names, rnd.choice(_data()["organisations"])]), title, names)


def space(rnd: random.Random) -> Byline:
    """A space between title and names."""
    title, names = _title(rnd), _some(rnd)
    return Byline(f"{title} {', '.join(names)}", title, names)


def camel_given(rnd: random.Random) -> Byline:
    """Given names with a capital inside."""
    title = _title(rnd)
    given, family = rnd.choice(_data()["given"]), rnd.choice(_data()["families"])
    names = [f"{given}{rnd.choice(_data()['given'])} {family}", *_some(rnd, 0, 2)]
    return Byline(title + ", ".join(names), title, names, _abstract(title))


def camel_title(rnd: random.Random) -> Byline:
    """A proper name with a capital inside at the title's end."""
    title, names = f"{_title(rnd).rstrip('?')} with {rnd.choice(_data()['camel'])}", _some(rnd)
    return Byline(title + ", ".join(names), title, names, _abstract(title))


def team(rnd: random.Random) -> Byline:
    """A team that is named as the title's subject is."""
    name = rnd.choice(_data()["camel"])
    title, names = f"{name}-XL: {_title(rnd)}", [f"{name} Team", *_some(rnd, 0, 2)]
    return Byline(title + ", ".join(names), title, names)


def acronym(rnd: random.Random) -> Byline:
    """Initials behind an acronym."""
    title = f"{_title(rnd).rstrip('?')} {rnd.choice(('in', 'for', 'with'))} {rnd.choice(_data()['acronyms'])}"
    family = rnd.choice(_data()["families"])
    first = rnd.choice(("N.D. ", "S. ", "D.S.", "J.-P. ", "A. B. ")) + family
    names = [first, *_some(rnd, 0, 2)]
    return Byline(title + ", ".join(names), title, names, _abstract(title))


def apostrophe(rnd: random.Random) -> Byline:
    """Names that begin with an apostrophe or a particle, titles that end in a number."""
    title = _title(rnd).rstrip("?")
    family = rnd.choice(_data()["families"])
    roll = rnd.random()
    if roll < 0.5:
        title += rnd.choice((", Part I", " II", ": Part III", ", Part II"))
        first = f"D{rnd.choice('’' + chr(39))}Angelo {family}"
    else:
        first = f"'t {family}"
    names = [first, *_some(rnd, 0, 2)]
    return Byline(title + ", ".join(names), title, names)


def handle(rnd: random.Random) -> Byline:
    """A handle in place of a name, or a company that begins with a digit."""
    title, names = _title(rnd), [rnd.choice(("@adapym", "@lenah", "01.AI", "4Kites")), *_some(rnd, 0, 2)]
    return Byline(title + ", ".join(names), title, names)


def lower(rnd: random.Random) -> Byline:
    """Title and names in lower case."""
    title, names = _title(rnd).lower(), [n.lower() for n in _some(rnd)]
    return Byline(title + ", ".join(names), title, names, _abstract(title))


def lower_names(rnd: random.Random) -> Byline:
    """Names in lower case behind a title in any."""
    title, names = _title(rnd), [n.lower() for n in _some(rnd)]
    return Byline(title + ", ".join(names), title, names, _abstract(title))


def in_script(language: str) -> Make:
    """Bylines of a script without case."""

    def make(rnd: random.Random) -> Byline:
        lists = _data()[language]
        title, names = rnd.choice(lists["titles"]), rnd.sample(lists["names"], rnd.randint(1, 4))
        return Byline(title + ", ".join(names) + rnd.choice(("", "", " et al.")), title, names)

    return make


def _abstract(title: str) -> str:
    words = title.split()
    return (
        f"We study {' '.join(words[-3:])} in some detail. Although much is known of {' '.join(words[:3])}, "
        f"less is known of {words[-1]}, and we say what follows from it for those who work with such things every day."
    )


KINDS: dict[str, Make] = {
    "cut": cut, "labels": labels, "separators": separators, "last and": last_and, "prefix": prefix, "degrees": degrees,
    "inverted": inverted, "organisation": organisation, "space": space, "camel given": camel_given,
    "camel title": camel_title, "team": team, "acronym": acronym, "apostrophe": apostrophe, "handle": handle,
    "lower": lower, "lower names": lower_names,
    **{language: in_script(language) for language in ("japanese", "korean", "chinese")},
}  # fmt: skip


def run(each: int, *, mistakes: bool) -> None:
    """Read N bylines of each kind and print what came out."""
    print(f"{'kind':14s} {'exact':>8s} {'none':>5s} {'>=.99':>7s} {'wrong':>5s}")
    for kind, make in KINDS.items():
        rnd = random.Random(kind)
        made = [make(rnd) for _ in range(each)]
        said = pl.Series([one.abstract for one in made], dtype=pl.String)
        rows = segment(pl.Series([one.text for one in made]), said).to_dicts()
        pairs = list(zip(made, rows, strict=True))
        right = [(row["title"], row["authors"]) == (one.title, one.authors) for one, row in pairs]
        sure = [(row["boundary_confidence"] or 0.0) >= SURE for row in rows]
        wrong = sum(s and not r for s, r in zip(sure, right, strict=True))
        none = sum(row["reason"] is not None for row in rows)
        print(f"{kind:14s} {sum(right) / each:8.2%} {none:5d} {sum(sure) / each:7.2%} {wrong:5d}")
        for (one, row), good in zip(pairs, right, strict=True):
            if mistakes and not good:
                print(f"    {row['boundary_confidence']} {one.text!r} => {row['title']!r} | {row['authors']}")


def main() -> None:
    """Run the benchmark."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--each", type=int, default=200)
    ap.add_argument("--mistakes", action="store_true")
    a = ap.parse_args()
    run(a.each, mistakes=a.mistakes)


if __name__ == "__main__":
    main()
