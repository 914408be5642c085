"""What must hold between the tables of a snapshot, as named rules that say which row breaks them.

Rows are compared in passes over ranges of ids, so that memory is bounded by a pass and not by the
dataset: ids are digests, so ranges of equal width hold about equally many rows. All failures are reported
at once, capped per rule with the full count.
"""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from byline_schemas import _passes as passes
from byline_schemas._cuts import Pass, Spill
from byline_schemas._evident import doubtful_authors, doubtful_papers
from byline_schemas._spans import FileSpan, check_spans, file_spans
from byline_schemas._tally import Rule, Scans, Tally, Violation

__all__ = ["FileSpan", "Pass", "Rule", "Scans", "Spill", "Violation", "all_rules", "check", "file_spans"]

ROWS_PER_PASS = 400_000
"""Rows of the largest table that one pass compares: about 100 MB."""
ROWS_PER_SPILLED_PASS = 200_000
"""The same where rows were put aside, since those of one pass were too many: more passes cost little then."""

MISSING = pl.col("rows").is_null()


PAPER = ("paper_id",)
AUTHOR = ("author_id",)
IDENTIFIER = ("scheme", "value")
RECORD = ("record_id",)
AFFILIATION = ("affiliation_id",)

PAPER_RULES = (
    Rule("papers", "key_is_unique", PAPER, "paper_id stands in several rows", pl.col("rows") > 1, ("rows",)),
    Rule(
        "authorships",
        "paper_exists",
        PAPER,
        "there is no such paper in `papers`",
        MISSING & pl.col("mentions").is_not_null(),
    ),
    Rule(
        "authorships",
        "key_is_unique",
        PAPER,
        "a position stands in several rows of the paper",
        pl.col("positions") < pl.col("mentions"),
        ("mentions", "positions"),
    ),
    Rule(
        "authorships",
        "positions_run_to_author_count",
        PAPER,
        "positions must run 1, 2, … author_count",
        (pl.col("mentions").fill_null(0) != pl.col("author_count"))
        | (pl.col("first_position") != 1)
        | (pl.col("last_position") != pl.col("author_count")),
        ("author_count", "mentions", "first_position", "last_position"),
    ),
    Rule(
        "authorships",
        "is_last_marks_the_last",
        PAPER,
        "is_last must be true for the last author, and for none of a list that was cut",
        pl.when("authors_truncated")
        .then(pl.col("lasts") != 0)
        .otherwise((pl.col("lasts") != 1) | (pl.col("marked_last") != pl.col("author_count"))),
        ("authors_truncated", "lasts", "marked_last"),
    ),
    Rule(
        "authorships",
        "year_is_the_papers",
        PAPER,
        "authorships must lie in the partition of their paper's year",
        (pl.col("earliest_year") != pl.col("year")) | (pl.col("latest_year") != pl.col("year")),
        ("year", "earliest_year", "latest_year"),
    ),
    Rule(
        "papers",
        "has_a_record",
        PAPER,
        "no record says this paper",
        pl.col("records").is_null() & ~MISSING,
    ),
    Rule(
        "records",
        "paper_exists",
        PAPER,
        "there is no such paper in `papers`",
        MISSING & pl.col("records").is_not_null(),
    ),
    Rule(
        "papers",
        "record_count_is_true",
        PAPER,
        "record_count must be the number of records of the paper",
        pl.col("record_count") != pl.col("records"),
        ("record_count", "records"),
    ),
    Rule(
        "papers",
        "has_one_published_record",
        PAPER,
        "exactly one record of a paper is `published`, the others are `duplicate`",
        ~MISSING & (pl.col("published_records") != 1),
        ("published_records",),
    ),
    Rule(
        "paper_affiliations",
        "paper_exists",
        PAPER,
        "there is no such paper in `papers`",
        MISSING & pl.col("labels").is_not_null(),
    ),
    Rule(
        "paper_affiliations",
        "positions_run_from_one",
        PAPER,
        "positions must run 1, 2, …, each once",
        (pl.col("label_positions") != pl.col("labels")) | (pl.col("last_label") != pl.col("labels")),
        ("labels", "last_label"),
    ),
)

AUTHOR_RULES = (
    Rule(
        "authors", "key_is_unique", AUTHOR, "author_id stands in several rows", pl.col("rows") > 1, ("rows",)
    ),
    Rule(
        "authorships",
        "author_exists",
        AUTHOR,
        "there is no such author in `authors`",
        MISSING & pl.col("papers").is_not_null(),
    ),
    Rule(
        "authors",
        "has_an_authorship",
        AUTHOR,
        "no authorship names this author",
        ~MISSING & pl.col("papers").is_null(),
    ),
    Rule(
        "authors",
        "paper_count_is_true",
        AUTHOR,
        "paper_count must be the number of papers in `authorships`",
        pl.col("paper_count") != pl.col("papers"),
        ("paper_count", "papers"),
    ),
    Rule(
        "authors",
        "dates_are_the_papers",
        AUTHOR,
        "first_published and last_published must be those of the author's papers",
        ~MISSING
        & pl.col("papers").is_not_null()
        & (
            pl.col("first_published").ne_missing(pl.col("earliest"))
            | pl.col("last_published").ne_missing(pl.col("latest"))
        ),
        ("first_published", "earliest", "last_published", "latest"),
    ),
)

IDENTIFIED_RULES = (
    Rule(
        "author_identifiers",
        "author_exists",
        AUTHOR,
        "there is no such author in `authors`",
        MISSING & pl.col("identifiers").is_not_null(),
    ),
)

IDENTIFIER_RULES = (
    Rule(
        "author_identifiers",
        "identifier_is_of_one_author",
        IDENTIFIER,
        "an identifier stands in several rows",
        pl.col("bearers") > 1,
        ("bearers",),
    ),
)

ALIAS_RULES = (
    Rule(
        "authors",
        "aliases_are_the_names_listed",
        ("author_id", "form"),
        "aliases must hold every form listed and no other",
        pl.col("alias").is_null() | pl.col("listed").is_null(),
        ("alias", "listed"),
    ),
)

RECORD_RULES = (
    Rule(
        "records", "key_is_unique", RECORD, "record_id stands in several rows", pl.col("rows") > 1, ("rows",)
    ),
    Rule(
        "quarantine",
        "key_is_unique",
        RECORD,
        "record_id stands in several rows",
        pl.col("reasons") > 1,
        ("reasons",),
    ),
    Rule(
        "quarantine",
        "record_exists",
        RECORD,
        "there is no quarantined record of this id in `records`",
        pl.col("reasons").is_not_null() & pl.col("status").ne_missing("quarantined"),
        ("status",),
    ),
    Rule(
        "records",
        "quarantined_has_a_reason",
        RECORD,
        "a quarantined record has no row in `quarantine`",
        (pl.col("status") == "quarantined") & pl.col("reasons").is_null(),
    ),
)

AFFILIATION_RULES = (
    Rule(
        "affiliations",
        "key_is_unique",
        AFFILIATION,
        "affiliation_id stands in several rows",
        pl.col("rows") > 1,
        ("rows",),
    ),
    Rule(
        "paper_affiliations",
        "affiliation_exists",
        AFFILIATION,
        "there is no such affiliation in `affiliations`",
        MISSING & pl.col("papers").is_not_null(),
    ),
    Rule(
        "affiliations",
        "is_referenced",
        AFFILIATION,
        "no paper names this affiliation",
        ~MISSING & pl.col("papers").is_null(),
    ),
)

PASSES = (
    Pass(
        "authors",
        ("authors", "authorships"),
        passes.authors,
        (
            (passes.by_author, AUTHOR_RULES),
            (passes.by_alias, ALIAS_RULES),
            (passes.by_identified, IDENTIFIED_RULES),
        ),
        doubtful_authors,
    ),
    Pass(
        "identifiers",
        ("author_identifiers",),
        passes.whole,
        ((passes.by_identifier, IDENTIFIER_RULES),),
    ),
    Pass(
        "papers",
        ("papers", "authorships", "records"),
        passes.papers,
        ((passes.by_paper, PAPER_RULES),),
        doubtful_papers,
    ),
    Pass("records", ("records",), passes.records, ((passes.by_record, RECORD_RULES),)),
    Pass(
        "affiliations",
        ("affiliations", "paper_affiliations"),
        passes.affiliations,
        ((passes.by_affiliation, AFFILIATION_RULES),),
    ),
)
"""The most expensive first."""


def all_rules() -> list[tuple[str, str]]:
    """Return table and name of every rule between tables."""
    return [(rule.table, rule.name) for group in PASSES for _, rules in group.rules for rule in rules]


SPANS = "spans"


def groups() -> tuple[str, ...]:
    """Return the names of the groups of rules that can be checked apart, the most expensive first."""
    return (*(group.name for group in PASSES), SPANS)


def check(
    scans: Scans,
    only: Collection[str] | None = None,
    *,
    spill: Spill | None = None,
    rows_per_pass: int | None = None,
) -> list[Violation]:
    """Check every rule between tables, or those of some `groups`; return the rows that break one.

    `scans` holds every table of the contract by name, with the models' types, partition keys as columns. With a
    `spill` a table that is not sorted by the id in question is read once a group, and its rows wait for their pass;
    without one it is read once a pass, which for hundreds of passes is far slower, but writes nothing. A pass compares
    about `rows_per_pass` rows of the largest table (null: `ROWS_PER_PASS`, or `ROWS_PER_SPILLED_PASS` where all
    of it is more than one pass).
    """
    tally = Tally()
    for group in PASSES:
        if only is None or group.name in only:
            _check_group(group, scans, tally, rows_per_pass, spill.part(group.name) if spill else None)
    rows_per_pass = rows_per_pass or (ROWS_PER_PASS if spill is None else ROWS_PER_SPILLED_PASS)
    if only is None or SPANS in only:
        check_spans(scans["records"], tally, rows_per_pass, spill.part(SPANS) if spill else None)
    return tally.violations()


def _check_group(
    group: Pass, scans: Scans, tally: Tally, rows_per_pass: int | None, spill: Spill | None
) -> None:
    largest = max(int(scans[name].select(pl.len()).collect().item()) for name in group.tables)
    count = 1
    if largest > (rows_per_pass or ROWS_PER_PASS):
        each = rows_per_pass or (ROWS_PER_PASS if spill is None else ROWS_PER_SPILLED_PASS)
        count = -(-largest // each)
    for tables in group.cut(scans, count, spill if count > 1 else None):
        if group.doubtful is not None:
            tables = group.doubtful(tables)  # noqa: PLW2901 - the whole ones may go
        for join, rules in group.rules:
            # Streaming keeps the smaller side of a join only; in one pass everything is small anyway.
            tally.add(rules, join(tables).collect(engine="streaming" if count > 1 else "in-memory"))
        del tables  # before those of the next pass are there
