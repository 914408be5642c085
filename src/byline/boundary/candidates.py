"""Where a list of names could begin: the few sharp borders of a line, or every place inside a word."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from byline.boundary import characters as ch
from byline.boundary.lexicon import Lexicon
from byline.boundary.lines import SEARCHED, Ints, Lines

_SHARP, _SOFT, _WORD, _SPACE = 1, 2, 4, 8
"""A sharp border; one in any other word; one inside a word of letters; one behind a space."""


def _pairs() -> bytes:
    """What a pair of kinds (before, here) makes: a table for `bytes.translate`, 16 kinds before each 16."""
    letters = (ch.LOWER, ch.UPPER, ch.UNCASED)
    table = np.zeros((16, 16), dtype=np.uint8)
    table[ch.LOWER :, [*letters, ch.APOSTROPHE, ch.OPENER]] = _SOFT
    table[np.ix_(letters, (ch.LOWER,))] = _WORD
    table[[*letters, ch.STOP, ch.CLOSER, ch.MARK], ch.DIGIT] = _SOFT
    table[ch.SPACE, [*letters, ch.APOSTROPHE]] = _SPACE
    table[[*letters, ch.DIGIT, ch.STOP, ch.CLOSER, ch.MARK], ch.OPENER] = _SOFT
    table[ch.LOWER :, [ch.UPPER, ch.UNCASED]] = _SHARP
    table[ch.HYPHEN, :] = np.minimum(table[ch.HYPHEN, :], 1) * _SOFT
    table[[ch.DIGIT, ch.STOP, ch.CLOSER, ch.MARK, ch.DOLLAR], ch.LOWER] = _SHARP
    return table.tobytes()


_PAIRS = _pairs()
COMMON = 4
"""Inside words that titles hold this often (a bin of the lexicon: 10 times) no name is looked for."""


@dataclass(frozen=True)
class Candidates:
    """Possible borders, ascending: `at` is where the first name would begin, `line` the line of each.

    `stop` is where the title would end: before a space that stands at the border, else at `at`. `chunk` is the chunk
    the border stands in; `end` where the first name would end.
    """

    at: Ints
    stop: Ints
    line: Ints
    chunk: Ints
    end: Ints

    def __len__(self) -> int:
        """Number of candidates in the batch."""
        return len(self.at)


def _borders(lines: Lines) -> NDArray[np.uint8]:
    """The sort of border before each character but the first."""
    pairs = (lines.kinds[:-1] << np.uint8(4)) | lines.kinds[1:]
    return np.frombuffer(pairs.tobytes().translate(_PAIRS), dtype=np.uint8)


def sharp(lines: Lines) -> Candidates:
    """Borders where the kind of character changes: a capital inside a word, a letter after a stop or digit."""
    return select(lines, np.flatnonzero(_borders(lines) == _SHARP) + 1)


def every(lines: Lines, lexicon: Lexicon) -> Candidates:
    """Every place where a name could begin, also behind spaces, and inside words that are no common title words.

    Behind a space a name in lower case is looked for only where the line has no capital.
    """
    sort = _borders(lines)
    at = np.flatnonzero(sort) + 1
    at = at[(sort[at - 1] != _SPACE) | (lines.kinds[at] != ch.LOWER) | _without_capitals(lines, at)]
    inside = sort[at - 1] == _WORD
    edges = lines.run_edges
    run = lines.runs_before[at[inside]]  # the run of letters that ends at this edge
    common = np.zeros(len(edges) + 1, dtype=np.bool_)
    used = np.unique(run)
    stop = edges[used]
    start = np.where(used > 0, edges[np.maximum(used - 1, 0)] + 1, 0)
    common[used] = (lexicon.look_up(lines.hash_span(start, stop)) & np.uint32(7)) >= COMMON
    keep = np.ones(len(at), dtype=np.bool_)
    keep[inside] = ~common[run]
    return select(lines, at[keep])


def _without_capitals(lines: Lines, at: Ints) -> NDArray[np.bool_]:
    """Whether the line of each position has no capital."""
    line = np.searchsorted(lines.end, at)
    capitals = np.searchsorted(
        np.flatnonzero(lines.kinds == ch.UPPER), np.append(lines.start, len(lines.kinds))
    )
    found: NDArray[np.bool_] = (np.diff(capitals) == 0)[line]
    return found


def select(lines: Lines, at: Ints) -> Candidates:
    """Keep what lies where the end of a title is searched and inside a chunk that could hold a name.

    A title does not end where a space follows a comma, but may end in a comma that touches the name (`lp,A. Pym`).
    """
    chunks = lines.chunks
    chunk = np.searchsorted(chunks.stop, at, side="left")
    line = chunks.line[chunk]
    inside = (at < chunks.end[chunk]) & (at > lines.start[line])
    inside &= (at > chunks.start[chunk]) | (lines.kinds[at - 1] != ch.SPACE)
    keep = inside & (at - lines.start[line] <= SEARCHED)
    at, chunk, line = at[keep], chunk[keep], line[keep]
    stop = at - (lines.kinds[at - 1] == ch.SPACE)
    return Candidates(at, stop, line, chunk, _name_end(lines, at, chunks.end[chunk]))


def _name_end(lines: Lines, at: Ints, end: Ints) -> Ints:
    """Where the first name would end: at its piece's end, or before an ` and ` in it."""
    ands = lines.ands
    if not len(ands):
        return end
    following = ands[np.minimum(np.searchsorted(ands, at), len(ands) - 1)]
    shorter: Ints = np.where((following > at) & (following < end), following, end)
    return shorter
