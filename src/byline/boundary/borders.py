"""What stands around a border: letters and their shapes, how the parts of a divided word read, cases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from byline.boundary.candidates import Candidates
from byline.boundary.keys import Feature, count, grow
from byline.boundary.lexicon import Lexicon
from byline.boundary.lines import DOT_BREAK, Codes, Lines
from byline.boundary.spans import Bounds

TITLE_END = "the letters before the border"
NAME_START = "the letters after the border"
BOTH_SIDES = "the letters on both sides"
PARTS = "the parts of a word that capitals divide further"
SCRIPTS = "the scripts around the border"
SHAPE = "small, capital and other letters around the border"


@dataclass
class View:
    """What the features look at, for each candidate."""

    left: list[Codes]
    right: list[Codes]
    right_folded: list[Codes]
    left_kinds: list[Codes]
    right_kinds: list[Codes]


def _window(lines: Lines, c: Candidates) -> View:
    floor = lines.start[c.line] - 1
    ceiling = lines.end[c.line]
    left, right, folded, left_kinds, right_kinds = [], [], [], [], []
    for i in range(8):
        before = np.maximum(c.at - 1 - i, floor)
        after = np.minimum(c.at + i, ceiling)
        left.append(lines.codes.take(before))
        left_kinds.append(lines.kinds.take(before).astype(np.uint32))
        right.append(lines.codes.take(after))
        folded.append(lines.folded.take(after))
        right_kinds.append(lines.kinds.take(after).astype(np.uint32))
    return View(left, right, folded, left_kinds, right_kinds)


def _pack(columns: list[Codes]) -> Codes:
    """Up to 8 kinds in one number."""
    result = columns[0].copy()
    for column in columns[1:]:
        result = (result << np.uint32(4)) | column
    return result


def _pack8(columns: list[Codes]) -> Codes:
    """Up to 4 blocks of 256 code points in one number."""
    result = columns[0].copy()
    for column in columns[1:]:
        result = (result << np.uint32(8)) | (column & np.uint32(255))
    return result


def border_ngrams(lines: Lines, c: Candidates) -> Iterator[Feature]:
    """Letters and kinds of letters left, right and across the border.

    In `Theory of gatesAda Pym` with the border before `Ada` (counted from it, to the left and to the right):

        the letters before    s, es, tes, ates, gates, " gates"       TITLE_END, six keys
        the letters after     A, Ad, Ada, "Ada ", "Ada P"; folded     NAME_START
        both sides            s|A, es|Ad, tes|Ada, es|A, s|Ad ...     BOTH_SIDES
        kinds                 small|capital, small small|capital small ...  SHAPE
    """
    view = _window(lines, c)
    left, right, folded = grow(view.left, 6), grow(view.right, 5), grow(view.right_folded, 5)
    for i in range(6):
        yield TITLE_END, left[i]
    for i in range(5):
        yield NAME_START, right[i]
    for i in range(1, 5):
        yield NAME_START, folded[i]
    prime = np.uint32(0x01000193)
    for i, j in ((0, 0), (1, 1), (2, 2), (1, 0), (0, 1), (2, 0), (0, 2)):
        yield BOTH_SIDES, left[i] * prime ^ right[j]
    block = [view.left[1] >> np.uint32(8), view.left[0] >> np.uint32(8)]
    block += [view.right[0] >> np.uint32(8), view.right[1] >> np.uint32(8)]
    yield SCRIPTS, _pack8(block)
    kl, kr = view.left_kinds, view.right_kinds
    for i, j in ((1, 1), (2, 2), (2, 4), (4, 4), (1, 7), (3, 8)):
        yield SHAPE, _pack(kl[:i]) * prime ^ _pack(kr[:j])


def hump_features(
    lines: Lines, lexicon: Lexicon, c: Candidates, left: Bounds, right: Bounds
) -> Iterator[Feature]:
    """How the parts of the words at the border read when capitals divide them: `BERT|Ada` in `Ara|BERTAda`.

    `left` is the title's last run of letters, `right` the names' first. In `Probing BERTAda Pym` with the border behind
    `BERT`, `left` is `BERT` and `right` `Ada`; with the border behind `Probing`, `right` is `BERTAda`, whose capitals
    divide it into `BERT` (near the border, no given name) and `Ada`: that speaks against this border.
    """
    inner_capitals = lines.inner_capitals if len(lines.inner_capitals) else np.zeros(1, dtype=np.int64)
    top = len(inner_capitals) - 1
    index = np.searchsorted(inner_capitals, right[0] + 1)
    edge = np.where(index <= top, inner_capitals[np.minimum(index, top)], right[1])
    edge = np.maximum(np.minimum(edge, right[1]), right[0])
    index = np.searchsorted(inner_capitals, c.at)
    before = np.where(index > 0, inner_capitals[np.maximum(index - 1, 0)], left[0])
    before = np.minimum(np.maximum(before, left[0]), left[1])
    yield from _parts(
        lines, lexicon, (right[0], edge), (edge, right[1]), lines.kinds[c.at - 1].astype(np.uint32)
    )
    yield from _parts(
        lines, lexicon, (before, left[1]), (left[0], before), lines.kinds[c.at].astype(np.uint32)
    )


def _parts(lines: Lines, lexicon: Lexicon, near: Bounds, far: Bounds, beyond: Codes) -> Iterator[Feature]:
    """The part of a word next to the border, the part behind it, and the kind of character across the border."""
    part, rest = lexicon.look_up(lines.hash_span(*near)), lexicon.look_up(lines.hash_span(*far))
    size = count(near[1] - near[0], 6) * np.uint32(8) + count(far[1] - far[0], 6)
    yield PARTS, (part * np.uint32(512) + rest) * np.uint32(64) + size
    yield PARTS, (rest * np.uint32(64) + size) * np.uint32(16) + beyond
    yield PARTS, (part * np.uint32(64) + size) * np.uint32(16) + beyond


def case_features(lines: Lines, c: Candidates) -> Iterator[Feature]:
    """Whether the first name is written as the next one is: capitals, lower case, all capitals."""
    chunks, kinds, edges = lines.chunks, lines.kinds.astype(np.uint32), lines.word_edges
    top = len(kinds) - 1
    next_chunk = np.minimum(c.chunk + 1, len(chunks.start) - 1)
    follows = c.chunk < chunks.last[c.chunk]
    other = np.where(follows, chunks.start[next_chunk], top)
    k = lines.words_before[c.end]
    last = np.maximum(np.where(k > 0, edges[np.maximum(k - 1, 0)] + 1, 0), c.at)
    mine = (kinds[c.at] << np.uint32(8)) | (kinds[np.minimum(c.at + 1, top)] << np.uint32(4)) | kinds[last]
    mine = (mine << np.uint32(4)) | kinds[np.minimum(last + 1, top)]
    second = kinds[np.minimum(other + 1, chunks.stop[next_chunk])]
    theirs = (kinds[other] << np.uint32(4)) | np.where(follows, second, np.uint32(0))
    before = kinds[c.at - 1]
    yield "whether the first name is written as the next one", (mine << np.uint32(8)) | theirs
    yield (
        "whether the first name is written as the next one",
        (((mine << np.uint32(8)) | theirs) << np.uint32(4)) | before,
    )


def length_features(lines: Lines, c: Candidates) -> Iterator[Feature]:
    """How long the first name is, and the next one: in scripts without spaces names of one list are alike."""
    chunks = lines.chunks
    next_chunk = np.minimum(c.chunk + 1, len(chunks.start) - 1)
    follows = c.chunk < chunks.last[c.chunk]
    other = np.where(follows, chunks.end[next_chunk] - chunks.start[next_chunk], 0)
    here = (lines.codes[c.at] >> np.uint32(8)).astype(np.uint32)
    mine = count(c.end - c.at, 31) * np.uint32(256) + here
    yield "how long the first name and the next are", mine
    yield "how long the first name and the next are", mine * np.uint32(32) + count(other, 31)


def context_features(lines: Lines, c: Candidates) -> Iterator[Feature]:
    """Where in the line the border stands: commas before and after, labels, ' et al.', open brackets."""
    chunks = lines.chunks
    first, last = chunks.first[c.line], chunks.last[c.chunk]
    commas_before = count(c.chunk - first, 6)
    names_after = count(last - c.chunk, 4)
    cut = chunks.cut[last].astype(np.uint32)
    dot_before = (chunks.last[first] < c.chunk).astype(np.uint32)
    labelled = (chunks.kind[last] == DOT_BREAK).astype(np.uint32)
    flags = cut + np.uint32(2) * dot_before + np.uint32(4) * labelled
    yield "commas before and names after the border", commas_before * np.uint32(8) + flags
    yield "commas before and names after the border", names_after * np.uint32(8) + flags
    yield (
        "commas before and names after the border",
        (names_after * np.uint32(8) + commas_before) * np.uint32(8) + flags,
    )
    opened = lines.open_marks(c.at, c.line)
    yield "brackets, quotes or mathematics left open", opened
