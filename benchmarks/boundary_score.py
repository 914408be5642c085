"""Test bylines with their truth, and how well a reader does on them."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path

import numpy as np
import polars as pl
from numpy.typing import NDArray

from benchmarks.boundary_corpus import LABELS, load_arxiv, render
from byline.boundary import count_evidence, doubtful, evidence_keys, second_look, segment

ORGANISATIONS = [name for name in LABELS if name.islower()]
SOURCES = ("acl-anthology", "papercopilot", "vispubdata", "ismir", "hannawong", "BrianPulfer")
EDGES = (0.0, 0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999, 1.0000001)


@dataclass
class Case:
    """One source: bylines as a page would list them, and what they say."""

    name: str
    bylines: pl.Series
    titles: list[str]
    authors: list[list[str]]
    abstracts: pl.Series
    """Null where the source has none."""


@dataclass
class Score:
    """What one reader made of one source."""

    source: str
    reader: str
    bylines: int
    exact: float
    wrong: int
    abstained: int
    sure: float = 0.0
    sure_wrong: int = 0
    ece: float = 0.0
    per_second: float = 0.0
    mistakes: list[str] = field(default_factory=list)


def cases(gold: Path, all_authors: bool) -> list[Case]:
    """The tenth of arXiv that nothing was learned from, and every other source whole."""
    others = pl.read_parquet(gold / "bylines_other_sources.parquet")
    arxiv = load_arxiv(gold).filter(pl.col("bucket") == 9)
    frames = {"arxiv": arxiv} | {s: others.filter(pl.col("source") == s) for s in SOURCES}
    return [_case(name, frame, all_authors) for name, frame in frames.items()]


def _tidy(text: str) -> str:
    return " ".join(text.split())


def _case(name: str, frame: pl.DataFrame, all_authors: bool) -> Case:
    rnd = random.Random(1)
    lines, titles, names = [], [], []
    for row in frame.iter_rows(named=True):
        title = _tidy(pl.Series([row["title"]]).str.normalize("NFC")[0])
        listed = [_tidy(a) for a in pl.Series(row["authors"]).str.normalize("NFC")]
        shown = listed if all_authors else listed[:3]
        cut = (row.get("n_authors") or len(listed)) > len(shown)
        labels = ", ".join(rnd.sample(ORGANISATIONS, rnd.randint(1, 3))) if rnd.random() < 0.3 else ""
        lines.append(render(title, shown, " et al." if cut else "", labels))
        titles.append(title)
        names.append(shown)
    nothing = pl.Series([None], dtype=pl.String).new_from_index(0, frame.height)
    abstracts = frame["abstract"] if "abstract" in frame.columns else nothing
    return Case(name, pl.Series(lines), titles, names, abstracts)


def read_plain(bylines: pl.Series, abstracts: pl.Series) -> pl.DataFrame:
    """Read each byline by itself, with its abstract."""
    return segment(bylines, abstracts)


def read_with_evidence(bylines: pl.Series, abstracts: pl.Series) -> pl.DataFrame:
    """Read, then look again at the doubtful with the names that the rest of the source has settled."""
    frame = segment(bylines, abstracts)
    unsure = doubtful(frame)
    keys = evidence_keys(bylines.filter(unsure))
    sure = frame.filter(~unsure & frame["reason"].is_null())["authors"]
    counts = count_evidence(sure, keys)
    again = second_look(bylines.filter(unsure), keys, counts, abstracts.filter(unsure))
    rows = np.arange(len(bylines))
    order = np.argsort(np.concatenate([rows[~unsure.to_numpy()], rows[unsure.to_numpy()]]), kind="stable")
    return pl.concat([frame.filter(~unsure), again])[order]


def right(case: Case, frame: pl.DataFrame) -> NDArray[np.bool_]:
    """Whether title and ordered names are exactly those of the truth."""
    read = zip(frame["title"].to_list(), frame["authors"].to_list(), strict=True)
    truth = zip(case.titles, case.authors, strict=True)
    return np.array([mine == theirs for mine, theirs in zip(read, truth, strict=True)])


def score(
    case: Case, reader: str, read: Callable[[pl.Series, pl.Series], pl.DataFrame]
) -> tuple[Score, pl.DataFrame]:
    """Score a reader on a source; also return confidence and rightness of every answer."""
    start = time.perf_counter()
    frame = read(case.bylines, case.abstracts)
    seconds = time.perf_counter() - start
    ok = right(case, frame)
    answered = frame["reason"].is_null().to_numpy()
    confidence = frame["boundary_confidence"].fill_null(0.0).to_numpy()
    sure = answered & (confidence >= 0.99)
    answers = pl.DataFrame({"confidence": confidence, "right": ok}).filter(pl.Series(answered))
    result = Score(
        case.name, reader, len(ok), float(ok.mean()), int((answered & ~ok).sum()), int((~answered).sum())
    )
    result.sure, result.sure_wrong = float(sure.mean()), int((sure & ~ok).sum())
    result.ece, result.per_second = ece(answers), len(ok) / seconds
    result.mistakes = [_mistake(case, frame, i) for i in np.flatnonzero(~ok).tolist()]
    return result, answers


def ece(answers: pl.DataFrame) -> float:
    """Expected calibration error in ten equal bins."""
    bins = answers.with_columns((pl.col("confidence") * 10).floor().clip(0, 9).alias("bin")).group_by("bin")
    gaps = bins.agg((pl.col("confidence") - pl.col("right").cast(pl.Float64)).sum().abs().alias("gap"))
    return float(gaps["gap"].sum()) / max(1, answers.height)


def reliability(answers: pl.DataFrame) -> list[dict[str, float]]:
    """For each band of confidence: answers, mean confidence, share right."""
    rows = []
    for low, high in pairwise(EDGES):
        part = answers.filter((pl.col("confidence") >= low) & (pl.col("confidence") < high))
        if part.height:
            mean, share = part.select(
                pl.col("confidence").mean(), pl.col("right").cast(pl.Float64).mean()
            ).row(0)
            rows.append({"from": low, "answers": part.height, "confidence": mean, "right": share})
    return rows


def _mistake(case: Case, frame: pl.DataFrame, i: int) -> str:
    title, authors, confidence = frame.select("title", "authors", "boundary_confidence").row(i)
    sure = "none" if confidence is None else f"{confidence:.3f}"
    truth = f"{case.titles[i][-50:]} | {', '.join(case.authors[i][:3])}"
    return f"{case.name} {sure}: {truth} => {(title or '')[-50:]} | {', '.join(authors[:3])}"
