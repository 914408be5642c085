"""Rebuild the boundary model from CC0 arXiv metadata: `python benchmarks/boundary_model.py [--gold DIR]`."""

from __future__ import annotations

import argparse
import os
import random
import sys
import time
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks.boundary_corpus import Example, load_arxiv, plain, variant
from benchmarks.boundary_train import Trainer, build_lexicons
from byline.segment import characters


def examples(frame: pl.DataFrame, seed: int) -> list[Example]:
    rnd = random.Random(seed)
    result = []
    rows = frame.select("title", "authors", "fold").rows()
    for title, authors, fold in rows:
        if any("," in a or a.startswith("and ") for a in authors):
            continue
        others = rows[rnd.randrange(len(rows))][1]
        result.append(plain(rnd, title, authors, fold))
        result.append(variant(rnd, title, authors, others, fold))
        if "," in title:
            result.append(plain(rnd, title, authors, fold))
    return result


def main() -> None:
    ap = argparse.ArgumentParser(description=__doc__)
    ap.add_argument("--gold", type=Path, default=Path(os.environ.get("BYLINE_GOLD", "../shared/gold")))
    ap.add_argument("--out", type=Path, default=Path("src/byline/resources/boundary.npz"))
    ap.add_argument("--rows", type=int)
    ap.add_argument("--epochs", type=int, default=6)
    a = ap.parse_args()
    t = time.time()
    frame = load_arxiv(a.gold).filter(pl.col("bucket") < 9)
    kinds, folds = characters.build_tables()
    lexicons, final = build_lexicons(frame, kinds, folds)
    print("lexicon", time.time() - t)
    if a.rows:
        frame = frame.head(a.rows)
    made = examples(frame, 1)
    print(len(made), "examples", time.time() - t)
    trainer = Trainer(kinds, folds, lexicons)
    trainer.add(made)
    print("features", time.time() - t, trainer.size())
    trainer.fit(2)
    trainer.add_unclear()
    print('features', time.time() - t, trainer.size())
    trainer.fit(a.epochs)
    print("fit", time.time() - t)
    model = trainer.model(final)
    data = model.dump()
    a.out.write_bytes(data)
    print(len(data), "bytes", time.time() - t)


if __name__ == "__main__":
    main()
