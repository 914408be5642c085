"""Which end of a listed name the family name stands at."""

from __future__ import annotations

from typing import NamedTuple

from byline.names.folding import fold_one
from byline.names.tokens import (
    family_like,
    given_like,
    is_caps,
    is_initial,
    is_joined,
    is_particle,
    looks_eastern,
    particle_kind,
)
from byline.names.wordlists import (
    east_asian_surnames,
    given_syllables,
    particles,
    vietnamese_more,
    vietnamese_surnames,
)

SINGLE_LETTER_SURNAMES = frozenset({"E", "O"})
"""Chinese and Korean family names of one letter."""
VIETNAMESE_MIDDLE = frozenset({"van", "thi"})
"""The two middle names that most Vietnamese have one of."""
TURNED_PARTICLES = frozenset({"van", "von", "vander"})
"""Particles that indexes put behind the given name, with a capital too: `Berg Anna Van`."""


class Ordered(NamedTuple):
    """A name's words, given names first; `start` is where the family name begins, None where that is still open."""

    words: list[str]
    start: int | None = None


def family_last(words: list[str]) -> Ordered:
    """Return a name's words in Western order: the family name moved to the end where the listing put it first."""
    first, last = words[0], words[-1]
    count = trailing_initials(words)
    if count:
        return _initials_moved(words, count)
    if is_initial(first):
        return Ordered(words)
    turned = len(words) > 2 and last.islower() and is_particle(last) and not words[-2].islower()
    if turned or _is_turned(words):  # "Berg Anna van"
        return Ordered([*words[1:-1], last, first])
    by_capitals = _by_capitals(words)
    if by_capitals is not None:
        return by_capitals
    if len(words) > 2 and _is_vietnamese_inner(words):
        return Ordered([*words[:-2], last, words[-2]])
    return Ordered([*words[1:], first] if _is_family_first(words) else words)


def _is_family_first(words: list[str]) -> bool:
    """Tell that the family name stands first: by Vietnamese custom, or as both ends are used elsewhere."""
    first, last = words[0], words[-1]
    if len(words) > 2 and _is_vietnamese_first(words):
        return True
    if len(words) == 2 and fold_one(first) in east_asian_surnames() and _eastern_given(last):
        return True  # "Lee Min-ho", though Lee is a given name, too
    return family_like(first) and not family_like(last) and (given_like(last) or _eastern_given(last))


def trailing_initials(words: list[str]) -> int:
    """Return how many words at the end are initials: `Lindqvist A B`, `Lindqvist AB`, `Petrov Yu. A.`."""
    if len(words) < 2 or is_initial(words[0]):
        return 0
    count = 0
    while count < len(words) - 1 and is_initial(words[-1 - count]):
        count += 1
    if count == 1 and len(words) == 2 and words[1] in SINGLE_LETTER_SURNAMES and looks_eastern(words[0]):
        return 0  # "Weilan E"
    return count or int(_joined_at_end(words))


def _joined_at_end(words: list[str]) -> bool:
    """Tell `Lindqvist AB` from `Zejun MA` and `JAN KOS`: what the capitals and the word before them are elsewhere."""
    last, key = words[-1], fold_one(words[-1]).replace(" ", "")
    before = words[:-1]
    if not is_joined(last) or len(before) > 4:
        return False
    name = next((word for word in before if not is_particle(word)), before[0])
    if len(before) > 1 and all(word.islower() and is_particle(word) for word in before[:-1]):
        return True
    surname = key in east_asian_surnames() or family_like(last)
    if surname or (key in given_syllables() and looks_eastern(name)):
        return family_like(name) and not given_like(name) and not is_caps(name) and not looks_eastern(name)
    if not any(c in "AEIOUY" for c in last.upper()):
        return not (is_caps(name) and given_like(name))
    several = len([word for word in before if particle_kind(word) is None]) > 1
    return not given_like(name) and (not several or family_like(name))


def _initials_moved(words: list[str], count: int) -> Ordered:
    """Put initials that stand at the end behind the given names, or first where there are none."""
    names, initials = words[:-count], words[-count:]
    joined = count == 1 and is_joined(initials[0])
    particles_first = len(names) > 1 and all(particle_kind(word) is not None for word in names[:-1])
    inner = any(word.islower() and is_particle(word) for word in names[1:-1])
    if (
        len(names) == 1
        or particles_first
        or (joined and not given_like(names[0]))
        or (inner and family_like(names[0]))
    ):
        return Ordered([*initials, *names], count)
    if family_like(names[0]) and not family_like(names[-1]) and given_like(names[1]):  # "Lindqvist Anna B"
        return Ordered([*names[1:], *initials, names[0]], len(words) - 1)
    return Ordered([*names[:-1], *initials, names[-1]], len(words) - 1)


def _is_turned(words: list[str]) -> bool:
    known = len(words) == 3 and words[-1].lower() in TURNED_PARTICLES
    return known and family_like(words[0]) and not looks_eastern(words[0]) and given_like(words[1])


def _by_capitals(words: list[str]) -> Ordered | None:
    """Find the family name by its capitals: `WU Xi-mei`, `Ana Maria REYES LOBO`."""
    caps = [is_caps(word) for word in words]
    if not any(caps):
        return None
    first = words[0]
    if caps[0] and not caps[-1] and not _caps_are_initials(words):
        run = next(i for i, is_capital in enumerate(caps) if not is_capital)
        return Ordered([*words[run:], *words[:run]], len(words) - run)
    start = len(words) - next(
        (i for i, is_capital in enumerate(reversed(caps)) if not is_capital), len(words)
    )
    if 0 < start < len(words) - 1 and not is_initial(first):
        while start < len(words) - 1 and is_joined(words[start]) and words[start].lower() not in particles():
            start += 1
        return Ordered(words, start)
    return None


def _caps_are_initials(words: list[str]) -> bool:
    """Tell `JM Smith` from `WU Ximei` and `DE LA VEGA Ana`."""
    first, second = words[:2]
    family = family_like(first) and not family_like(words[-1])
    particle = first.lower() in particles() and is_caps(second)
    return len(first) <= 3 and not family and not particle


def _is_vietnamese_first(words: list[str]) -> bool:
    """Tell `Nguyen Thi Hoa`, and `Le Van Hoa`, whose family name other countries have too, by the middle name."""
    first, second = fold_one(words[0]), fold_one(words[1])
    if first in vietnamese_surnames():
        return not family_like(words[-1])
    return (
        first in vietnamese_more()
        and second in VIETNAMESE_MIDDLE
        and fold_one(words[-1]) not in vietnamese_surnames()
    )


def _is_vietnamese_inner(words: list[str]) -> bool:
    """Tell `Hoa Pham Van`: the given name put first, family and middle name left in their order."""
    first, family, middle = (fold_one(word) for word in (words[0], *words[-2:]))
    known = family in vietnamese_surnames() or family in vietnamese_more()
    return middle in VIETNAMESE_MIDDLE and known and first not in vietnamese_surnames()


def _eastern_given(word: str) -> bool:
    """Tell a hyphenated given name with a small second half (`Xi-mei`, `Min-jun`)."""
    head, dash, tail = word.partition("-")
    return bool(dash) and head[:1].isupper() and tail.islower()
