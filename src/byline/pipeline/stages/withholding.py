"""Names that people do not want to be published, taken out of what the tables say beside lists of authors.

Whose name a text means can't be told, so every text loses it: of papers title, abstract, comments, venue, labels and
badges; links that spell it are left out; of quarantined records the text as it stood, wholly where it spells the name
in a way that can't be replaced. Lists of authors are another matter (`identity.wanted`): others keep their names.
"""

from __future__ import annotations

from pathlib import Path

import polars as pl

from byline.decisions import people
from byline.names.withheld import Withheld, still_there, without

TEXTS = ("title", "title_tex", "abstract", "abstract_tex", "comments", "venue")
AS_TYPED = {"title_tex": "title", "abstract_tex": "abstract"}
"""Texts as listed, null where they say no more than the readable ones."""
LISTS = ("labels", "badges")
UNSHOWN = "(not shown)"


def names_withheld(decisions: Path | None) -> list[Withheld]:
    """Return the names that decisions withhold."""
    return [Withheld(tuple(one.withheld), one.name) for one in people.wanted_names(decisions) if one.withheld]


def papers(frame: pl.DataFrame, decisions: Path | None) -> pl.DataFrame:
    """Return merged papers as they may be shown; their authors stay, as evidence, until persons are told apart."""
    names = names_withheld(decisions)
    if not names:
        return frame
    frame = frame.with_columns(without(frame[name], names) for name in TEXTS)
    frame = frame.with_columns(_each(frame[name], names) for name in LISTS)
    for typed, readable in AS_TYPED.items():
        shown = (frame[typed] != frame[readable]) & ~still_there(frame[typed], names)
        frame = frame.with_columns(pl.when(shown).then(typed).alias(typed))
    return frame.with_columns(_unspelled(frame["links"], names))


def quarantine(frame: pl.DataFrame, decisions: Path | None) -> pl.DataFrame:
    """Return quarantined records as they may be shown."""
    names = names_withheld(decisions)
    if not names:
        return frame
    for name in ("detail", "raw_text"):
        text = without(frame[name], names)
        frame = frame.with_columns(
            pl.when(still_there(text, names)).then(pl.lit(UNSHOWN)).otherwise(text).alias(name)
        )
    return frame


def _each(lists: pl.Series, names: list[Withheld]) -> pl.Series:
    """Return lists of texts with the names replaced."""
    items = _items(lists)
    return lists.list.eval(pl.element().replace(items, without(items, names)))


def _unspelled(links: pl.Series, names: list[Withheld]) -> pl.Series:
    """Return lists of links without those that spell a withheld name."""
    items = _items(links)
    bad = items.filter(still_there(items, names))
    return (
        links if bad.is_empty() else links.list.eval(pl.element().filter(~pl.element().is_in(bad.implode())))
    )


def _items(lists: pl.Series) -> pl.Series:
    return lists.explode(empty_as_null=False, keep_nulls=False).unique()
