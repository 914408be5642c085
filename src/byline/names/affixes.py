"""What stands around a name and is no part of it: titles before it, nicknames inside, suffixes behind it."""

from __future__ import annotations

import re

from byline.names.folding import fold_one
from byline.names.tokens import family_like, given_like, is_initial, looks_eastern
from byline.names.wordlists import (
    before_initials,
    east_asian_surnames,
    suffixes,
    title_words,
    titles,
    western_given,
)

NICKNAME = re.compile(
    r"""(?<=[^\W\d_.])\s+(?:"[^"]{1,30}"|“[^“”]{1,30}[“”]|„[^“”„]{1,30}[“”]|«[^«»]{1,30}»|''[^']{1,30}''|‘[^‘’]{2,30}’"""
    r"""|'[^\W\d_][^' ]{1,20}')(?=\s+\S)"""
)
LAST_WORDS = frozenset({"d", "sc", "phil", "eng", "tech", "nat", "med", "habil", "ed"})
"""Last words, folded, of degrees in several words ("Ph. D.", "M. Sc.", "Dr. rer. nat.")."""
LONGEST_TITLE = 4
"""Words of the longest title ("Prof. Dr. rer. nat.")."""


def without_nicknames(name: str) -> str:
    """Return a name without a nickname in quotes: `Bo "Red" Lindgren`."""
    return NICKNAME.sub("", name)


def without_titles(words: list[str]) -> list[str]:
    """Return the words of a name without the titles before it."""
    while len(words) > 1 and fold_one(words[0]).split(" ")[0] in title_words():
        for size in range(min(LONGEST_TITLE, len(words) - 1), 0, -1):
            if _is_title(words[:size], len(words) - size):
                words = words[size:]
                break
        else:
            return words
    return words


def _is_title(words: list[str], following: int) -> bool:
    needed = titles().get(fold_one(" ".join(words)))
    if needed is None or following < needed or not words[0][0].isupper():
        return False
    stop = words[-1].endswith(".")
    initials = len(words) == 1 and len(words[0]) <= 3 and words[0].isupper()
    return (
        (needed == 1 and not initials)
        or (stop and not initials)
        or words[0] in ("Sir", "Dame", "Lord", "Rev")
    )


def _key(text: str) -> str:
    """Return a suffix or title as the lists have it: letters and digits, lower case, without accents."""
    digits = re.match(r"\d", text)
    folded = fold_one(text).replace(" ", "")
    return digits[0] + folded if digits else folded


def suffix_between_commas(piece: str) -> str | None:
    """Return how a piece between commas is shown if it is nothing but a suffix; None for anything else."""
    found = suffixes().get(_key(piece))
    if found is None:
        return None
    letters = re.sub(r"[\s.,-]", "", piece)
    exact = found.kind in ("exact", "roman")
    return None if exact and letters != re.sub(r"[\s.,-]", "", found.shown) else found.shown


def is_number(word: str) -> bool:
    """Tell a Roman number that counts generations behind a family name, in capitals: `III`."""
    found = suffixes().get(_key(word))
    return found is not None and found.kind == "roman" and word == found.shown


def take_suffix(words: list[str]) -> tuple[list[str], str | None]:
    """Part the suffixes from the end of a name's words; of several the first of a generation is the one."""
    taken: list[tuple[str, str]] = []
    while len(words) > 1:
        for size in (3, 2, 1) if fold_one(words[-1]) in LAST_WORDS else (1,):
            found = _suffix_at_end(words, size) if size < len(words) else None
            if found is not None:
                taken.append(found)
                words = words[:-size]
                break
        else:
            break
    if not taken:
        return words, None
    words = [*words[:-1], words[-1].rstrip(",") or words[-1]]
    born = [shown for shown, kind in taken if kind != "degree"]
    return words, born[-1] if born else taken[-1][0]


def _suffix_at_end(words: list[str], size: int) -> tuple[str, str] | None:
    """Return the suffix that the last `size` words are, and its kind; None when they are part of the name."""
    text, before = " ".join(words[-size:]), words[:-size]
    found = suffixes().get(_key(text))
    if found is None or found.kind == "exact":
        return None
    letters = re.sub(r"[\s.,-]", "", text)
    known = {
        "generation": True,
        "kin": len(before) > 1
        and not (is_initial(before[-1]) or given_like(before[-1]))
        and letters[:1].isupper() == before[-1][:1].isupper(),
        "roman": letters == found.shown and "." not in text and _takes_number(before, found.shown),
        "degree": len(before) > 1 and _is_degree(letters, found.shown, text),
    }[found.kind]
    return (found.shown, found.kind) if known else None


def _is_degree(letters: str, shown: str, text: str) -> bool:
    """Tell a degree from a name or initials: as it is written, or with stops; of several words not "M. D."."""
    pieces = text.split()
    if len(pieces) > 1 and ("." not in text or all(len(piece.rstrip(".")) == 1 for piece in pieces)):
        return False
    plain = re.sub(r"[\s.]", "", shown)
    written = letters == plain or ("." in text and letters.lower() == plain.lower()) or letters.isupper()
    return written and letters.lower() not in east_asian_surnames()


def _takes_number(before: list[str], number: str) -> bool:
    """Tell whether a Roman number behind these words counts generations: behind one word it is initials (`Petrov II`).

    V and VI are initials too (`Anand Kumar V`): they count only behind a Western first name and a family name, V behind
    a common first name, a known family name or an initial (`Henry A. Pymble V`).
    """
    if len(before) < 2:
        return False
    if number not in ("V", "VI"):
        return True
    if given_like(before[-1]) or _indian(before) or looks_eastern(before[-1]):
        return False
    if number == "VI":
        return not is_initial(before[0])
    western = fold_one(before[0]) in western_given()
    known = western or (given_like(before[0]) and family_like(before[-1]))
    return known or (len(before) > 2 and not is_initial(before[0]) and is_initial(before[1]))


def _indian(words: list[str]) -> bool:
    """Tell a name behind which a single letter is an initial, as Southern India writes it."""
    return any(fold_one(word) in before_initials() for word in words)
