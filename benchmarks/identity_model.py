"""Make the name counts and the identity model that byline ships.

    python -m benchmarks.identity_model [--gold DIR] [--check]

The counts (how often a folded token is first or last in an author's name) and the distances of archives come from the
metadata of arXiv papers (CC0), the names keyed by hash. Deterministic: the same input gives the same bytes on every
machine, since counts are whole numbers and weights the one optimum of their likelihood, rounded (see `identity_fit`).
`--check` makes everything anew in a folder of its own and ends with 1 where a file differs from what ships.
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import polars as pl

from benchmarks import identity_archives, identity_training
from byline.identity import archives, model, terms
from byline.names import lexicon
from byline.names.folding import fold_names

RESOURCES = Path(__file__).resolve().parents[1] / "src" / "byline" / "resources"
TABLE = np.dtype([("hash", "<u4"), ("given", "u1"), ("family", "u1")])


def name_counts(gold: Path, target: Path) -> None:
    """Write name_counts.npy: tokens seen at least twice as first or as last."""
    names = pl.read_parquet(gold / "arxiv_120k.parquet", columns=["authors"]).explode("authors")["authors"]
    tokens = fold_names(names.drop_nulls()).str.split(" ")
    tokens = tokens.filter(tokens.list.len() > 1)
    first = tokens.list.first().alias("token").value_counts(name="given")
    last = tokens.list.last().alias("token").value_counts(name="family")
    both = first.join(last, on="token", how="full", coalesce=True).fill_null(0)
    both = both.filter(
        (pl.max_horizontal("given", "family") >= 2) & (pl.col("token").str.len_chars() > 1)
    ).sort("token")
    table = np.zeros(both.height, dtype=TABLE)
    table["hash"] = [lexicon.token_hash(token) for token in both["token"]]
    for column in ("given", "family"):
        table[column] = np.round(np.log1p(both[column].to_numpy()) * lexicon.LOG_STEP)
    table = np.sort(table, order=["hash", "given", "family"])
    table = table[np.concatenate([[True], np.diff(table["hash"].astype(np.int64)) > 0])]
    np.save(target / "name_counts.npy", table, allow_pickle=False)
    print(f"name_counts.npy: {len(table)} tokens")


def word_counts(gold: Path, target: Path) -> None:
    """Write word_counts.npy: in how many titles and abstract beginnings a word occurs, from twenty on."""
    papers = pl.read_parquet(gold / "arxiv_120k.parquet", columns=["title", "abstract"])
    text = papers["title"] + " " + papers["abstract"].fill_null("").str.slice(0, terms.ABSTRACT_READ)
    said = terms.words(text)
    packed = np.unique((said.paper << np.uint64(32)) | said.hash)  # each word once a paper
    keys, count = np.unique(packed.astype(np.uint32), return_counts=True)
    often = count >= 20
    table = np.zeros(int(often.sum()), dtype=np.dtype([("hash", "<u4"), ("level", "u1")]))
    table["hash"] = keys[often]
    table["level"] = terms.level_of(count[often].astype(np.float64))
    table = np.sort(table, order=["hash", "level"])
    table = table[np.concatenate([[True], np.diff(table["hash"].astype(np.int64)) > 0])]
    np.save(target / "word_counts.npy", table, allow_pickle=False)
    print(f"word_counts.npy: {len(table)} words")


def make(gold: Path, target: Path) -> None:
    """Write all that ships into a folder; what is learned looks things up in the files of the package."""
    name_counts(gold, target)
    word_counts(gold, target)
    identity_archives.write(gold, target / archives.RESOURCE)
    identity_training.write(
        identity_training.train(identity_training.Gold.read(gold)), target / model.RESOURCE
    )


def differing(gold: Path) -> list[str]:
    """Return the shipped files that come out otherwise when made anew."""
    with TemporaryDirectory() as folder:
        made = Path(folder)
        make(gold, made)
        names = sorted(path.name for path in made.iterdir())
        return [name for name in names if (made / name).read_bytes() != (RESOURCES / name).read_bytes()]


def main() -> None:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--gold", type=Path, default=Path(os.environ.get("BYLINE_GOLD", "../shared/gold")))
    parser.add_argument("--check", action="store_true", help="compare with what ships, and write nothing")
    arguments = parser.parse_args()
    if not arguments.check:
        make(arguments.gold, RESOURCES)
        return
    bad = differing(arguments.gold)
    print("all files are as made" if not bad else f"not as made: {', '.join(bad)}")
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
