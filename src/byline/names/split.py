"""Take one listed name apart: the names whose order or parts are not plain to see come here, one by one."""

from __future__ import annotations

import re
from typing import NamedTuple

from byline.names import casing, native
from byline.names.affixes import (
    is_number,
    suffix_between_commas,
    take_suffix,
    without_nicknames,
    without_titles,
)
from byline.names.folding import fold_one
from byline.names.order import family_last
from byline.names.tokens import (
    family_like,
    given_like,
    is_caps,
    is_initial,
    is_mixed,
    is_particle,
    looks_eastern,
    may_be_family,
    particle_kind,
)
from byline.names.wordlists import (
    Particle,
    east_asian_surnames,
    given_with_particle,
    spanish_surnames,
    vietnamese_surnames,
    vietnamese_syllables,
)

MANY_WORDS = 12
"""A name of more words is no name of a person; it is left whole."""
MARIAN = frozenset({"maria", "mari", "ma", "m", "jose", "j", "ana"})
"""First names, folded, that take a feast or invocation with a particle: `María del Mar`."""
SPANISH = frozenset({"de", "del"})
"""Particles behind which a given name's feast is Spanish, so that all that follows is a (double) family name."""
BELIEVERS = frozenset({"din", "deen", "dine", "ddin"})
"""Arabic: what an article and this make is one name with the word before: `Saad El Din`."""


class Parts(NamedTuple):
    """A name taken apart, each part as listed (repaired); `family` is never empty."""

    given: str | None
    particle: str | None
    family: str
    suffix: str | None = None


def split(name: str) -> Parts:
    """Return the parts of a repaired name of a person, in whatever order it was listed."""
    name = without_nicknames(name)
    if name.count(",") in {1, 2, 3}:
        by_comma = _split_at_comma(name)
        if by_comma is not None:
            return by_comma
    words, suffix = take_suffix(without_titles([word for word in name.split(" ") if word not in ("", ",")]))
    if not 0 < len(words) <= MANY_WORDS:
        return Parts(None, None, name)
    if all(map(native.is_native, words)):
        given, family = native.apart(words)
        return Parts(given, None, family, suffix)
    if len(words) == 1:
        return _single(words[0], suffix)
    ordered = family_last(words)
    start = _family_start(ordered.words) if ordered.start is None else ordered.start
    return _parts(ordered.words[:start], ordered.words[start:], suffix)


def from_parts(given: str | None, family: str, suffix: str | None = None) -> Parts:
    """Return the parts of a name whose given and family names are told apart already; each part repaired.

    The family name may carry its particle in front or a suffix behind, the given names a title in front, and a
    particle or a suffix behind (`Ludwig van`, `HL 3rd`).
    """
    families, born = take_suffix(family.split(" "))
    if born is None and given and len(families) > 1 and is_number(families[-1]):
        *families, born = families  # `Burke III, William`
    givens, also = take_suffix(["", *without_titles(without_nicknames(given or "").split(" "))])
    givens = [word for word in givens if word]
    said = suffix_between_commas(suffix) if suffix else None
    behind: list[str] = []
    while len(givens) > 1 and givens[-1].islower() and is_particle(givens[-1]):
        behind.insert(0, givens.pop())
    return _parts(givens, [*behind, *families], said or suffix or born or also)


def _parts(givens: list[str], families: list[str], suffix: str | None) -> Parts:
    """Put the parts together from the words on both sides of the border, each with a capital where it needs one."""
    end = 0
    while end < len(families) - 1 and is_particle(families[end]):
        end += 1
    words = [*givens, *families]
    mixed = any(is_mixed(word) for word in words)
    given = casing.cased_given(givens, mixed=mixed)
    particle = casing.cased_particle(" ".join(families[:end]), all_caps=casing.in_capitals(families))
    return Parts(given or None, particle or None, casing.cased_family(" ".join(families[end:])), suffix)


def _single(word: str, suffix: str | None) -> Parts:
    """Split `J.Smith`, `Y.-H.Chen` after the initials; any other single word is a family name."""
    found = re.fullmatch(r"((?:[^\W\d_]\.[- ]?)+)([^\W\d_.][^.]+)", word)
    if found is None:
        return Parts(
            None, None, casing.cased_family(word) if is_caps(word) and len(word) > 4 else word, suffix
        )
    return Parts(found[1].rstrip("- "), None, casing.cased_family(found[2]), suffix)


def _split_at_comma(name: str) -> Parts | None:
    """Split `Guo, Jian` and `Smith, John, Jr.`; None when the commas say neither a family name nor a suffix."""
    pieces = [piece.strip() for piece in name.split(",") if piece.strip()]
    if not pieces:
        return None
    found = [None, *map(suffix_between_commas, pieces[1:])]
    if len(pieces) == 2 and _are_initials(pieces):
        found[1] = None
    kept = [piece for piece, shown in zip(pieces, found, strict=True) if shown is None]
    suffix = next((shown for shown in found if shown is not None), None)
    if len(kept) == 1:
        parts = split(kept[0])
        return parts._replace(suffix=suffix if suffix and parts.suffix is None else parts.suffix)
    return from_parts(kept[1], kept[0], suffix) if len(kept) == 2 else None


def _are_initials(pieces: list[str]) -> bool:
    """Tell `Keller, MA` from `Anna Keller, MA`: behind one word two or three capitals are initials."""
    family = [word for word in pieces[0].split(" ") if not is_particle(word)]
    letters = re.sub(r"[\s.]", "", pieces[1])
    return len(family) == 1 and letters.isupper() and len(letters) <= 3 and letters != "III"


def _family_start(words: list[str]) -> int:
    """Return where the family name (with its particles) begins among words in Western order."""
    last = len(words) - 1
    vietnamese = _is_vietnamese(words)
    i = 0
    while i < last:
        if i > 1 and _joins_surnames(words, i):  # "Ramon Ortega y Gasset"
            return i - 1
        if not vietnamese and _begins_family(words, i) and (i > 0 or _leads(words)):
            marian = _marian_end(words, i)
            if marian is None:
                return i - 1 if i > 1 and _takes_word_before(words, i) else i
            if words[i] in SPANISH and not any(is_particle(word) for word in words[marian + 1 : -1]):
                return marian + 1  # "María del Mar Gallardo Ruiz"
            i = marian
        i += 1
    return last - 1 if last > 1 and _is_double(words[last - 1], words[last]) else last


def _begins_family(words: list[str], i: int) -> bool:
    """Tell whether a word is the particle or article that begins the family name, not a given name of its own."""
    word, last = words[i], words[-1]
    kind = particle_kind(word)
    if kind is None or word.islower():
        return kind is not None
    if fold_one(last) not in east_asian_surnames():
        return kind is not Particle.ARTICLE or i > 0
    return kind is Particle.ANY and not looks_eastern(words[i - 1])  # "Richard Yi Da Xu", "Shu Bin Liu"


def _leads(words: list[str]) -> bool:
    """Tell a family name without a given name: `van Oostmeer`, `De la Higuera`."""
    if words[0].islower():
        return not words[1].islower()
    particles = [particle_kind(word) is not None for word in words[:-1]]
    return all(particles) and len(words) > 2 and any(word.islower() for word in words[1:-1])


def _is_vietnamese(words: list[str]) -> bool:
    """Tell a Vietnamese name: by its family name, or because it consists of Vietnamese syllables."""
    surnames = vietnamese_surnames()
    if fold_one(words[0]) in surnames or fold_one(words[-1]) in surnames:
        return True
    if len(words) < 3:
        return False
    if any(word.islower() for word in words):
        return False
    folded = [fold_one(word) for word in words]
    full = [word for word in folded if len(word) > 1]
    return len(full) > 2 and all(word in vietnamese_syllables() for word in full)


def _joins_surnames(words: list[str], i: int) -> bool:
    """Tell the `y`, `e` or `i` between two family names; `Y` too, behind a word that is one."""
    before = words[i - 1]
    if words[i] == "Y":
        return not is_initial(before) and (fold_one(before) in spanish_surnames() or family_like(before))
    return words[i] in {"y", "e", "i"}


def _takes_word_before(words: list[str], i: int) -> bool:
    """Tell a family name that began before its particle: `Ruiz del Olmedal`, `Saad El Din`."""
    before, word, last = words[i - 1], words[i], words[-1]
    if is_initial(before):
        return False
    if fold_one(last) in BELIEVERS:
        return particle_kind(word) is Particle.ARTICLE and i == len(words) - 2
    if fold_one(before) in spanish_surnames():
        return word.lower() in {"de", "del", "san", "santa", "la"}
    spanish = word == "del" or (word == "de" and words[i + 1] in {"la", "las", "los"})
    return spanish and may_be_family(before)


def _marian_end(words: list[str], i: int) -> int | None:
    """Return where a given name with a particle ends: `María del Mar` before a family name."""
    if fold_one(words[0]) not in MARIAN or not words[i].islower():
        return None
    end = i
    while end < len(words) - 1 and is_particle(words[end]):
        end += 1
    return end if end < len(words) - 1 and fold_one(words[end]) in given_with_particle() else None


def _is_double(one: str, other: str) -> bool:
    """Tell whether the last two words are a double surname: `Gil Moreno`, `Ledesma Ruiz`."""
    if is_initial(one) or is_initial(other):
        return False
    spanish = spanish_surnames()
    return fold_one(one) in spanish or (
        fold_one(other) in spanish and family_like(one) and not given_like(one)
    )
