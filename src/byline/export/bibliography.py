"""The papers of a snapshot as entries of a bibliography: what BibTeX, RIS and CSL have in common.

An author stands with the fullest form of the person (`authors`), so that `M. Wortsman` of one page and `Mitchell
Wortsman` of another are cited alike; the forms as listed stay in `authorships`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import polars as pl
from anyascii import anyascii

if TYPE_CHECKING:
    from byline.export.selection import Selection


KEY_WORD = 12
"""Letters of the title's first long word in a citation key."""
KEY_DIGITS = 6
"""Digits of `paper_id` in a citation key: keys stay when other papers come and go."""
ENTRIES_AT_ONCE = 50_000


@dataclass(frozen=True)
class Person:
    """An author of an entry; a collaboration has a family name only."""

    family: str
    given: str | None = None
    particle: str | None = None
    suffix: str | None = None
    is_collaboration: bool = False


@dataclass(frozen=True)
class Entry:
    """A paper to cite. `year`, `month`, `day` go as far as the date is known; `cut` says that authors are missing."""

    paper_id: str
    title: str
    title_tex: str | None
    authors: tuple[Person, ...]
    cut: bool
    year: int | None
    month: int | None
    day: int | None
    venue: str | None
    doi: str | None
    arxiv_id: str | None
    category: str | None
    abstract: str | None
    links: tuple[str, ...]
    comments: str | None

    @property
    def key(self) -> str:
        """Citation key in ASCII, from the paper alone: `lovelace2023sparse_0f1e2d`."""
        first = _ascii(self.authors[0].family) if self.authors else ""
        words = [word for word in _ascii(self.title, keep_spaces=True).split() if len(word) > 3]
        word = (words or ["paper"])[0][:KEY_WORD]
        return f"{first or 'anon'}{self.year or 'nd'}{word}_{self.paper_id[:KEY_DIGITS]}"

    @property
    def url(self) -> str | None:
        """Where the paper is found: its DOI, else arXiv, else the first link of the record."""
        if self.doi:
            return f"https://doi.org/{self.doi}"
        if self.arxiv_id:
            return f"https://arxiv.org/abs/{self.arxiv_id}"
        return self.links[0] if self.links else None


def entries(selection: Selection) -> Iterator[Entry]:
    """Yield the papers in the table's order, in batches so that memory does not grow with the snapshot."""
    papers = selection.load("papers").sort("published", "paper_id", nulls_last=True).collect()
    for start in range(0, papers.height, ENTRIES_AT_ONCE):
        batch = papers.slice(start, ENTRIES_AT_ONCE)
        people = _people(selection, batch["paper_id"])
        for row in batch.iter_rows(named=True):
            yield _entry(row, people.get(row["paper_id"], ()))


def _people(selection: Selection, ids: pl.Series) -> dict[str, tuple[Person, ...]]:
    """Return the authors of some papers in order, by paper_id."""
    listed = selection.dataset.load("authorships").filter(pl.col("paper_id").is_in(ids.implode()))
    parts = selection.dataset.load("authors").select(
        "author_id", "given", "family", "particle", "suffix", "kind"
    )
    rows = listed.join(parts, on="author_id", how="left").sort("paper_id", "position")
    found: dict[str, list[Person]] = {}
    columns = ("paper_id", "family", "given", "particle", "suffix", "kind")
    for paper, family, given, particle, suffix, kind in rows.select(columns).collect().iter_rows():
        found.setdefault(paper, []).append(
            Person(family, given, particle, suffix, is_collaboration=kind == "collaboration")
        )
    return {paper: tuple(people) for paper, people in found.items()}


def _entry(row: dict[str, Any], people: tuple[Person, ...]) -> Entry:
    date = row["published"]
    precision = row["published_precision"] or ("day" if date else "none")
    return Entry(
        paper_id=row["paper_id"],
        title=row["title"],
        title_tex=row["title_tex"],
        authors=people,
        cut=row["authors_truncated"],
        year=date.year if date else None,
        month=date.month if date and precision in ("day", "month") else None,
        day=date.day if date and precision == "day" else None,
        venue=row["venue"],
        doi=row["doi"],
        arxiv_id=row["arxiv_id"],
        category=row["category"],
        abstract=row["abstract"],
        links=tuple(row["links"]),
        comments=row["comments"],
    )


def _ascii(text: str, *, keep_spaces: bool = False) -> str:
    """Return the lower-case ASCII letters and digits of a text."""
    plain = anyascii(unicodedata.normalize("NFKC", text)).lower()
    return re.sub(r"[^a-z0-9 ]+" if keep_spaces else r"[^a-z0-9]+", "", plain)
