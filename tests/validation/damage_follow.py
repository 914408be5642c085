"""Damage that leaves every table consistent and every digest right: only what a row follows from can tell."""

from __future__ import annotations

import datetime

import polars as pl

from tests.validation.damage import Damage
from tests.validation.damage_edits import everywhere, of_list, row, text

col = pl.col
CARD_ALONE = (col("record_count") == 1) & (col("author_count") > 1) & col("title").str.contains(" for ")
"""Papers of the fabricated cards."""
PLAIN = (col("aliases").list.len() == 1) & (col("kind") == "person") & col("particle").is_null()
FEW = "f" * 20
PAPERS = [
    Damage("another title", text("papers", "title", " Revisited", CARD_ALONE), "paper_id_follows"),
    Damage("another paper's id", everywhere("paper_id", "papers", CARD_ALONE, FEW), "paper_id_follows"),
    Damage(
        "another confidence",
        row("papers", CARD_ALONE, boundary_confidence=0.123),
        "confidence_is_its_records",
    ),
    Damage(
        "no confidence of a published record",
        row("records", col("status") == "published", boundary_confidence=None),
        "quarantined_has_no_confidence",
    ),
    Damage(
        "another confidence of the record",
        row("records", col("status") == "published", boundary_confidence=0.5),
        "confidence_is_its_records",
    ),
    Damage(
        "a confidence of a quarantined record",
        row("records", col("status") == "quarantined", boundary_confidence=0.9),
        "quarantined_has_no_confidence",
    ),
    Damage(
        "a category that is none",
        row("papers", CARD_ALONE, category="cs.ZZ", category_candidates=["cs.ZZ"]),
        "category_is_arxivs",
    ),
    Damage(
        "a category that ceased",
        row("papers", CARD_ALONE, category="alg-geom", category_candidates=["alg-geom"]),
        "category_is_arxivs",
    ),
    Damage(
        "another category's name",
        row("papers", col("category") == "cs.LG", category_name="Robotics"),
        "category_is_arxivs",
    ),
    Damage(
        "a category of another code",
        row(
            "papers",
            col("category_code") == "LG",
            category="cs.RO",
            category_candidates=["cs.RO"],
            category_name="Robotics",
        ),
        "category_follows_from_code",
    ),
    Damage(
        "another code",
        row("papers", col("category_code") == "LG", category_code="RO"),
        "category_follows_from_code",
    ),
    Damage(
        "a candidate more",
        of_list("category_candidates", ["cs.LG", "cs.RO"], col("category_code") == "LG"),
        "category_follows_from_code",
    ),
    Damage(
        "a code that was made up",
        row("papers", col("category_code") == "LG", category_code="QQ"),
        "category_follows_from_code",
    ),
    Damage(
        "candidates of a null category",
        of_list("category_candidates", ["cs.LG"], col("category").is_null()),
        "model:category_is_first_candidate",
    ),
    Damage(
        "a link that nobody listed",
        row("papers", CARD_ALONE, links=col("links").list.concat(pl.lit(["https://evil.example"]))),
        "links_are_the_records",
    ),
    Damage(
        "a link that was dropped",
        of_list("links", [], CARD_ALONE & (col("links").list.len() > 0)),
        "links_are_the_records",
    ),
    Damage("a link that is none", of_list("links", ["nonsense"]), "links_are_addresses"),
    Damage("a link with a space", of_list("links", ["https://example.org/a b"]), "links_are_addresses"),
    Damage(
        "code where no badge says so",
        row("papers", ~col("has_code"), has_code=True),
        "has_code_follows_from_badges",
    ),
    Damage(
        "a badge of code taken off", of_list("badges", [], col("has_code")), "has_code_follows_from_badges"
    ),
    Damage(
        "a column filled that is none",
        of_list("filled", ["title"], col("match_confidence").is_not_null()),
        "filled_columns_hold_something",
    ),
    Damage(
        "a column filled with nothing",
        of_list("filled", ["venue"], col("match_confidence").is_not_null() & col("venue").is_null()),
        "filled_columns_hold_something",
    ),
    Damage(
        "filled without a match",
        of_list("filled", ["doi"], col("match_confidence").is_null() & col("doi").is_not_null()),
        "model:what_is_filled_was_matched",
    ),
    Damage(
        "authors said to be arXiv's",
        row("papers", col("authors_source") == "listed", authors_source="arxiv", match_confidence=0.9),
        "source_is_its_authors",
    ),
    Damage(
        "authors said to be listed",
        row("papers", col("authors_source") == "arxiv", authors_source="listed"),
        "source_is_its_authors",
    ),
    Damage(
        "an added author before a listed one",
        row("authorships", (col("position") == 1) & (col("source") == "listed"), source="arxiv"),
        "source_is_its_authors",
    ),
    Damage(
        "a date less exact than said",
        row(
            "papers",
            col("published_precision") == "day",
            published_precision="month",
            published=datetime.date(2021, 3, 3),
        ),
        "model:date_is_as_precise_as_said",
    ),
    Damage(
        "a date where none is",
        row("papers", col("published_precision") == "day", published_precision="none"),
        "model:date_is_as_precise_as_said",
    ),
    Damage(
        "an arXiv id of other form",
        row("papers", col("arxiv_id").is_not_null(), arxiv_id="2310.1"),
        "model:str_matches",
    ),
    Damage(
        "a DOI in capitals", row("papers", col("doi").is_not_null(), doi="10.1234/GATES"), "model:str_matches"
    ),
    Damage(
        "a match more than certain",
        row("papers", col("match_confidence").is_not_null(), match_confidence=1.5),
        "model:in_range",
    ),
]
AUTHORS = [
    Damage("another author's id", everywhere("author_id", "authors", PLAIN, FEW), "author_id_follows"),
    Damage(
        "another name",
        row(
            "authors",
            PLAIN,
            name="Vera Invented",
            given="Vera",
            family=col("family").str.slice(0, 1) + "nvented",
            name_key="vera invented",
        ),
        "name_follows_from_its_forms",
    ),
    Damage(
        "another given name",
        row("authors", PLAIN & col("given").is_not_null(), given="Vera"),
        "name_follows_from_its_forms",
    ),
    Damage(
        "another family name",
        row("authors", PLAIN, family=col("family").str.slice(0, 1) + "x"),
        "name_follows_from_its_forms",
    ),
    Damage("a particle made up", row("authors", PLAIN, particle="von"), "name_follows_from_its_forms"),
    Damage(
        "a suffix made up",
        row("authors", PLAIN & col("suffix").is_null(), suffix="Jr."),
        "name_follows_from_its_forms",
    ),
    Damage("another key", row("authors", PLAIN, name_key="somebody else"), "name_follows_from_its_forms"),
    Damage(
        "a person called a collaboration",
        row("authors", PLAIN, kind="collaboration"),
        "name_follows_from_its_forms",
    ),
    Damage(
        "a collaboration called a person",
        row("authors", col("kind") == "collaboration", kind="person"),
        "name_follows_from_its_forms",
    ),
    Damage(
        "parts swapped",
        row(
            "authors",
            PLAIN & (col("given").str.slice(0, 1) == col("family").str.slice(0, 1)) | PLAIN,
            given=col("family"),
            family=col("family").str.slice(0, 1) + "q",
        ),
        "name_follows_from_its_forms",
    ),
    Damage(
        "a mention given to somebody else",
        everywhere("author_id", "authors", PLAIN & (col("paper_count") == 1), "0" * 20),
        "author_id_follows",
    ),
]
KINDS = [*PAPERS, *AUTHORS]
