"""Rebuild the boundary model from CC0 arXiv metadata.

    python -m benchmarks.boundary_model [--gold DIR] [--out FILE] [--check]

All machines make the same model: every sum runs in a fixed order, exponentials are `exact_math`'s, weights are rounded
to 1/256 nat. `--check` builds it and fails when its contents are not those of the file that ships. Only the packing of
the file may differ, with the version of numpy.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import polars as pl

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from benchmarks import boundary_scripts
from benchmarks.boundary_corpus import Example, load_arxiv, plain
from benchmarks.boundary_fit import calibrate, weigh_evidence
from benchmarks.boundary_score import cases, score
from benchmarks.boundary_train import Trainer, build_lexicons
from benchmarks.boundary_variants import variant
from byline.boundary import characters
from byline.boundary.model import Model, parse
from byline.boundary.reading import segment_with


def examples(frame: pl.DataFrame, seed: int) -> list[Example]:
    """Each paper as listed and in two variants; papers with commas in the title once more; scripts without case."""
    rnd = random.Random(seed)
    result = []
    rows = frame.select("title", "authors", "fold", "abstract").rows()
    for title, authors, fold, abstract in rows:
        if any("," in a or a.startswith("and ") for a in authors):
            continue
        other = rows[rnd.randrange(len(rows))][:2]
        result.append(plain(rnd, title, authors, fold, abstract))
        result += [variant(rnd, title, authors, other, fold, abstract) for _ in range(2)]
        if "," in title:
            result.append(plain(rnd, title, authors, fold, abstract))
    scripts = boundary_scripts.examples(
        rnd, len(rows) // PAPERS_A_SCRIPT, frame["title"].head(1000).to_list()
    )
    return result + scripts


PAPERS_A_SCRIPT = 8
"""Papers for one fabricated byline in Japanese, Chinese or Korean."""


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
        result, _ = score(case, "byline", lambda *texts: segment_with(model, *texts))
        tested[case.name] = {
            "bylines": result.bylines,
            "exact": round(result.exact, 5),
            "confidence_0.99_or_more": round(result.sure, 5),
            "wrong_among_them": result.sure_wrong,
        }
    return {
        "made_by": "python -m benchmarks.boundary_model",
        "learned_from": "arXiv metadata (CC0) to 2019: titles, authors, words of abstracts; made-up Japanese, "
        "Chinese and Korean bylines",
        "split": "CRC-32 of the arXiv id modulo 10: 0 to 8 learned from, 9 tested on; calibration and the weight of "
        "evidence fitted on 8 with weights learned from 0 to 7",
        "papers": papers,
        "epochs": epochs,
        "digest": model.digest,
        "contents": contents(model),
        "tested_on": tested,
    }


def contents(model: Model) -> str:
    """Return a digest of what the model holds, whatever the packing of its file: 16 hexadecimal digits."""
    total = hashlib.blake2b(digest_size=8)
    parts = (model.weights, model.lexicon.table, model.kinds, model.folds)
    for array in (*parts, model.calibration, model.evidence, model.abstract, model.own):
        total.update(f"{array.dtype} {array.shape}".encode())
        total.update(np.ascontiguousarray(array).tobytes())
    return total.hexdigest()


def build(gold: Path, epochs: int) -> tuple[Model, int]:
    """Fit calibration and evidence on the ninth tenth with weights of the first eight, the weights on all nine.

    Returns the model and the number of papers it learned from.
    """
    frame = load_arxiv(gold).filter(pl.col("bucket") < 9)
    held_in, held_out = frame.filter(pl.col("bucket") < 8), frame.filter(pl.col("bucket") == 8)
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        drafted, learned = pool.submit(learn, held_in, epochs), pool.submit(learn, frame, epochs)
        draft = drafted.result()
        unseen = examples(held_out, 2)
        draft = calibrate(weigh_evidence(draft, unseen, held_in["authors"]), unseen)
        final = learned.result()
    fitted = replace(
        final,
        calibration=draft.calibration,
        evidence=draft.evidence,
        abstract=draft.abstract,
        own=draft.own,
    )
    return fitted, frame.height


def main() -> None:
    """Build the model; write it, or check it."""
    ap = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ap.add_argument("--gold", type=Path, default=Path(os.environ.get("BYLINE_GOLD", "../shared/gold")))
    ap.add_argument("--out", type=Path, default=Path("src/byline/resources/boundary.npz"))
    ap.add_argument("--epochs", type=int, default=6)
    ap.add_argument(
        "--check", action="store_true", help="write nothing; fail when the file that ships is another"
    )
    a = ap.parse_args()
    model, papers = build(a.gold, a.epochs)
    if a.check:
        shipped = contents(parse(a.out.read_bytes()))
        if contents(model) != shipped:
            sys.exit(f"{a.out}: holds {shipped}, this command makes {contents(model)}")
        print(f"{a.out}: what this command makes")
        return
    data = model.dump()
    a.out.write_bytes(data)
    facts = record(parse(data), a.gold, papers, a.epochs)
    a.out.with_suffix(".json").write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
    print(f"{a.out}: {len(data)} bytes, contents {contents(model)}")


if __name__ == "__main__":
    main()
