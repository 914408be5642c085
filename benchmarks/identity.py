"""Who is who, measured: byline beside simple rules, on the identity gold.

    python -m benchmarks.identity [--gold DIR] [--json] [--scale MENTIONS ...] [--quick] [--sizes]

B-cubed precision, recall and F1 by set, for all mentions and for the name blocks that training never saw (a half), as
given and with the publisher's split ids joined; the same with lists cut to three authors; error by origin of the name;
calibration; throughput on two processes; growth with recombined names. `--sizes` prints nothing but how the confidence
holds in corpora of 300 papers to the whole of the gold. All sets are resolved together, as one corpus. Where splink is
installed, it stands beside byline on the held-out blocks (about 75 s more).
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import (
    identity_gold,
    identity_origin,
    identity_peers,
    identity_rules,
    identity_scale,
    identity_sizes,
)
from benchmarks.common.contest import exponent
from byline import identity, names

ASKED = {"acl": 0.982, "ieee": 0.955, "openreview": 0.978, "vis": 0.970}


def byline(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return the mentions resolved, in four buckets as a build would."""
    papers = mentions["paper_id"].n_unique()
    return mentions.with_columns(identity.resolve(mentions, papers=papers))


def accuracy(mentions: pl.DataFrame, labels: pl.DataFrame, methods: dict[str, Any]) -> list[dict[str, Any]]:
    """Return precision, recall and F1 of every method by set, for all blocks and for the held-out ones."""
    rows = []
    for method, run in methods.items():
        start = time.perf_counter()
        author = run(mentions)
        seconds = time.perf_counter() - start
        found = mentions.select("paper_id", "position", "block").with_columns(author=author)
        found = labels.join(found, on=["paper_id", "position"])
        found = found.with_columns(held_out=pl.Series(identity_gold.held_out(found["block"])))
        for part, some in (("all", found), ("held out", found.filter("held_out"))):
            rows += [
                {"method": method, "blocks": part, **row, "seconds": round(seconds, 1)}
                for row in identity_gold.b3(some).to_dicts()
            ]
    return rows


def joined_means(mentions: pl.DataFrame, labels: pl.DataFrame, author: pl.Series) -> list[dict[str, Any]]:
    """Return precision, recall and F1 with split ids joined, by set and over the sets, for all and held-out blocks."""
    found = mentions.select("paper_id", "position", "block").with_columns(author=author)
    rows = labels.join(found, on=["paper_id", "position"])
    rows = rows.with_columns(held_out=pl.Series(identity_gold.held_out(rows["block"])))
    out = []
    for blocks, some in (("all", rows), ("held out", rows.filter("held_out"))):
        by_set = identity_gold.b3(some)
        mean = by_set.select(
            pl.lit("mean").alias("set"), *(pl.col(c).mean() for c in ("precision", "recall", "f1"))
        )
        out += [{"blocks": blocks, **row} for row in [*by_set.drop("mentions").to_dicts(), *mean.to_dicts()]]
    return out


def by_origin(resolved: pl.DataFrame, labels: pl.DataFrame) -> list[dict[str, Any]]:
    """Return precision, recall and F1 by the rough origin of the name."""
    rows = labels.join(resolved, on=["paper_id", "position"]).with_columns(author="author_id")
    return identity_gold.b3(rows.with_columns(origin=identity_origin.origin(rows)), by="origin").to_dicts()


def calibration(resolved: pl.DataFrame, labels: pl.DataFrame) -> list[dict[str, Any]]:
    """Return, by confidence, how often a held-out mention is of its author's main person; sets weigh alike."""
    rows = labels.join(resolved, on=["paper_id", "position"]).with_columns(author="author_id")
    rows = rows.filter(pl.Series(identity_gold.held_out(rows["block"])))
    rows = rows.with_columns(right=identity_gold.right(rows), weight=1 / pl.len().over("set"))
    confidence = pl.col("identity_confidence")
    edges = [0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99]
    mean = [(c * pl.col("weight")).sum() / pl.col("weight").sum() for c in (confidence, pl.col("right"))]
    table = rows.group_by(confidence.cut(edges).alias("bin")).agg(
        pl.len().alias("mentions"), said=mean[0], right=mean[1]
    )
    return table.sort("said").with_columns(pl.col("bin").cast(pl.String)).to_dicts()


def table(title: str, rows: list[dict[str, Any]]) -> None:
    """Print rows of one shape."""
    if not rows:
        return
    print(f"\n{title}")
    shown = [{k: f"{v:.4f}" if isinstance(v, float) else str(v) for k, v in row.items()} for row in rows]
    width = {key: max(len(key), *(len(row[key]) for row in shown)) for key in shown[0]}
    print("  " + "  ".join(key.ljust(width[key]) for key in width))
    for row in shown:
        print("  " + "  ".join(row[key].ljust(width[key]) for key in width))


def means(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the mean of the four sets by method and blocks."""
    frame = pl.DataFrame(rows).group_by("method", "blocks", maintain_order=True)
    return frame.agg(pl.col("precision", "recall", "f1").mean(), pl.col("seconds").first()).to_dicts()


def beside_heuristic(measured: dict[str, float], mentions: pl.DataFrame) -> dict[str, float]:
    """Add how many times as fast it was as the heuristic, in plain Python on one core, is just now."""
    start = time.perf_counter()
    identity_rules.heuristic(mentions)
    rate = mentions.height / (time.perf_counter() - start)
    return {
        **measured,
        "heuristic_per_second": round(rate),
        "times_heuristic": round(measured["mentions_per_second"] / rate, 2),
    }


METHODS: dict[str, Any] = {
    "same string": identity_rules.same_string,
    "first and last name": identity_rules.first_and_last,
    "initial and last name": identity_rules.initial_and_last,
    "heuristic": identity_rules.heuristic,
    "byline": lambda frame: identity.resolve(frame)["author_id"],
}


def asked() -> argparse.Namespace:
    """Return what the command line asks for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, default=Path(os.environ.get("BYLINE_GOLD", "../shared/gold")))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--quick", action="store_true", help="accuracy only")
    parser.add_argument("--scale", type=int, nargs="*", default=[500_000, 1_000_000, 2_000_000, 5_000_000])
    parser.add_argument(
        "--sizes", action="store_true", help="the confidence by size of the corpus, nothing else"
    )
    return parser.parse_args()


def measure(gold: Path, papers: pl.DataFrame, mentions: pl.DataFrame, labels: pl.DataFrame) -> dict[str, Any]:
    """Return what is measured of accuracy, a table of rows under each name."""
    out: dict[str, Any] = {"accuracy": accuracy(mentions, labels, METHODS)}
    out["accuracy"] += identity_peers.accuracy(mentions, labels)
    resolved = byline(mentions)
    out["joined"] = joined_means(mentions, identity_gold.joined(labels, papers), resolved["author_id"])
    cut = identity.describe(identity_gold.papers(gold, cut=3))
    some = {name: METHODS[name] for name in ("same string", "heuristic", "byline")}
    out["cut_to_three"] = accuracy(cut, labels, some)
    out["origin"] = by_origin(resolved, labels)
    out["calibration"] = calibration(resolved, labels)
    out["peers"] = identity_peers.notes()
    return out


def throughput(papers: pl.DataFrame, mentions: pl.DataFrame, scale: list[int]) -> dict[str, Any]:
    """Return the rows on mentions a second: on the gold, and on recombined names of growing number."""
    listed = names.parse(mentions["name_as_listed"]).select("given", "family")
    listed = listed.with_columns(title=papers["title"].sample(listed.height, with_replacement=True, seed=1))
    return {
        "throughput": [beside_heuristic(identity_scale.run(papers), mentions)],
        "growth": [identity_scale.run(identity_scale.recombined(listed, size, 1)) for size in scale],
    }


def show(out: dict[str, Any]) -> None:
    """Print the tables for people."""
    table("B-cubed by set", out["accuracy"])
    table("Mean of the four sets", means(out["accuracy"]))
    print("  asked: " + ", ".join(f"{name} {f1}" for name, f1 in ASKED.items()) + "; mean 0.972")
    table("byline with the publisher's split ids joined", out["joined"])
    table("Lists cut to three authors", out["cut_to_three"])
    table("By origin of the name (a rough guess; recall is within the origin)", out["origin"])
    table("Calibration on held-out blocks", out["calibration"])
    print("\nPeers\n  " + "\n  ".join(out["peers"]))
    table("Throughput, the gold on two processes", out.get("throughput", []))
    table("Growth, recombined names", out.get("growth", []))
    if len(out.get("growth", [])) > 1:
        sizes, seconds = ([row[key] for row in out["growth"]] for key in ("mentions", "seconds"))
        print(f"  exponent of time over mentions: {exponent(sizes, seconds):.3f}")


def main() -> None:
    """Measure and print."""
    arguments = asked()
    labels = identity_gold.labels(arguments.gold)
    papers = identity_gold.papers(arguments.gold)
    mentions = identity.describe(papers)
    if arguments.sizes:
        rows = identity_sizes.by_size(mentions, labels, identity_gold.joined(labels, papers))
        print(json.dumps(rows)) if arguments.json else table("Confidence by size of the corpus", rows)
        return
    out = measure(arguments.gold, papers, mentions, labels)
    if not arguments.quick:
        out |= throughput(papers, mentions, arguments.scale)
    if arguments.json:
        print(json.dumps(out))
    else:
        show(out)


if __name__ == "__main__":
    main()
