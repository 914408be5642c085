"""Fabricated bylines in scripts without case: Japanese, Chinese, Korean, glued without a space or with one."""

from __future__ import annotations

import random
import re
import tomllib
from functools import cache
from pathlib import Path

from benchmarks.boundary_corpus import Example, cut_list, render, some_labels

LANGUAGES = ("japanese", "chinese", "korean")
FOLDS = 4
_RANKS = 15
"""Family names are drawn by 1 / (rank + this): a few are frequent, every one is met."""


@cache
def _lists() -> dict[str, dict[str, list[str]]]:
    data = tomllib.loads((Path(__file__).parent / "scripts.toml").read_text("utf-8"))
    return {language: {key: text.split() for key, text in lists.items()} for language, lists in data.items()}


def name(rnd: random.Random, language: str, spaced: bool) -> str:
    """A family name and a given one, most frequent family names most often."""
    lists = _lists()[language]
    families = lists["family"]
    family = rnd.choices(families, [1 / (rank + _RANKS) for rank in range(len(families))])[0]
    if language == "chinese":
        given = "".join(rnd.choice(lists["given"][0]) for _ in range(rnd.choice((1, 2, 2))))
    else:
        given = rnd.choice(lists["given"])
        if language == "japanese" and rnd.random() < 0.3:  # a given name nobody has listed
            given = rnd.choice(given) + rnd.choice(rnd.choice(lists["given"]))
        if language == "korean" and rnd.random() < 0.3:
            given = rnd.choice(rnd.choice(lists["given"])) + rnd.choice(rnd.choice(lists["given"]))
    return family + (" " if spaced else "") + given


def title(rnd: random.Random, language: str) -> str:
    """Words and what joins them; most end as titles do, some in any word."""
    lists = _lists()[language]
    between = " " if language == "korean" else ""
    parts: list[str] = []
    for _ in range(rnd.randint(1, 4)):
        parts.append(rnd.choice(lists["words"]))
        if rnd.random() < 0.3:
            parts.append(rnd.choice(lists["words"]))
        if rnd.random() < 0.7:
            joint = rnd.choice(lists["joints"])
            parts.append(joint.replace("_", " "))
    parts.append(rnd.choice(lists["words"]))
    if rnd.random() < 0.75:
        parts.append(rnd.choice(lists["ends"]))
    if rnd.random() < 0.06:
        parts.append(rnd.choice(("BERT", "GAN", "2", "(1)", "？", "CNN", "第2報", "II", "―", "。")))
    text = between.join(parts)
    return re.sub(
        r" (?=(?:을|를|에|에서의|의|과|와)(?: |$))", "", text
    )  # particles touch the word before them


def example(rnd: random.Random, language: str, fold: int, latin: str | None = None) -> Example:
    """One byline; `latin`: a title to put before the names in place of a fabricated one."""
    spaced = rnd.random() < 0.2
    names = [name(rnd, language, spaced) for _ in range(rnd.choice((1, 1, 2, 2, 3, 3, 4, 6)))]
    head = title(rnd, language) if latin is None else latin
    shown, tail = cut_list(rnd, names)
    gap = " " if rnd.random() < 0.04 else ""
    return Example(render(head + gap, shown, tail, some_labels(rnd)), len(head + gap), fold, kind=language)


def examples(rnd: random.Random, count: int, titles: list[str]) -> list[Example]:
    """`count` bylines, the languages in turn; one in eight with a title in Latin letters."""
    return [
        example(
            rnd,
            LANGUAGES[n % len(LANGUAGES)],
            rnd.randrange(FOLDS),
            rnd.choice(titles) if rnd.random() < 0.125 else None,
        )
        for n in range(count)
    ]
