"""Rebuild the boundary model from CC0 arXiv metadata: `python benchmarks/boundary_model.py [--gold DIR]`."""

from __future__ import annotations

import argparse
import json
import os
import random
import sys
import time
from dataclasses import replace
from pathlib import Path

import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.boundary_corpus import Example, load_arxiv, plain
from benchmarks.boundary_fit import calibrate, weigh_evidence
from benchmarks.boundary_score import cases, score
from benchmarks.boundary_train import Trainer, build_lexicons
from benchmarks.boundary_variants import variant
from byline.segment import characters
from byline.segment.keys import SLOT_BITS
from byline.segment.model import Model, parse
from byline.segment.reading import segment_with


def examples(frame: pl.DataFrame, seed: int) -> list[Example]:
    """Each paper as listed and in two variants; papers with commas in the title once more."""
    rnd = random.Random(seed)
    result = []
    rows = frame.select("title", "authors", "fold").rows()
    for title, authors, fold in rows:
        if any("," in a or a.startswith("and ") for a in authors):
            continue
        other = rows[rnd.randrange(len(rows))][:2]
        result.append(plain(rnd, title, authors, fold))
        result += [variant(rnd, title, authors, other, fold) for _ in range(2)]
        if "," in title:
            result.append(plain(rnd, title, authors, fold))
    return result


def learn(frame: pl.DataFrame, epochs: int) -> Model:
    """Learn lexicon and weights from papers."""
    start = time.time()
    kinds, folds = characters.build_tables()
    lexicons, final = build_lexicons(frame, kinds, folds)
    trainer = Trainer(kinds, folds, lexicons)
    trainer.add(examples(frame, 1))
    trainer.fit(2)
    trainer.add_unclear()
    print(f"{trainer.size()} candidates after {time.time() - start:.0f} s")
    trainer.fit(epochs)
    print(f"learned in {time.time() - start:.0f} s")
    return trainer.model(final)


def record(model: Model, gold: Path, papers: int, epochs: int) -> dict[str, object]:
    """How the model was made, and how it reads what it never learned from."""
    tested = {}
    for case in cases(gold, all_authors=False):
        result, _ = score(case, "byline", lambda bylines: segment_with(model, bylines))
        tested[case.name] = {
            "bylines": result.bylines,
            "exact": round(result.exact, 5),
            "confidence_0.99_or_more": round(result.sure, 5),
            "wrong_among_them": result.sure_wrong,
        }
    return {
        "made_by": "python benchmarks/boundary_model.py",
        "learned_from": "arXiv metadata (CC0) to 2019: titles, authors, words of abstracts",
        "split": "CRC-32 of the arXiv id modulo 10: 0 to 8 learned from, 9 tested on; calibration and the weight of "
        "evidence fitted on 8 with weights learned from 0 to 7",
        "papers": papers,
        "epochs": epochs,
        "digest": model.digest,
        "tested_on": tested,
    }


def main() -> None:
    """Fit calibration on the ninth tenth with weights of the first eight, then learn from all nine."""
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--gold", type=Path, default=Path(os.environ.get("BYLINE_GOLD", "../shared/gold")))
    ap.add_argument("--out", type=Path, default=Path("src/byline/resources/boundary.npz"))
    ap.add_argument("--epochs", type=int, default=6)
    a = ap.parse_args()
    frame = load_arxiv(a.gold).filter(pl.col("bucket") < 9)
    held_in, held_out = frame.filter(pl.col("bucket") < 8), frame.filter(pl.col("bucket") == 8)
    draft = learn(held_in, a.epochs)
    unseen = examples(held_out, 2)
    draft = weigh_evidence(draft, unseen, held_in["authors"])
    draft = calibrate(draft, unseen)
    final = learn(frame, a.epochs)
    data = replace(final, calibration=draft.calibration, evidence=draft.evidence).dump()
    a.out.write_bytes(data)
    facts = record(parse(data, 1 << SLOT_BITS), a.gold, frame.height, a.epochs)
    a.out.with_suffix(".json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    print(f"{a.out}: {len(data)} bytes")


if __name__ == "__main__":
    main()
