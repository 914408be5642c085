"""Kinds of characters, and their folded letters, as lookup tables over code points."""

import unicodedata

import numpy as np
from numpy.typing import NDArray

# Kinds, 4 bits each. EDGE is the sentinel between two lines of a batch and stands in no text.
EDGE, SPACE, LOWER, UPPER, UNCASED, DIGIT, STOP, COMMA, HYPHEN, APOSTROPHE = range(10)
CLOSER, MARK, DOLLAR, OPENER, OTHER = 10, 11, 12, 13, 14

Translated = tuple[NDArray[np.uint8], NDArray[np.uint32]]
TABLE_SIZE = 0x3100  # above lie the uncased scripts (CJK, Hangul, ...), full-width forms and symbols
_SPECIAL = {
    ".": STOP,
    ",": COMMA,
    "、": COMMA,
    "@": OPENER,
    "'": APOSTROPHE,
    "’": APOSTROPHE,
    "ʼ": APOSTROPHE,
    "`": APOSTROPHE,
    '"': CLOSER,
    "$": DOLLAR,
    "!": MARK,
    "?": MARK,
    ":": MARK,
    ";": MARK,
}
_BY_CATEGORY = {
    "Lu": UPPER,
    "Lt": UPPER,
    "Ll": LOWER,
    "Mn": LOWER,
    "Mc": LOWER,
    "Lo": UNCASED,
    "Lm": UNCASED,
    "Nd": DIGIT,
    "Nl": DIGIT,
    "No": DIGIT,
    "Pd": HYPHEN,
    "Ps": OPENER,
    "Pi": OPENER,
    "Pe": CLOSER,
    "Pf": CLOSER,
    "Zs": SPACE,
}


def _kind(character: str) -> int:
    return _SPECIAL.get(character, _BY_CATEGORY.get(unicodedata.category(character), OTHER))


def _fold(character: str) -> int:
    """Lower case without diacritics: the first character of the compatibility decomposition."""
    first = unicodedata.normalize("NFKD", character.lower())[:1]
    return ord(first) if first and ord(first) < TABLE_SIZE else ord(character)


def build_tables() -> tuple[NDArray[np.uint8], NDArray[np.uint16]]:
    """Make the tables of kinds and of folded letters from the Unicode database of this Python.

    They ship with the model, so that a byline reads alike under every Python.
    """
    characters = [chr(code) for code in range(TABLE_SIZE)]
    kinds = np.array([_kind(c) for c in characters], dtype=np.uint8)
    folds = np.array([_fold(c) for c in characters], dtype=np.uint16)
    return kinds, folds


def translate(codes: NDArray[np.uint32], kinds: NDArray[np.uint8], folds: NDArray[np.uint16]) -> Translated:
    """Look up the kind and the folded code of every code point; the tables are those shipped.

    Nearly all characters are Latin-1, for which `bytes.translate` is several times faster than indexing.
    """
    latin = np.minimum(codes, 255).astype(np.uint8).tobytes()
    found = np.frombuffer(bytearray(latin.translate(kinds[:256].tobytes())), dtype=np.uint8)
    small = folds[:256].copy()
    small[small > 255] = 0
    folded = np.frombuffer(latin.translate(small.astype(np.uint8).tobytes()), dtype=np.uint8).astype(
        np.uint32
    )
    wide = np.flatnonzero(codes >= 181)  # the micro sign is the first whose folded form is no Latin-1 letter
    if wide.size:
        high = codes[wide]
        inside = np.minimum(high, TABLE_SIZE - 1)
        found[wide] = np.where(high < TABLE_SIZE, kinds[inside], _beyond(high, kinds))
        folded[wide] = np.where(high < TABLE_SIZE, folds[inside], high)
    return found, folded


def _beyond(codes: NDArray[np.uint32], kinds: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Kinds of code points above the table: full-width ASCII, symbols, or uncased letters."""
    wide = (codes >= 0xFF01) & (codes <= 0xFF5E)
    symbol = ((codes >= 0xE000) & (codes < 0xF900)) | ((codes >= 0xFF00) & (codes < 0x20000))
    return np.where(wide, kinds[np.where(wide, codes - 0xFEE0, 0)], np.where(symbol, OTHER, UNCASED))
