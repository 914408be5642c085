"""The word lists of the decoder, from `resources/latex/`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from byline.core import resources
from byline.latex.marks import CLOSE, EDGE, OPEN

ACCENTS: Mapping[str, str] = {
    "'": "\u0301", '"': "\u0308", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a", "b": "\u0331",
    "d": "\u0323", "t": "\u0361",
}  # fmt: skip
"""LaTeX's text accents as combining characters."""

HATS: Mapping[str, str] = {
    "hat": "\u0302", "widehat": "\u0302", "tilde": "\u0303", "widetilde": "\u0303", "bar": "\u0304",
    "overline": "\u0305", "underline": "\u0332", "dot": "\u0307", "ddot": "\u0308", "vec": "\u20d7",
    "check": "\u030c", "breve": "\u0306", "acute": "\u0301", "grave": "\u0300", "mathring": "\u030a",
}  # fmt: skip
"""Mathematical accents as combining characters."""

AROUND: Mapping[str, tuple[str, str]] = {
    "norm": ("‖", "‖"), "Norm": ("‖", "‖"), "abs": ("|", "|"), "Abs": ("|", "|"), "floor": ("⌊", "⌋"),
    "ceil": ("⌈", "⌉"), "ket": ("|", "⟩"), "bra": ("⟨", "|"), "braket": ("⟨", "⟩"),
}  # fmt: skip
"""Commands that put signs around their argument; the last ones are not LaTeX's own but mean the same everywhere."""

LETTERS: Mapping[str, str] = {
    "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ss": "ß", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å",
    "AA": "Å", "i": "ı", "j": "ȷ", "S": "§", "P": "¶", "dh": "ð", "th": "þ", "DH": "Ð", "TH": "Þ", "dj": "đ",
    "DJ": "Đ", "ng": "ŋ", "NG": "Ŋ",
}  # fmt: skip
"""Commands for letters in text; in mathematics authors give the short ones other meanings."""

ALIASES: Mapping[str, str] = {
    "tfrac": "frac", "dfrac": "frac", "cfrac": "frac", "Bbb": "mathbb", "mathbbm": "mathbb", "mathds": "mathbb",
    "bbold": "mathbb", "mathbbmss": "mathbb", "cal": "mathcal", "Cal": "mathcal", "mathscr": "mathcal",
    "EuScript": "mathcal", "scr": "mathcal", "frak": "mathfrak", "goth": "mathfrak", "gothic": "mathfrak",
    "mc": "mathcal", "mf": "mathfrak", "mbb": "mathbb", "bb": "mathbb", "mathbbb": "mathbb",
    "wt": "widetilde", "wh": "widehat",
    "ol": "overline", "ul": "underline", "til": "tilde", "Tilde": "tilde", "Hat": "hat", "Bar": "bar", "Vec": "vec",
    "Dot": "dot", "underbar": "underline", "overrightarrow": "vec", "Frac": "frac", "buildrel": "as typed",
    "nicefrac": "frac", "sfrac": "frac", "dbinom": "binom", "tbinom": "binom", "sp": "^", "sb": "_",
}  # fmt: skip
"""Commands that are another's twin."""

_SPACES = {"quad": "  ", "qquad": "  ", "enspace": " ", "thinspace": " ", "space": " ", "enskip": " "}
_WORDS = {"limsup": "lim sup", "liminf": "lim inf", "bmod": "mod", "pmod": "mod"}


def _lines(name: str) -> list[str]:
    return resources.lines(f"latex/{name}")


def _pairs(name: str) -> dict[str, str]:
    return resources.pairs(f"latex/{name}")


@cache
def quantities() -> frozenset[str]:
    """Return the words before a number for which a tilde between the two says "about"."""
    return frozenset(_lines("quantities.txt"))


@cache
def units() -> dict[str, str]:
    """Return the units and prefixes of siunitx as they are printed; a base unit is followed by a dot for the next."""
    return _pairs("units.tsv")


@cache
def symbols() -> dict[str, str]:
    """Return the commands that print one character, without the letters of text."""
    return {name: char for name, char in _pairs("symbols.tsv").items() if name not in LETTERS}


@cache
def math_commands() -> dict[str, str]:
    """Return what each known command becomes in the first pass over mathematics."""
    table = {name: f"{EDGE}{_WORDS.get(name, name)}{EDGE}" for name in [*_lines("operators.txt"), *_WORDS]}
    table |= _pairs("shorthand.tsv") | symbols() | _SPACES
    table |= dict.fromkeys([*_lines("fonts.txt"), *_lines("nothing.txt")], "")
    waiting = [
        "frac",
        "sqrt",
        "binom",
        "over",
        "choose",
        "not",
        "mathbb",
        "mathcal",
        "mathfrak",
        *HATS,
        *AROUND,
    ]
    waiting += ["overset", "underset", "stackrel", "xrightarrow", "xleftarrow"]
    table |= {name: f"{OPEN}{name}{CLOSE}" for name in waiting}
    table |= {name: table.get(target, target) for name, target in ALIASES.items()}
    return table | {"lbrace": "\ue002", "rbrace": "\ue003", "AA": "Å", "lvert": "|", "rvert": "|"}


def _waiting() -> list[str]:
    """Return the commands that wait for their arguments."""
    names = [
        "frac",
        "sqrt",
        "binom",
        "over",
        "choose",
        "not",
        "mathbb",
        "mathcal",
        "mathfrak",
        *HATS,
        *AROUND,
    ]
    return [*names, "overset", "underset", "stackrel", "xrightarrow", "xleftarrow"]


@cache
def structural() -> frozenset[str]:
    """Return the commands whose name says nothing of what they print: those that wait, layout, definitions."""
    return frozenset([*_waiting(), *_lines("structural.txt")])


_ALPHABETS = {"mathbb": (0x1D538, 0x1D552), "mathcal": (0x1D49C, 0x1D4B6), "mathfrak": (0x1D504, 0x1D51E)}
_DIGITS = 0x1D7D8
_ODD = {
    "mathbb": dict(zip("CHNPQRZ", "ℂℍℕℙℚℝℤ", strict=True)),
    "mathcal": dict(zip("BEFHILMRego", "ℬℰℱℋℐℒℳℛℯℊℴ", strict=True)),
    "mathfrak": dict(zip("CHIRZ", "ℭℌℑℜℨ", strict=True)),
}
"""Letters that Unicode had before it got whole alphabets."""


@cache
def alphabets() -> dict[str, dict[str, str]]:
    """Return the letters of blackboard bold (with digits), script and Fraktur."""
    found: dict[str, dict[str, str]] = {}
    for name, (upper, lower) in _ALPHABETS.items():
        letters = {chr(65 + n): chr(upper + n) for n in range(26)} | {
            chr(97 + n): chr(lower + n) for n in range(26)
        }
        found[name] = letters | _ODD[name]
    found["mathbb"] |= {str(n): chr(_DIGITS + n) for n in range(10)}
    return found


_OWN_ALPHABETS = {
    "c": "mathcal", "cal": "mathcal", "mc": "mathcal", "scr": "mathcal", "bb": "mathbb", "frak": "mathfrak",
    "mf": "mathfrak", "goth": "mathfrak", "mathcal": "mathcal", "mathbb": "mathbb", "mathfrak": "mathfrak",
    "f": "mathfrak", "b": "", "m": "", "s": "", "bf": "", "bs": "", "bm": "", "rm": "",
    "sf": "", "mathbf": "", "mathrm": "",
}  # fmt: skip
"""How authors begin the name of a letter in an alphabet of its own: `\\cA` is script A, `\\bbR` blackboard R."""


def own_alphabet(name: str) -> str | None:
    """Return what an author's own command for a letter of another alphabet shows, or None where it isn't one."""
    start, letter = name[:-1], name[-1]
    for bold in ("b", "bf", "bs", "bm"):
        if (
            name.startswith(bold)
            and len(greek := symbols().get(name.removeprefix(bold), ""))
            and "Α" <= greek <= "ω"
        ):
            return greek
    if start in ("bb", "I") and letter in "rcznqfp":
        letter = letter.upper()  # `\\bbr` is ℝ: small blackboard letters are hardly ever meant
    if start not in _OWN_ALPHABETS or not (letter.isupper() or start in ("frak", "mathfrak", "bb", "mathbb")):
        return None
    return alphabets()[_OWN_ALPHABETS[start]].get(letter) if _OWN_ALPHABETS[start] else letter


@cache
def plain_commands() -> dict[str, str]:
    """Return the commands that show more or less than one character in running text."""
    spaces = dict.fromkeys(["par", "newline", "medskip", "bigskip", "smallskip", "linebreak"], " ")
    nothing = dict.fromkeys([*_lines("nothing.txt"), "em", "it", "bf", "sl"], "")
    return _pairs("text.tsv") | spaces | _SPACES | nothing
