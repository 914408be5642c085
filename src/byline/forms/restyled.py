"""Lists of names on cards in other styles than the card's own, divided as their style says.

The boundary model finds where a title ends; lists it divides at commas, as cards do. `Pym, Ada; Li, Bo` behind a title
is two names, not four. What stands between names is settled by `name_lists`, and where nobody can tell it is doubted.

Example: of `On OwlsPym, Ada; Li, Bo` the model says the title `On Owls` and four names; here they become two.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import polars as pl

from byline import boundary
from byline.core import lists
from byline.core.matching import matching, nowhere
from byline.forms.confidence import DOUBTFUL
from byline.forms.list_lines import are_lists
from byline.forms.name_lists import read_lists
from byline.forms.name_marks import bare_lists
from byline.forms.name_patterns import patterns

AT_MOST = 0.98
"""What was divided otherwise than the model did is never quite sure."""
_STYLED = r"[;、；]|\||\s[·•/]\s|\s(?:and|&)\s"
OPEN_TITLE = r"(?:\s(?:and|&)|\s[·•/]|[|;,、])$"
"""A title that ends so was cut behind the first of its names."""
_CAPS_FIRST = r"^\s*\p{Lu}[\p{Lu}’' -]+, \p{Lu}\P{Lu}"
_INITIALS = r"^(?:\p{Lu}\.[ -]?)+\p{L}|^[^,]+, (?:\p{Lu}\.? ?)+$"


def restyled(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the cards with lists of other styles divided anew; such rows have no `byline` any more.

    `frame` has the columns of parsed rows; a row without a byline is left as it is.
    """
    frame = _closed(frame)
    listed = _list_texts(frame)
    p = patterns()
    styled = listed.str.contains(_STYLED)
    maybe = listed.str.contains(_one_word_first()) | listed.str.contains(_CAPS_FIRST)
    maybe = (~styled & maybe).fill_null(value=False).arg_true()
    bare = bare_lists(listed.gather(maybe))
    paired = bare.str.contains(p.word_pairs) | matching(bare, p.caps_pairs, bare.str.contains(p.caps_first))
    rows = styled.fill_null(value=False).scatter(maybe, paired.fill_null(value=False)).arg_true()
    labels = listed.gather(rows).str.contains(r"\s·\s+\p{Ll}").fill_null(value=False)
    labels &= ~listed.gather(rows).str.contains(rf"\s·\s+(?:{p.particle}\s)+\p{{Lu}}").fill_null(value=False)
    rows = rows.filter(~labels)
    if not len(rows):
        return frame
    read = read_lists(listed.gather(rows), np.arange(len(rows)), "listed")
    return _put(frame, rows, _judged(read, listed.gather(rows)))


@cache
def _one_word_first() -> str:
    """Return the pattern of a list whose first piece is one word, particles and what stands in brackets apart.

    Only such a list can be family and given names in turn; the card's own begins with a given and a family name.
    """
    p = patterns()
    return rf"^\s*(?:{p.label})?(?:{p.particle}\s+){{0,3}}[^\s,]+(?:\s*\([^()]*\))*\s*(?:,|$)"


def _list_texts(frame: pl.DataFrame) -> pl.Series:
    """Return what stands behind the title in each byline; null where the title does not begin it."""
    begins = pl.col("byline").str.starts_with(pl.col("title")) & pl.col("reason").is_null()
    behind = pl.col("byline").str.slice(pl.col("title").str.len_chars())
    return frame.select(pl.when(begins).then(behind)).to_series()


def _judged(read: pl.DataFrame, listed: pl.Series) -> pl.DataFrame:
    """Say which readings hold (`taken`), and how sure they are at most."""
    initials = read["authors"].list.eval(pl.element().str.contains(_INITIALS)).list.any()
    count = read["authors"].list.len()
    commas = read["authors"].list.eval(pl.element().str.contains(",", literal=True)).list.any()
    commas_apart = listed.str.contains(r"^[^·•]*,[^·•]*,|^[^·•]*\sand\s")
    dot = pl.col("style") == "dot"
    told = pl.col("style").is_in(["semicolon", "bar", "slash", "pairs", "and_pairs"])
    by_dots = dot & (pl.col("initials") | (pl.col("names") & (pl.col("count") > 2)) | pl.col("commas"))
    whole = read.with_columns(
        initials=initials, names=_names_alone(read), count=count, commas=commas & ~commas_apart
    )
    doubt = pl.col("odd") | (dot & ~by_dots & pl.col("names") & (pl.col("count") == 2))
    return whole.with_columns(
        taken=told | by_dots, at_most=pl.when(doubt).then(DOUBTFUL).when(told | by_dots).then(AT_MOST)
    )


def _names_alone(read: pl.DataFrame) -> pl.Series:
    """Tell which lists between dots are made of names alone."""
    rows = (read["style"] == "dot").arg_true()
    found = nowhere(read.height)
    if not len(rows):
        return found
    authors = read["authors"].gather(rows)
    single, several = are_lists(authors.explode(empty_as_null=True).cast(pl.String))
    owners = np.repeat(np.arange(len(rows)), authors.list.len().clip(1).to_numpy())
    each = pl.DataFrame({"row": owners, "name": single & ~several}).group_by("row", maintain_order=True)
    return found.scatter(rows, each.agg(pl.col("name").all())["name"])


def _put(frame: pl.DataFrame, rows: pl.Series, read: pl.DataFrame) -> pl.DataFrame:
    """Put readings over rows of the frame: the names that are taken, and the confidence they have at most."""
    changed = read.select(
        "taken",
        "at_most",
        new_authors="authors",
        new_truncated="authors_truncated",
        new_parts="name_parts",
        new_labels="labels",
    ).with_columns(_row=rows.cast(pl.UInt32))
    joined = frame.with_row_index("_row").join(changed, on="_row", how="left", maintain_order="left")
    taken = pl.col("taken").fill_null(value=False)
    return joined.with_columns(
        authors=pl.when(taken).then("new_authors").otherwise("authors"),
        authors_truncated=pl.when(taken)
        .then(pl.col("new_truncated") | pl.col("authors_truncated"))
        .otherwise("authors_truncated"),
        name_parts=pl.when(taken).then("new_parts").otherwise("name_parts"),
        labels=pl.when(taken).then("new_labels").otherwise("labels"),
        boundary_confidence=pl.min_horizontal("boundary_confidence", pl.col("at_most").cast(pl.Float32)),
        byline=pl.when(pl.col("at_most").is_null()).then("byline"),
    ).select(frame.columns)


def _closed(frame: pl.DataFrame) -> pl.DataFrame:
    """Read again titles that end in `and` or what else stands between names: the first name was taken for title."""
    open_ = (frame["title"].str.contains(OPEN_TITLE) & frame["byline"].is_not_null()).fill_null(value=False)
    rows = open_.arg_true()
    if not len(rows):
        return frame
    title = frame["title"].gather(rows).str.replace(OPEN_TITLE, ",").str.replace_all(r"\s*\|\s*|\s/\s", ", ")
    behind = _list_texts(frame).gather(rows)
    again = boundary.segment(pl.select(pl.concat_str(title, pl.lit(" "), behind)).to_series())
    shorter = (again["title"].str.len_chars() < title.str.len_chars() - 1).fill_null(value=False)
    good = pl.DataFrame({"good": shorter, "title": again["title"], "old": frame["title"].gather(rows)})
    new = good.select(pl.when("good").then("title").otherwise("old")).to_series()
    doubtful = frame["boundary_confidence"].gather(rows).clip(upper_bound=DOUBTFUL)
    sure = again["boundary_confidence"].fill_null(0.0).zip_with(shorter, doubtful)
    return frame.with_columns(
        title=frame["title"].scatter(rows, new),
        authors=lists.put(
            frame["authors"], rows, again["authors"].zip_with(shorter, frame["authors"].gather(rows))
        ),
        boundary_confidence=frame["boundary_confidence"].scatter(rows, sure.clip(upper_bound=AT_MOST)),
    )
