"""Which border of each line, and how sure: two tiers of candidates, evidence, calibration."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import polars as pl
from numpy.typing import NDArray

from byline.boundary import abstracts, alternatives, cut_words, divided_words, evidence, scoring, surnames
from byline.boundary import characters as ch
from byline.boundary.candidates import Candidates, every, sharp
from byline.boundary.keys import slots
from byline.boundary.lines import Ints, Lines, read_lines
from byline.boundary.model import Model
from byline.boundary.spans import run_around

CLEAR = 0.004
"""Doubt (1 - probability) up to which the sharp candidates settle a line; measured: none wrong of 23,000."""
ABSTAIN = 0.25
"""Below this confidence a reading is a guess: on seven sources no right reading of 23,000 lay there, and of titles
without names a third of those read at 0.1 and more."""
KNOTS = np.array([0, 1e-6, 1e-5, 1e-4, 3e-4, 1e-3, 3e-3, 0.01, 0.03, 0.1, 0.2, 0.4, 0.6, 0.8, 1.0])
"""Doubts at which the model's calibration gives the measured error."""

KINDS = 7
"""Kinds of readings, each with a calibration of its own; see `reading_kinds`."""
DIVIDED, UNCASED = 2, 5
UNCASED_AT_MOST = 0.98
"""How sure a reading is at most in scripts without case: its calibration rests on made-up bylines."""
CUT_AT_MOST = 0.5
"""The same where the border lies inside what is a family name elsewhere (公司|马伟, or 公|司马伟)."""
_SOMEBODY = 2
"""Bin of the lexicon from which on a word is somebody's given name."""
_EAST_ASIAN = 0x2E80
"""Chinese, Japanese and Korean letters lie above this code point, other scripts without case below."""
Evidence = evidence.Known


@dataclass
class Borders:
    """For each line: where the names begin (counted from the line's start, -1: nowhere) and how sure that is."""

    at: Ints
    confidence: NDArray[np.float64]


def tier(
    lines: Lines,
    model: Model,
    c: Candidates,
    is_sharp: bool,
    known: Evidence | None = None,
    said: pl.Series | None = None,
) -> scoring.Verdict:
    """Score one set of candidates, with evidence from the corpus and from the lines' abstracts where given."""
    scores = scoring.candidate_scores(lines, model, c).astype(np.int64)
    if known is not None and len(model.evidence):
        scores += evidence.bonus(model, evidence.levels(lines, c, *known))
    if not is_sharp and len(model.own):
        scores += abstracts.bonus(model, lines, c, said)
    key = slots(scoring.NULL_FEATURE, scoring.null_keys(lines, is_sharp))
    verdict = scoring.judge(c.line, scores, model.weights[key].astype(np.int64))
    if is_sharp or not len(model.calibration):  # a calibration is fitted to what the softmax says
        return verdict
    return alternatives.settled(model, lines, c, verdict)


def reading_kinds(lines: Lines, at: Ints) -> Ints:
    """The kind of reading, by what stands around the border, one a line; `at` counts from each line's start, -1: none.

    0: behind a stop, a digit, a bracket; 1: a capital behind a small letter, the usual one; 2: the same, where
    another capital stands in the words that touch; 3: between capitals; 4: between small letters, or after a hyphen;
    5: in scripts without case; 6: behind a space.
    """
    place = np.maximum(at, 1) + lines.start
    before, here = lines.kinds[place - 1], lines.kinds[np.minimum(place, len(lines.kinds) - 1)]
    usual = (before == ch.LOWER) & (here == ch.UPPER)
    small = ((before == ch.LOWER) & (here == ch.LOWER)) | (before == ch.HYPHEN)
    edge = np.minimum(lines.words_before[place], len(lines.word_edges) - 1)
    stop = lines.word_edges[edge]
    start = np.where(edge > 0, lines.word_edges[np.maximum(edge - 1, 0)] + 1, 0)
    inner_capitals = np.searchsorted(lines.inner_capitals, stop) - np.searchsorted(
        lines.inner_capitals, start
    )
    uncased = (before == ch.UNCASED) | (here == ch.UNCASED)
    conditions = [
        before == ch.SPACE,
        uncased,
        usual & (inner_capitals > 1),
        usual,
        (before == ch.UPPER) & (here == ch.UPPER),
        small,
    ]
    return np.select(conditions, [6, 5, 2, 1, 3, 4], 0).astype(np.int64)


def unclear(model: Model, lines: Lines, at: Ints, doubt: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Which lines the sharp candidates don't settle: doubtful ones, and those where capitals divide what touches.

    Where capitals divide what touches, two readings look alike (`InkCode|MinZhou Fenwick`, `InkCodeMin|Zhou Fenwick`),
    and the abstract, which only the second tier asks, tells them apart.
    """
    found: NDArray[np.bool_] = (doubt > CLEAR) | (reading_kinds(lines, at) == DIVIDED)
    return found | divided_words.divided(model, lines, at) if len(model.calibration) else found


def calibrate(model: Model, doubt: NDArray[np.float64], kind: Ints) -> NDArray[np.float64]:
    """Turn the softmax's doubt into a measured confidence, by the kind of reading."""
    confidence = 1.0 - doubt
    for number, errors in enumerate(model.calibration):
        mine = kind == number
        confidence[mine] = 1.0 - np.interp(doubt[mine], KNOTS, errors)
    return confidence


def confidences(model: Model, lines: Lines, at: Ints, doubt: NDArray[np.float64]) -> NDArray[np.float64]:
    """How sure the reading of each line is; `at` counts from each line's start, -1: none.

    A model without calibration says what the softmax says, without the bounds below: its calibration is fitted to that.
    """
    if not len(model.calibration):
        return 1.0 - doubt
    kind = reading_kinds(lines, at)
    confidence = calibrate(model, doubt, kind)
    made_up = (kind == UNCASED) & ~_is_latin(lines, at)
    confidence[made_up] = np.minimum(confidence[made_up], UNCASED_AT_MOST)
    native = np.flatnonzero((kind == UNCASED) & (at > 0))
    if len(native):
        inside = native[surnames.cut(model, lines, at[native] + lines.start[native])]
        confidence[inside] = np.minimum(confidence[inside], CUT_AT_MOST)
    untried = _untried(lines, at) | _gives_a_capital(model, lines, at)
    confidence[untried] = np.minimum(confidence[untried], CUT_AT_MOST)
    return confidence


def _is_latin(lines: Lines, at: Ints) -> NDArray[np.bool_]:
    """Whether a name begins with a capital and small letters, behind a script without case: `…构造|Ada Pym`."""
    place = np.maximum(at, 0) + lines.start
    stop = run_around(lines, place)[1]
    inner = np.searchsorted(lines.inner_capitals, stop) - np.searchsorted(lines.inner_capitals, place + 1)
    latin: NDArray[np.bool_] = (lines.kinds[place] == ch.UPPER) & (inner == 0) & (stop - place > 1)
    latin &= lines.kinds[np.minimum(place + 1, len(lines.kinds) - 1)] == ch.LOWER
    return latin


def _gives_a_capital(model: Model, lines: Lines, at: Ints) -> NDArray[np.bool_]:
    """Whether the capital before a name in lower case may be the name's: `Part II|da Rehn`, or `Part I|Ida Rehn`."""
    place = np.maximum(at, 1) + lines.start
    asked = (at > 1) & (lines.kinds[place - 1] == ch.UPPER)
    asked &= lines.kinds[np.minimum(place, len(lines.kinds) - 1)] == ch.LOWER
    found, top = np.zeros(len(at), dtype=np.bool_), len(lines.kinds) - 1
    row = np.flatnonzero(asked)
    row = row[lines.kinds[np.minimum(run_around(lines, place[row])[1] + 1, top)] == ch.UPPER]  # `da Rehn`
    seen = model.lexicon.seen(lines.hash_span(place[row] - 1, run_around(lines, place[row])[1]))
    found[row] = seen.given >= _SOMEBODY
    return found


def _untried(lines: Lines, at: Ints) -> NDArray[np.bool_]:
    """Whether the names begin in a script without case that the model never saw: Arabic, Hebrew, Thai."""
    place = np.minimum(np.maximum(at, 0) + lines.start, len(lines.kinds) - 1)
    untried: NDArray[np.bool_] = (lines.kinds[place] == ch.UNCASED) & (lines.codes[place] < _EAST_ASIAN)
    return untried & (at > 0)


def find_borders(bylines: pl.Series, said: pl.Series | None, lines: Lines, model: Model) -> Borders:
    """Score the sharp candidates, then every candidate of the lines where those don't settle it.

    `said`: the abstracts, one a line; they are looked at where the sharp candidates leave a doubt.
    """
    c = sharp(lines)
    verdict = tier(lines, model, c, True)
    at, doubt = places(lines, c, verdict), verdict.doubt
    again = np.flatnonzero(unclear(model, lines, at, doubt))
    if len(again):
        some = read_lines(bylines.gather(again), model.kinds, model.folds)
        c = every(some, model.lexicon)
        verdict = tier(some, model, c, False, said=None if said is None else said.gather(again))
        at[again], doubt[again] = places(some, c, verdict), verdict.doubt
    return settle(model, lines, at, doubt, said)


def find_with_evidence(lines: Lines, said: pl.Series | None, model: Model, known: Evidence) -> Borders:
    """Score every candidate with the evidence of the corpus and of the abstracts."""
    c = every(lines, model.lexicon)
    verdict = tier(lines, model, c, False, known, said)
    return settle(model, lines, places(lines, c, verdict), verdict.doubt, said, known)


def places(lines: Lines, c: Candidates, verdict: scoring.Verdict) -> Ints:
    """Return where the best candidate of each line lies, counted from the line's start; -1 where there is none."""
    at = np.full(lines.height, -1, dtype=np.int64)
    found = verdict.best >= 0
    at[found] = c.at[verdict.best[found]] - lines.start[found]
    return at


def settle(
    model: Model,
    lines: Lines,
    at: Ints,
    doubt: NDArray[np.float64],
    said: pl.Series | None,
    known: Evidence | None = None,
) -> Borders:
    """Return the borders that are published, and how sure each is.

    `at`: the best candidate of each line (-1: none) with the model's doubt; a part of a divided word may move it.
    """
    most = np.ones(len(at))
    if len(model.calibration):  # a calibration is fitted to what the softmax says
        told = cut_words.tell(model, lines, divided_words.tell(model, lines, at, said, known), said)
        at, most = told.at, told.most
    confidence = np.minimum(np.where(at >= 0, confidences(model, lines, at, doubt), 0.0), most)
    return Borders(np.where(confidence >= ABSTAIN, at, -1), confidence)
