"""Rare ends of titles and beginnings of names, put together: where a border is hardest to see."""

from __future__ import annotations

import random

TEAMS = ("Collaboration", "Team", "Group", "Consortium", "Collaborations", "Working Group", "Study Group")


def compound(rnd: random.Random, words: list[str]) -> str:
    """A made-up proper name from titles' words: `GraphField`, `GrFiCo`, `graphNet-2`, `GRAPH.field`, `GraphFIE`."""
    parts = [w for w in words if w.isalpha() and 2 < len(w) < 10] or ["deep", "field"]
    first, second = rnd.choice(parts), rnd.choice(parts)
    roll = rnd.random()
    if roll < 0.15:
        return "".join(rnd.choice(parts)[: rnd.randint(1, 3)].capitalize() for _ in range(rnd.randint(2, 4)))
    if roll < 0.3:
        return (
            first.upper()[: rnd.randint(2, 7)] + rnd.choice(".-@/") + rnd.choice((second, second.upper()))[:4]
        )
    first = rnd.choice(
        (first.capitalize(), first.capitalize(), first[:4].capitalize(), first.upper()[:3], first.lower())
    )
    second = rnd.choice((second.capitalize(),) * 4 + (second.upper()[:4], second[:4].capitalize()))
    return first + second + rnd.choice(("",) * 9 + ("-2", "20", "™", "s", "4B", "3D"))


PARTS = (
    "I",
    "II",
    "III",
    "IV",
    "V",
    "A",
    "B",
    "X",
    "2",
    "I: ",
    "Part I",
    "Part II",
    "Part III",
    "Part A",
    "Part 2",
)
COMPANIES = (
    "01.AI",
    "4Paradigm",
    "360 Research",
    "3M",
    "6G Team",
    "1QBit",
    "23andMe",
    "2nd Sight",
    "7bridges.AI",
)


def odd_pair(rnd: random.Random, title: str, shown: list[str]) -> tuple[str, list[str]]:
    """Rare ends of titles and beginnings of names, put together: `Part I` and `D'Angelo`, `AI` and `N.D. Fenwick`."""
    words = shown[0].split()
    given, family = words[0], words[-1]
    roll = rnd.random()
    if roll < 0.3:
        title = f"{title}{rnd.choice((', ', ' ', ': ', '. '))}{rnd.choice(PARTS)}".rstrip(": ")
        mark = rnd.choice("'’")
        first = rnd.choice(
            (
                shown[0],
                f"{rnd.choice(('D', 'O', 'L', 'N', 'd'))}{mark}{given.capitalize()} {family}",
                f"{given[0]}. {family}",
            )
        )
    elif roll < 0.6:
        acronym = (
            "".join(w[0] for w in title.split(" ") if w[:1].isalpha()).upper()[: rnd.randint(2, 4)] or "AI"
        )
        title = f"{title} {rnd.choice(('in', 'with', 'for', 'of', 'and', 'at the', 'by'))} {acronym}"
        first = (
            f"{given[0].upper()}{rnd.choice(('.', '. ', '.-'))}{rnd.choice('ABDEFGHJKLMPRSTVW')}. {family}"
        )
        first = first.replace(". ", ".", 1) if rnd.random() < 0.4 else first
    elif roll < 0.7:
        mark = rnd.choice("'’")
        first = rnd.choice((f"{mark}t {family}", f"{given} {mark}t {family}"))
    elif roll < 0.8:
        first = "@" + (given[:1] + family).lower().replace(".", "")
    elif roll < 0.9:
        first = rnd.choice(COMPANIES)
    else:
        team = compound(rnd, title.split(" "))
        title = f"{team}: {title}" if rnd.random() < 0.7 else title
        first = f"{team} {rnd.choice(TEAMS)}"
    return title, [first, *shown[1:]]
