"""Evidence in words."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from byline.identity.forms import First, Middle

Row = Mapping[str, Any]
RARE = 14.0
"""Rarity (nats) of a name beyond which it is called rare: one in a million."""
FIRSTS = {
    First.SAME: "the same first name",
    First.JOINED: "the same given name, written together or apart",
    First.SHORT: "a given name and its short form",
    First.BEGINS: "one given name begins the other",
    First.INITIAL: "an initial and a name it fits",
    First.INITIALS: "the same initial",
    First.BARE: "no given name",
    First.SPELLED: "given names of the same consonants",
    First.DROPPED: "one name leaves out the other's first given name",
}
MIDDLES = {
    Middle.NONE: "",
    Middle.MISSING: ", a middle name in one only",
    Middle.LETTERS: ", middle initials agree",
    Middle.FULL: ", middle names agree",
    Middle.CONFLICT: ", middle initials differ",
    Middle.OTHER: ", full middle names differ",
}


def say(feature: str, row: Row) -> str:
    """Return what was seen of a feature, for a row of `Compared.row`."""
    return WORDS[feature](row)


def _name(row: Row) -> str:
    if row["first"] is None:
        return "the same form of the name"
    return FIRSTS[First(row["first"])] + MIDDLES[Middle(row["mid"])]


def _rarity(row: Row) -> str:
    given, family = (max(row[c], row[f"{c}_b"]) for c in ("rarity_given", "rarity_family"))
    first = f"one in {_number(given)}" if given else "only an initial"
    return f"family name one in {_number(family)}, given name {first}"


def _common(row: Row) -> str:
    given, family = (max(row[c], row[f"{c}_b"]) for c in ("rarity_given", "rarity_family"))
    return "rare" if given + family > RARE else "common"


def _number(rarity: float) -> str:
    return f"{round(2.718281828**rarity, -1 if rarity > 5 else 0):,.0f}"


def _coauthors(row: Row) -> str:
    number = (row["full"] or 0) + (row["weak"] or 0)
    return (
        "no co-author in common"
        if not number
        else f"{number} co-author{'s' * (number > 1)} in common (rarity {row['rarity']:.0f})"
    )


def _years(row: Row) -> str:
    gap = max(row["start"] - row["end_b"], row["start_b"] - row["end"], 0.0)
    if math.isnan(row["start"] + row["start_b"]):
        return "not both dated"
    return f"{gap:.0f} years between them" if gap >= 1 else "published at the same time"


def _field(row: Row) -> str:
    if not row["fields"] or not row["fields_b"]:
        return "no category known"
    if row["fields"] & row["fields_b"]:
        return "a category in common"
    if not row["archives"] or not row["archives_b"] or row["near"] & row["archives_b"]:
        return "no category in common"
    return (
        "distant fields"
        if row["reach"] & row["archives_b"]
        else "fields that hardly anybody writes in both of"
    )


def _organisation(row: Row) -> str:
    if not row["organisations"] or not row["organisations_b"]:
        return "no organisations to compare"
    return (
        "an organisation in common"
        if row["organisations"] & row["organisations_b"]
        else "other organisations"
    )


WORDS: dict[str, Callable[[Row], str]] = {
    "name": _name,
    "family_name": lambda row: (
        "family names spelled differently" if row["family_same"] is False else "the same family name"
    ),
    "rarity": _rarity,
    "fitting_names": lambda row: (
        f"{max(row['fitting_names'], row['fitting_names_b'])} given names of this initial and family name"
    ),
    "coauthors": _coauthors,
    "met": lambda row: (
        f"co-authors in common of rarity {row['rarity'] or 0.0:.0f}, whatever the kind of name"
    ),
    "coauthor_count": lambda row: (
        f"{min(row['coauthor_count'], row['coauthor_count_b'])} co-authors on the side with fewer"
    ),
    "strangers": lambda row: (
        f"{row['coauthor_count']} and {row['coauthor_count_b']} co-authors, set against how common the name is"
    ),
    "words": lambda row: f"{max(row['words'], 0.0):.0f} rare words in common",
    "years": _years,
    "gap": lambda row: f"{_years(row)}, whatever the kind of name",
    "field": _field,
    "size": lambda row: f"groups of {row['mentions']} and {row['mentions_b']} mentions",
    "namesakes": lambda row: f"{max(row['groups'], row['groups_b'])} groups of this name",
    "organisation": _organisation,
    "name_and_shared": lambda row: (
        f"{'a' if row['rarity'] else 'no'} shared co-author, for a name so {_common(row)}"
    ),
    "name_and_words": lambda row: (
        f"{max(row['words'], 0.0):.0f} rare words in common, for a name so {_common(row)}"
    ),
    "both_counts": lambda row: (
        f"{row['coauthor_count']} and {row['coauthor_count_b']} co-authors, "
        f"{'some' if row['rarity'] else 'none'} in common"
    ),
    "corpus": lambda _: "how often such names return in a corpus of this size",
}
