"""How text is broken into lines, and which breaks no wrapping makes.

Text that was wrapped has no break before a word that would have fit into the longest line: such a break was made by
hand. What the paragraphs between such breaks say is for `behind` and `foreign` to judge.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from byline.core import resources
from byline.forms.name_patterns import patterns as name_patterns
from byline.listing.lines import Flags, Ints, Page
from byline.listing.spans import WHOLE_LINE

_WORD = r"^([\p{Han}\p{Hiragana}\p{Katakana}]|[^\s\p{Han}\p{Hiragana}\p{Katakana}]*)"
"""The first word of a line; where words have no spaces between, a line may be broken at every character."""
_HAN = (0xE3, 0xE9)
"""What a character of Chinese or Japanese (U+3000 to U+9FFF) begins with in UTF-8."""


@dataclass(frozen=True)
class Patterns:
    """The patterns of `resources/forms_behind.toml`."""

    stop: str
    abbreviated: str
    open: str
    anew: str
    title: str
    no_title: str
    sentence: str
    item: str
    year: str
    families: str
    initials: str
    heading: str

    @property
    def title_first(self) -> str:
        """How a citation begins whose title comes first: `On Owls. Ada Pym, Bo Li.`, then a venue."""
        name = name_patterns().name
        return rf"^\P{{Ll}}.{{7,300}}?[.?!][”\"]? {name}(?:(?:,|,? and|,? &) {name})*[.,]\s"


@cache
def patterns() -> Patterns:
    """Return them, read once."""
    return Patterns(**tomllib.loads(resources.text("forms_behind.toml")))


def gaps_before(lines: Ints) -> Flags:
    """Whether a blank line stands before each."""
    found: Flags = np.diff(lines, prepend=-1) > 1
    return found


def first_words_at(page: Page, lines: Ints) -> Ints:
    """Return how many bytes the first word of each line has."""
    view = np.frombuffer(page.data, np.uint8)
    spaces = np.flatnonzero((view == ord(" ")) | ((view >= _HAN[0]) & (view <= _HAN[1])))
    start, stop = page.start[lines], page.stop[lines]
    following = np.append(spaces, len(page.data))[np.searchsorted(spaces, start, "right")]
    size: Ints = np.minimum(following, stop) - start
    return size


def broken_by_hand(size: Ints, word: Ints, gap: Flags, group: Ints) -> Flags:
    """Whether the break before each line was made by hand.

    A word would have fit where some line so far is long enough for it: longer ones may follow that are another text's.
    Example: of lines of 26, 20 and 25 characters the third is broken by hand, and not the second, when their first
    words have 5 and 2: 26 + 1 + 5 is more than 26, 20 + 1 + 2 is not.
    """
    if not len(size):
        return np.zeros(0, bool)
    new = np.diff(group, prepend=-1) > 0
    above = np.cumsum(new) * (int(size.max()) + 1)  # so that no group's widest line counts in the next
    widest = np.maximum.accumulate(above + size) - above
    before = np.concatenate([[0], size[:-1]])
    found: Flags = ~new & (gap | (before > WHOLE_LINE) | (before + 1 + word <= widest))
    return found


def first_words(lines: pl.Series) -> Ints:
    """Return how many characters the first word of each line has."""
    size: Ints = lines.str.extract(_WORD).str.len_chars().to_numpy().astype(np.int64)
    return size


def has_ended(texts: pl.Series) -> pl.Series:
    """Tell which texts end as a whole one does."""
    p = patterns()
    return texts.str.contains(p.stop) & ~texts.str.contains(p.abbreviated)


def joined(lines: pl.Series, first: Ints) -> pl.Series:
    """Return paragraphs of lines, each with a space between its lines; `first`: the first line of each."""
    owner = np.repeat(np.arange(len(first)), np.diff(np.append(first, len(lines))))
    frame = pl.DataFrame({"owner": owner, "line": lines}).group_by("owner", maintain_order=True)
    return frame.agg(pl.col("line").str.join(" "))["line"]
