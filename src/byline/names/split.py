"""Take one listed name apart: the names whose order or parts are not plain to see come here, one by one."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache
from typing import NamedTuple

from byline.names import lexicon
from byline.names.folding import fold_one

FAMILY_LIKE = 2.0
"""A token is taken for a family name when it is last this many times as often as first ..."""
GIVEN_LIKE = 0.2
"""... and for a given name when it is last at most this share of the times it is first."""
SEEN = 3.0
"""... and it was seen this often. Both from names of known order; with these no plain Western name is turned."""
VIETNAMESE = frozenset(
    ["nguyen", "tran", "pham", "huynh", "phan", "truong", "bui", "hoang", "duong", "dinh", "trinh"]
)
SAINTS = frozenset({"saint", "sainte"})
ROMAN = frozenset({"II", "III", "IV"})


class Parts(NamedTuple):
    """A name taken apart, each part as listed (repaired); `family` is never empty."""

    given: str | None
    particle: str | None
    family: str
    suffix: str | None = None


def split(name: str) -> Parts:
    """Return the parts of a repaired name of a person, in whatever order it was listed."""
    if name.count(",") in {1, 2, 3}:
        by_comma = _split_at_comma(name)
        if by_comma is not None:
            return by_comma
    tokens, suffix = _take_suffix([word for word in name.split(" ") if word != ","])
    if not 0 < len(tokens) <= 12:
        return Parts(None, None, name)
    if len(tokens) == 1:
        return _single(tokens[0], suffix)
    return _western(_family_last(tokens), suffix)


def _single(token: str, suffix: str | None) -> Parts:
    """Split `J.Smith`, `Y.-H.Chen` after the initials; any other single token is a family name."""
    found = re.fullmatch(r"((?:[^\W\d_]\.[- ]?)+)([^\W\d_.][^.]+)", token)
    if found is None:
        return Parts(None, None, token, suffix)
    return Parts(found[1].rstrip("- "), None, found[2], suffix)


def _split_at_comma(name: str) -> Parts | None:
    """Split `Guo, Jian` and `Smith, John, Jr.`; None when a comma parts off nothing but a suffix."""
    pieces = [piece.strip() for piece in name.split(",")]
    pieces = [piece for piece in pieces if piece]
    found = [fold_one(piece).replace(" ", "") for piece in pieces]
    suffix = next((lexicon.suffixes()[key] for key in found[1:] if key in lexicon.suffixes()), None)
    kept = [
        p
        for i, (p, key) in enumerate(zip(pieces, found, strict=True))
        if not i or key not in lexicon.suffixes()
    ]
    if not kept:
        return None
    if len(kept) == 1:
        parts = split(kept[0])
        return parts._replace(suffix=suffix or parts.suffix)
    if len(kept) != 2:
        return None
    tokens, own = _take_suffix(kept[0].split(" "))
    at = 0
    while at < len(tokens) - 1 and _is_particle(tokens[at]):
        at += 1
    given = kept[1].split(" ")
    while len(given) > 1 and given[-1].islower() and given[-1] in lexicon.particles():
        tokens.insert(at, given.pop())
        at += 1
    return Parts(
        _cased(" ".join(given)), " ".join(tokens[:at]) or None, _cased(" ".join(tokens[at:])), suffix or own
    )


def _take_suffix(tokens: list[str]) -> tuple[list[str], str | None]:
    """Part a suffix from the end; Roman numerals only in capitals."""
    suffix = None
    while len(tokens) > 1:
        key = fold_one(tokens[-1]).replace(" ", "")
        roman = key in {"ii", "iii", "iv"}
        if (
            key not in lexicon.suffixes()
            or (roman and tokens[-1].strip(".,") not in ROMAN)
            or (key == "md" and len(tokens) < 3)
        ):
            break
        suffix = lexicon.suffixes()[key] if suffix is None else suffix
        tokens = tokens[:-1]
    if suffix is not None:
        tokens = [*tokens[:-1], tokens[-1].rstrip(",") or tokens[-1]]
    return tokens, suffix


def _is_particle(token: str) -> bool:
    """Tell a particle: in lower case any, in capitals those that are not names of their own."""
    return token in lexicon.particles() or token.lower() in lexicon.strong_particles()


@lru_cache(maxsize=1 << 15)
def _is_caps(token: str) -> bool:
    if not token.isupper() or "." in token:
        return False
    letters = [c for c in token if c.isalpha()]
    return len(letters) > 1 and all(c.isupper() for c in letters)


def _rate(token: str) -> tuple[float, float]:
    given, family = lexicon.count_of(fold_one(token))
    return given, family


def family_like(token: str) -> bool:
    """Tell whether a token is far oftener a family name than a first name."""
    given, family = _rate(token)
    return family >= SEEN and family >= FAMILY_LIKE * (given + 0.5)


def _given_like(token: str) -> bool:
    given, family = _rate(token)
    return given >= SEEN and family <= GIVEN_LIKE * given


def _family_last(tokens: list[str]) -> list[str]:
    """Return the tokens in Western order: the family name moved to the end where the listing put it first."""
    first, last = tokens[0], tokens[-1]
    if _is_initial(first) or (len(tokens) == 2 and _is_initial(last)):
        return tokens if _is_initial(first) else [last, first]
    if len(tokens) > 2 and _is_particle(last):  # "Berg Anna Van"
        return [*tokens[1:-1], last, first]
    caps = [_is_caps(token) for token in tokens]
    if caps[0] and not caps[-1] and not _caps_are_initials(first, last):  # "WU Xi-mei"
        run = next(i for i, is_caps in enumerate(caps) if not is_caps)
        return [*tokens[run:], *tokens[:run]]
    if fold_one(first) in VIETNAMESE and len(tokens) > 2 and not family_like(last):
        return [*tokens[1:], first]
    if family_like(first) and not family_like(last) and (_given_like(last) or _eastern_given(last)):
        return [*tokens[1:], first]
    return tokens


def _is_initial(token: str) -> bool:
    return len(token.rstrip(".")) == 1 or re.fullmatch(r"(?:[^\W\d_]\.-?)+", token) is not None


def _caps_are_initials(first: str, last: str) -> bool:
    """Tell `JM Smith` from `WU Ximei`."""
    return len(first) <= 3 and not (family_like(first) and not family_like(last))


def _eastern_given(token: str) -> bool:
    """Tell a hyphenated given name with a small second half (`Xi-mei`, `Min-jun`)."""
    head, dash, tail = token.partition("-")
    return bool(dash) and head[:1].isupper() and tail.islower()


def _western(tokens: list[str], suffix: str | None) -> Parts:
    """Split tokens in Western order: given names, particles, family name."""
    at = _family_start(tokens)
    end = at
    while end < len(tokens) - 1 and _is_particle(tokens[end]):
        end += 1
    given = _spaced(tokens[:at], tokens)
    return Parts(given, " ".join(tokens[at:end]) or None, _cased(" ".join(tokens[end:])), suffix)


def _family_start(tokens: list[str]) -> int:
    """Return where the family name (with its particles) begins."""
    last = len(tokens) - 1
    vietnamese = fold_one(tokens[0]) in VIETNAMESE or fold_one(tokens[last]) in VIETNAMESE
    for i in range(last):
        token = tokens[i]
        if token in {"y", "e", "i"} and i > 1:  # "Ramon Ortega y Gasset"
            return i - 1
        if i == 0 and not (token.islower() and not tokens[1].islower()):
            continue
        if _is_particle(token) and not vietnamese:
            return i
    return last - 1 if last > 1 and _is_double(tokens[last - 1], tokens[last]) else last


def _is_double(one: str, other: str) -> bool:
    """Tell whether the last two tokens are a double surname: `Gil Moreno`, `Ledesma Ruiz`, `Saint Clair`."""
    if _is_initial(one) or _is_initial(other):
        return False
    spanish = lexicon.double_surnames()
    if fold_one(one) in spanish or fold_one(one) in SAINTS:
        return True
    return fold_one(other) in spanish and family_like(one)


def _spaced(given: list[str], tokens: list[str]) -> str | None:
    """Return the given names for display; in a name all in capitals or small letters each word gets its capital."""
    return _cased(" ".join(given), alone=not any(_mixed(token) for token in tokens)) or None


def _mixed(token: str) -> bool:
    return any(c.islower() for c in token) and any(c.isupper() for c in token)


def _cased(text: str, *, alone: bool = True) -> str:
    """Return words in capitals or small letters with a capital first; initials and mixed words stay."""
    if not alone:
        return text
    words = text.split(" ")
    return " ".join(
        _capital(word) if _is_caps(word) or (word.islower() and not _joins(word)) else word for word in words
    )


def _joins(word: str) -> bool:
    return word in lexicon.particles()


def _capital(word: str) -> str:
    if "." in word or (len(word) <= 2 and word.isupper() and not any(c in "AEIOUY" for c in word)):
        return word
    parts = (part[:1].title() + part[1:].replace("İ", "i").lower() for part in word.split("-"))
    return unicodedata.normalize("NFC", "-".join(parts))
