"""Titles as other pages and other versions have them: case, dashes, LaTeX against Unicode, a word, a subtitle."""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable

ACCENTS = {"\u0300": "`", "\u0301": "'", "\u0302": "^", "\u0303": "~", "\u0308": '"'}
WORDS = (
    "novel", "general", "efficient", "robust", "new", "simple", "deep", "local", "global", "exact", "adaptive",
)  # fmt: skip


def case(title: str, rnd: random.Random) -> str:
    """Write it in capitals, in lower case, or with capitals at words."""
    return rnd.choice([str.upper, str.lower, str.title])(title)


def dashes(title: str, rnd: random.Random) -> str:
    """Write hyphens as dashes or spaces, or put a hyphen where a space was."""
    if "-" in title:
        return title.replace("-", rnd.choice(["\u2013", "\u2010", " ", " - "]))
    words = title.split(" ")
    at = rnd.randrange(len(words))
    return " ".join(words[:at]) + "-" + " ".join(words[at:]) if at > 0 else title + " \u2014"


def latex(title: str, rnd: random.Random) -> str:
    """Write accents as TeX, or what is in dollars without them; else a number in dollars."""
    made = []
    for c in title:
        parts = unicodedata.normalize("NFD", c)
        known = len(parts) == 2 and parts[1] in ACCENTS
        made.append(f"\\{ACCENTS[parts[1]]}{{{parts[0]}}}" if known else c)
    if (out := "".join(made)) != title:
        return out
    if "$" in title:
        return title.replace("$", "")
    return " ".join(f"${w}$" if w.isdecimal() else w for w in title.split(" ")).replace(" and ", " {\\&} ")


def word(title: str, rnd: random.Random) -> str:
    """Put another word in a word's place."""
    words = title.split(" ")
    words[rnd.randrange(len(words))] = rnd.choice(WORDS)
    return " ".join(words)


def subtitle(title: str, rnd: random.Random) -> str:
    """Leave the subtitle out; where there is none, the last words."""
    head, colon, _ = title.partition(": ")
    words = title.split(" ")
    return head if colon and len(head) > 8 else " ".join(words[: max(2, len(words) - 2)])


def dropped(title: str, rnd: random.Random) -> str:
    """Leave a word out."""
    words = title.split(" ")
    if len(words) > 2:
        del words[rnd.randrange(len(words))]
    return " ".join(words)


def letter(title: str, rnd: random.Random) -> str:
    """Change two letters over."""
    at = rnd.randrange(max(1, len(title) - 2))
    return title[:at] + title[at + 1 : at + 2] + title[at : at + 1] + title[at + 2 :]


KINDS: dict[str, Callable[[str, random.Random], str]] = {
    "case": case, "dashes": dashes, "latex": latex, "word": word, "subtitle": subtitle, "dropped": dropped,
    "letter": letter,
}  # fmt: skip


def disturbed(title: str, kind: str, rnd: random.Random) -> str:
    """Return the title disturbed in one way; never blank."""
    return KINDS[kind](title, rnd).strip() or title
