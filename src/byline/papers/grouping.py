"""Which records are one paper, among all that share a key or an id.

First records that share an id and agree in their authors come together, whatever their titles; then such groups and the
other records of one key, where nothing speaks against it. Both go through the records in one order (published, nulls
last, then record_id) and put each to the first paper that takes it, so the result follows from the records alone.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from byline.papers.abstracts import Abstract, abstracts_agree
from byline.papers.authors import Names, lists_agree
from byline.papers.dates import Span, interval


@dataclass(frozen=True, slots=True)
class Record:
    """A record as far as it is compared; `row` is its place among the rows that were given."""

    row: int
    record_id: str
    key: str
    digest: str
    arxiv: str | None
    doi: str | None
    """Null where it is the arXiv id in other words."""
    names: Names
    abstract: Abstract | None
    published: datetime.date | None
    precision: str


@dataclass
class _OneKey:
    """What the records of a paper that have one key say: abstracts, dates of all, dates of those without abstract."""

    abstracts: dict[str, Abstract] = field(default_factory=dict)
    dates: Span = field(default_factory=Span)
    bare: Span = field(default_factory=Span)

    def add(self, record: Record) -> None:
        when = interval(record.published, record.precision)
        self.dates.add(when)
        if record.abstract is None:
            self.bare.add(when)
        else:
            self.abstracts.setdefault(record.abstract.text, record.abstract)

    def takes(self, record: Record) -> bool:
        """Tell whether a record agrees with each: in the abstract, or, where one has none, in the date."""
        when = interval(record.published, record.precision)
        if record.abstract is None:
            return self.dates.is_near(when)
        if not self.bare.is_near(when):
            return False
        known = record.abstract.text in self.abstracts
        return known or all(abstracts_agree(text, record.abstract) for text in self.abstracts.values())


@dataclass
class Paper:
    """Records found to be one paper, in their order; `key` is that of the first."""

    records: list[Record]
    arxiv: set[str] = field(default_factory=set)
    dois: set[str] = field(default_factory=set)
    lists: dict[Names, None] = field(default_factory=dict)
    by_key: dict[str, _OneKey] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Iterable[Record]) -> Paper:
        """Return the paper of these records."""
        paper = cls([])
        for record in records:
            paper.add(record)
        return paper

    @property
    def key(self) -> str:
        """The key of the earliest record."""
        return min(self.records, key=order).key

    def keys(self) -> list[str]:
        """Return the keys of the records."""
        return list(self.by_key)

    def names_of_ids(self) -> list[str]:
        """Return the ids of the records, arXiv's and DOIs."""
        return [*self.arxiv, *self.dois]  # no arXiv id begins like a DOI

    def add(self, record: Record) -> None:
        """Take in a record."""
        self.records.append(record)
        self.arxiv |= {record.arxiv} if record.arxiv else set()
        self.dois |= {record.doi} if record.doi else set()
        self.lists[record.names] = None
        self.by_key.setdefault(record.key, _OneKey()).add(record)

    def agrees_in_authors(self, other: Paper) -> bool:
        """Tell whether every list of one agrees with every list of the other."""
        return all(lists_agree(one, two) for one in self.lists for two in other.lists)

    def contradicts(self, other: Paper) -> bool:
        """Tell whether both have ids of one kind, and none in common."""
        kinds = ((self.arxiv, other.arxiv), (self.dois, other.dois))
        return any(mine and theirs and mine.isdisjoint(theirs) for mine, theirs in kinds)

    def takes(self, other: Paper) -> bool:
        """Tell whether the records of the other, which share a key with this one, are this paper's."""
        if self.contradicts(other) or not self.agrees_in_authors(other):
            return False
        return all(self.by_key[r.key].takes(r) for r in other.records if r.key in self.by_key)


def order(record: Record) -> tuple[bool, datetime.date, str]:
    """Sort key of records: published, nulls last, then record_id."""
    return (record.published is None, record.published or datetime.date.max, record.record_id)


def papers_of(records: Sequence[Record]) -> list[Paper]:
    """Return the papers of some records, among them all that share a key or an id with one of them.

    Papers, and the records of each, come in the order of `order`.
    """
    alone = [Paper.of([record]) for record in sorted(records, key=order)]
    same_ids = _joined(alone, Paper.names_of_ids, Paper.agrees_in_authors)
    return _joined(same_ids, Paper.keys, Paper.takes)


def _joined(
    units: Sequence[Paper],
    marks: Callable[[Paper], Iterable[str]],
    fits: Callable[[Paper, Paper], bool],
) -> list[Paper]:
    """Put each unit to the first before it that bears one of its marks and fits; one may bring several together."""
    papers: dict[int, Paper] = {}
    bearing: dict[str, set[int]] = {}
    for number, unit in enumerate(units):
        near = sorted({place for mark in marks(unit) for place in bearing.get(mark, ())})
        home, paper = number, unit
        for place in near:
            if not fits(papers[place], paper):
                continue
            if home == number:
                home, added = place, paper
                paper = papers[place]
            else:
                added = papers.pop(place)
                for mark in marks(added):
                    bearing[mark].discard(place)
            for record in added.records:
                paper.add(record)
        papers[home] = paper
        for mark in marks(paper):
            bearing.setdefault(mark, set()).add(home)
    for paper in papers.values():
        paper.records.sort(key=order)
    return sorted(papers.values(), key=lambda paper: order(paper.records[0]))
