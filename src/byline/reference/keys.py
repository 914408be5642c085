"""Keys under which a paper is looked up: each a short hash of one thing that two descriptions of it may share.

A paper whose title was typed otherwise still shares its authors, its abstract or a part of its title. Keys only say
what to compare: 32 bits, since of 30 million a wrong one is met once in 150 look-ups, and the comparison drops it.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import IntEnum

import numpy as np
import polars as pl

from byline import latex
from byline.core.hashing import hash64, hash_fixed, hash_parts, utf8
from byline.normalize.bare import ASCII, bare
from byline.reference.author_keys import author_hashes
from byline.reference.hashed import ACCENT, Hashed

END_LETTERS = 12
"""Bytes of letters of a title's beginning and end that make a key with the first family name: about two words."""
HEAD_LETTERS = 12
"""Letters that a title without its subtitle must have."""
ABSTRACT_LETTERS = 48
"""Bytes of letters of an abstract's beginning and end: enough to be its own, few enough to be untouched by an edit
elsewhere."""
ABSTRACT_SLICE = 84
"""Characters that are folded to get them."""
BEFORE_SUBTITLE = r":\s|\s[-–—]+\s|\.\s|\?\s"
SUBTITLE = rf"(?s)^(.+?)(?:{BEFORE_SUBTITLE}).*$"
"""What stands before a subtitle."""
BEFORE_LAST = rf"(?s)^(.+)(?:{BEFORE_SUBTITLE}).*$"
"""What stands before the last of several."""
FROM_SUBTITLE = rf"(?s)(?:{BEFORE_SUBTITLE}).*$"
"""The rest: to search for it takes a fifth of the time."""
MARKS = r"(?:\s*(?:\$\s*\^?\s*\{?(?:[*†‡§¶]|\\(?:ast|dagger|ddagger|star))+\}?\s*\$|\\thanks\{[^{}]*\}|[*∗†‡§¶¹]))+$"
"""Marks of footnotes at a title's end."""
MARK_ENDS = np.frombuffer(b"*$}", dtype=np.uint8)
"""Last bytes of titles that may have them, beside those beyond ASCII."""
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


ENDS = (1 << Kind.ABSTRACT_START) | (1 << Kind.ABSTRACT_END)
ALIKE = ENDS | (1 << Kind.TITLE)
"""Kinds of keys, as bits, of which all are shared by papers with one title and, as good as sure, one abstract."""


def decoded_title(titles: pl.Series) -> pl.Series:
    """Return titles without footnotes' marks, LaTeX decoded."""
    return latex.decode(without_marks(titles))


def fold_decoded(titles: pl.Series) -> pl.Series:
    """Return decoded titles for comparison: accents off, lower case, single spaces between words."""
    out = titles
    beyond = (out.str.len_bytes() != out.str.len_chars()).fill_null(value=False).arg_true()
    if beyond.len():
        plain = out.gather(beyond).str.normalize("NFKD").str.replace_all(r"\p{M}+", "")
        out = out.clone().scatter(beyond, plain)
    return out.str.to_lowercase().str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars(" ")


def without_marks(titles: pl.Series) -> pl.Series:
    """Return titles without the marks of footnotes behind them (`Sparse gates*`)."""
    data, offsets = utf8(titles)
    rows = np.flatnonzero(offsets[1:] > offsets[:-1])
    last = data[offsets[1:][rows] - 1]
    marked = pl.Series(rows[(last >= ASCII) | np.isin(last, MARK_ENDS)])
    if not marked.len():
        return titles
    return titles.clone().scatter(marked, titles.gather(marked).str.replace(MARKS, ""))


def title_letters(titles: pl.Series) -> pl.Series:
    r"""Return the letters and digits of titles for keys: what costs little and is nearly those of decoded titles.

    Of LaTeX accents the letter stays, of other commands the name (`\\'e` is e, `\\alpha` alpha): where a page has the
    character and arXiv the command, another key finds the paper.
    """
    out = without_marks(titles)
    marked = out.str.contains("\\", literal=True).fill_null(value=False).arg_true()
    if marked.len():
        plain = out.gather(marked).str.replace_all(ACCENT, "")
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

    `papers`: arxiv_id?, doi?, title, abstract?, and `FIRST_AUTHORS`. A key that can't be made is left out.
    """
    family, authors = author_hashes(papers)
    made = [
        (Kind.ARXIV_ID, Hashed.of(papers["arxiv_id"], Kind.ARXIV_ID.name)),
        (Kind.DOI, Hashed.of(papers["doi"], Kind.DOI.name)),
        *_title_hashes(papers["title"], family),
        (Kind.AUTHORS, authors),
        (Kind.ABSTRACT_START, _end_of_abstract(papers["abstract"].str.head(ABSTRACT_SLICE), last=False)),
        (Kind.ABSTRACT_END, _end_of_abstract(papers["abstract"].str.tail(ABSTRACT_SLICE), last=True)),
    ]
    return _as_keys(made)


def _title_hashes(titles: pl.Series, family: Hashed) -> list[tuple[Kind, Hashed]]:
    """Return the keys that titles make: whole, without subtitle, both ends with the first family name."""
    data, offsets = utf8(title_letters(titles))
    starts, ends = offsets[:-1], offsets[1:]
    parts = [
        (starts, ends, Kind.TITLE.name),
        (starts, np.minimum(starts + END_LETTERS, ends), Kind.TITLE_START.name),
        (np.maximum(ends - END_LETTERS, starts), ends, Kind.TITLE_END.name),
    ]
    whole, start, end = (Hashed(one, ends > starts) for one in hash_parts(data, starts, ends, parts))
    head = np.zeros(len(titles), dtype=np.uint64), np.zeros(len(titles), dtype=np.bool_)
    rows = titles.str.contains(BEFORE_SUBTITLE).fill_null(value=False).arg_true()
    if rows.len():
        letters_of = title_letters(titles.gather(rows).str.replace(FROM_SUBTITLE, ""))
        head[0][rows.to_numpy()] = hash64(letters_of, Kind.TITLE.name)
        head[1][rows.to_numpy()] = (letters_of.str.len_chars() >= HEAD_LETTERS).fill_null(value=False)
    return [
        (Kind.TITLE, whole), (Kind.TITLE, Hashed(*head)),
        (Kind.TITLE_START, family.with_other(start)), (Kind.TITLE_END, family.with_other(end)),
    ]  # fmt: skip


def _end_of_abstract(slices: pl.Series, *, last: bool) -> Hashed:
    """Return the keys of the first or last letters of abstracts; none where there are too few to tell them apart."""
    data, offsets = utf8(bare(slices))
    starts, ends = offsets[:-1], offsets[1:]
    there = ends - starts >= ABSTRACT_LETTERS
    begin = (ends - ABSTRACT_LETTERS if last else starts)[there]
    hashes = np.zeros(len(there), dtype=np.uint64)
    kind = Kind.ABSTRACT_END if last else Kind.ABSTRACT_START
    hashes[there] = hash_fixed(data, begin, ABSTRACT_LETTERS, kind.name)
    return Hashed(hashes, there)


def _as_keys(made: Sequence[tuple[Kind, Hashed]]) -> pl.DataFrame:
    """Return hashes by kind as `KEYS`, those that are there."""
    rows = [np.flatnonzero(hashed.there) for _, hashed in made]
    keys = [hashed.hashes[some] >> np.uint64(32) for some, (_, hashed) in zip(rows, made, strict=True)]
    kinds = np.repeat(np.array([int(kind) for kind, _ in made], dtype=np.uint8), [len(some) for some in rows])
    return pl.DataFrame(
        {
            "key": np.concatenate(keys).astype(np.uint32),
            "row": np.concatenate(rows).astype(np.uint32),
            "kind": kinds,
        }
    )


def title_keys(titles: pl.Series) -> pl.DataFrame:
    """Return the keys of titles of which only the letters are left (`title_letters`): paper (the row), key, kind."""
    made = _as_keys([(Kind.TITLE, Hashed.of(titles, Kind.TITLE.name))])
    return made.select("key", "kind", paper="row")


def keys_only_id(ids: pl.Series, papers: pl.Series) -> pl.DataFrame:
    """Return the keys of arXiv ids that were given to papers: paper, key, kind."""
    made = _as_keys([(Kind.ARXIV_ID, Hashed.of(ids, Kind.ARXIV_ID.name))])
    return made.select("key", "kind", paper=papers.gather(made["row"]).cast(pl.UInt32))
