"""Repair what copying broke in a listed name: LaTeX, mojibake, entities, `and`, footnote marks."""

from __future__ import annotations

import html
import re
import unicodedata

import polars as pl

from byline import latex

SUSPECT = (
    r"[^\p{L}\p{M} .,'’\-]|[ÃÂÅÄÐÑâã][^\p{L} .,-]"
    r"|\p{L}{4}\.(?: |$)|[áéíóúÁÉÍÓÚàèìòù] [a-z](?: |$)|\b[DdLlOo]['’] |^(?i:and|&) "
    r"|^[\s,.\-]|[\s,\-]$|\s\s| [-.,]|-[ .,-]| and$"
)
"""What a name has that does not stand as it should: any mark but stops, hyphens and apostrophes among them."""
MOJIBAKE = re.compile(r"[ÃÂÅÄÐÑâã][\u0080-\u00bf‚ƒ„…†‡ˆ‰Š‹Œ‘’“”•–—˜™š›œžŸŽ€]")
MARKUP = r"[\\{}$~]"
TEX_NOTES = re.compile(
    r"\\(?:thanks|inst|footnotemark|footnote|corref|fnref|textsuperscript|affil|orcid\w*|email)\s*"
    r"(?:\[[^\]]*\]|\{[^{}]*\})+|\$\^[^$]*\$|\^\{[^{}]*\}"
)
"""Commands and exponents that stand for a footnote's mark."""
TEX_LETTER = re.compile(r"\\(ss|ae|AE|oe|OE|aa|AA|o|O|l|L|i|j|dh|DH|th|TH|dj|DJ|ng|NG)(?![A-Za-z])\s+(?=\w)")
"""Letters whose space TeX eats; in a name it is never meant: `\\AA ngstrom`, `\\DJ or\\dj e`."""
TAGS = re.compile(r"<(sup|sub)>[^<>]*</\1>|</?[a-z][a-z0-9]*(?:\s[^<>]*)?/?>", re.IGNORECASE)
INDEX = r"(?:[\d⁰¹²³⁴-⁹₀-₉]{1,3}|[ᵃ-ᶻ]+)"
FOOTNOTE = re.compile(
    rf"(?<=[^\W\d_])\.?(?:[\s,;]*(?:[^\w\s.,;'’\"“”„«»()\[\]-]|_|\^[\w,*]+|{INDEX}))+(?=[\s,]|$)"
)
"""Marks and indices behind a word: `Pym*,†`, `Pym^1`, `Pym¹²`."""
TEAM = re.compile(r"\b(?:collaboration|consorti|team|group|contributors|experiment)", re.IGNORECASE)
"""Names of collaborations, whose numbers are their own (XENON100)."""
LEADING = re.compile(r"^(?:[\W\d_]|[⁰¹²³⁴-⁹₀-₉])+(?=[^\W\d_])")
CONTROLS = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u00a0\u2000-\u200f\u2028-\u202f\u2060\u3000\ufe0e\ufe0f\ufeff\ufffd]+"
)
ACCENTS = {"´": "\u0301", "`": "\u0300", "¨": "\u0308", "ˇ": "\u030c", "˘": "\u0306", "˝": "\u030b", "¸": "\u0327",
           "˜": "\u0303", "ˆ": "\u0302", "˚": "\u030a", "¯": "\u0304", "˙": "\u0307"}  # fmt: skip
"""Accents that a PDF's text has beside their letter: `Jardo´n`, `Fran¸cois`."""
STRAY = re.compile(rf"([^\W\d_]?)([{''.join(ACCENTS)}])([^\W\d_]?)")
USUAL = frozenset("áéíóúýćńśźĺŕàèìòùäöüëïÿčšžřňěďťľğăőűçşţģñãõâêîôûåůāēīōūżėġı̇")
LONGEST = 400
"""A longer listed string is no name; it is shown as it is, and repaired no further."""


def repair(names: pl.Series) -> pl.Series:
    """Return the names as they should have been listed, in NFC; what needs no repair is not touched."""
    suspects = names.str.contains(SUSPECT).fill_null(value=False).arg_true()
    if suspects.len() == 0:
        return names
    some = names.gather(suspects)
    marked = some.str.contains(MARKUP).arg_true()
    plain = some
    if marked.len():
        prepared = pl.Series([_prepared(name) for name in some.gather(marked)], dtype=pl.String)
        plain = some.clone().scatter(marked, latex.decode(prepared, names=True))
    pairs = zip(some, plain, strict=True)
    return names.clone().scatter(suspects, pl.Series([_cleaned(*pair) for pair in pairs], dtype=pl.String))


def _prepared(name: str) -> str:
    """Return a name's LaTeX without footnote marks, and with braces where TeX eats a space, for the decoder."""
    if len(name) > LONGEST:
        return name
    text = TEX_NOTES.sub("", name)
    return TEX_LETTER.sub(r"{\\\1}", text)


def _cleaned(listed: str, text: str) -> str:
    """Return one name, its LaTeX decoded, repaired; the listed one when nothing would be left."""
    if len(listed) > LONGEST:
        return listed
    text = html.unescape(text) if "&" in text else text
    if MOJIBAKE.search(text):
        text = _unscramble(text)
    text = CONTROLS.sub(" ", text.replace("\u00ad", ""))
    text = TAGS.sub("", text) if "<" in text else text
    text = re.sub(r"\\[A-Za-z]+\s*|\\.|[{}$]", "", text).replace("~", " ")
    text = re.sub(r"^(?:and|&)\s+(?=\S)|(?<=\S)\s+(?:and|&)$", "", text.strip(), flags=re.IGNORECASE)
    text = _accented(re.sub(r"[‐‑–—−]", "-", text))
    text = re.sub(r"\s*\([^()]*\)|\s*\[[^\[\]]*\]", "", text) or text
    text = LEADING.sub("", text if TEAM.search(text) else FOOTNOTE.sub("", text))
    text = re.sub(r"\s+\.(?=\s|$)", "", " ".join(text.split()))
    text = re.sub(r"(?<![^\W_])([DdLlOo]['’]) (?=[^\W\d_])", r"\1", text)
    text = re.sub(r"\s+-\s+|(?<=\.)\s+-(?=[^\W\d_]\.)|(?<=[^\W\d_])-\s+|-{2,}", "-", text)
    text = re.sub(r"(?<=[^\W\d_]{4})\.(?= |$)", "", text)
    text = re.sub(r"(?<=[áéíóúÁÉÍÓÚàèìòù]) ([nslrz])(?= |$)", r"\1", text)  # "Ramó n", from Ram\'o n
    text = re.sub(r"(?<=[^\W\d_]\.)\s+(?=[,.])|[\[\]()<>|^_#*†‡]+", "", text).strip(" ,;:-")
    return unicodedata.normalize("NFC", text) if re.search(r"[^\W\d_]", text) else listed


def _accented(text: str) -> str:
    r"""Put accents that stand beside their letter on it, and a quotation mark that is German TeX (`B"uchner`)."""
    text = re.sub(
        r"(?<=[^\W\d_])[\"”]([aouAOU])(?=[^\W\d_])",
        lambda m: unicodedata.normalize("NFC", m[1] + "\u0308"),
        text,
    )
    text = re.sub(r"(?<=[^\W\d_])[`‘ʻʼ′](?=[^\W\d_])", "’", text)
    return STRAY.sub(_placed, text) if STRAY.search(text) else text


def _placed(match: re.Match[str]) -> str:
    """Return the two letters around a stray accent, with the accent on the one that usually has it."""
    before, mark, after = match[1], ACCENTS[match[2]], match[3]
    one, other = (unicodedata.normalize("NFC", ("i" if c == "ı" else c) + mark) for c in (before, after))
    if before and one.lower() in USUAL and after != "ı":
        return one + after
    return before + other if after and other.lower() in USUAL else before + after


def _unscramble(text: str) -> str:
    """Undo UTF-8 read as a one-byte code, when what comes out is shorter and all letters."""
    import ftfy  # noqa: PLC0415 - a tenth of a second, for the few names that were decoded wrongly

    fixed = ftfy.fix_encoding(text)
    strange = any(not (c.isalpha() or c in " .,'’-–") for c in fixed)
    return text if len(fixed) >= len(text) or strange else fixed
