"""Papers made of made-up words, for when no known ones are at hand: same shapes, nobody's names."""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.random import Generator

PAPERS = 20_000
ONSETS = [
    "b",
    "br",
    "c",
    "ch",
    "d",
    "dr",
    "f",
    "fl",
    "g",
    "gr",
    "h",
    "j",
    "k",
    "kl",
    "l",
    "m",
    "n",
    "p",
    "pr",
    "r",
    "s",
    "sh",
    "st",
    "t",
    "tr",
    "v",
    "w",
    "z",
]
NUCLEI = ["a", "e", "i", "o", "u", "ai", "ea", "io", "ou", "ü", "é"]
CODAS = ["", "", "", "n", "r", "s", "l", "m", "nd", "rt", "x"]
FUNCTION_WORDS = ["of", "the", "for", "and", "in", "with", "on", "a", "via", "from", "to", "under", "by"]
FORMULAS = [
    r"$\alpha$",
    r"$O(n^2)$",
    r"$\mathcal{L}_1$",
    r"{\em et}",
    r"G\"odel",
    "$x \\in \\mathbb{R}^d$",
    "5\\%",
]
CATEGORIES = [
    "cs.LG",
    "cs.CL",
    "cs.CV",
    "stat.ML",
    "math.OC",
    "hep-th",
    "astro-ph.GA",
    "cond-mat.mtrl-sci",
    "quant-ph",
    "eess.SP",
]
WORDS_ZIPF = 1.3
"""Exponent of word frequencies; of names below. Natural text lies near 1 over a vocabulary without end."""
FAMILY_ZIPF = 1.15


def papers(seed: int = 1, rows: int = PAPERS) -> pl.DataFrame:
    """Return made-up papers in the gold's columns: title, authors (list), abstract, category, date."""
    rng = np.random.default_rng(seed)
    words = _words(rng, 6_000)
    given = [word.capitalize() for word in _words(rng, 1_500)]
    family = [word.capitalize() for word in _words(rng, 12_000)]
    return pl.DataFrame(
        {
            "title": [_title(rng, words) for _ in range(rows)],
            "authors": [_authors(rng, given, family) for _ in range(rows)],
            "abstract": [_abstract(rng, words) for _ in range(rows)],
            "category": [CATEGORIES[k] for k in rng.integers(0, len(CATEGORIES), rows)],
            "date": pl.Series(rng.integers(9_000, 20_000, rows).astype(np.int32)).cast(pl.Date),
        },
        schema_overrides={"authors": pl.List(pl.String)},
    )


def _words(rng: Generator, count: int) -> list[str]:
    """Return different made-up words of one to three syllables, short ones first."""
    found: dict[str, None] = {}
    while len(found) < count:
        syllables = 1 + min(2, len(found) * 3 // count) + int(rng.integers(0, 2))
        picks = rng.integers(0, 1 << 30, (syllables, 3))
        word = "".join(
            ONSETS[a % len(ONSETS)] + NUCLEI[b % len(NUCLEI)] + CODAS[c % len(CODAS)] for a, b, c in picks
        )
        if len(word) > 2:
            found[word] = None
    return list(found)


def _zipf(rng: Generator, exponent: float, below: int, count: int) -> list[int]:
    return [int(k) for k in (rng.zipf(exponent, count) - 1) % below]


def _title(rng: Generator, words: list[str]) -> str:
    picked = [words[k] for k in _zipf(rng, WORDS_ZIPF, len(words), int(rng.integers(3, 13)))]
    for k in range(1, len(picked) - 1):
        if rng.random() < 0.3:
            picked[k] = FUNCTION_WORDS[int(rng.integers(0, len(FUNCTION_WORDS)))]
    if rng.random() < 0.4:
        picked = [word.capitalize() for word in picked]
    return " ".join([picked[0].capitalize(), *picked[1:]])


def _authors(rng: Generator, given: list[str], family: list[str]) -> list[str]:
    count = 1 + min(40, int(rng.zipf(2.1)) - 1 + int(rng.integers(0, 3)))
    first = _zipf(rng, FAMILY_ZIPF, len(given), count)
    last = _zipf(rng, FAMILY_ZIPF, len(family), count)
    names = []
    for k, (g, f) in enumerate(zip(first, last, strict=True)):
        short = rng.random() < 0.25
        front = f"{given[g][0]}." if short else given[g]
        middle = f" {given[(g + k) % len(given)][0]}." if rng.random() < 0.2 else ""
        names.append(f"{front}{middle} {family[f]}")
    return list(dict.fromkeys(names))


def _abstract(rng: Generator, words: list[str]) -> str:
    formulas = rng.random() < 0.3
    sentences = []
    for length in rng.integers(8, 30, int(rng.integers(3, 10))):
        picked = [words[k] for k in _zipf(rng, WORDS_ZIPF, len(words), int(length))]
        if formulas:
            picked.insert(int(rng.integers(1, len(picked))), FORMULAS[int(rng.integers(0, len(FORMULAS)))])
        sentences.append(" ".join([picked[0].capitalize(), *picked[1:]]))
    return ". ".join(sentences) + "."
