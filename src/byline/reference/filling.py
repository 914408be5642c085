"""What arXiv's entry adds to a paper that was matched to it: only what the page left out, and who said what."""

from __future__ import annotations

import polars as pl

from byline import latex
from byline.listing.text import fold_space
from byline.normalize import categories
from byline.reference.authors import NAME, display
from byline.reference.features import settings
from byline.reference.queries import LETTER

ARXIV_ID = r"^(?:\d{4}\.\d{4,5}|[a-z-]+(?:\.[A-Z]{2})?/\d{7})$"
"""Ids as arXiv gives them; a file that another program rewrote may hold `704.002`."""
DISAGREEMENTS = ("arxiv_id", "doi", "published", "category", "authors")
"""What page and registry may both say; the page's word stands."""


def filled(papers: pl.DataFrame, found: pl.DataFrame) -> tuple[pl.DataFrame, dict[str, int]]:
    """Return the papers with what their entries add, and how many entries say otherwise than the page, by column.

    `papers`: merged papers with authors, name_parts and supplied (the authors are arXiv's, to a record that had none).
    `found`, row-aligned: `records.ENTRIES` of the entry of each (null without one), confidence (Float32, null without
    any candidate), fills (Boolean), agrees (whether the listed names do). Adds sources (a source an author) and sets
    authors, name_parts, authors_truncated, authors_source, filled, match_confidence and the columns that were null.
    """
    said = found.select(pl.when(pl.col("fills")).then(pl.all()).name.keep())
    wanted = pl.DataFrame([papers["abstract"].alias("ours"), said["abstract"]]).select(
        pl.when(pl.col("ours").is_null()).then("abstract")
    )
    given = _given(said, fold_space(wanted.to_series()))
    chosen = {
        name: papers[name].is_null() & given[name].is_not_null()
        for name in ("arxiv_id", "doi", "venue", "comments", "published")
    }
    chosen["abstract"] = papers["abstract"].is_null() & given["abstract"].is_not_null()
    chosen["abstract_tex"] = chosen["abstract"] & given["abstract_tex"].is_not_null()
    chosen["published_precision"] = chosen["published"]
    none = papers["category_code"].is_null() & papers["category"].is_null() & given["category"].is_not_null()
    chosen |= dict.fromkeys(("category", "category_candidates", "category_name"), none)
    merged = papers.with_columns(
        papers[name].zip_with(~where, given[name].cast(papers[name].dtype)) for name, where in chosen.items()
    )
    names = [
        pl.select(pl.when(where).then(pl.lit(name))).to_series().alias(name) for name, where in chosen.items()
    ]
    listed = pl.DataFrame(names).select(pl.concat_list(pl.all()).list.drop_nulls()).to_series()
    merged = merged.with_columns(filled=listed, match_confidence=found["confidence"].cast(pl.Float32))
    sure = pl.coalesce("match_confidence", "boundary_confidence")
    merged = merged.with_columns(
        match_confidence=pl.when("supplied").then(sure).otherwise("match_confidence")
    )
    return _with_authors(merged, found, said), _disagreements(papers, given, found, said)


def _given(said: pl.DataFrame, wanted: pl.Series) -> pl.DataFrame:
    """Return what the entries say, in the columns of `papers`; of their abstracts only those that are `wanted`."""
    abstract = latex.decode(wanted)
    listed = categories.canonical(said["categories"].str.split(" "))
    primary = categories.resolve(listed.list.first())
    return said.select("arxiv_id", "doi", "published").with_columns(
        arxiv_id=pl.when(pl.col("arxiv_id").str.contains(ARXIV_ID)).then("arxiv_id"),
        venue=_venue(fold_space(said["journal_ref"])),
        comments=latex.decode(fold_space(said["comments"])),
        published_precision=pl.lit("day"),
        abstract=abstract,
        abstract_tex=pl.select(pl.when(abstract != wanted).then(wanted)).to_series(),
        category=primary["category"],
        category_name=primary["category_name"],
        category_candidates=pl.select(
            pl.concat_list(primary["category"], listed.list.slice(1))
            .list.drop_nulls()
            .list.unique(maintain_order=True)
        ).to_series(),
    )


def _venue(references: pl.Series) -> pl.Series:
    """Return the journal of references, without volume, pages and year; null where nothing is left.

    `Phys.Rev.D76:013009,2007` becomes `Phys.Rev.D 76:013009,2007`, then `Phys.Rev.D`.
    """
    out = latex.decode(references).str.strip_chars()
    for pattern, put in settings()["venue"]["steps"]:
        out = out.str.replace(pattern, put)
    bare = out.str.strip_chars(" ,;:(")
    return pl.select(pl.when(bare.str.contains(r"\p{L}.*\p{L}")).then(bare)).to_series()


def _with_authors(papers: pl.DataFrame, found: pl.DataFrame, said: pl.DataFrame) -> pl.DataFrame:
    """Complete the lists that the page cut, where its names agree in order with the beginning of the entry's list."""
    agree = found["agrees"] & said["names"].is_not_null()
    named = papers["authors"].list.eval(pl.element().str.contains(LETTER)).list.sum()
    longer = said["names"].list.len() > named
    extends = (agree & longer & papers["authors_truncated"]).fill_null(value=False)
    known = papers.with_columns(
        authors_source=pl.select(
            pl.when(extends | papers["supplied"]).then(pl.lit("arxiv")).otherwise(pl.lit("listed"))
        ).to_series(),
        authors_truncated=papers["authors_truncated"] & ~extends,
        theirs=pl.lit(said["names"]).list.slice(pl.lit(named)),
        extends=extends,
    )
    return known.with_columns(**_longer_lists()).drop("theirs", "extends")


def _longer_lists() -> dict[str, pl.Expr]:
    """Return the lists of papers whose list `extends`: what the page listed, then `theirs`, which it has not."""
    count, rest = pl.col("authors").list.len(), pl.col("theirs")
    parts = pl.col("name_parts").cast(pl.List(NAME))
    unknown = pl.lit(None, NAME).repeat_by(count)
    shown = rest.list.eval(display(pl.element()))
    added = rest.list.len()
    extends = pl.col("extends")
    return {
        "authors": pl.when(extends).then(pl.concat_list("authors", shown)).otherwise("authors"),
        "name_parts": pl.when(extends).then(pl.concat_list(pl.coalesce(parts, unknown), rest)).otherwise(parts),
        "sources": pl.when(extends).then(
            pl.concat_list(pl.lit("listed").repeat_by(count), pl.lit("arxiv").repeat_by(added))
        ).when("supplied").then(pl.lit("arxiv").repeat_by(count)),
    }  # fmt: skip


def _disagreements(
    papers: pl.DataFrame, given: pl.DataFrame, found: pl.DataFrame, said: pl.DataFrame
) -> dict[str, int]:
    """Count where page and entry both speak and say otherwise."""
    both = {name: (papers[name] != given[name]).sum() for name in ("arxiv_id", "doi")}
    day = papers["published_precision"] == "day"
    both["published"] = ((papers["published"] != given["published"]) & day).sum()
    shared = pl.DataFrame({"a": papers["category_candidates"], "b": given["category_candidates"]}).select(
        (pl.col("a").list.len() > 0) & (pl.col("a").list.set_intersection("b").list.len() == 0)
    )
    both["category"] = (shared.to_series() & given["category"].is_not_null()).sum()
    length = (said["names"].list.len() != papers["authors"].list.len()) & ~papers["authors_truncated"]
    both["authors"] = ((~found["agrees"] | length) & said["names"].is_not_null()).sum()
    return {name: int(both[name] or 0) for name in DISAGREEMENTS}
