r"""Text behind an abstract that speaks of something else: told by its words, where a break was made by hand.

A paragraph of the author's own takes words of the title and of the text above up again: of 3,200 abstracts of arXiv
parted in two, 96 in a hundred second parts hold such a word in their first sentence, and 87 hold two; of the first
lines of other pages (shops, mails, code, articles) 9 in a hundred hold one and 1 holds two. So where the line before
has ended and the break is one that no wrapping makes, a paragraph without such words is no part of the abstract.

How surely a break was made by hand depends on the text above. A line longer than any page is wide, of several
sentences, shows that a text was not wrapped at all; a blank line, or a last line that ends well before the others do,
show it of one break. Text that is broken in the middle of its sentences by hand tells nothing, and neither does one
with a sentence on each line.

Example, the lines of a body (title `On Owls`):

    0  We count owls in barns. [300 more characters] Their nests are large.
    1  Nests of larks are smaller.                       `nests`, `larks`: its own, as far as they stood above
    2  def area(radius):                                 no word that stood above: foreign from here on
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

import numpy as np
import polars as pl

from byline.core import resources
from byline.forms.breaks import first_words, has_ended, joined, patterns
from byline.listing.lines import Flags, Ints
from byline.listing.spans import WHOLE_LINE

_STEM = 5
"""Letters of a word that count: `counted` and `counting` are one."""
_FEW_WORDS = 25
"""A text with fewer words of its own may go on with others."""
_SHARE = 0.1
"""Of a paragraph's words so many, at least, stood above where it goes on."""
_TOO_BRIEF = 4
"""A sentence of fewer words behind a paragraph of the author's own may have none that stood above."""
_SHORT_LAST = 0.8
"""Of the widest line: a last line up to here, with the next word, was ended by hand."""
_NO_SENTENCE_WORDS = 3
"""Fewer words that stood above don't make what does not end as a sentence the author's own."""
_LONG_REST, _REST_SHARE = 15, 0.06
"""Of so many words of all that follows fewer than this share stand above where it is another text."""
_NARROWEST = 45
"""No text is wrapped at fewer columns."""
_TAIL_WORDS = 2
"""Fewer words that stood above, in all that follows, are chance."""


@dataclass(frozen=True)
class _OwnPatterns:
    """The patterns of `resources/forms_foreign.toml`."""

    common: str
    label: str
    link: str
    sentences: str
    cue: str


@cache
def _own_patterns() -> _OwnPatterns:
    return _OwnPatterns(**tomllib.loads(resources.text("forms_foreign.toml")))


@cache
def _common() -> pl.Series:
    return pl.Series(_own_patterns().common.split()).str.slice(0, _STEM).unique()


@dataclass(frozen=True)
class _Breaks:
    """Paragraphs of texts, parted where a break was made by hand: one entry each, those of a group in a row."""

    first: Ints
    """Index of its first line."""
    group: Ints
    texts: pl.Series
    gap: Flags
    """A blank line stands before it."""
    ended: Flags
    """It ends as a whole text does."""
    open: Flags
    """It ends as a text does that goes on."""
    anew: Flags
    """It does not begin as the rest of a sentence does."""
    single: Flags
    """It is one line."""
    several: Flags
    """A line of it holds the end of a sentence and the beginning of the next."""
    short: Flags
    """Its last line ends well before its widest does."""


@dataclass(frozen=True)
class _Words:
    """What words say of each paragraph."""

    shared: Ints
    """Different words of it that stood above."""
    count: Ints
    """All its different words."""
    above: Ints
    """Different words that stand above it."""
    later: Ints
    """Words that stood above, of all paragraphs from it on."""
    rest: Ints
    """All words of the paragraphs from it on."""


def departures(
    lines: pl.Series,
    group: Ints,
    gap: Flags,
    by_hand: Flags,
    titles: pl.Series | None,
    judged: Flags,
    *,
    one_line: bool = False,
) -> Ints:
    """Return, of each group of lines whose text is left for another, the index of the line where that is.

    `gap`: a blank line stands before a line, `by_hand`: the break before it was made by hand; `titles`: of each line
    the title, and whatever else stands above its text; null where that is not known; `judged`: no other lines are.
    `one_line`: other texts of the file have one line each.
    """
    begins = by_hand | _second_lines(lines, group, by_hand) if one_line else by_hand
    breaks = _broken(lines, group, gap, begins)
    words = _words(breaks, None if titles is None else titles.gather(breaks.first))
    low, few = _speaks_of_else(breaks, words)
    plain, doubtful = _may_end(breaks)
    if one_line:  # a text of several paragraphs is rare there: one word that stood above may be chance
        before = np.maximum(np.arange(len(low)) - 1, 0)
        plain = breaks.ended[before] | (~breaks.open[before] & breaks.anew)
        plain[_starts(breaks.group)] = False
        by_chance = by_hand[breaks.first] & (words.shared < _SHARE * words.count)
        low = (words.shared < _TAIL_WORDS) | by_chance | (low & by_hand[breaks.first])
    found = np.flatnonzero((plain & low | doubtful & few) & ~_own(breaks.texts) & judged[breaks.first])
    return breaks.first[found[np.unique(breaks.group[found], return_index=True)[1]]]


def _second_lines(lines: pl.Series, group: Ints, by_hand: Flags) -> Flags:
    """Tell which lines are the second of a group that may hold two texts, and stand below one that has ended.

    A group may where it has two lines, a break that was made by hand, or no line of the width that texts are wrapped
    at; else it is a text that was wrapped.
    """
    found = np.zeros(len(lines), bool)
    groups, first, count = np.unique(group, return_index=True, return_counts=True)
    widest = np.maximum.reduceat(lines.str.len_chars().to_numpy(), first)
    two = (count == 2) | np.isin(groups, group[by_hand]) | (widest < _NARROWEST)
    at = first[two & (count > 1)] + 1
    found[at] = has_ended(lines.gather(at - 1)).to_numpy()
    return found


def _broken(lines: pl.Series, group: Ints, gap: Flags, by_hand: Flags) -> _Breaks:
    first = np.flatnonzero(by_hand | (np.diff(group, prepend=-1) > 0))
    texts, p = joined(lines, first), patterns()
    return _Breaks(
        first,
        group[first],
        texts,
        gap=gap[first],
        ended=has_ended(texts).to_numpy(),
        open=texts.str.contains(p.open).to_numpy(),
        anew=texts.str.contains(p.anew).to_numpy(),
        several=np.logical_or.reduceat(lines.str.contains(_own_patterns().sentences).to_numpy(), first),
        single=np.diff(np.append(first, len(lines))) == 1,
        short=_short_last(lines, first),
    )


def _short_last(lines: pl.Series, first: Ints) -> Flags:
    """Tell which paragraphs of several lines have a last one that, with the next word, ends well before the widest."""
    size = lines.str.len_chars().to_numpy().astype(np.int64)
    stop = np.append(first[1:], len(size))
    word = np.append(first_words(lines), 0)[stop]
    found: Flags = (stop - first > 1) & (
        size[stop - 1] + 1 + word <= _SHORT_LAST * np.maximum.reduceat(size, first)
    )
    return found


def _may_end(breaks: _Breaks) -> tuple[Flags, Flags]:
    """Tell before which paragraphs a text has plainly ended by how it is broken, and before which it may have."""
    count, start = len(breaks.first), _starts(breaks.group)
    new = start == np.arange(count)
    whole = (breaks.texts.str.len_chars() > WHOLE_LINE).to_numpy() & breaks.several & breaks.single
    unwrapped = whole[start]
    before = np.maximum(np.arange(count) - 1, 0)
    ended = breaks.ended[before] | (~breaks.open[before] & breaks.anew & whole[before])
    inside = ~new & ~ended & (~breaks.anew | breaks.open[before])
    ragged = _so_far(inside, start) > 0
    sentences = _so_far(breaks.several, start)[before] > 0
    plain: Flags = ~new & ended & (unwrapped | breaks.gap | (~ragged & breaks.short[before] & sentences))
    second = np.arange(count) == start + 1
    doubtful: Flags = ended & ~ragged & second & (breaks.single[before] & ~breaks.ended | sentences)
    return plain, doubtful


def _so_far(flags: Flags | Ints, start: Ints) -> Ints:
    """Return how many of a group's paragraphs, or of what they are given, stand up to each one."""
    counted = np.concatenate([[0], np.cumsum(flags)])
    found: Ints = counted[1:] - counted[start]
    return found


def _speaks_of_else(breaks: _Breaks, words: _Words) -> tuple[Flags, Flags]:
    """Tell which paragraphs take up too few of the words above, and which none at all, nor do later ones.

    Where few words stand above, the former are the latter.
    """
    cue = breaks.texts.str.contains(_own_patterns().cue).to_numpy()
    few = (words.shared == 0) & ~(cue & breaks.ended) & (words.later < _TAIL_WORDS)
    low = (words.shared == 0) | (words.shared < _SHARE * words.count)
    low |= ~breaks.ended & ((words.shared < _NO_SENTENCE_WORDS) | (2 * words.shared < words.count))
    low |= (words.rest >= _LONG_REST) & (words.later < _REST_SHARE * words.rest)
    start = _starts(breaks.group)
    brief = breaks.ended & (words.count < _TOO_BRIEF) & (np.arange(len(start)) > start + 1) & ~breaks.gap
    return np.where(words.above >= _FEW_WORDS, low, few) & ~brief, few


def _starts(group: Ints) -> Ints:
    """Return the first paragraph of each one's group."""
    start: Ints = np.maximum.accumulate(np.where(np.diff(group, prepend=-1) > 0, np.arange(len(group)), 0))
    return start


def _own(texts: pl.Series) -> Flags:
    """Tell which paragraphs are an abstract's own whatever their words: keywords, labels, links to code."""
    found: Flags = (
        texts.str.contains(_own_patterns().label) | texts.str.contains(_own_patterns().link)
    ).to_numpy()
    return found


def _words(breaks: _Breaks, titles: pl.Series | None) -> _Words:
    """Count words, by the first and the last paragraph of a group that hold them; those of a title stand before all."""
    count = len(breaks.first)
    at, start = np.arange(count), _starts(breaks.group)
    frames = [_listed(breaks.texts, at, start)]
    if titles is not None:
        heads = np.unique(start)
        frames.append(_listed(titles.gather(heads), heads - 1, heads))
    held = pl.concat(frames).unique()
    spans = held.group_by("start", "word").agg(first=pl.col("at").min(), last=pl.col("at").max())
    shared = held.join(spans, on=["start", "word"]).filter(pl.col("at") >= pl.col("start"))
    each = shared.group_by("at").agg(count=pl.len(), shared=(pl.col("first") < pl.col("at")).sum())
    counts, again = np.zeros(count, np.int64), np.zeros(count, np.int64)
    counts[each["at"].to_numpy()] = each["count"].to_numpy()
    again[each["at"].to_numpy()] = each["shared"].to_numpy()
    begun, done = _before(spans, "first", start), _before(spans, "last", start)
    ends = np.append(np.unique(start)[1:], count) - 1
    every = np.bincount(np.searchsorted(ends, spans["start"].to_numpy()), minlength=len(ends))
    rest = every[np.searchsorted(ends, at)] - done
    return _Words(again, counts, begun, begun - done, rest)


def _before(spans: pl.DataFrame, column: str, start: Ints) -> Ints:
    """Return how many words of a group have their first, or last, paragraph before each one."""
    heads = np.unique(start)
    stops = np.append(heads[1:], len(start))
    place = spans[column].to_numpy() + 1  # that of a title is its group's start less one
    inside = place < stops[np.searchsorted(heads, spans["start"].to_numpy())]
    return _so_far(np.bincount(place[inside], minlength=len(start)), start)


def _listed(texts: pl.Series, at: Ints, start: Ints) -> pl.DataFrame:
    """Return the words of texts that say something: one row a word, its text's place and its group's start."""
    words = texts.str.to_lowercase().str.extract_all(r"\p{L}{4,}")
    frame = pl.DataFrame({"at": at, "start": start, "word": words}).explode("word").drop_nulls()
    frame = frame.with_columns(pl.col("word").str.slice(0, _STEM))
    return frame.filter(~pl.col("word").is_in(_common().implode()))
