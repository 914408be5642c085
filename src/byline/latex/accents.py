r"""LaTeX's accents in running text, by its own rules, and the apostrophes that authors write as an accent (`Earth\'s`).

An accent that is a symbol (`\'`) takes the next letter, with a space between them or none; it does not eat the space
behind that letter. One that is a letter (`\v`, `\c`) takes the letter behind a space, braces or another command.
"""

from __future__ import annotations

import re
import unicodedata

from byline.latex.segments import LETTER, MARKS
from byline.latex.tables import ACCENTS, LETTERS

_ACCENT = re.compile(
    rf"\\(?:([{MARKS}])|([cvuHkrbdt])(?=[\s{{\\]))(\s*)(\{{?)\s*"
    rf"(?:\\({LETTER})(?![A-Za-z])|\\?([^\W\d_]*))(?:\{{\}}|\s*\}}|(\s)([a-z]?))?"
)
_STACKED = re.compile(rf"\\([{MARKS}cvuHkrbdt])\s*\{{?(\\(?:[{MARKS}]|d(?=\{{)).*?)\}}?")
_UMLAUTS = frozenset("aeiouyAEIOUYıȷ")
"""Letters that take two dots; before another letter `\\"` is a quote."""
_SHORTENED = {("l", "l"), ("r", "e")}
"""First and second letter of what stands behind an apostrophe: `we\\'ll`, `they\\'re`."""


def accented(segment: str, before: str, after: str, names: bool) -> str | None:
    r"""Return an accent and its letter as one character, what follows in the segment behind it; None where it is none.

    `before` and `after` are the characters beside it ("" where unknown). In names `\'s` is a letter, elsewhere at the
    end of a word it is an apostrophe and an s.
    """
    match = _ACCENT.fullmatch(segment)
    if match is None:
        return _stacked(segment)
    mark, space, brace, command, typed = match[1] or match[2], match[3], match[4], match[5], match[6] or ""
    letters = LETTERS[command].translate({0x131: "i", 0x237: "j"}) if command else typed
    follows = (match[7] or "") * (not match[8]) + (match[8] or "") if match[7] is not None else ""
    if not letters:
        return {"~": "~", "^": "^"}.get(mark, "") if match[1] else None
    if not brace and not command and (plain := _plain(mark, space, letters, (before, after), names)):
        return plain
    single = unicodedata.normalize("NFC", letters[0] + ACCENTS[mark])
    if (
        mark.isalpha()
        and mark != "t"
        and (len(single) > 1 or not _meant(bool(brace), letters, before, after))
    ):
        return None
    return single + letters[1:] + follows


def _stacked(segment: str) -> str | None:
    r"""Return a letter with two accents, `\'{\^e}`; None where the segment is something else."""
    match = _STACKED.fullmatch(segment)
    inner = match[2] + "}" * (match[2].count("{") - match[2].count("}")) if match else ""
    letter = accented(inner, "", "", names=True) if match else None
    if match is None or letter is None:
        return None
    found = unicodedata.normalize("NFC", letter + ACCENTS[match[1]])
    return found if len(found) == 1 else None


def _meant(braced: bool, letters: str, before: str, after: str) -> bool:
    r"""Say whether a letter behind `\c` and a space is its argument: within a word, a capital, or alone."""
    return braced or len(letters) > 1 or before.isalpha() or letters.isupper() or not after.isalpha()


def _plain(mark: str, space: str, letter: str, beside: tuple[str, str], names: bool) -> str | None:
    """Return the quote or apostrophe that an accent was meant as, with its letter; None for an accent."""
    before, after = beside
    if mark == '"' and letter not in _UMLAUTS and len(unicodedata.normalize("NFD", letter)) == 1:
        return f'"{space}{letter}'
    if mark != "'" or not before.isalpha():
        return None
    unknown = len(unicodedata.normalize("NFC", letter + ACCENTS[mark])) > 1
    capital = letter.isupper() and after.islower()
    ending = letter in "sS" and not after.isalpha() and not space
    short = letter == "m" or (letter, after) in _SHORTENED
    plural = before == "s" and bool(space)
    return f"'{space}{letter}" if unknown or capital or (not names and (ending or short or plural)) else None
