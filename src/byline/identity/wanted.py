"""The names that people want to bear, and former ones withheld: after persons are told apart, before anything is shown.

Former names are evidence like any other while persons are told apart. Then the person of the mentions that a decision
names bears the wanted name, and those of the person's mentions that show a withheld form show the wanted one.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

import polars as pl

from byline import names
from byline.names.withheld import Withheld, still_there
from byline.papers.authors import Name, lists_agree, read_lists


class Wanted(Protocol):
    """A person's decision: `decisions.people.WantedName`, or what looks like it."""

    @property
    def mentions(self) -> Sequence[tuple[str, int]]:
        """Paper and position of mentions of the person."""

    @property
    def name(self) -> str:
        """The name that the person wants."""

    @property
    def given(self) -> str | None:
        """Given names, where the name would be parted otherwise."""

    @property
    def family(self) -> str | None:
        """Family name, likewise; null lets the name be parted as any other."""

    @property
    def suffix(self) -> str | None:
        """Suffix, likewise."""

    @property
    def withheld(self) -> Sequence[str]:
        """Forms that are not to be published."""


PARTS = pl.Struct({"given": pl.String, "family": pl.String, "suffix": pl.String})


@dataclass(frozen=True)
class Bearer:
    """A person who wants a name: its parts, and which listed forms it takes the place of."""

    name: str
    parts: Mapping[str, str | None] | None
    forms: frozenset[str]


def as_wanted(mentions: pl.DataFrame, wanted: Sequence[Wanted]) -> pl.DataFrame:
    """Return mentions (rows of `describe` with `author_id`) with the names that people want.

    All mentions of such a person carry the parts and keys of the wanted name; `name_as_listed` is the wanted one where
    a withheld form stood. Of two decisions about one person the later one names, and both withhold.
    """
    bearers = _bearers(mentions, wanted)
    if not bearers:
        return mentions
    ids = pl.Series("author_id", list(bearers), dtype=pl.String)
    shown = pl.Series([one.name for one in bearers.values()], dtype=pl.String)
    parts = pl.Series([one.parts for one in bearers.values()], dtype=PARTS)
    said = _as_written(names.parse(shown, parts), shown, parts).select(pl.all().name.suffix("_wanted"))
    pairs = [(author, form, one.name) for author, one in bearers.items() for form in one.forms]
    schema = dict.fromkeys(("author_id", "name_as_listed", "listed_wanted"), pl.String)
    instead = pl.DataFrame(pairs, schema=schema, orient="row")
    joined = mentions.join(
        said.with_columns(ids), on="author_id", how="left", maintain_order="left", validate="m:1"
    ).join(instead, on=["author_id", "name_as_listed"], how="left", maintain_order="left", validate="m:1")
    hit = pl.col("name_wanted").is_not_null()
    return joined.with_columns(
        *(pl.when(hit).then(f"{name}_wanted").otherwise(name).alias(name) for name in names.SCHEMA),
        name_as_listed=pl.coalesce("listed_wanted", "name_as_listed"),
    ).select(mentions.columns)


def _as_written(parsed: pl.DataFrame, shown: pl.Series, parts: pl.Series) -> pl.DataFrame:
    """Return the parts of wanted names with the name as the person writes it: what a parser repairs is meant here."""
    given, family = parts.struct.field("given"), parts.struct.field("family")
    return parsed.with_columns(
        name=shown,
        given=pl.when(family.is_not_null()).then(given).otherwise("given"),
        family=pl.when(family.is_not_null() & pl.col("particle").is_null()).then(family).otherwise("family"),
    )


def namesakes(mentions: pl.DataFrame, wanted: Sequence[Wanted]) -> list[str]:
    """Return the ids of authors that still show a withheld form, alone or within a longer one: other persons or not."""
    forms = [form for one in wanted for form in one.withheld]
    if not forms:
        return []
    listed = mentions["name_as_listed"]
    folded = names.fold_names(pl.Series(forms, dtype=pl.String))
    spelled = still_there(listed, [Withheld(tuple(one.withheld), one.name) for one in wanted])
    shows = names.fold_names(listed).is_in(folded.implode()) | spelled
    return sorted(mentions.filter(shows)["author_id"].unique().to_list())


def _bearers(mentions: pl.DataFrame, wanted: Sequence[Wanted]) -> dict[str, Bearer]:
    """Return the authors whose name a person decided, by author_id."""
    rows = [(paper, at, number) for number, one in enumerate(wanted) for paper, at in one.mentions]
    schema = {"paper_id": pl.String, "position": pl.UInt16, "decision": pl.UInt32}
    named = pl.DataFrame(rows, schema=schema, orient="row")
    found = mentions.select("paper_id", "position", "author_id").join(named, on=["paper_id", "position"])
    by_author: dict[str, list[int]] = {}
    for author, decision in found.select("author_id", "decision").unique().sort("decision").iter_rows():
        by_author.setdefault(author, []).append(decision)
    listed = mentions.filter(pl.col("author_id").is_in(list(by_author)))
    forms = dict(listed.group_by("author_id").agg(pl.col("name_as_listed").unique()).iter_rows())
    return {
        author: _bearer([wanted[number] for number in numbers], forms[author])
        for author, numbers in by_author.items()
    }


def _bearer(decisions: Sequence[Wanted], listed: Sequence[str]) -> Bearer:
    last = decisions[-1]
    parts = None
    if last.family is not None:
        parts = {"given": last.given, "family": last.family, "suffix": last.suffix}
    withheld = [form for one in decisions for form in one.withheld]
    return Bearer(last.name, parts, _withheld(listed, withheld, last.name))


def _withheld(listed: Sequence[str], withheld: Sequence[str], wanted: str) -> frozenset[str]:
    """Return which listed forms are withheld: those named, and those that fit one of them and not the wanted name.

    With `Adam Byron` withheld and `Ada Byron` wanted, `Adam G. Byron` goes and `A. Byron`, which tells nothing, stays.
    """
    everything = pl.Series([*listed, *withheld, wanted], dtype=pl.String)
    folded = names.fold_names(everything).to_list()
    lists = read_lists(everything.reshape((-1, 1)).cast(pl.List(pl.String)), _no_parts(everything.len()))
    named, fits = folded[len(listed) : -1], lists[len(listed) : -1]
    return frozenset(
        form
        for form, key, parsed in zip(listed, folded, lists, strict=False)
        if key in named
        or (any(lists_agree(parsed, one) for one in fits) and not _tells_no_more(parsed[0], lists[-1][0]))
    )


def _tells_no_more(one: Name, wanted: Name) -> bool:
    """Tell whether a form says nothing that the wanted name does not say: the same family, names of it or initials."""
    known = [*wanted.given, *(name[:1] for name in wanted.given)]
    return one.family == wanted.family and all(name in known for name in one.given)


def _no_parts(height: int) -> pl.Series:
    return pl.Series([None] * height, dtype=pl.List(PARTS))
