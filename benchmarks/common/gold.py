"""Where known papers lie, and the listing made of them. They are no part of this project: benchmarks do without."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.common.corpus import ORGANISATIONS
from benchmarks.common.material import PAPERS, code_of


def gold_folder(given: Path | None) -> Path | None:
    """Return the folder of known papers: the one given, `BYLINE_GOLD`, or `../shared/gold`; null when there is none."""
    for folder in (given, os.environ.get("BYLINE_GOLD"), "../shared/gold"):
        if folder and (Path(folder) / PAPERS).is_file():
            return Path(folder)
    if given:
        raise FileNotFoundError(f"{given / PAPERS}: no such file")
    return None


def render(papers: pl.DataFrame, path: Path, seed: int = 1) -> pl.DataFrame:
    """Write known papers as one listing and return the truth: title, authors as shown, truncated, labels, date.

    First three authors and `et al.`, a tenth with a badge, three in ten with organisations.
    """
    rng = np.random.default_rng(seed)
    rows = papers.height
    counts = np.where(rng.random(rows) < 0.3, rng.integers(1, 4, rows), 0)
    picks = [list(rng.choice(ORGANISATIONS, size=int(k), replace=False)) if k else [] for k in counts]
    frame = papers.select(
        "title",
        authors=pl.col("authors").list.head(3),
        authors_truncated=pl.col("authors").list.len() > 3,
        affiliations=pl.Series(picks, dtype=pl.List(pl.String)),
        published=pl.col("date"),
        code=pl.col("category").map_elements(code_of, return_dtype=pl.String),
        badge=pl.Series(np.where(rng.random(rows) < 0.1, "Code", "")),
        abstract=pl.col("abstract"),
    )
    labels = pl.col("affiliations").list.join(", ")
    lines = frame.select(
        pl.concat_str(
            "code",
            pl.col("published").dt.strftime("%b %-d, %Y"),
            "badge",
            pl.lit("\n"),
            "title",
            pl.col("authors").list.join(", "),
            pl.when("authors_truncated").then(pl.lit(" et al.")).otherwise(pl.lit("")),
            pl.when(labels == "").then(pl.lit("")).otherwise(" · " + labels),
            pl.lit("\n"),
            "abstract",
        )
    ).to_series()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines.to_list()), encoding="utf-8")
    return frame.drop("code", "badge", "abstract")
