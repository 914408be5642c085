"""How many organisation labels resolve, and how many of the answers are right.

    python benchmarks/organisations.py [--ror ror_subset.jsonl.gz] [--sample 20000]

Truth: names of organisations in the Research Organization Registry. One name in five is held apart: it is taken out of
the dump from which the index is built and asked as a label, as listed and disguised (case, accents, white space,
abbreviations, an article). The right answer is any active organisation that the registry itself gives that name, so a
label that several share has several right answers and is expected to stay unresolved. Asked too: the same labels with
every name in the index (what a full dump gives), the held-apart names when half of the organisations are missing from
the index (every answer for a missing one is wrong), and the short labels of listing pages.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from byline.affiliations import Registry, load_registry, resolve
from byline.affiliations.forms import exact_form

REFERENCE = Path(os.environ.get("BYLINE_REFERENCE", "../shared/reference")) / "ror_subset.jsonl.gz"
SHORT = {
    "university": "Univ.",
    "institute": "Inst.",
    "technology": "Technol.",
    "national": "Natl",
    "and": "&",
}


def disguises(rnd: random.Random) -> Mapping[str, Callable[[str], str]]:
    """Return the ways in which a label is written on pages."""

    def abbreviated(name: str) -> str:
        return " ".join(SHORT.get(word.lower(), word) for word in name.split())

    def spaced(name: str) -> str:
        return "  ".join(name.split()) + rnd.choice(["", " ", "\u00a0"])

    return {
        "as listed": lambda name: name,
        "lower case": str.lower,
        "capitals": str.upper,
        "white space": spaced,
        "abbreviated": abbreviated,
        "with article": lambda name: f"the {name}",
    }


def records(path: Path) -> list[dict[str, Any]]:
    """Return the active organisations of a dump given as JSON lines."""
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [one for one in map(json.loads, lines) if one["status"] == "active"]


def owners(organisations: Iterable[Mapping[str, Any]]) -> dict[str, set[str]]:
    """Return every comparison form of a name with the organisations that bear it."""
    named = [(name["value"], one["id"][-9:]) for one in organisations for name in one["names"]]
    found: dict[str, set[str]] = {}
    for form, (_, ror_id) in zip(exact_form(pl.Series([value for value, _ in named])), named, strict=True):
        found.setdefault(form, set()).add(ror_id)
    return found


def indexed(organisations: list[dict[str, Any]], folder: Path) -> Registry:
    """Return the registry over a dump made of these organisations, saying how long it took."""
    path = folder / "dump.jsonl"
    path.write_text("\n".join(map(json.dumps, organisations)), "utf-8")
    started = time.perf_counter()
    load_registry(path, folder)
    built = time.perf_counter()
    registry = load_registry(path, folder)
    kept = time.perf_counter()
    print(
        f"  {len(organisations):,} organisations: index {built - started:.1f} s, from cache {kept - built:.2f} s"
    )
    path.unlink()
    return registry


def score(title: str, labels: list[tuple[str, set[str]]], registry: Registry) -> float:
    """Print precision of the resolved and recall, and return the precision."""
    started = time.perf_counter()
    found = resolve(pl.Series([label for label, _ in labels]), registry)
    spent = time.perf_counter() - started
    answered = right = 0
    for ror_id, resolved, (_, truth) in zip(found["ror_id"], found["resolved"], labels, strict=True):
        answered += bool(resolved and ror_id)
        right += bool(resolved and ror_id in truth)
    precision, recall = right / max(1, answered), right / len(labels)
    print(
        f"  {title:34} {len(labels):8,} {precision:10.4f} {recall:8.4f} {len(labels) / spent:12,.0f} a second"
    )
    return precision


def held_apart(
    organisations: list[dict[str, Any]], rnd: random.Random
) -> tuple[list[dict[str, Any]], list[str]]:
    """Return the organisations without one name in five, and those names; each organisation keeps one at least."""
    thinned, asked = [], []
    for one in organisations:
        names = list(one["names"])
        rnd.shuffle(names)
        cut = sum(rnd.random() < 0.2 for _ in names[1:])
        asked += [name["value"] for name in names[:cut]]
        thinned.append({**one, "names": names[cut:]})
    return thinned, asked


def acronyms(
    organisations: list[dict[str, Any]], truth: Mapping[str, set[str]], size: int, rnd: random.Random
) -> list[tuple[str, set[str]]]:
    """Return a sample of acronyms in lower case with the organisations that bear them."""
    listed = sorted(
        {n["value"].lower() for one in organisations for n in one["names"] if "acronym" in n["types"]}
    )
    chosen = rnd.sample(listed, min(size, len(listed)))
    forms = exact_form(pl.Series(chosen))
    return [(one, truth[form]) for one, form in zip(chosen, forms, strict=True)]


def main() -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--ror", type=Path, default=REFERENCE)
    parser.add_argument("--sample", type=int, default=20_000)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    rnd = random.Random(options.seed)
    organisations = records(options.ror)
    truth = owners(organisations)
    verify(load_registry(), {one["id"][-9:]: one for one in organisations})
    thinned, asked = held_apart(organisations, rnd)
    asked = rnd.sample(asked, min(options.sample, len(asked)))
    ways = disguises(rnd)
    forms = exact_form(pl.Series(asked)).to_list()
    labels = {way: [(write(name), truth[form]) for name, form in zip(asked, forms, strict=True)]
              for way, write in ways.items()}  # fmt: skip
    print(f"  {'labels':34} {'asked':>8} {'precision':>10} {'recall':>8}")
    with tempfile.TemporaryDirectory() as folder:
        whole = indexed(organisations, Path(folder))
        every = [score(f"whole dump, {way}", asked_, whole) for way, asked_ in labels.items()]
        apart = indexed(thinned, Path(folder))
        every += [
            score(f"names held apart, {way}", labels[way], apart) for way in ("as listed", "lower case")
        ]
        half = indexed(rnd.sample(organisations, len(organisations) // 2), Path(folder))
        every.append(score("half of the registry missing", labels["lower case"], half))
        short = acronyms(organisations, truth, options.sample, rnd)
        every += [score("acronyms, whole dump", short, whole), score("acronyms, half missing", short, half)]
    print(f"  lowest precision {min(every):.4f} (asked: 0.99)")


def verify(registry: Registry, known: Mapping[str, Mapping[str, Any]]) -> None:
    """Print how many ids of the curated registry agree with ROR's own record, disagree, or have none at hand."""
    ours = dict(registry.forms.group_by("key").agg("form").iter_rows())
    counts = {"agree": 0, "disagree": 0, "no record at hand": 0, "no id": 0}
    for row in registry.organisations.iter_rows(named=True):
        theirs = known.get(row["ror_id"] or "")
        if theirs is None:
            counts["no record at hand" if row["ror_id"] else "no id"] += 1
            continue
        names = pl.Series([name["value"] for name in theirs["names"]]).str.replace(r" \([^()]*\)$", "")
        same = set(exact_form(names)) & set(ours[row["key"]]) and theirs["country"] == row["country"]
        counts["agree" if same else "disagree"] += 1
    print(f"curated registry, {registry.organisations.height} organisations:", ", ".join(
        f"{count} {what}" for what, count in counts.items()
    ))  # fmt: skip


if __name__ == "__main__":
    main()
