"""Keys under which a paper is looked up: each a short hash of one thing that two descriptions of it may share.

A paper whose title was typed otherwise still shares its authors, its abstract or a part of its title. Keys only say
what to compare: 32 bits, since of 30 million a wrong one is met once in 150 look-ups, and the comparison drops it.
"""

from __future__ import annotations

from enum import IntEnum

import numpy as np
import polars as pl

from byline import latex
from byline.core.hashing import hash64
from byline.core.ids import SEPARATOR
from byline.names.folding import fold_names
from byline.normalize.bare import bare

END_LETTERS = 12
"""Letters of a title's beginning and end that make a key with the first family name: about two words."""
HEAD_LETTERS = 12
"""Letters that a title without its subtitle must have."""
ABSTRACT_LETTERS = 48
"""Letters of an abstract's beginning and end: enough to be its own, few enough to be untouched by an edit elsewhere."""
ABSTRACT_SLICE = 84
"""Characters that are folded to get them."""
SUBTITLE = r"(?s)^(.+?)(?::\s|\s[-–—]+\s|\.\s|\?\s).*$"
"""What stands before a subtitle."""
MARKS = r"(?:\s*(?:\$\s*\^?\s*\{?(?:[*†‡§¶]|\\(?:ast|dagger|ddagger|star))+\}?\s*\$|\\thanks\{[^{}]*\}|[*∗†‡§¶¹]))+$"
"""Marks of footnotes at a title's end."""
MARK_ENDS = ["*", "∗", "†", "‡", "§", "¶", "¹", "$", "}"]
KEYS = {"key": pl.UInt32(), "row": pl.UInt32(), "kind": pl.UInt8()}


class Kind(IntEnum):
    """What a key was made of."""

    ARXIV_ID = 0
    DOI = 1
    TITLE = 2
    """The folded title, or what stands before its subtitle."""
    AUTHORS = 3
    """The first two authors, or the only one: family name and initial each."""
    TITLE_START = 4
    """First family name and the title's first letters."""
    TITLE_END = 5
    ABSTRACT_START = 6
    ABSTRACT_END = 7


def fold_title(titles: pl.Series) -> pl.Series:
    """Return titles for comparison: LaTeX decoded, accents off, lower case, single spaces between words."""
    out = latex.decode(without_marks(titles))
    beyond = (out.str.len_bytes() != out.str.len_chars()).fill_null(value=False).arg_true()
    if beyond.len():
        plain = out.gather(beyond).str.normalize("NFKD").str.replace_all(r"\p{M}+", "")
        out = out.clone().scatter(beyond, plain)
    return out.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars(" ")


def without_marks(titles: pl.Series) -> pl.Series:
    """Return titles without the marks of footnotes behind them (`Sparse gates*`)."""
    marked = titles.str.slice(-1).is_in(MARK_ENDS).fill_null(value=False).arg_true()
    if not marked.len():
        return titles
    return titles.clone().scatter(marked, titles.gather(marked).str.replace(MARKS, ""))


def title_letters(titles: pl.Series) -> pl.Series:
    r"""Return the letters and digits of titles for keys: what costs little and is nearly `letters(fold_title(…))`.

    Of LaTeX accents the letter stays, of other commands the name (`\\'e` is e, `\\alpha` alpha): where a page has the
    character and arXiv the command, another key finds the paper.
    """
    out = without_marks(titles)
    marked = out.str.contains("\\", literal=True).fill_null(value=False).arg_true()
    if marked.len():
        plain = out.gather(marked).str.replace_all(r"\\(?:[^A-Za-z]|[vcuHkrdbt]\b)", "")
        out = out.clone().scatter(marked, plain)
    beyond = (out.str.len_bytes() != out.str.len_chars()).fill_null(value=False).arg_true()
    if beyond.len():
        plain = out.gather(beyond).str.normalize("NFKD").str.replace_all(r"\p{M}+", "")
        out = out.clone().scatter(beyond, plain)
    return bare(out)


def letters(folded: pl.Series) -> pl.Series:
    """Return folded texts without their spaces: where words were joined or hyphenated, the letters stay."""
    return folded.str.replace_all(" ", "", literal=True)


def keys_of(papers: pl.DataFrame) -> pl.DataFrame:
    """Return the keys of papers as `KEYS`; `row` counts the papers from 0.

    `papers`: arxiv_id?, doi?, title, abstract?, and first, second: what `author_key` makes of the first two authors,
    null where there are none. A key that can't be made is left out.
    """
    title, head = title_letters(papers["title"]), title_letters(papers["title"].str.extract(SUBTITLE))
    first, second = papers["first"], papers["second"]
    family = first.str.split(" ").list.first()
    start, end = title.str.head(END_LETTERS), title.str.tail(END_LETTERS)
    made = [
        (Kind.ARXIV_ID, papers["arxiv_id"]),
        (Kind.DOI, papers["doi"]),
        (Kind.TITLE, title),
        (Kind.TITLE, head.set(head.str.len_chars() < HEAD_LETTERS, None)),
        (Kind.AUTHORS, first + SEPARATOR + second.fill_null("")),
        (Kind.TITLE_START, family + SEPARATOR + start),
        (Kind.TITLE_END, family + SEPARATOR + end),
        (
            Kind.ABSTRACT_START,
            _abstract(papers["abstract"].str.head(ABSTRACT_SLICE)).str.head(ABSTRACT_LETTERS),
        ),
        (
            Kind.ABSTRACT_END,
            _abstract(papers["abstract"].str.tail(ABSTRACT_SLICE)).str.tail(ABSTRACT_LETTERS),
        ),
    ]
    return pl.concat([_keys(kind, texts) for kind, texts in made])


def _abstract(texts: pl.Series) -> pl.Series:
    """Return the letters and digits of ends of abstracts, null where there are too few to tell abstracts apart."""
    kept = bare(texts)
    return kept.set(kept.str.len_chars() < ABSTRACT_LETTERS, None)


def _keys(kind: Kind, texts: pl.Series) -> pl.DataFrame:
    present = (texts.is_not_null() & (texts != "")).fill_null(value=False).arg_true()
    hashed = hash64(texts.gather(present), kind.name) >> np.uint64(32)
    return pl.DataFrame(
        {"key": hashed.astype(np.uint32), "row": present.cast(pl.UInt32)},
    ).with_columns(kind=pl.lit(int(kind), pl.UInt8))


def author_key(family: pl.Series, given: pl.Series) -> pl.Series:
    """Return the last word of the folded family name and the first letter of the given one (`neumann j`)."""
    last = fold_names(family).str.split(" ").list.last()
    initial = fold_names(given.fill_null("")).str.head(1)
    return last.set(last == "", None) + " " + initial


def with_author_keys(papers: pl.DataFrame) -> pl.DataFrame:
    """Return the papers with `first` and `second`, the keys of their first two authors."""
    made = {}
    for name, place in (("first", 0), ("second", 1)):
        one = papers["names"].list.get(place, null_on_oob=True)
        made[name] = author_key(one.struct.field("family"), one.struct.field("given"))
    return papers.with_columns(**made)


def title_keys(titles: pl.Series) -> pl.DataFrame:
    """Return the keys of titles of which only the letters are left (`title_letters`): paper (the row), key, kind."""
    made = _keys(Kind.TITLE, titles)
    return made.select("key", "kind", paper="row")


def keys_only_id(ids: pl.Series, papers: pl.Series) -> pl.DataFrame:
    """Return the keys of arXiv ids that were given to papers: paper, key, kind."""
    made = _keys(Kind.ARXIV_ID, ids)
    return made.select("key", "kind", paper=papers.gather(made["row"]).cast(pl.UInt32))
