"""Disturbances of pages beyond `arxiv_disturb`, and papers that are only near another one; each changes a page itself.

A page has title, authors, abstract, published, published_precision, category_candidates and authors_truncated.
"""

from __future__ import annotations

import datetime
import random
import re
import unicodedata
from collections.abc import Callable, MutableMapping
from typing import Any

Page = MutableMapping[str, Any]
Disturb = Callable[[Page, random.Random], None]

ARTICLES = r"(?i)^(?:a|an|the|on|towards?)\s+"
ADDED = ("efficient", "with", "applications", "improved", "large", "unified", "fast", "revisiting")
SUBTITLES = (
    "A Case Study",
    "An Empirical Analysis",
    "Theory and Applications",
    "Extended Version",
    "New Results",
)
BRITISH = (
    (r"iz(e[sd]?|ing|ation|ations)\b", r"is\1"), (r"\b(col|behavi|neighb|fav|lab)or", r"\1our"),
    (r"yz(e[sd]?|ing)\b", r"ys\1"), (r"(mod|lab|chann|sign)el(ing|ed)\b", r"\1ell\2"), (r"\bcenter", "centre"),
    (r"\bfiber", "fibre"), (r"ense\b", "ence"),
)  # fmt: skip
GREEK = {
    "α": "alpha", "β": "beta", "γ": "gamma", "δ": "delta", "ε": "epsilon", "η": "eta", "θ": "theta", "λ": "lambda",
    "μ": "mu", "ν": "nu", "π": "pi", "ρ": "rho", "σ": "sigma", "τ": "tau", "φ": "phi", "χ": "chi", "ψ": "psi",
    "ω": "omega", "Λ": "Lambda", "Γ": "Gamma", "Δ": "Delta", "Ω": "Omega", "Σ": "Sigma", "Φ": "Phi",
}  # fmt: skip
LETTERS = {name: letter for letter, name in GREEK.items()}
LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "fi": "ﬁ", "fl": "ﬂ", "ff": "ﬀ"}
PEOPLE = ("Ilse Varnhagen", "Tobin Askwith", "Mei Quarles", "Oddvar Lunde", "Priya Nandkumar", "Rui Tavarede")


def in_title(change: Callable[[str, random.Random], str]) -> Disturb:
    """Return what changes a page's title."""

    def disturb(page: Page, rnd: random.Random) -> None:
        page["title"] = change(page["title"], rnd).strip() or page["title"]

    return disturb


def in_words(change: Callable[[list[str], random.Random], list[str]]) -> Disturb:
    """Return what changes the words of a page's title."""
    return in_title(lambda title, rnd: " ".join(change(title.split(" "), rnd)))


def _added(words: list[str], rnd: random.Random) -> list[str]:
    at = rnd.randrange(len(words) + 1)
    return [*words[:at], rnd.choice(ADDED), *words[at:]]


def _quotes(title: str, rnd: random.Random) -> str:
    words = title.split(" ")
    at = rnd.randrange(len(words))
    left, right = rnd.choice([("“", "”"), ("``", "''"), ("«", "»"), ('"', '"')])
    words[at] = left + words[at] + right
    return " ".join(words).replace("'", "\u2019")


def _no_dollars(title: str, rnd: random.Random) -> str:
    """Write commands of mathematics as Unicode or by name, without dollars and braces."""
    spelt = rnd.random() < 0.5
    out = re.sub(r"\\([A-Za-z]+)", lambda m: m[1] if spelt else LETTERS.get(m[1], m[1]), title)
    return re.sub(r"[${}]", "", out)


def _greek(title: str, rnd: random.Random) -> str:
    """Write Greek letters as commands or by name."""
    form = rnd.choice(["{}", "$\\{}$", "\\{}"])
    return "".join(form.format(GREEK[c]) if c in GREEK else c for c in title)


def _british(title: str, rnd: random.Random) -> str:
    for one, other in BRITISH:
        title = re.sub(one, other, title)
    return title


def _hyphenated(title: str, rnd: random.Random) -> str:
    """Break a long word as a line's end does."""
    words = title.split(" ")
    long = [at for at, word in enumerate(words) if len(word) > 7 and word.isalpha()]
    if long:
        at = rnd.choice(long)
        words[at] = words[at][:4] + rnd.choice(["- ", "-\n", "\u00ad", "-"]) + words[at][4:]
    return " ".join(words)


def _ligatures(title: str, rnd: random.Random) -> str:
    for plain, one in LIGATURES.items():
        title = title.replace(plain, one)
    return title


def _no_accents(text: str) -> str:
    return "".join(c for c in unicodedata.normalize("NFD", text) if not unicodedata.combining(c))


def _only_ascii(text: str) -> str:
    return re.sub(r"[^\x00-\x7f]", "?", text)


def _accents_lost(page: Page, rnd: random.Random) -> None:
    lost = rnd.choice([_no_accents, _only_ascii])
    page["title"], page["authors"] = lost(page["title"]), [lost(name) for name in page["authors"]]


def _mojibake(page: Page, rnd: random.Random) -> None:
    def wrong(text: str) -> str:
        return text.encode("utf-8").decode("cp1252", "replace")

    page["title"], page["authors"] = (
        wrong(page["title"].replace("'", "\u2019")),
        [wrong(name) for name in page["authors"]],
    )


def _cut(title: str, rnd: random.Random) -> str:
    """Cut as a search page does, at a word's end or within one."""
    if len(title) < 50:
        return title
    head = title[: rnd.randrange(40, min(90, len(title) - 3))]
    return (head.rsplit(" ", 1)[0] if rnd.random() < 0.5 else head) + rnd.choice(["…", "...", " …"])


def _other_subtitle(title: str, rnd: random.Random) -> str:
    return title.partition(": ")[0] + ": " + rnd.choice(SUBTITLES)


def _no_subtitle(title: str, rnd: random.Random) -> str:
    head, colon, _ = re.sub(r"\s[-–—]\s", ": ", title, count=1).partition(": ")
    return head if colon and len(head) > 12 else title


def _turned(title: str, rnd: random.Random) -> str:
    """Say the same in another order, as a later version's title does."""
    head, colon, tail = title.partition(": ")
    if colon:
        return f"{tail} with {head}" if rnd.random() < 0.5 else f"{tail}: {head}"
    words = title.split(" ")
    half = len(words) // 2
    return " ".join([*words[half:], rnd.choice(["for", "in", "via"]), *words[:half]])


def _rewritten(words: list[str], rnd: random.Random) -> list[str]:
    """Replace a third of the words."""
    out = list(words)
    for at in rnd.sample(range(len(words)), max(1, len(words) // 3)):
        out[at] = rnd.choice(ADDED)
    return out


def _two_words(words: list[str], rnd: random.Random) -> list[str]:
    return _added([word for at, word in enumerate(words) if at != len(words) // 2 or len(words) < 3], rnd)


def of_names(change: Callable[[str], str]) -> Disturb:
    """Return what changes each of a page's names."""

    def disturb(page: Page, rnd: random.Random) -> None:
        page["authors"] = [change(name) for name in page["authors"]]

    return disturb


def _initials(name: str) -> str:
    *given, family = name.split(" ")
    return " ".join([*(f"{word[0]}." for word in given if word), family])


def _last_first(name: str) -> str:
    *given, family = name.split(" ")
    return f"{family}, {' '.join(given)}" if given else name


def _scholar(name: str) -> str:
    *given, family = name.split(" ")
    return "".join(word[0] for word in given if word).upper() + " " + family if given else name


def _no_middle(name: str) -> str:
    words = name.split(" ")
    return f"{words[0]} {words[-1]}" if len(words) > 1 else name


def shown_first(count: int) -> Disturb:
    """Return what cuts a page's list of authors."""

    def disturb(page: Page, rnd: random.Random) -> None:
        page["authors_truncated"] = len(page["authors"]) > count
        page["authors"] = page["authors"][:count]

    return disturb


def _first_spelt(page: Page, rnd: random.Random) -> None:
    page["authors"][0] = rnd.choice([_initials, _no_middle, _scholar])(page["authors"][0])


def _later(page: Page, rnd: random.Random) -> None:
    """Give the day of a later version."""
    page["published"] += datetime.timedelta(days=rnd.randrange(10, 700))


def _no_day(page: Page, rnd: random.Random) -> None:
    page["published"], page["published_precision"] = None, "none"


def _other_category(page: Page, rnd: random.Random) -> None:
    page["category_candidates"] = [rnd.choice(["cs.CY", "stat.OT", "math.HO", "physics.gen-ph", "q-bio.OT"])]


def _changed(words: list[str], rnd: random.Random) -> list[str]:
    at = len(words) // 2
    return [*words[:at], rnd.choice(ADDED), *words[at + 1 :]]


def _dropped(words: list[str], rnd: random.Random) -> list[str]:
    return words if len(words) < 4 else words[:1] + words[2:]


def _dashes(title: str, rnd: random.Random) -> str:
    return re.sub(r"[-–—]", rnd.choice(["—", "‐", "−", " – ", ""]), title)


def _subtitle(title: str, rnd: random.Random) -> str:
    return f"{title}: {rnd.choice(SUBTITLES)}"


KINDS: dict[str, Disturb] = {
    "as it is": lambda page, rnd: None,
    "capitals": in_title(lambda title, rnd: title.upper()),
    "lower case": in_title(lambda title, rnd: title.lower()),
    "article": in_title(lambda title, rnd: re.sub(ARTICLES, "", title)),
    "dashes": in_title(_dashes), "quotes": in_title(_quotes), "no dollars": in_title(_no_dollars),
    "Greek": in_title(_greek),
    "British": in_title(_british), "hyphenated": in_title(_hyphenated), "ligatures": in_title(_ligatures),
    "accents lost": _accents_lost, "mojibake": _mojibake, "cut": in_title(_cut), "turned": in_title(_turned),
    "word changed": in_words(_changed), "word added": in_words(_added), "word dropped": in_words(_dropped),
    "two words": in_words(_two_words), "rewritten": in_words(_rewritten), "subtitle added": in_title(_subtitle),
    "subtitle dropped": in_title(_no_subtitle), "other subtitle": in_title(_other_subtitle),
    "initials": of_names(_initials), "family first": of_names(_last_first), "as Scholar": of_names(_scholar),
    "no middle name": of_names(_no_middle), "first name spelt": _first_spelt, "one author": shown_first(1),
    "two authors": shown_first(2), "later day": _later, "no day": _no_day, "other category": _other_category,
}  # fmt: skip
"""Ways in which a page has a paper otherwise."""


def _sister_day(page: Page, rnd: random.Random) -> None:
    page["published"] += datetime.timedelta(days=rnd.choice([0, 5, 40, 90, 400]))
    page["abstract"] = None


def _sister(change: Callable[[str, random.Random], str], *, others: bool) -> Disturb:
    """Return what makes another paper of a page: another title, no common abstract, other people or the same."""

    def disturb(page: Page, rnd: random.Random) -> None:
        _sister_day(page, rnd)
        page["title"] = change(page["title"], rnd)
        if others:
            page["authors"] = rnd.sample(PEOPLE, 3)

    return disturb


def _reply(title: str, rnd: random.Random) -> str:
    return rnd.choice(["Reply to Comment on '{}'", "Response to: {}"]).format(title)


def _erratum(title: str, rnd: random.Random) -> str:
    return rnd.choice(["Erratum: {}", "Corrigendum to {}", "{} (Erratum)"]).format(title)


def _part(title: str, rnd: random.Random) -> str:
    return title + rnd.choice([" II", ". Part II", " III: The General Case", ": Part 2"])


def _next(title: str, rnd: random.Random) -> str:
    return f"{_no_subtitle(title, rnd)}: {rnd.choice(SUBTITLES)} in Another Regime"


def _other_subject(title: str, rnd: random.Random) -> str:
    return " ".join(
        [*title.split(" ")[:-2], rnd.choice(["Manifolds", "Galaxies", "Translation", "Polymers"])]
    )


SISTERS: dict[str, Disturb] = {
    "comment": _sister(lambda title, rnd: f'Comment on "{title}"', others=True),
    "reply": _sister(_reply, others=False),
    "erratum": _sister(_erratum, others=False),
    "part": _sister(_part, others=False),
    "same title": _sister(lambda title, rnd: title, others=True),
    "next of a series": _sister(_next, others=False),
    "other subject": _sister(_other_subject, others=False),
}
"""Other papers: what they are made of is in the file, they are not."""
