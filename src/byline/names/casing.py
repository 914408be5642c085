"""How the words of a name are written: a capital first where the listing wrote all capitals or all small letters."""

from __future__ import annotations

import re
import unicodedata

from byline.names import lexicon
from byline.names.folding import fold_one
from byline.names.tokens import SOUND, is_caps
from byline.names.wordlists import particles, second_capital, usual_writing

APART = re.compile(r"([-'’])")
ELIDED = frozenset({"dell", "dall", "nell", "sant", "all", "degl"})
"""Italian words that lose their vowel before another: a capital follows their apostrophe, as behind a single letter
(`D'Angelo`, `O'Neill`; but `Sha'ban`)."""
SOUNDS, SOUNDS_JOINED = re.compile(rf"{SOUND}|[A-Z]"), re.compile(rf"(?=.*[a-z])(?:{SOUND}|[A-Z]){{2,3}}")
"""Initials run together of which one is a sound that takes two Latin letters: `YuA` is `Yu. A.`."""
NAME_SEEN = 15.0
"""A word of two or three capitals that was seen so often as a first name is one (`YI` 456 times in 367,000, `JO` 19);
else it is initials (`JA` 3, `EE` 8). `lexicon.counts`."""


def cased_family(text: str) -> str:
    """Return a family name with a capital first in each word that is all in capitals or small letters."""
    words = text.split(" ")
    out = [_family_word(word, last=i == len(words) - 1) for i, word in enumerate(words)]
    return " ".join(out)


def _family_word(word: str, *, last: bool) -> str:
    if not last and word.islower():  # "Berg en Dal", "Ruiz del Olmedal"
        return word
    if not last and is_caps(word) and word.lower() in particles():
        return usual_writing()[word.lower()]
    return capital(word) if is_caps(word) or word.islower() else word


def cased_particle(text: str, *, all_caps: bool) -> str:
    """Return particles as listed; in a name all in capitals as they are usually written."""
    if not all_caps:
        return text
    return " ".join(usual_writing().get(word.lower(), word) for word in text.split(" "))


def cased_given(words: list[str], *, mixed: bool) -> str:
    """Return given names for display. `mixed`: another word of the name has both capitals and small letters."""
    return " ".join(_given_word(word, mixed=mixed) for word in words)


def _given_word(word: str, *, mixed: bool) -> str:
    if word.islower() and not mixed and word not in particles():
        return capital(word)
    if not is_caps(word):
        return ". ".join(SOUNDS.findall(word)) + "." if SOUNDS_JOINED.fullmatch(word) else word
    letters = word.replace("-", "")
    if len(letters) <= 3 and not _is_name(word, mixed=mixed):
        return word  # initials: JA, MC, JAB, J-P
    return capital(word)


def _is_name(word: str, *, mixed: bool) -> bool:
    """Tell a short given name in capitals (`JAN`, `YI`) from initials (`JA`, `MC`)."""
    if not any(c in "AEIOUYÄÖÜÉÈÁÍÓÚØÅ" for c in word):
        return False
    if mixed and len(word) == 2:
        return False
    seen, _ = lexicon.count_of(fold_one(word).replace(" ", ""))
    return seen >= NAME_SEEN or (len(word) == 3 and not mixed)


def capital(word: str) -> str:
    """Return a word with a capital first, also in its parts: `Jean-Pierre`, `O'Neill`, `McKenzie`, `MacDonald`."""
    if "." in word:
        return word
    parts = APART.split(word)
    out, before = [], ""
    for i, part in enumerate(parts):
        mark = parts[i - 1] if i else ""
        joined = mark in ("'", "’") and not (len(before) <= 1 or before.lower() in ELIDED)
        out.append(part.lower() if joined else _first(part))
        before = part if i % 2 == 0 else before
    return unicodedata.normalize("NFC", "".join(out))


def _first(part: str) -> str:
    lower = part.replace("İ", "i").lower()
    if len(part) > 1 and part[-1] == "Σ":
        lower = lower[:-1] + "ς"
    if lower[:2] == "mc" and len(lower) > 4:
        return f"Mc{lower[2].upper()}{lower[3:]}"
    if lower[:3] == "mac" and lower in second_capital():
        return f"Mac{lower[3].upper()}{lower[4:]}"
    return part[:1].title() + lower[1:]


def in_capitals(words: list[str]) -> bool:
    """Tell a name all in capitals: none of its words has a small letter, and one is no initial."""
    return all(word == word.upper() for word in words) and any(map(is_caps, words))
