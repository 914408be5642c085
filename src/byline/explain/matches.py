"""What a build considered when it looked a paper up in arXiv's metadata, and which matches a person should look at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import polars as pl

from byline.core.errors import UsageError
from byline.decisions import curated
from byline.explain.queue import append_line
from byline.pipeline.stages.borders import known_borders
from byline.pipeline.stages.fill import DOUBTFUL
from byline.pipeline.stages.match import asked_keys
from byline.pipeline.stages.rescue import entries_for
from byline.reference import keeping, layout
from byline.reference.authors import NAME, display
from byline.reference.features import features
from byline.reference.queries import queries
from byline.reference.scoring import confidences, threshold, weighed
from byline.snapshots import manifest
from byline.snapshots.scan import scan_table
from byline_schemas import PAPERS, PARSED

SHOWN = 5
"""Candidates that are shown."""


@dataclass(frozen=True)
class Candidate:
    """An entry of arXiv's metadata that a paper was compared with."""

    arxiv_id: str
    title: str
    names: list[str]
    published: str
    confidence: float
    weights: list[tuple[str, float]]
    """What weighed most, in log-odds."""


def index_of(snapshot: Path | None, cache: Path, given: Path | None) -> layout.Index | None:
    """Return the index that a person names, else the one that the snapshot was made with, where it is kept.

    Raises `UsageError`: what was named is no index, and no metadata file of which one is kept.
    """
    home = cache / "arxiv"
    if given is not None and given.is_dir():
        return layout.open_index(given)
    if given is not None:
        return keeping.beside(keeping.kept(home, keeping.digest_of(given, home)) or _not_kept(given), given)
    said = manifest.read_manifest(snapshot).options.get("arxiv") if snapshot is not None else None
    digest = said.get("sha256") if isinstance(said, dict) else None
    if not isinstance(digest, str) or not re.fullmatch(r"[0-9a-f]{64}", digest):
        return None
    return keeping.kept(home, digest)


def _not_kept(given: Path) -> layout.Index:
    raise UsageError(f"{given}: no index of it is kept", "Run `byline build --arxiv FILE` first.")


def consider(paper: Mapping[str, Any], index: layout.Index, decisions: Path | None = None) -> list[Candidate]:
    """Return the entries that a paper is compared with, the likeliest first.

    `paper`: columns of the table `papers` by name, authors (as listed) and name_parts.
    """
    wanted = {**PAPERS.columns(), "authors": pl.List(pl.String), "name_parts": PARSED.columns()["name_parts"]}
    frame = pl.DataFrame({name: [paper.get(name)] for name in wanted}, schema=wanted)
    asked = queries(
        frame.with_columns(pl.col("category_candidates").fill_null(pl.lit([], pl.List(pl.String))))
    )
    entries = entries_for(index, asked_keys(frame, decisions))
    if entries.is_empty():
        return []
    compared = features(asked[entries["paper"]], entries)
    sure = confidences(entries.select("paper", "row", "arxiv_id"), compared)
    shown = pl.col("names").cast(pl.List(NAME)).list.eval(display(pl.element()))
    table = entries.with_columns(names=shown, at=pl.int_range(pl.len()))
    ranked = table.join(sure, on=["paper", "row"]).sort("confidence", "row", descending=[True, False])
    return [
        Candidate(
            row["arxiv_id"], row["title"], row["names"], str(row["published"]), row["confidence"],
            weighed(compared[row["at"]])[:6],
        )
        for row in ranked.head(SHOWN).iter_rows(named=True)
    ]  # fmt: skip


def border_of(byline: str, index: layout.Index) -> dict[str, Any] | None:
    """Return how an entry makes a doubtful byline plain, as `known_borders` does; null when none does."""
    return next(known_borders(pl.Series([byline]), index).iter_rows(named=True), None)


def settled(snapshot: Path | None, source: str, line: int, decisions: Path) -> str | None:
    """Return what a person said of the paper of a record, as words; null where nobody has.

    The record is the one that begins at this line of this raw file, in the snapshot.
    """
    said = curated.match_decisions(decisions) if decisions.is_dir() else None
    if snapshot is None or said is None or said.is_empty():
        return None
    here = (pl.col("source_file") == source) & (pl.col("first_line") == line)
    papers = scan_table(snapshot, "records").filter(here).select("paper_id").collect()
    found = said.filter(pl.col("paper_id").is_in(papers["paper_id"].implode()))
    if found.is_empty():
        return None
    entry = found["arxiv_id"].item(0)
    place = decisions / curated.MATCHES
    return (
        f"a person said that it is {entry} ({place})" if entry else f"a person said that none is it ({place})"
    )


def told(candidates: list[Candidate], decided: str | None = None) -> list[str]:
    """Return what was considered, as lines for a person, and why nothing is filled where nothing is.

    `decided`: what a person said, see `settled`; that counts, whatever the confidence.
    """
    if not candidates:
        return ["arXiv's metadata: no entry shares an id, title, authors or abstract with it"]
    best = candidates[0]
    if decided is not None:
        verdict = decided
    elif best.confidence >= threshold():
        verdict = f"taken: {best.arxiv_id}"
    else:
        verdict = (
            f"nothing is filled: no entry reaches {threshold():.2f}; `byline review --matches` settles it"
        )
    lines = [f"arXiv's metadata: {verdict}"]
    for one in candidates:
        lines += [
            f"  {100 * one.confidence:8.3f} %  {one.arxiv_id}  {one.published}  {one.title}",
            f"              {', '.join(one.names[:6])}{' …' if len(one.names) > 6 else ''}",
            "              " + "  ".join(f"{name} {weight:+.2f}" for name, weight in one.weights),
        ]
    return lines


def doubtful_matches(snapshot: Path) -> Iterator[dict[str, Any]]:
    """Yield the papers whose best entry was not sure enough to fill anything, the likeliest first, with authors."""
    papers = scan_table(snapshot, "papers").filter(
        pl.col("match_confidence").is_between(DOUBTFUL, threshold(), closed="left")
    )
    found = papers.sort("match_confidence", "paper_id", descending=[True, False]).collect()
    names = (
        scan_table(snapshot, "authorships")
        .filter(pl.col("paper_id").is_in(found["paper_id"].implode()), pl.col("source") == "listed")
        .sort("paper_id", "position")
        .group_by("paper_id", maintain_order=True)
        .agg(authors="name_as_listed")
    )
    joined = found.join(names.collect(), on="paper_id", how="left", maintain_order="left")
    yield from joined.iter_rows(named=True)


def keep_match(folder: Path, paper_id: str, arxiv_id: str | None, note: str) -> Path:
    """Add a reviewed match (null: none of arXiv's papers); the last one of a paper counts. Returns the file."""
    said = {"paper_id": paper_id, "arxiv_id": arxiv_id, "note": note}
    return append_line(folder / curated.MATCHES, json.dumps(said, ensure_ascii=False))
