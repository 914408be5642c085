"""Where the title ends: byline against rules and peers, on bylines that nothing was learned from.

    python benchmarks/boundary.py [--gold DIR] [--all-authors] [--peers] [--mistakes] [--plot FILE.svg] [--json]

arXiv: the tenth whose id's CRC-32 ends in 9 modulo 10. The other sources are never learned from. `--mistakes` prints
the bylines that byline and the source's label read differently; some are the label's errors.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from dataclasses import asdict
from pathlib import Path

os.environ.setdefault("POLARS_MAX_THREADS", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import polars as pl

from benchmarks import boundary_peers, boundary_plot
from benchmarks.boundary_score import Case, Score, cases, read_plain, read_with_evidence, reliability, score
from byline.boundary import model_digest, segment

HEAD = f"{'source':14s} {'reader':16s} {'bylines':>7s} {'exact':>8s} {'wrong':>5s} {'none':>5s}"
HEAD += f" {'>=.99':>7s} {'wrong':>5s} {'ECE':>7s} {'per s':>8s}"


def line(s: Score) -> str:
    """One row of the table."""
    text = f"{s.source:14s} {s.reader:16s} {s.bylines:7d} {s.exact:8.3%} {s.wrong:5d} {s.abstained:5d}"
    sure = f" {s.sure:7.2%} {s.sure_wrong:5d} {s.ece:7.5f}" if s.reader.startswith("byline") else " " * 22
    return text + sure + f" {s.per_second:8.0f}"


def speed(case: Case, size: int = 20_000, rounds: int = 5) -> float:
    """Bylines a second of processor time in batches of 20,000 on one thread: the best of a few rounds."""
    repeats = -(-size // len(case.bylines))
    batch = pl.concat([case.bylines] * repeats).head(size)
    best = float("inf")
    for _ in range(rounds):
        start = time.process_time()
        segment(batch)
        best = min(best, time.process_time() - start)
    return size / best


def run(gold: Path, all_authors: bool, peers: bool) -> tuple[list[Score], pl.DataFrame, float]:
    """Score every reader on every source; return all scores, byline's answers, and its speed."""
    readers: dict[str, boundary_peers.Reader] = {
        "byline": read_plain,
        "byline+evidence": read_with_evidence,
        "rules": lambda bylines, _: boundary_peers.rules(bylines),
    }
    other = boundary_peers.probablepeople_reader() if peers else None
    if other:
        readers["probablepeople"] = other
    scores, answers = [], []
    tests = cases(gold, all_authors)
    segment(tests[0].bylines.head(10))
    for case in tests:
        for name, read in readers.items():
            result, mine = score(case, name, read)
            scores.append(result)
            if name == "byline+evidence":
                answers.append(mine.with_columns(pl.lit(case.name).alias("source")))
            print(line(result), file=sys.stderr, flush=True)
    return scores, pl.concat(answers), speed(tests[0])


def report(scores: list[Score], answers: pl.DataFrame, per_second: float, mistakes: bool) -> str:
    """The table, the reliability table, a plot in letters, and the mistakes when asked for."""
    bands = reliability(answers)
    parts = [HEAD, *(line(s) for s in scores), "", f"model {model_digest()}"]
    parts += [
        f"speed: {per_second:,.0f} bylines/s of processor time, in batches of 20,000 on one thread",
        "",
        "reliability, all sources:",
    ]
    parts += [
        f"  from {b['from']:<7.4g} {b['answers']:7d} answers, said {b['confidence']:.4f}, right {b['right']:.4f}"
        for b in bands
    ]
    parts += ["", boundary_plot.text(bands)]
    if mistakes:
        parts += ["", *(m for s in scores if s.reader == "byline+evidence" for m in s.mistakes)]
    return "\n".join(parts)


def main() -> None:
    """Run the benchmark."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--gold", type=Path, default=Path(os.environ.get("BYLINE_GOLD", "../shared/gold")))
    ap.add_argument("--all-authors", action="store_true", help="list every author, not the first three")
    ap.add_argument("--peers", action="store_true", help="also run the peers that are installed")
    ap.add_argument(
        "--mistakes", action="store_true", help="print what byline and the labels read differently"
    )
    ap.add_argument("--plot", type=Path, help="write the reliability plot as SVG")
    ap.add_argument("--json", action="store_true")
    a = ap.parse_args()
    scores, answers, per_second = run(a.gold, a.all_authors, a.peers)
    if a.plot:
        a.plot.write_text(boundary_plot.svg(reliability(answers)), encoding="utf-8")
    if a.json:
        table = [{k: v for k, v in asdict(s).items() if k != "mistakes" or a.mistakes} for s in scores]
        result = {
            "model": model_digest(),
            "scores": table,
            "reliability": reliability(answers),
            "per_second": per_second,
        }
        print(json.dumps(result, indent=1, ensure_ascii=False))
    else:
        print(report(scores, answers, per_second, a.mistakes))


if __name__ == "__main__":
    main()
