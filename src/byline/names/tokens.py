"""What single words of a name are: initials, words in capitals, particles, words of an eastern name."""

from __future__ import annotations

import re
from functools import lru_cache

from byline.names import lexicon
from byline.names.folding import fold_one
from byline.names.wordlists import (
    Particle,
    east_asian_surnames,
    given_syllables,
    particles,
    syllables,
    vietnamese_syllables,
)

PIECES = re.compile(r"[^\W\d_]{1,3}\.?(?:-?[^\W\d_]{1,3}\.)*(?:-?[^\W\d_]\.?)?")
SOUND = "Yu|Ya|Ye|Iu|Ia|Zh|Kh|Ch|Sh|Ts|Th|Ph|Kr|Dz|Dj"
"""Sounds that Cyrillic and Greek write with one letter: initials of two ("Starikov YuA")."""
JOINED = re.compile(rf"(?:[A-Z]|{SOUND}){{2,3}}|[A-Z](?:-[A-Z]){{1,2}}")
WHOLE_WITH_STOP = frozenset({"md", "mohd"})
"""Short forms with a stop that are names of their own (Mohammad), not initials."""


@lru_cache(maxsize=1 << 15)
def is_initial(token: str) -> bool:
    """Tell initials written as such: `J`, `J.`, `J.-P.`, `B.D.`, and those of several letters: `Yu.`, `Chr.`."""
    if PIECES.fullmatch(token) is None:
        return False
    pieces = [piece for piece in re.split(r"[.-]", token) if piece]
    if not all(piece[0].isupper() and (len(piece) == 1 or piece[1:].islower()) for piece in pieces):
        return len(pieces) == 1 and len(pieces[0]) == 1 and pieces[0].islower()  # "j. smith"
    short = any(len(piece) > 1 for piece in pieces)
    return not short or (token.count(".") >= len(pieces) and pieces[0].lower() not in WHOLE_WITH_STOP)


def is_joined(token: str) -> bool:
    """Tell what may be initials run together without stops: `JA`, `JAB`, `J-P`, `YuA`; the caller decides."""
    return JOINED.fullmatch(token) is not None or (
        token.isupper() and 2 <= len(token) <= 3 and token.isalpha()
    )


@lru_cache(maxsize=1 << 15)
def is_caps(token: str) -> bool:
    """Tell a word of two letters and more, all capitals, without a stop."""
    if not token.isupper() or "." in token:
        return False
    letters = [c for c in token if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters)


def is_mixed(token: str) -> bool:
    """Tell a word with both capitals and small letters."""
    return token != token.upper() and token != token.lower()


def particle_kind(token: str) -> Particle | None:
    """Return the kind of particle that a word is in the writing it has here; None for any other word."""
    kind = particles().get(token.lower())
    if kind is Particle.LOWER and token != token.lower():
        return None
    return kind


def is_particle(token: str) -> bool:
    """Tell a word that stands in `particle`, not in the family name."""
    kind = particle_kind(token)
    return kind in (Particle.LOWER, Particle.ANY) or (kind is Particle.ARTICLE and token.islower())


def looks_eastern(token: str) -> bool:
    """Tell a word that is written like a Chinese, Korean or Vietnamese name."""
    key = fold_one(token).replace(" ", "")
    known = key in east_asian_surnames() or key in given_syllables() or key in vietnamese_syllables()
    return known or len(syllables(key)) == 2 or ("-" in token and all(map(looks_eastern, token.split("-"))))


def family_like(token: str) -> bool:
    """Tell whether a word is far oftener a family name than a first name."""
    return lexicon.family_like(fold_one(token))


def may_be_family(token: str) -> bool:
    """Tell whether a word is a family name nearly as often as a first name, or oftener."""
    return lexicon.may_be_family(fold_one(token))


def given_like(token: str) -> bool:
    """Tell whether a word is far oftener a first name than a family name."""
    return lexicon.given_like(fold_one(token))
