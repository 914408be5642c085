"""Borders inside a word that capitals divide: `InkCodeMinZhou` may end a title at `Ink`, `InkCode` or `InkCodeMin`.

The letters on both sides look alike at each of its parts, and the model, which meets such words rarely, is too sure.
Here the parts next to the border are asked what they are elsewhere, a given name or a word of titles, and the abstract
which word it holds: `InkCode`, hardly `InkCodeMin`. A part that belongs to the other side moves the border; one that
may stand on either side leaves it, and caps the confidence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import numpy as np
import polars as pl
from numpy.typing import NDArray

from byline.boundary import abstracts, evidence
from byline.boundary import characters as ch
from byline.boundary.candidates import select
from byline.boundary.lines import Ints, Lines
from byline.boundary.model import Model
from byline.boundary.spans import Bounds, last_run, run_around
from byline.boundary.wordlists import names_lists, syllable_counts
from byline.names.wordlists import team_heads, team_words

UNDECIDED_AT_MOST = 0.5
"""How sure a reading is at most where a part of the word may stand on either side of the border."""
TOLD_AT_MOST = 0.9
"""The same where the abstract told the side, or a frequent given name is a word of titles, too."""
MOST_PARTS = 3
"""Parts that a border passes at most."""

# A part's inclination is its bin as a given name less its bin as a word of titles (`lexicon.bins`). Of 12,000 arXiv
# bylines that nothing was learned from, 3,300 got a second given name before the first (`RosaPavel Okoye`), and 2,400 a
# title whose last words are one (`BulkBank`). A part before the border at 1 and more was a name's in 1,500 of 1,501, at
# 0 to -2 either's, but a frequent given name a name's there, too; a part behind the border at -3 and less, with a given
# name behind it, was the title's in 20 of 23 (`python -m benchmarks.boundary_camel`).
_NAME, _EITHER, _WORD = 1, -2, -3
_APART = 4
"""How much more the part after the next one inclines to names than a word of titles that stands behind a border."""
_MARKED = -4
"""Inclination from which on a part behind a digit or a mark is a name's: `1980sHirley`, `F1Laurent`, not `H2Flow`."""
_SPACED = -2
"""Inclination above which a frequent given name behind a space may begin the names."""
_OFTEN = 4
"""Bin from which on a given name is a frequent one (`Rosa`, `Carl`), whatever else the word is."""
_COMMON = 4
"""Bin of the lexicon from which on titles hold a word often, whatever its capitals (`DEtection`, `DBpedia`)."""
_TWO = 2
"""Syllables of a Chinese or Korean given name."""
_RARE = 2
"""Bin up to which titles hold a word rarely: never to three times in 108,000."""
_LEAST = 3
"""Letters from which on a word that the abstract holds tells something."""
_BEGINNINGS = (
    "mc", "mac", "de", "di", "du", "da", "la", "le", "el", "al", "van", "von", "del", "della", "der", "den", "dos",
    "bin", "ibn", "abu", "abd", "ben", "o", "st", "san", "jo",
)  # fmt: skip
"""What names with a capital inside begin with (`DeShawn`, `LaToya`, `McKenna`, `JoAnn`), and no title ends in."""
_MARKS = (ch.DIGIT, ch.STOP, ch.CLOSER, ch.MARK, ch.DOLLAR)

Flags = NDArray[np.bool_]


@dataclass
class Told:
    """Where the borders lie after the parts were asked (from each line's start), and how sure each is at most."""

    at: Ints
    most: NDArray[np.float64]


@dataclass(frozen=True)
class Asked:
    """Borders that are looked at: the line of each, its place in the batch, and what the abstracts hold."""

    line: Ints
    place: Ints
    holds: Callable[[Bounds, Ints], Flags]
    """Whether spans of given lines stand in their abstracts as they are."""
    resembles: Callable[[Bounds, Ints], Flags]
    """The same, as they are or in another form."""
    said: Flags
    """Which lines of the batch have an abstract."""


@dataclass(frozen=True)
class Answer:
    """What one side says: which borders pass a part, where they lie then, and the cap of each."""

    moves: Flags
    place: Ints
    most: NDArray[np.float64]


def tell(
    model: Model, lines: Lines, at: Ints, said: pl.Series | None, known: evidence.Known | None = None
) -> Told:
    """Ask the parts of words at borders where they belong; `at` is counted from each line's start, -1: none.

    `said`: the abstracts, one a line; `known`: names that the corpus has beyond doubt, which leave none here.
    """
    told = Told(at.copy(), np.ones(len(at)))
    line = np.flatnonzero(at > 0)
    line = line[_divided(model, lines, at[line] + lines.start[line], line)]
    if known is not None and len(line):
        line = line[~_settled(lines, line, at[line] + lines.start[line], known)]
    if not len(line):
        return told
    holds = holder(model, lines, line, said)
    resembles = partial(holds, alike=True)
    given = np.zeros(len(at), np.bool_) if said is None else said.is_not_null().to_numpy()
    for side in (_before, _behind):
        moved = line
        for _ in range(MOST_PARTS):
            asked = Asked(moved, told.at[moved] + lines.start[moved], holds, resembles, given)
            answer = side(model, lines, asked)
            told.at[moved] = np.where(answer.moves, answer.place, asked.place) - lines.start[moved]
            told.most[moved] = np.minimum(told.most[moved], answer.most)
            moved = moved[answer.moves]
            if not len(moved):
                break
        line = line[told.at[line] == at[line]]  # none goes back
    return told


def divided(model: Model, lines: Lines, at: Ints) -> Flags:
    """Whether the parts of the word at each line's border are to be asked; `at` as in `tell`."""
    found = np.zeros(len(at), dtype=np.bool_)
    line = np.flatnonzero(at > 0)
    found[line] = _divided(model, lines, at[line] + lines.start[line], line)
    return found


def _divided(model: Model, lines: Lines, place: Ints, line: Ints) -> Flags:
    """Whether a capital behind a small letter is one of several, or what stands before it may be a given name."""
    usual = (lines.kinds[place - 1] == ch.LOWER) & (lines.kinds[place] == ch.UPPER)
    (start, _), run = _part_before(lines, place, lines.start[line])
    (_, end), stop = _part_behind(lines, place)
    name, often = _inclination(model, lines, (start, place))
    marked = np.isin(lines.kinds[np.maximum(start - 1, 0)], _MARKS) & (name >= _MARKED)
    spaced = (lines.kinds[np.maximum(start - 1, 0)] == ch.SPACE) & (lines.kinds[start] == ch.UPPER)
    rare = spaced & (_title_bin(model, lines, (start, place)) <= _RARE)
    found: Flags = usual & (
        (start > run) | (end < stop) | marked | rare | (name >= _NAME) | (often & (name > _SPACED))
    )
    return found


def _settled(lines: Lines, line: Ints, place: Ints, known: evidence.Known) -> Flags:
    """Whether the first name was read beyond doubt elsewhere."""
    c = select(lines, place)
    seen = c.line[evidence.levels(lines, c, *known)[0] > 0]
    return np.isin(line, seen)


def _before(model: Model, lines: Lines, asked: Asked) -> Answer:
    """Ask the part before each border: `TownsMaria|Anna` is `Towns|MariaAnna`, `InkCode|Anna` stays."""
    place, line, holds = asked.place, asked.line, asked.holds
    (start, _), run = _part_before(lines, place, lines.start[line])
    inside = start > run
    spaced = ~inside & (lines.kinds[np.maximum(start - 1, 0)] == ch.SPACE)
    free = _is_free(model, lines, asked, start, run) & ~(spaced & _is_open(model, lines, start))
    marked = ~inside & ~spaced
    name, often = _inclination(model, lines, (start, place))
    name = np.where(~spaced & _is_beginning(model, lines, (start, place)), _NAME, name)
    name = np.where((marked & (name >= _MARKED)) | (inside & often & (name >= _EITHER)), _NAME, name)
    here = holds((run, place), line) | (inside & (_title_bin(model, lines, (run, place)) >= _COMMON))
    word = np.where(spaced, _last_word(lines, start), run)
    there = ~here & holds((word, start - spaced), line)
    letter = start == run + 1  # `DBpedia` hardly ends in D
    there &= ~spaced | (
        place - start >= _LEAST
    )  # of `Qi` the abstract tells nothing: it is the title's, or a name
    either = free & ~here & (name >= np.where(spaced | letter, _NAME, _EITHER))
    frequent = free & ~here & ((often & (~spaced | (name > _SPACED))) | (letter & (name >= _EITHER)))
    either |= free & ~here & ~spaced & _is_team(model, lines, place)
    moves = (there & (either | (frequent & ~spaced & ~letter))) | (either & (name >= _NAME) & ~spaced)
    told = moves & there & ~spaced & ((name != 0) | often)
    strange = spaced & free & _is_strange(model, lines, asked, start)
    doubted = frequent | strange
    most = np.select([told, either | moves, doubted], [TOLD_AT_MOST, UNDECIDED_AT_MOST, TOLD_AT_MOST], 1.0)
    return Answer(moves, start, most)


def _is_strange(model: Model, lines: Lines, asked: Asked, start: Ints) -> Flags:
    """Whether a title's last word may be a name behind a space: `laws of ice Mehdina|Ada Pym`.

    Titles hardly hold it, nor does the abstract, and the word before it begins in lower case, so that the title writes
    proper names only with a capital; or it is two syllables of a Chinese or Korean name.
    """
    edge = np.maximum(lines.words_before[np.maximum(start - 1, 0)] - 1, 0)
    small = lines.kinds[np.minimum(lines.word_edges[edge] + 1, len(lines.kinds) - 1)] == ch.LOWER
    part = start, asked.place
    unknown = (_title_bin(model, lines, part) <= _RARE) & ~asked.resembles(part, asked.line)
    found: Flags = unknown & small & asked.said[asked.line]
    found |= syllable_counts(lines, part, unknown & ~found) == _TWO
    return found


def _is_free(model: Model, lines: Lines, asked: Asked, start: Ints, run: Ints) -> Flags:
    """Whether a name could begin with the part before the border: `Maria` in `TownsMaria`, no part of `McNicholas`."""
    before = lines.kinds[np.maximum(start - 1, 0)]
    (first, _), _ = _part_before(lines, start, lines.start[asked.line])
    attached = (start > run) & _is_beginning(model, lines, (first, start))
    attached &= ~_is_beginning(model, lines, (start, asked.place))  # `VanDerBerg`
    two = asked.place - start == 2
    element = np.where(
        start > run, (start - first <= 2) & ((before == ch.LOWER) | (start - first == 1)), True
    )
    attached |= two & element & (before != ch.SPACE)  # FeSe, 4He
    attached |= two & (before == ch.UPPER) & (lines.codes[start + 1] == ord("s"))  # GANs
    shaped = (lines.kinds[start] == ch.UPPER) & (lines.kinds[start + 1] == ch.LOWER)
    apart = (start > run) | (before == ch.SPACE) | np.isin(before, _MARKS)
    found: Flags = shaped & apart & ~attached & (start > lines.start[asked.line])
    return found


def _behind(model: Model, lines: Lines, asked: Asked) -> Answer:
    """Ask the part behind each border: `Swift|WalkAnna` is `SwiftWalk|Anna`, `Walks|AnnaMaria` stays."""
    place, line, holds = asked.place, asked.line, asked.holds
    (_, end), stop = _part_behind(lines, place)
    (_, after), _ = _part_behind(lines, np.minimum(end, stop - 1))
    run = _part_before(lines, place, lines.start[line])[1]
    free = (end < stop) & (lines.kinds[place + 1] == ch.LOWER) & ~_is_beginning(model, lines, (place, end))
    free &= ~_is_team(model, lines, place)
    name = _inclination(model, lines, (place, end))[0]
    following = _inclination(model, lines, (end, np.maximum(after, end)))[0]
    following = np.where((after - end == 1) & (lines.kinds[after] == ch.STOP), _NAME, following)  # an initial
    here, there = holds((run, place), line), holds((run, end), line)
    told = free & there
    moves = told | (free & (name <= _WORD) & (following >= name + _APART) & (following > -_APART))
    small = (lines.kinds[run] == ch.LOWER) & (place - run > _LEAST) & (name >= 0)
    small &= _title_bin(model, lines, (run, place)) >= _COMMON  # `netsMin|Anna`: no word begins so
    either = free & ~here & ~small & (name <= 0) & (name > _WORD) & (following >= _EITHER)
    most = np.select([told, moves | either], [TOLD_AT_MOST, UNDECIDED_AT_MOST], 1.0)
    return Answer(moves, end, most)


def _part_before(lines: Lines, place: Ints, floor: Ints) -> tuple[Bounds, Ints]:
    """The part of a word that ends at each place, and where its whole run of letters begins."""
    capitals, run = lines.inner_capitals, np.maximum(run_around(lines, place)[0], floor)
    inner = np.concatenate([[0], capitals])[np.searchsorted(capitals, place)]
    return (np.maximum(inner, run), place), run


def _part_behind(lines: Lines, place: Ints) -> tuple[Bounds, Ints]:
    """The part of a word that begins at each place, and where its whole run of letters ends."""
    capitals, stop = lines.inner_capitals, run_around(lines, place)[1]
    following = np.searchsorted(capitals, place + 1)
    inner: Ints = np.append(capitals, np.iinfo(np.int64).max)[following]
    return (place, np.minimum(inner, stop)), stop


def _last_word(lines: Lines, start: Ints) -> Ints:
    """Where the run of letters begins that ends before the space before each place."""
    return _part_before(lines, np.maximum(start - 1, 0), np.zeros_like(start))[1]


def _inclination(model: Model, lines: Lines, part: Bounds) -> tuple[Ints, Flags]:
    """How much more a part is a given name than a word of titles, and whether it is a frequent given name."""
    seen = model.lexicon.seen(lines.hash_span(*part))
    return seen.given - seen.title, seen.given >= _OFTEN


def _title_bin(model: Model, lines: Lines, word: Bounds) -> Ints:
    """How often titles hold a word."""
    return model.lexicon.seen(lines.hash_span(*word)).title


def _is_team(model: Model, lines: Lines, place: Ints) -> Flags:
    """Whether the first name ends in a word of teams: these are named after what the title names."""
    c = select(lines, place)
    words = model.hashes(team_words() | team_heads())
    return np.isin(place, c.at[np.isin(lines.hash_span(*last_run(lines, c.at, c.end)), words)])


def _is_open(model: Model, lines: Lines, start: Ints) -> Flags:
    """Whether no title ends with the word before the space before each place: `and Stan|Ida`, `Owl's Rosa|Ida`."""
    words = model.hashes(tuple(names_lists()["titles"]["open"]))
    word, stop = _last_word(lines, start), np.maximum(start - 1, 0)
    owner = (stop - word == 1) & (lines.folded[word] == ord("s"))
    owner &= lines.kinds[np.maximum(word - 1, 0)] == ch.APOSTROPHE
    found: Flags = np.isin(lines.hash_span(word, stop), words) | owner
    return found


def _is_beginning(model: Model, lines: Lines, part: Bounds) -> Flags:
    return np.isin(lines.hash_span(*part), model.hashes(_BEGINNINGS))


class Holds(Protocol):
    """Whether spans stand in the abstracts of their lines. `alike`: in another form, too."""

    def __call__(self, span: Bounds, of: Ints, *, alike: bool = False) -> Flags:
        """Tell it of spans of the lines `of`."""
        ...


def holder(model: Model, lines: Lines, line: Ints, said: pl.Series | None) -> Holds:
    """Return the question whether spans stand in the abstracts of their lines, for some lines of the batch.

    `said`: the abstracts, one a line of the batch, or None; without one nothing stands there.
    """
    texts = pl.Series([], dtype=pl.String) if said is None else said.gather(line)
    given = texts.is_not_null()
    words = None
    if given.any():
        rows, shown = line[given.to_numpy()], texts.drop_nulls().str.head(abstracts.LONGEST)
        words, _ = abstracts.words_of(model, shown, rows, lines.height)

    def holds(span: Bounds, of: Ints, *, alike: bool = False) -> Flags:
        start, stop = span
        if words is None:
            return np.zeros(len(start), dtype=np.bool_)
        level = abstracts.stands(lines, words, start, np.maximum(stop, start), of)
        found: Flags = (stop - start >= _LEAST) & ((level == abstracts.AS_IT_IS) | (alike & (level == 1)))
        return found

    return holds
