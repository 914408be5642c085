"""The record's own text as evidence: a title's last word mostly stands in the abstract, with half a name it does not.

In 74 % of arXiv papers the abstract holds the title's last word, and in 0.015 % what a wrong reading of a camel-case
name would leave. Every candidate is asked whether the word before its border, and the first part of the word behind it,
stand in the abstract of its line; the weights of the answers are learned with the model. Where the abstract can't tell
there is no answer, and no weight: none given, too short, in a script without spaces, or holding none of the title's
other words (a remark, another language).
"""

from __future__ import annotations

import numpy as np
import polars as pl
from numpy.typing import NDArray

from byline.boundary import characters as ch
from byline.boundary.candidates import Candidates
from byline.boundary.features import title_end
from byline.boundary.lines import Hashes, Ints, Lines, read_lines
from byline.boundary.model import Model
from byline.boundary.spans import Bounds, first_run, run_around

LONGEST = 3000
"""Characters of an abstract that are looked at."""
_LEAST_WORDS = 20
_STEM = 6
"""Letters from which on a word counts as another form of one that begins alike."""
_LONG = 4
"""Letters from which on a word says something about the text that it stands in."""
_STEM_SALT = np.uint64(0x5851F42D4C957F2D)
_LINE_SALT = np.uint64(0xD1342543DE82EF95)

AS_IT_IS = 2
"""A word stands in the abstract as it is; see `stands`."""
OWN = 3
"""Levels of `repeated`."""
BORDERS, SEEN, LEFT, RIGHT = 6, 2, 4, 2
ANSWERS = 1 + BORDERS * SEEN * LEFT * RIGHT
"""Kinds of answers; the first is silence."""


def answers(model: Model, lines: Lines, c: Candidates, abstracts: pl.Series) -> Ints:
    """Number the answer of each candidate's abstract, 0 where it can't tell.

    `abstracts` has one text a line of `lines` (String, null where there is none). The number packs the kind of border
    (in a word of small letters, behind a space, between capitals, a capital in a
    word that others divide, too, or that none does, any other), how many of the title's other words the
    abstract holds (some, half), how the title's last word stands there (not, in another form, as it is, too short to
    tell), and whether the first part of the name does.
    """
    result = np.zeros(len(c), dtype=np.int64)
    told = np.flatnonzero(abstracts.fill_null("").str.len_chars().to_numpy() > 2 * _LEAST_WORDS)
    if not len(told) or not len(c):
        return result
    words, count = words_of(model, abstracts.gather(told).str.head(LONGEST), told, lines.height)
    end = title_end(lines, c)
    seen, total = _title_words(lines, c, words, end.run[0])
    left = stands(lines, words, *end.run, c.line)
    right = stands(lines, words, *_first_part(lines, c), c.line) == AS_IT_IS
    packed = _border(lines, c) * SEEN + (2 * seen >= total)
    packed = (packed * LEFT + left) * RIGHT + right
    tells = (seen > 0) & (count[c.line] >= _LEAST_WORDS)
    result[tells] = 1 + packed[tells]
    return result


def bonus(model: Model, lines: Lines, c: Candidates, abstracts: pl.Series | None) -> Ints:
    """Score of what the record's own text says besides the border, in 1/256 nat, one a candidate."""
    score: Ints = model.own[repeated(lines, c)]
    if abstracts is not None:
        score = score + model.abstract[answers(model, lines, c, abstracts)]
    return score


def repeated(lines: Lines, c: Candidates) -> Ints:
    """Whether the first name's first word stands in the title before it: 0 no, 1 yes, 2 yes with a capital inside.

    Teams are named after what they made: `MiniCrane-XL: Lifting More with LessMiniCrane Team`.
    """
    start, stop = first_run(lines, c.at, c.end)
    edges = lines.run_edges
    begin = np.concatenate([[0], edges[:-1] + 1])
    long = edges - begin >= _LONG
    begin, end = begin[long], edges[long]
    if not len(begin):
        return np.zeros(len(c), dtype=np.int64)
    line = np.searchsorted(lines.end, begin)
    keys, first = np.unique(_key(lines.hash_span(begin, end), line), return_index=True)
    asked = _key(lines.hash_span(start, stop), c.line)
    at = np.minimum(np.searchsorted(keys, asked), len(keys) - 1)
    found = (keys[at] == asked) & (end[first[at]] <= c.at) & (stop - start >= _LONG)
    inner_capitals = np.searchsorted(lines.inner_capitals, stop) > np.searchsorted(
        lines.inner_capitals, start + 1
    )
    level: Ints = np.where(found, 1 + inner_capitals, 0)
    return level


def words_of(model: Model, texts: pl.Series, line: Ints, height: int) -> tuple[Hashes, Ints]:
    """Return the sorted keys of all words of abstracts and of their stems, and how many words each line's has.

    `texts` (String, no nulls) are the abstracts of the lines `line`, of a batch of `height`.
    """
    held = read_lines(texts, model.kinds, model.folds)
    edges = held.run_edges
    start = np.concatenate([[0], edges[:-1] + 1])
    keep = edges > start
    start, stop = start[keep], edges[keep]
    owner = line[np.searchsorted(held.end, start)]
    long = stop - start >= _STEM
    keys = [
        _key(held.hash_span(start, stop), owner),
        _key(held.hash_span(start[long], start[long] + _STEM) ^ _STEM_SALT, owner[long]),
    ]
    return np.sort(np.concatenate(keys)), np.bincount(owner, minlength=height)


def _key(words: Hashes, line: Ints) -> Hashes:
    mixed: Hashes = (words ^ (line.astype(np.uint64) * _LINE_SALT)) * np.uint64(0xD6E8FEB86659FD93)
    return mixed


def _holds(words: Hashes, keys: Hashes) -> NDArray[np.bool_]:
    found: NDArray[np.bool_] = words[np.minimum(np.searchsorted(words, keys), len(words) - 1)] == keys
    return found


def stands(lines: Lines, words: Hashes, start: Ints, stop: Ints, line: Ints) -> Ints:
    """Return how spans stand in their lines' abstracts: 0 not, 1 in another form, 2 as they are, 3 too short.

    `words`: the keys of `words_of`; an abstract holds whole words only, in any case.
    """
    size = stop - start
    exact = _holds(words, _key(lines.hash_span(start, stop), line))
    stem = lines.hash_span(start, np.minimum(start + _STEM, stop)) ^ _STEM_SALT
    alike = (size >= _STEM) & _holds(words, _key(stem, line))
    level = np.where(exact, AS_IT_IS, np.where(alike, 1, 0))
    return np.where(size < _LONG - 1, 3, level)


def _title_words(lines: Lines, c: Candidates, words: Hashes, before: Ints) -> tuple[Ints, Ints]:
    """How many of the long words between a line's start and `before` its abstract holds, and how many there are."""
    edges = lines.run_edges
    start = np.concatenate([[0], edges[:-1] + 1])
    size = edges - start
    long = size >= _LONG
    line = np.minimum(np.searchsorted(lines.end, start), lines.height - 1)
    held = np.zeros(len(edges), dtype=np.int64)
    held[long] = stands(lines, words, start[long], edges[long], line[long]) > 0
    running = np.concatenate([[0], np.cumsum(held)])
    longs = np.concatenate([[0], np.cumsum(long)])
    first, last = lines.runs_before[lines.start[c.line]], lines.runs_before[before]
    last = np.maximum(first, last)
    return running[last] - running[first], longs[last] - longs[first]


def _first_part(lines: Lines, c: Candidates) -> Bounds:
    """The first part of the first name's first word, up to a capital that divides it: `Corpus` of `CorpusLeif`."""
    start, stop = first_run(lines, c.at, c.end)
    inner_capitals = lines.inner_capitals
    if not len(inner_capitals):
        return start, stop
    following = inner_capitals[
        np.minimum(np.searchsorted(inner_capitals, start + 1), len(inner_capitals) - 1)
    ]
    return start, np.where((following > start) & (following < stop), following, stop)


def _border(lines: Lines, c: Candidates) -> Ints:
    before, here = lines.kinds[c.at - 1], lines.kinds[c.at]
    small = (before == ch.LOWER) & (here == ch.LOWER)
    capitals = (before == ch.UPPER) & (here == ch.UPPER)
    usual = (before == ch.LOWER) & (here == ch.UPPER)
    start, stop = run_around(lines, c.at)
    divided = np.searchsorted(lines.inner_capitals, stop) - np.searchsorted(lines.inner_capitals, start) > 1
    sorts = [small, before == ch.SPACE, capitals, usual & divided, usual]
    return np.select(sorts, [0, 1, 2, 3, 4], 5).astype(np.int64)
