"""A made-up corpus with some of everything, and a digest of each column of evidence that identity makes of it.

`python -m tests.identity.evidence > tests/identity/evidence.json` writes what the test compares with. The weights that
are shipped are right only for evidence that is made as it was when they were fitted: whoever changes it fits anew.
"""

from __future__ import annotations

import datetime
import json
import sys
from hashlib import sha256

import polars as pl

from byline import identity
from byline.identity import features, interplay
from byline.identity.compare import Compared, compare

GIVEN = [
    "Wei", "W.", "Ottla", "O.", "Ottla Maren", "Ottla M.", "O. M.", "Bodan", "B. D.", "Bo-Dan", "Yu.", "Yuri", "Y.",
    "Jean-Pierre", "J.-P.", "Jean P.", "Philippe", "Phillippe", "Robert", "Bob", "Alessandr", "Alessandro", "",
]  # fmt: skip
FAMILY = ["Quixworth", "Fenwick", "Zhang", "Müllenbach", "Muellenbach", "de la Torrewood", "Feng", "Smith"]
TEAMS = ["the Glowworm Collaboration", "Otto Quixworth Jr.", "Otto Quixworth III"]
WORDS = [
    "otters", "tangled", "graphs", "the", "of", "neutrino", "glass", "rewriting", "nests", "quasiconvex", "polymers",
    "learning", "Poincaré", r"\alpha", "we", "spectral", "class", "x-ray", "transformers", "moss", "estuaries", "is",
]  # fmt: skip
CATEGORIES = ["cs.LG", "cs.CL", "hep-ph", "math.NT", "q-bio.PE", None, "unheard.of"]
LABELS = [[], ["Ashgrove Institute"], [" ashgrove institute ", "MIT"], ["anthropic"], []]


def _at(number: int, salt: int, size: int) -> int:
    """Return a number below `size` that looks drawn, the same everywhere."""
    return ((number * 2_654_435_761 + salt * 40_503 + (number * salt) ** 2) >> 7) % size


def _name(number: int) -> str:
    if number % 29 == 0:
        return TEAMS[_at(number, 3, len(TEAMS))]
    return f"{GIVEN[_at(number, 1, len(GIVEN))]} {FAMILY[_at(number, 2, len(FAMILY))]}".strip()


def papers(count: int = 240) -> pl.DataFrame:
    """Return papers as `identity.describe` takes them: common names, rare ones, many groups of a form, long lists."""
    rows = []
    for n in range(count):
        length = 40 if n % 60 == 7 else _at(n, 5, 6)
        authors = [_name(n * 41 + place) for place in range(length)]
        authors += [f"Wei {FAMILY[2]}"] if n % 5 == 0 else []
        authors += [f"Zoltana Quixworth-{'Pym' if n % 2 else 'Bell'}", "Wei Zhang"] if n % 9 == 0 else []
        text = " ".join(WORDS[_at(n * 13 + place, 7, len(WORDS))] for place in range(4 + n % 60))
        rows.append(
            {
                "paper_id": f"p{_at(n, 9, 10**6):06d}-{n}",
                "published": None
                if n % 11 == 3
                else datetime.date(1995 + _at(n, 11, 30), 1 + n % 12, 1 + n % 28),
                "category": CATEGORIES[_at(n, 13, len(CATEGORIES))],
                "title": " ".join(WORDS[_at(n * 7 + place, 15, len(WORDS))] for place in range(2 + n % 7)),
                "abstract": None if n % 4 == 1 else text,
                "labels": LABELS[_at(n, 17, len(LABELS))],
                "authors": authors,
                "authors_truncated": n % 6 == 2,
            }
        )
    schema: dict[str, pl.DataType | type[pl.DataType]] = {
        "published": pl.Date,
        "labels": pl.List(pl.String),
        "authors": pl.List(pl.String),
    }
    return pl.DataFrame(rows, schema_overrides=schema, infer_schema_length=None)


def _column(values: pl.Series) -> str:
    """Return a digest of a column: floats to two decimals, which no machine's logarithm moves."""
    if values.dtype.is_float():
        values = (values.cast(pl.Float64) * 100).round().fill_nan(None)
    return sha256(json.dumps(values.to_list(), default=str).encode()).hexdigest()[:12]


def _frames(mentions: pl.DataFrame, compared: Compared) -> dict[str, pl.DataFrame]:
    return {
        "mentions": mentions,
        "canonical": compared.ordered.select("row", "form", "paper_key", "group"),
        "groups": compared.table,
        "related": compared.related,
        "pairs": compared.pairs,
        "levels": pl.DataFrame(features.levels(compared, 5_000)),
        "trees": pl.DataFrame(interplay.values(compared, 5_000)),
    }


def digests() -> dict[str, str]:
    """Return a digest of each column of evidence of the corpus, by frame and name, and how many rows each frame has."""
    mentions = identity.describe(papers())
    frames = _frames(mentions, compare(mentions))
    found = {f"{name} (rows)": str(frame.height) for name, frame in frames.items()}
    return found | {
        f"{name}.{column.name}": _column(column)
        for name, frame in frames.items()
        for column in frame.get_columns()
    }


if __name__ == "__main__":
    json.dump(digests(), sys.stdout, indent=1)
    print()
