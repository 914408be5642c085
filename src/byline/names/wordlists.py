"""The word lists that the name parser looks words up in: from `resources/names`, loaded once, lazily."""

from __future__ import annotations

from enum import Enum
from functools import cache
from typing import NamedTuple

from byline.core import resources


class Particle(Enum):
    """When a word before a family name is a particle; see `resources/names/particles.tsv`."""

    LOWER = "lower"
    """Only in lower case."""
    ANY = "any"
    """In lower case and with a capital."""
    ARTICLE = "article"
    """A particle in lower case, with a capital the beginning of the family name; compared without it."""
    PART = "part"
    """The beginning of the family name, compared with it."""


class Suffix(NamedTuple):
    """How a suffix is shown, and what kind it is of: generation, roman, kin, degree, exact."""

    shown: str
    kind: str


@resources.kept
def particles() -> dict[str, Particle]:
    """Return the kind of each particle, in lower case."""
    return {word: Particle(kind) for word, kind, _ in resources.table("names/particles.tsv")}


@resources.kept
def usual_writing() -> dict[str, str]:
    """Return how each particle, in lower case, is usually written."""
    return {word: shown for word, _, shown in resources.table("names/particles.tsv")}


@resources.kept
def second_capital() -> frozenset[str]:
    """Return the family names in Mac- that are written with a second capital (`MacDonald`), in lower case."""
    return frozenset(resources.lines("names/mac.txt"))


@resources.kept
def articles() -> frozenset[str]:
    """Return the words that a family name is compared without, folded."""
    return frozenset(word for word, kind in particles().items() if kind is Particle.ARTICLE)


@resources.kept
def suffixes() -> dict[str, Suffix]:
    """Return the suffixes by their folded form (`jr`)."""
    return {key: Suffix(shown, kind) for key, shown, kind in resources.table("names/suffixes.tsv")}


@resources.kept
def titles() -> dict[str, int]:
    """Return the titles by their folded form, and how many words must follow each."""
    return {key: int(words) for key, words in resources.table("names/titles.tsv")}


@resources.kept
def title_words() -> frozenset[str]:
    """Return the first words of all titles, folded."""
    return frozenset(title.split(" ")[0] for title in titles())


@resources.kept
def _team_words() -> tuple[str, ...]:
    return tuple(resources.lines("names/team_words.txt"))


@resources.kept
def team_words() -> frozenset[str]:
    """Return the words that make a name a collaboration's wherever they stand, folded."""
    return frozenset(word.lstrip("+") for word in _team_words() if word[0] not in "=-")


@resources.kept
def team_heads() -> frozenset[str]:
    """Return the words that end the name of a collaboration that a person signs for, folded."""
    return frozenset(word[1:] for word in _team_words() if word[0] in "+-")


@resources.kept
def western_given() -> frozenset[str]:
    """Return common Western given names and their short forms (folded)."""
    return frozenset(word for line in resources.lines("names/nicknames.txt") for word in line.split())


@resources.kept
def team_names() -> frozenset[str]:
    """Return whole names of organisations that sign as an author, folded."""
    return frozenset(word[1:] for word in _team_words() if word[0] == "=")


@cache
def before_initials() -> frozenset[str]:
    """Return the names behind which a single letter is an initial, not a Roman number, folded."""
    return frozenset(resources.lines("names/before_initials.txt"))


@cache
def spanish_surnames() -> frozenset[str]:
    """Return the Spanish family names before which a given name ends: `Ana Ruiz Belmonte` is a Ruiz."""
    return frozenset(resources.lines("names/spanish_surnames.txt"))


@cache
def east_asian_surnames() -> frozenset[str]:
    """Return the romanized Chinese, Korean and Vietnamese family names of one syllable, folded."""
    return frozenset(
        word for line in resources.lines("names/east_asian_surnames.txt") for word in line.split()
    )


@cache
def vietnamese_surnames() -> frozenset[str]:
    """Return the family names that mark a name as Vietnamese by themselves, folded."""
    return frozenset(_vietnamese("surname"))


@cache
def vietnamese_more() -> frozenset[str]:
    """Return the Vietnamese family names that are names elsewhere too, folded."""
    return frozenset(_vietnamese("more"))


@cache
def vietnamese_syllables() -> frozenset[str]:
    """Return every spelling of a Vietnamese syllable, folded."""
    return frozenset(onset + rime for onset in ["", *_vietnamese("onset")] for rime in _vietnamese("rime"))


def _vietnamese(row: str) -> list[str]:
    return resources.pairs("names/vietnamese.tsv")[row].split()


@cache
def given_with_particle() -> frozenset[str]:
    """Return the words that end a given name with a particle in it (`María del Mar`), folded."""
    return frozenset(resources.lines("names/given_with_particle.txt"))


@cache
def given_syllables() -> frozenset[str]:
    """Return the syllables of Chinese (Hanyu Pinyin) and Korean given names, folded."""
    rows = resources.table("names/pinyin.tsv")
    chinese = {onset.strip("-") + final for onset, finals in rows for final in finals.split()}
    return frozenset(
        chinese | {word for line in resources.lines("names/korean.txt") for word in line.split()}
    )


@cache
def syllables(name: str) -> tuple[str, ...]:
    """Return the two or three Chinese or Korean syllables that a folded given name falls into; else nothing.

    `bodan` is (`bo`, `dan`); `peter` and the single `min` are nothing. Of several ways the one with fewer syllables
    is taken, then the one whose first is longest.
    """
    if name in given_syllables():
        return ()
    heads = [name[:size] for size in range(min(6, len(name) - 1), 0, -1) if name[:size] in given_syllables()]
    two = next(((head, name[len(head) :]) for head in heads if name[len(head) :] in given_syllables()), ())
    if two or len(name) > 18:
        return two
    tails = ((head, syllables(name[len(head) :])) for head in heads)
    return next(((head, *tail) for head, tail in tails if len(tail) == 2), ())
