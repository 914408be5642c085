"""Why a byline was read as it was: every candidate, and what weighed most for the best two."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import polars as pl
from numpy.typing import NDArray

from byline.boundary import abstracts, deciding, evidence, scoring, tails
from byline.boundary.candidates import Candidates, every, sharp
from byline.boundary.features import candidate_features
from byline.boundary.keys import slots
from byline.boundary.lines import Ints, Lines, read_lines
from byline.boundary.model import SCALE, Model, load
from byline.boundary.reading import frame_of

NAMES_AFTER = "the other pieces between commas as names"
IN_TITLE = "whether the title holds the name's first word"
IN_ABSTRACT = "whether the abstract holds the words at the border"
SURE_NAMES = ("the first name in full", "the first name's first word", "the first name's last word")


@dataclass(frozen=True)
class Weight:
    """One piece of evidence: what was looked at, in words, and how much it adds to the score (in nats)."""

    feature: str
    weight: float


@dataclass(frozen=True)
class Reading:
    """One candidate: the title and names it would give, its probability; evidence for the best two only."""

    title: str
    authors: list[str]
    probability: float
    evidence: list[Weight]


@dataclass(frozen=True)
class Explanation:
    """All candidates of a byline, best first, and the probability that none is right.

    `confidence` is what `segment` (or `second_look`) gives the best one, after calibration.
    """

    byline: str
    readings: list[Reading]
    none: float
    confidence: float


def explain(
    byline: str,
    keys: NDArray[np.uint64] | None = None,
    counts: NDArray[np.uint32] | None = None,
    abstract: str | None = None,
) -> Explanation:
    """Show how a byline was read, with its abstract's evidence.

    With `keys` and `counts` as in `second_look`, with the corpus's evidence, too.
    """
    model = load()
    lines = read_lines(tails.plain(pl.Series([byline])), model.kinds, model.folds)
    known = None if keys is None or counts is None else (keys, counts)
    said = None if abstract is None else pl.Series([abstract])
    c, verdict, again = _decide(lines, model, known, said)
    if not len(c):
        return Explanation(byline, [], 1.0, 0.0)
    borders = deciding.settle(model, lines, deciding.places(lines, c, verdict), verdict.doubt, said, known)
    order = _order(c, verdict, int(borders.at[0] + lines.start[0]))
    readings = [_reading(lines, c, i, float(verdict.probability[i])) for i in order.tolist()]
    for rank, i in enumerate(order[:2].tolist()):
        readings[rank] = replace(readings[rank], evidence=_weights(lines, model, c, i, known, again, said))
    none = max(0.0, 1.0 - float(verdict.probability.sum()))
    confidence = float(frame_of(_text(lines), lines, borders)["boundary_confidence"][0] or 0.0)
    return Explanation(byline, readings, none, confidence)


def _order(c: Candidates, verdict: scoring.Verdict, published: int) -> Ints:
    """The candidates, the most probable first; before all the one that is published."""
    order = np.argsort(-verdict.probability, kind="stable")
    first = c.at[order] == published
    return np.concatenate([order[first], order[~first]])


def _decide(
    lines: Lines, model: Model, known: deciding.Evidence | None, said: pl.Series | None
) -> tuple[Candidates, scoring.Verdict, bool]:
    """The tier that settles the line, as in `segment`, and whether it is the second."""
    if known is None:
        c = sharp(lines)
        verdict = deciding.tier(lines, model, c, True)
        if not deciding.unclear(model, lines, deciding.places(lines, c, verdict), verdict.doubt)[0]:
            return c, verdict, False
    c = every(lines, model.lexicon)
    return c, deciding.tier(lines, model, c, False, known, said), True


def _text(lines: Lines) -> pl.Series:
    return pl.Series([lines.utf8[:-1].decode()])


def _reading(lines: Lines, c: Candidates, i: int, probability: float) -> Reading:
    borders = deciding.Borders(c.at[[i]], np.array([probability]))
    row = frame_of(_text(lines), lines, borders).row(0, named=True)
    return Reading(row["title"] or "", row["authors"], probability, [])


def beside(byline: str, reading: Reading) -> tuple[bool, list[str]]:
    """Return whether a byline's list of names was cut, and its labels, given where the reading's first name stands."""
    model = load()
    text = pl.Series([byline])
    begin = len(reading.title) if byline.startswith(reading.title) else 0
    at = max(begin, byline.find(reading.authors[0], begin))
    borders = deciding.Borders(np.array([at]), np.array([1.0]))
    text = tails.plain(text)
    row = frame_of(text, read_lines(text, model.kinds, model.folds), borders).row(0, named=True)
    return row["authors_truncated"], row["labels"]


def _weights(
    lines: Lines,
    model: Model,
    c: Candidates,
    i: int,
    known: deciding.Evidence | None,
    again: bool,
    said: pl.Series | None,
) -> list[Weight]:
    """Sum a candidate's weights by what they look at, heaviest first."""
    one = Candidates(c.at[[i]], c.stop[[i]], c.line[[i]], c.chunk[[i]], c.end[[i]])
    total: dict[str, int] = {}
    for number, (name, key) in enumerate(candidate_features(lines, model.lexicon, one)):
        total[name] = total.get(name, 0) + int(model.weights[slots(number, key)][0])
    total[NAMES_AFTER] = _names_after(lines, model, c, i)
    if known is not None and len(model.evidence):
        found = evidence.levels(lines, one, *known)
        for kind, what in enumerate(SURE_NAMES):
            gain = model.evidence.reshape(evidence.KINDS, evidence.LEVELS)[kind, found[kind, 0]]
            total[f"{what}, read beyond doubt elsewhere in the corpus"] = int(gain)
    if again and len(model.own):
        total[IN_TITLE] = int(abstracts.bonus(model, lines, one, None)[0])
        total[IN_ABSTRACT] = int(abstracts.bonus(model, lines, one, said)[0]) - total[IN_TITLE]
    ranked = sorted(total.items(), key=lambda item: (-abs(item[1]), item[0]))
    return [Weight(_shown(lines, one, name), weight / SCALE) for name, weight in ranked if weight]


def _names_after(lines: Lines, model: Model, c: Candidates, i: int) -> int:
    """Score of the pieces between commas that would be names with this candidate, not with a later one."""
    after, until = scoring.piece_bounds(lines, c)
    running = np.cumsum(scoring.piece_scores(lines, model, scoring.scored_pieces(lines, after, until)))
    return int(running[until[i]] - running[after[i]])


def _shown(lines: Lines, one: Candidates, name: str) -> str:
    """Name a piece of evidence together with the text it looks at."""
    at, end = int(one.at[0]), int(one.end[0])
    text = lines.utf8[:-1].decode()
    before, after, first = text[:at], text[at:], text[at:end]
    shown = {
        "the letters before the border": f"“…{before[-6:]}”",
        "the letters after the border": f"“{after[:5]}…”",
        "the letters on both sides": f"“{before[-3:]}|{after[:3]}”",
        "small, capital and other letters around the border": f"“{before[-3:]}|{after[:8]}”",
        "the name's words": f"“{first}”",
        "the title's last word": f"“{before.rstrip().rsplit(' ', 1)[-1]}”",
    }.get(name)
    return f"{name}: {shown}" if shown else name
