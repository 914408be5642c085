"""How a match to arXiv's metadata bears disturbances that its weights were not fitted on, and papers that are not it.

    python -m benchmarks.arxiv_others --gold DIR [--rows 10000] [--seed 23] [--more] [--json]

Papers of the gold ask an index from which a fifth of them is missing, each disturbed in one way: titles as other
programs write them (capitals, quotes, ligatures, lost accents, mojibake, Greek letters by name, British spelling, cut
as a search page cuts), as other versions have them (a word added, an article less, another subtitle, words in another
order), lists of one or two names, names in other forms, other days and categories. Two fifths of the pages have no
abstract. Beside them stand sister papers that are not in the file: a comment, a reply, an erratum, another part, the
same title by other people, the next paper of the same people. Printed by kind: how many were found, how many of the
missing and of the sister papers were filled from a wrong entry; and of all papers of the gold that are missing, as
pages without abstracts (`missing`), how many were filled from another paper. --more: other ways (`arxiv_more_kinds`).
"""

from __future__ import annotations

import argparse
import datetime
import json
import random
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import polars as pl

from benchmarks.arxiv import LISTED, indexed, renderer
from benchmarks.arxiv_more_kinds import MORE
from benchmarks.arxiv_others_kinds import KINDS, SISTERS, Disturb
from byline.normalize.categories import taxonomy
from byline.pipeline.stages.rescue import entries_for
from byline.reference import features, scoring
from byline.reference.layout import Index
from byline.reference.queries import queries, query_keys
from byline_schemas import PAPERS, PARSED

WITHOUT_ABSTRACT = 0.4


def pages(
    papers: pl.DataFrame, rnd: random.Random, kinds: Mapping[str, Disturb] = KINDS
) -> list[dict[str, Any]]:
    """Return papers as pages have them, in the columns of `papers`, each disturbed in one way; `kind` tells how.

    A tenth of them are sister papers: what they are compared with is another paper (`own` is false).
    """
    rows = []
    for paper in papers.iter_rows(named=True):
        own = rnd.random() > 0.1
        kind = rnd.choice(list(kinds if own else SISTERS))
        page = page_of(paper, rnd)
        (kinds if own else SISTERS)[kind](page, rnd)
        rows.append({**cut_list(page), "kind": kind, "own": own})
    return rows


def cut_list(page: dict[str, Any]) -> dict[str, Any]:
    """Return a page with LISTED authors at most."""
    cut = len(page["authors"]) > LISTED or page["authors_truncated"]
    return {**page, "authors": page["authors"][:LISTED], "authors_truncated": cut}


def todays(category: str) -> str:
    """Return a category under its name of today, as listings' codes are read (`alg-geom` is math.AG)."""
    return taxonomy().aliases.get(category, category)


def page_of(paper: Mapping[str, Any], rnd: random.Random) -> dict[str, Any]:
    """Return a paper as a page has it before anything is disturbed."""
    day: datetime.date = paper["date"]
    return {
        "title": paper["title"], "abstract": None if rnd.random() < WITHOUT_ABSTRACT else paper["abstract"],
        "published": day, "published_precision": "day", "category_candidates": [todays(paper["category"])],
        "authors": list(paper["authors"]), "authors_truncated": False,
    }  # fmt: skip


def compare(rows: list[dict[str, Any]], index: Index) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Return the entries that pages are compared with (`rescue.entries_for`), and their features, row-aligned."""
    wanted = {**PAPERS.columns(), "authors": pl.List(pl.String), "name_parts": PARSED.columns()["name_parts"]}
    listed = pl.DataFrame({name: [row.get(name) for row in rows] for name in wanted}, schema=wanted)
    asked = queries(listed)
    entries = entries_for(index, query_keys(asked))
    return entries, features.features(asked[entries["paper"]], entries)


def matched(rows: list[dict[str, Any]], index: Index) -> pl.DataFrame:
    """Return the best entry of each page: paper (its row), arxiv_id, confidence, theirs (its title), features."""
    entries, compared = compare(rows, index)
    best = scoring.decide(entries.select("paper", "row", "arxiv_id"), compared)
    said = entries.select("paper", "row", "arxiv_id", theirs="title")
    return best.join(pl.concat([said, compared], how="horizontal"), on=["paper", "row"], how="left")


def judged(rows: list[dict[str, Any]], ids: pl.Series, inside: set[str], best: pl.DataFrame) -> pl.DataFrame:
    """Return a row a page: kind, own, there (its paper is in the file), found, wrong, and its match."""
    frame = pl.DataFrame(
        {
            "kind": [row["kind"] for row in rows],
            "own": [row["own"] for row in rows],
            "title": [row["title"] for row in rows],
            "has_abstract": [row["abstract"] is not None for row in rows],
            "true_id": ids,
        }
    ).with_row_index("paper")
    joined = frame.join(best, on="paper", how="left", maintain_order="left")
    fills = (pl.col("confidence") >= scoring.threshold()).fill_null(value=False)
    right = pl.col("own") & (pl.col("arxiv_id") == pl.col("true_id")).fill_null(value=False)
    there = pl.col("own") & pl.col("true_id").is_in(inside)
    return joined.with_columns(there=there, found=fills & right, wrong=fills & ~right)


def table(found: pl.DataFrame) -> list[dict[str, Any]]:
    """Return by kind: pages whose paper is there, share found, with and without abstract, and wrong ones."""
    here_ = pl.col("there")
    return (
        found.group_by("kind")
        .agg(
            pages=pl.len(),
            there=here_.sum(),
            recall=pl.col("found").filter(here_).mean().round(4),
            with_abstract=pl.col("found").filter(here_ & pl.col("has_abstract")).mean().round(4),
            without=pl.col("found").filter(here_ & ~pl.col("has_abstract")).mean().round(4),
            wrong=pl.col("wrong").sum(),
        )
        .sort("kind")
        .to_dicts()
    )


def strangers(papers: pl.DataFrame, index: Index) -> int:
    """Return how many papers that are not in the file are filled from another one, as pages without abstracts."""
    rows = [
        cut_list(page_of(paper, random.Random(0)) | {"abstract": None})
        for paper in papers.iter_rows(named=True)
    ]
    return matched(rows, index).filter(pl.col("confidence") >= scoring.threshold()).height


def measured(
    gold: Path, tools: Path, work: Path, rows: int, seed: int, kinds: Mapping[str, Disturb]
) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the judged pages of so many papers of the gold, and how many of all that are missing were filled."""
    file = gold / "arxiv_120k.parquet"
    index = indexed(file, tools, work)
    full_id = renderer(tools).full_id
    everything = pl.read_parquet(file)
    everything = everything.with_columns(true_id=pl.Series([full_id(one) for one in everything["id"]]))
    with (work / "file.json").open(encoding="utf-8") as lines:
        inside = {json.loads(line)["id"] for line in lines}
    papers = everything.sample(rows, seed=seed, shuffle=True)
    made = pages(papers, random.Random(seed), kinds)
    out = everything.filter(~pl.col("true_id").is_in(inside))
    missing = {"pages": out.height, "filled": strangers(out, index)}
    return judged(made, papers["true_id"], inside, matched(made, index)), missing


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, default=Path("../shared/gold"))
    parser.add_argument("--rows", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=23)
    parser.add_argument("--more", action="store_true")
    parser.add_argument("--json", action="store_true")
    asked = parser.parse_args()
    tools = asked.gold.resolve().parent / "tools"
    with tempfile.TemporaryDirectory() as scratch:
        kinds = MORE if asked.more else KINDS
        found, missing = measured(asked.gold, tools, Path(scratch), asked.rows, asked.seed, kinds)
    there = found.filter("there")
    own = found.filter("own")
    wrong = own.filter("wrong").select("kind", "true_id", "arxiv_id", "title", "theirs", "confidence")
    result = {
        "there": there.height, "recall": there["found"].mean(), "filled": int((own["found"] | own["wrong"]).sum()),
        "wrong": wrong.height, "sisters": found.height - own.height,
        "wrong_sisters": int(found["wrong"].sum()) - wrong.height, "kinds": table(found), "missing": missing,
        "wrong_ones": wrong.head(8).to_dicts(),
    }  # fmt: skip
    print(json.dumps(result, indent=None if asked.json else 1, ensure_ascii=False))


if __name__ == "__main__":
    main()
