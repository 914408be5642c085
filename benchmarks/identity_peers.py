"""A record linker from the shelf beside byline: splink (Fellegi and Sunter's model, fitted by EM), where importable.

Splink sees the mentions as byline does: parsed and folded names, co-authors' keys, title words, category and year.
It is run on the held-out blocks alone, on one thread, to end within three minutes (75 s for 131,926 mentions);
`byline, same sample` stands beside it. Splink trains without labels, but needs a threshold to cluster at: it is given
the one of `THRESHOLDS` that scores best with the very labels it is measured by, which favours it; byline's model has
learned from labels of the other blocks.
"""

from __future__ import annotations

import importlib
import importlib.util
import time
from typing import Any, TypeAlias

import polars as pl

from benchmarks import identity_gold, identity_rules
from byline import identity

Foreign: TypeAlias = Any
"""What splink made: it need not be installed, so its types are not known."""
THRESHOLDS = (0.5, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999)
"""Match probabilities at which the pairs are clustered."""
KEEP = 0.3
"""Pairs less probable than this are dropped at once."""
PAIRS = 1e6
"""About how many pairs a training session looks at."""
INITIAL = "(length(first_l) = 1 or length(first_r) = 1) and left(first_l, 1) = left(first_r, 1)"
APART = "l.paper_id <> r.paper_id"
"""Two names of one paper are two persons; left in, EM would learn from them that a person's given names differ."""
WHY_NOT = (
    "dedupe learns from labelled pairs, by its own way asked for at a prompt; no such training was set up here",
    "s2and brings its model, but that wants SPECTER2 embeddings of every paper and name counts, both fetched from "
    "elsewhere (the counts within some 10 GiB), and it pins numpy < 2 and pyarrow < 19, which byline cannot share",
)


def records(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return what splink compares, a row a mention; what is not known is null.

    `mentions`: as `identity.describe` gives them. The result: unique_id (the row), paper_id, block, initial, family,
    given, first, middle, coauthors and terms (lists of integers), category, year.
    """
    tokens = pl.col("given_key").str.replace_all("-", "", literal=True).str.split(" ")
    # the upper half of a key is block and initial: enough to recognize a co-author on another paper
    upper = pl.col("coauthors").list.eval(pl.element().floordiv(2**32))
    rows = mentions.with_row_index("unique_id").select(
        "unique_id", "paper_id", "block", "terms", "category",
        family="family_key", given="given_key", first=tokens.list.first(),
        initial=pl.col("given_key").str.slice(0, 1), middle=tokens.list.slice(1).list.join(" "),
        coauthors=upper.list.set_difference(pl.concat_list(pl.col("own_key").floordiv(2**32))),
        year=pl.col("published").dt.year(),
    )  # fmt: skip
    texts = [pl.when(pl.col(c) != "").then(c) for c in ("first", "given", "middle")]
    lists = [pl.when(pl.col(c).list.len() > 0).then(c) for c in ("coauthors", "terms")]
    return rows.with_columns(*texts, *lists)


def _level(condition: str, **more: str) -> dict[str, str]:
    return {"sql_condition": condition, "label_for_charts": condition, **more}


def _comparisons() -> list[Foreign]:
    """Return splink's comparisons, the most specific level first."""
    cl = importlib.import_module("splink.comparison_library")
    levels = importlib.import_module("splink.comparison_level_library")

    def compare(name: str, null: str, *between: Foreign) -> Foreign:
        steps = [levels.NullLevel(null), *between, levels.ElseLevel()]
        return cl.CustomComparison(output_column_name=name, comparison_levels=steps)

    exact = levels.ExactMatchLevel("given", term_frequency_adjustments=True)
    first = _level("first_l = first_r", tf_adjustment_column="first")
    middle = _level("left(middle_l, 1) = left(middle_r, 1)")
    years = [_level(f"abs(year_l - year_r) <= {apart}") for apart in (1, 4, 10)]
    return [
        compare("given", "first", exact, first, _level(INITIAL)),
        compare("middle", "middle", levels.ExactMatchLevel("middle"), middle),
        cl.ExactMatch("family").configure(term_frequency_adjustments=True),
        cl.ArrayIntersectAtSizes("coauthors", [3, 2, 1]),
        cl.ArrayIntersectAtSizes("terms", [4, 3, 2, 1]),
        compare("year", "year", *years),
        cl.ExactMatch("category"),
    ]


def _train(linker: Foreign, rule: Foreign) -> None:
    """Fit the model: the prior and u by counting, m by EM in two sessions, so that each comparison is free in one."""
    training = linker.training
    training.estimate_probability_two_random_records_match(
        [rule("l.given = r.given and l.family = r.family")], recall=0.9
    )
    training.estimate_u_using_random_sampling(max_pairs=PAIRS, seed=1)
    for fixed in ("l.block = r.block and l.initial = r.initial", "l.first = r.first and l.year = r.year"):
        training.estimate_parameters_using_expectation_maximisation(
            rule(f"{fixed} and {APART}"), max_pairs=PAIRS, estimate_without_term_frequencies=True
        )


def splink(mentions: pl.DataFrame) -> dict[float, pl.Series]:
    """Return by threshold the author of each mention, in the mentions' order.

    Raises ImportError where splink or duckdb is not installed.
    """
    duckdb, library = importlib.import_module("duckdb"), importlib.import_module("splink")
    rule = importlib.import_module("splink.blocking_rule_library").CustomRule
    connection = duckdb.connect()
    connection.execute("SET threads = 1")
    table = library.DuckDBAPI(connection).register(records(mentions).to_arrow())
    settings = library.SettingsCreator(
        link_type="dedupe_only",
        comparisons=_comparisons(),
        blocking_rules_to_generate_predictions=[
            rule(f"l.block = r.block and l.initial = r.initial and {APART}")
        ],
        retain_matching_columns=False,
    )
    linker = library.Linker(table, settings, log_level="ERROR")
    _train(linker, rule)
    pairs = linker.inference.predict(threshold_match_probability=KEEP)
    return {threshold: _clusters(linker, pairs, threshold) for threshold in THRESHOLDS}


def _clusters(linker: Foreign, pairs: Foreign, threshold: float) -> pl.Series:
    """Return the connected component of each mention, by pairs at least as probable as the threshold."""
    found = linker.clustering.cluster_pairwise_predictions_at_threshold(
        pairs, threshold_match_probability=threshold
    )
    return pl.DataFrame(found.as_pyarrow_table()).sort("unique_id")["cluster_id"]


def _score(mentions: pl.DataFrame, labels: pl.DataFrame, author: pl.Series) -> pl.DataFrame:
    """Return precision, recall and F1 by set of the labelled mentions among these."""
    found = mentions.select("paper_id", "position").with_columns(author=author)
    return identity_gold.b3(labels.join(found, on=["paper_id", "position"]))


def accuracy(mentions: pl.DataFrame, labels: pl.DataFrame) -> list[dict[str, Any]]:
    """Return splink's precision, recall and F1 by set on the held-out blocks, and byline's beside; empty without it.

    Rows are as those of the benchmark's own table, after `method`, which names the threshold chosen.
    """
    if not all(importlib.util.find_spec(module) for module in ("splink", "duckdb")):
        return []
    sample = mentions.filter(pl.Series(identity_gold.held_out(mentions["block"])))
    start = time.perf_counter()
    tried = {threshold: _score(sample, labels, author) for threshold, author in splink(sample).items()}
    between = time.perf_counter()
    own = _score(sample, labels, identity.resolve(sample)["author_id"])
    end = time.perf_counter()
    best = max(tried, key=lambda threshold: float(tried[threshold]["f1"].sum()))
    return [
        {"method": method, "blocks": "held out", **row, "seconds": round(seconds, 1)}
        for method, scores, seconds in (
            (f"splink at {best}", tried[best], between - start),
            ("byline, same sample", own, end - between),
        )
        for row in scores.to_dicts()
    ]


def notes() -> list[str]:
    """Return what to say of each peer: whether it is here, and why one is not measured."""
    return identity_rules.peers() + [f"not measured: {why}" for why in WHY_NOT]
