"""Damage to rows, their order, and what holds between tables."""

from __future__ import annotations

import polars as pl

from tests.validation.damage import (
    NOBODY,
    Damage,
    cut_table,
    edit,
    first,
    having,
    move_partition,
    reverse,
    twice,
    without_first,
)

col = pl.col


KINDS = [
    # rows
    Damage("a null key", edit("papers", first("paper_id", None)), "model:not_nullable"),
    Damage(
        "an id of other form", edit("papers", first("paper_id", "XYZ")), "model:str_matches('^[0-9a-f]{20}$')"
    ),
    Damage("a blank title", edit("papers", first("title", "  ")), "model:text_is_nfc_and_not_blank"),
    Damage("a title in NFD", edit("papers", first("title", "Cafe\u0301")), "model:text_is_nfc_and_not_blank"),
    Damage(
        "a title in LaTeX equal to the plain one",
        edit("papers", having(title_tex="title")),
        "model:tex_differs_from_plain",
    ),
    Damage(
        "a category that is no candidate",
        edit("papers", first("category", "cs.CV")),
        "model:category_is_first_candidate",
    ),
    Damage(
        "a badge forgotten",
        edit("papers", having(has_code=pl.lit(value=False))),
        "model:a_code_badge_means_code",
    ),
    Damage(
        "a confidence above one",
        edit("authorships", first("identity_confidence", 1.5)),
        "model:in_range(0, 1)",
    ),
    Damage(
        "an unknown status",
        edit("records", first("status", "lost")),
        "model:isin(['published', 'duplicate', 'quarantined'])",
    ),
    Damage(
        "aliases out of order",
        edit("authors", having(aliases=pl.concat_list("aliases", pl.lit("A")))),
        "model:aliases_are_sorted_and_distinct",
    ),
    Damage(
        "a country in words",
        edit("affiliations", having(country=pl.lit("Peru"))),
        "model:str_matches('^[A-Z]{2}$')",
    ),
    # order and partitions
    Damage("rows out of order", edit("papers", reverse), "rows_are_sorted"),
    Damage("files out of order", cut_table, "rows_are_sorted"),
    Damage("a wrong year in the path", move_partition("papers", "year=1999"), "partition_holds_its_rows"),
    Damage("a wrong initial in the path", move_partition("authors", "initial=X"), "partition_holds_its_rows"),
    Damage("a partition without its key", move_partition("papers", "2021"), "partition_is_named"),
    Damage("authorships of another year", move_partition("authorships", "year=1999"), "year_is_the_papers"),
    # between tables
    Damage("a duplicated paper", edit("papers", twice), "key_is_unique"),
    Damage("a duplicated author", edit("authors", twice), "key_is_unique"),
    Damage("a duplicated authorship", edit("authorships", twice), "key_is_unique"),
    Damage("a duplicated record", edit("records", twice), "key_is_unique"),
    Damage("a duplicated reason", edit("quarantine", twice), "key_is_unique"),
    Damage("a duplicated affiliation", edit("affiliations", twice), "key_is_unique"),
    Damage("a paper lost", edit("papers", without_first), "paper_exists"),
    Damage("a dangling author", edit("authorships", first("author_id", NOBODY)), "author_exists"),
    Damage("an author lost", edit("authors", without_first), "author_exists"),
    Damage(
        "an author without papers",
        edit("authors", lambda d: pl.concat([d, d.tail(1).with_columns(author_id=pl.lit(NOBODY))])),
        "has_an_authorship",
    ),
    Damage("an authorship lost", edit("authorships", without_first), "positions_run_to_author_count"),
    Damage(
        "positions from zero",
        edit("authorships", having(position=col("position") - 1)),
        "positions_run_to_author_count",
    ),
    Damage(
        "an author count off by one",
        edit("papers", having(author_count=col("author_count") + 1)),
        "positions_run_to_author_count",
    ),
    Damage(
        "the last author not marked",
        edit("authorships", having(is_last=pl.lit(False))),
        "is_last_marks_the_last",
    ),
    Damage(
        "all authors marked last", edit("authorships", having(is_last=pl.lit(True))), "is_last_marks_the_last"
    ),
    Damage(
        "a cut list with a last author",
        edit("papers", having(authors_truncated=~col("authors_truncated"))),
        "is_last_marks_the_last",
    ),
    Damage(
        "a paper count off by one",
        edit("authors", having(paper_count=col("paper_count") + 1)),
        "paper_count_is_true",
    ),
    Damage(
        "a first paper too early",
        edit("authors", having(first_published=pl.lit("2001-01-01").str.to_date())),
        "dates_are_the_papers",
    ),
    Damage(
        "a form missing from the aliases",
        edit("authorships", first("name_as_listed", "Somebody Else")),
        "aliases_are_the_names_listed",
    ),
    Damage("a record lost", edit("records", without_first), "spans_lie_end_to_end"),
    Damage(
        "a paper without a record",
        edit("records", lambda d: d.filter(col("paper_id").ne_missing(d["paper_id"].drop_nulls()[0]))),
        "has_a_record",
    ),
    Damage(
        "a record of no paper",
        edit(
            "records",
            lambda d: d.with_columns(
                paper_id=pl.when(col("paper_id") == d["paper_id"].drop_nulls()[0])
                .then(pl.lit(NOBODY))
                .otherwise("paper_id")
            ),
        ),
        "paper_exists",
    ),
    Damage(
        "a record count off by one",
        edit("papers", having(record_count=col("record_count") + 1)),
        "record_count_is_true",
    ),
    Damage(
        "all records duplicates",
        edit("records", having(status=col("status").replace("published", "duplicate"))),
        "has_one_published_record",
    ),
    Damage(
        "a gap between spans", edit("records", having(byte_end=col("byte_end") - 1)), "spans_lie_end_to_end"
    ),
    Damage(
        "a file that starts late",
        edit("records", having(col("byte_start", "byte_end") + 5)),
        "first_span_starts_at_zero",
    ),
    Damage(
        "lines that overlap", edit("records", having(last_line=col("last_line") + 9)), "lines_do_not_overlap"
    ),
    Damage(
        "an identifier of nobody", edit("author_identifiers", first("author_id", NOBODY)), "author_exists"
    ),
    Damage(
        "an identifier of two authors",
        edit(
            "author_identifiers",
            lambda d: pl.concat([d, d.with_columns(author_id=pl.lit(NOBODY))]).sort("author_id"),
        ),
        "identifier_is_of_one_author",
    ),
    Damage(
        "a mistyped ORCID",
        edit("author_identifiers", first("value", "0000-0002-1825-0079")),
        "model:orcid_has_its_check_digit",
    ),
    Damage(
        "an ORCID that is a DBLP key",
        edit("author_identifiers", first("value", "12/3456")),
        "model:value_is_of_its_scheme",
    ),
    Damage("a reason without a record", edit("quarantine", first("record_id", "0" * 20)), "record_exists"),
    Damage(
        "a quarantined record without a reason", edit("quarantine", without_first), "quarantined_has_a_reason"
    ),
    Damage("an affiliation lost", edit("affiliations", without_first), "affiliation_exists"),
    Damage(
        "an affiliation of no paper",
        edit("paper_affiliations", lambda d: d.filter(col("position") == 1)),
        "is_referenced",
    ),
    Damage("a label of no paper", edit("paper_affiliations", first("paper_id", "0" * 20)), "paper_exists"),
    Damage(
        "labels that start at two",
        edit("paper_affiliations", having(position=col("position") + 1)),
        "positions_run_from_one",
    ),
]
