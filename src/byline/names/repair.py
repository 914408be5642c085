"""Repair what copying broke in a listed name: LaTeX accents, mojibake, entities, `and`, footnote marks."""

from __future__ import annotations

import html
import re
import unicodedata

import ftfy
import polars as pl

SUSPECT = (
    r"[\\{}$~&*†‡§¶#^_<>\[\]()|;:\"“”0-9\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202f\ufeff\ufffd]"
    r"|[ÃÂÅÄÐÑâã][^\p{L} .,-]|â€"
    r"|\b[DdLlOo]['’] |^(?i:and|&) |^[\s,.\-]|[\s,\-]$|\s\s|\u00ad|[\u00a0\u2000-\u200a\u3000]|[⁰¹²³⁴-⁹₀-₉∗⋆★✉]"
)
MOJIBAKE = re.compile(r"[ÃÂÅÄÐÑâã][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸŽ€]")
ACCENTS = {
    "'": "\u0301", "`": "\u0300", "^": "\u0302", '"': "\u0308", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "v": "\u030c", "c": "\u0327", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a", "d": "\u0323",
    "b": "\u0331", "t": "\u0361",
}  # fmt: skip
LETTERS = {
    "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł",
    "i": "ı", "j": "ȷ", "dh": "ð", "DH": "Ð", "th": "þ", "TH": "Þ", "dj": "đ", "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
}  # fmt: skip
LETTER = re.compile(
    r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j|dh|DH|th|TH|dj|DJ|ng|NG)(?![A-Za-z])(?:\{\}|\s+(?=[^\s\\])|)"
)
ACCENT = re.compile(r"\\(?:(['`^\"~=.])\s*|([vcuHkrdbt])(?=[\s{\\])\s*)\{?\s*(\\?[^\W\d_])\s*\}?")
FOOTNOTE = re.compile(r"(?<=\S)(?:\s*(?:[*†‡§¶#∗⋆★✉]|[⁰¹²³⁴-⁹₀-₉]|\^?\{?\d+(?:,\d+)*\}?))+$")
CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u00a0\u2000-\u200f\u2028-\u202f\u3000\ufeff\ufffd]+")
LONGEST = 400
"""A longer listed string is no name; it is shown as it is, and repaired no further."""


def repair(names: pl.Series) -> pl.Series:
    """Return the names as they should have been listed, in NFC; what needs no repair is not touched."""
    suspects = names.str.contains(SUSPECT).fill_null(value=False).arg_true()
    if suspects.len() == 0:
        return names
    fixed = pl.Series([repair_one(name) for name in names.gather(suspects)], dtype=pl.String)
    return names.clone().scatter(suspects, fixed)


def repair_one(name: str) -> str:
    """Return one repaired name; the name itself when nothing would be left."""
    if len(name) > LONGEST:
        return name
    text = html.unescape(name) if "&" in name else name
    if MOJIBAKE.search(text):
        text = _unscramble(text)
    text = CONTROLS.sub(" ", text.replace("\u00ad", ""))
    if "\\" in text or "{" in text or "~" in text or "$" in text:
        text = _latex(text)
    text = re.sub(r"^(?:and|&)\s+(?=\S)", "", text.strip(), flags=re.IGNORECASE)
    text = FOOTNOTE.sub("", text)
    text = re.sub(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]", "", text) or text
    text = " ".join(text.split()).strip(" ,;:*†‡-–")
    text = re.sub(r"(?<![^\W_])([DdLlOo]['’]) (?=[^\W\d_])", r"\1", text)
    return unicodedata.normalize("NFC", text) if re.search(r"[^\W\d_]", text) else name


def _unscramble(text: str) -> str:
    """Undo UTF-8 read as a one-byte code, when what comes out is shorter and all letters."""
    fixed = ftfy.fix_encoding(text)
    strange = any(not (c.isalpha() or c in " .,'’-–") for c in fixed)
    return text if len(fixed) >= len(text) or strange else fixed


def _latex(text: str) -> str:
    """Resolve LaTeX accents and letters, drop braces and what other commands are left."""
    text = re.sub(r"\\([ij])(?![A-Za-z])", r"\1", text)
    text = LETTER.sub(lambda m: LETTERS[m[1]], text)

    def accent(m: re.Match[str]) -> str:
        return unicodedata.normalize("NFC", m[3].removeprefix("\\") + ACCENTS[m[1] or m[2]])

    text = ACCENT.sub(accent, text)
    text = re.sub(r"\\[A-Za-z]+\s*|\\.|[{}$]", "", text)
    return text.replace("~", " ")
