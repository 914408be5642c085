"""What a made-up corpus is made of: names, title halves, abstract halves, dates and categories of known papers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import polars as pl

from benchmarks.common.draws import Counts

PAPERS = "arxiv_120k.parquet"
"""File of the gold folder: title, authors (list), abstract, category, date."""


@dataclass(frozen=True)
class Material:
    """Parts to recombine. Rows of `left`, `right`, `code` and `day` lie by category, so that neighbours are akin."""

    first: pl.Series
    """First halves of titles; no folded one begins another, so that two different pairs never read alike."""
    second: pl.Series
    """Second halves of titles, all different when folded."""
    given: pl.Series
    """What stands before the family name, with the space, of every distinct name."""
    initials: pl.Series
    """The same with given names cut to initials."""
    family: pl.Series
    head: pl.Series
    """First halves of family names, for families not met before."""
    tail: pl.Series
    partner: Counts
    """For each name another of the same paper (itself when alone): halves of the two make a likely new name."""
    counts: Counts
    """Numbers of authors of the papers."""
    left: pl.Series
    right: pl.Series
    code: pl.Series
    day: Counts
    """Days since 1970."""

    @property
    def titles(self) -> int:
        """How many different titles there are."""
        return len(self.first) * len(self.second)


def from_gold(gold: Path) -> Material:
    """Take the arXiv papers of the gold folder."""
    return from_papers(pl.read_parquet(gold / PAPERS))


def from_papers(papers: pl.DataFrame) -> Material:
    """Take known papers apart; `papers` has title, authors (list), abstract, category and date."""
    papers = papers.sort("category", "title")
    first, second = _titles(papers["title"])
    names = _names(papers["authors"])
    left, right = _abstracts(papers["abstract"])
    family = names["family"]
    plain = family.filter(family.str.contains(r"^\p{Lu}\p{Ll}{4,}$")).unique(maintain_order=True)
    half = (plain.str.len_chars() // 2).cast(pl.Int64)
    return Material(
        first=first,
        second=second,
        given=names["given"],
        initials=names["initials"],
        family=family,
        head=plain.str.slice(0, half),
        tail=plain.str.slice(half),
        partner=names["partner"].to_numpy().astype(np.int64),
        counts=papers["authors"].list.len().to_numpy().astype(np.int64),
        left=left,
        right=right,
        code=papers["category"].map_elements(code_of, return_dtype=pl.String),
        day=papers["date"].to_physical().to_numpy().astype(np.int64),
    )


def code_of(category: str) -> str:
    """Return the code as the page prints it: `cs.LG` is `LG`, `math.OC` is `OC`, `hep-th` stays."""
    last = category.rsplit(".", maxsplit=1)[-1]
    return last.upper() if len(last) == 2 else last


def folded(texts: pl.Series) -> pl.Series:
    """Return the letters and digits of each text, without LaTeX commands and case: titles alike in this are one."""
    plain = texts.str.normalize("NFKC").str.replace_all(r"\\[A-Za-z]+", "")
    return plain.str.replace_all(r"[^\p{L}\p{N}]+", "").str.to_lowercase()


def _titles(titles: pl.Series) -> tuple[pl.Series, pl.Series]:
    words = pl.col("words")
    halves = pl.DataFrame({"words": titles.str.split(" ")}).select(
        first=words.list.head(words.list.len() // 2).list.join(" "),
        second=words.list.slice(words.list.len() // 2).list.join(" "),
    )
    first, second = _usable(halves["first"]), _usable(halves["second"])
    ordered = first.sort("key")
    begins = ordered["key"].shift(-1).fill_null("")
    starts = pl.DataFrame({"key": ordered["key"], "next": begins})
    free = starts.select(~pl.col("next").str.starts_with(pl.col("key"))).to_series()
    return ordered.filter(free).sort("row")["text"], second["text"]


def _usable(halves: pl.Series) -> pl.DataFrame:
    """Keep halves with balanced mathematics that differ from the others when folded, in their order."""
    frame = pl.DataFrame({"text": halves, "key": folded(halves)}).with_row_index("row")
    text = pl.col("text")
    balanced = (text.str.count_matches(r"\$") % 2 == 0) & (
        text.str.count_matches(r"\{") == text.str.count_matches(r"\}")
    )
    kept = frame.filter(balanced & (pl.col("key") != ""))
    return kept.unique("key", keep="first", maintain_order=True)


def _names(authors: pl.Series) -> pl.DataFrame:
    """Return every distinct name in two parts, with a partner's row."""
    papers = pl.DataFrame({"authors": authors}).with_row_index("paper")
    mentions = papers.explode("authors").rename({"authors": "name"})
    beside = pl.col("name").shift(-1).over("paper").fill_null(pl.col("name").first().over("paper"))
    mentions = mentions.with_columns(beside=beside)
    names = mentions.unique("name", keep="first", maintain_order=True).with_row_index("row")
    rows = names.select(beside="name", partner="row")
    names = names.join(rows, on="beside", how="left", validate="m:1", maintain_order="left")
    parts = pl.col("name").str.extract_groups(r"^(?P<given>.* )?(?P<family>\S+)$")
    names = names.with_columns(parts.struct.unnest()).with_columns(pl.col("given", "family").fill_null(""))
    cut = pl.col("given").str.replace_all(r"(\p{L})[\p{Ll}'’]+", "${1}.")
    return names.select("given", "family", "partner", initials=cut)


def _abstracts(abstracts: pl.Series) -> tuple[pl.Series, pl.Series]:
    """Cut abstracts between two sentences near their middle; what has mathematics over the cut stays in one."""
    whole = abstracts.str.replace_all(r"\s+", " ")
    sentences = pl.col("sentences")
    half = (sentences.list.len() + 1) // 2
    frame = pl.DataFrame({"whole": whole, "sentences": whole.str.split(". ")}).with_columns(
        left=sentences.list.head(half).list.join(". "), right=sentences.list.slice(half).list.join(". ")
    )
    cut = (pl.col("right") != "") & (pl.col("left").str.count_matches(r"\$") % 2 == 0)
    frame = frame.select(
        left=pl.when(cut).then(pl.col("left") + ". ").otherwise("whole"),
        right=pl.when(cut).then("right").otherwise(pl.lit("")),
    )
    return frame["left"], frame["right"]
