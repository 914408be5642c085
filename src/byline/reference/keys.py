"""Keys under which a paper is looked up: each a short hash of one thing that two descriptions of it may share.

A paper whose title was typed otherwise still shares its authors, its abstract or a part of its title. Keys only say
what to compare: 32 bits, since of 30 million a wrong one is met once in 150 look-ups, and the comparison drops it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
import numpy.typing as npt
import polars as pl

from byline import latex
from byline.core.hashing import Hashes, hash64, hash_parts, mixed, utf8
from byline.core.ids import SEPARATOR
from byline.names.folding import fold_names
from byline.normalize.bare import bare

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
    marked = titles.str.slice(-1).is_in(MARK_ENDS).fill_null(value=False).arg_true()
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
    first = papers["first"]
    family = _Hashed.of(first.str.split(" ").list.first(), "family")
    made = [
        (Kind.ARXIV_ID, _Hashed.of(papers["arxiv_id"], Kind.ARXIV_ID.name)),
        (Kind.DOI, _Hashed.of(papers["doi"], Kind.DOI.name)),
        *_title_hashes(papers["title"], family),
        (Kind.AUTHORS, _Hashed.of(first + SEPARATOR + papers["second"].fill_null(""), Kind.AUTHORS.name)),
        (Kind.ABSTRACT_START, _end_of_abstract(papers["abstract"].str.head(ABSTRACT_SLICE), last=False)),
        (Kind.ABSTRACT_END, _end_of_abstract(papers["abstract"].str.tail(ABSTRACT_SLICE), last=True)),
    ]
    return pl.concat([_keys(kind, hashed) for kind, hashed in made])


@dataclass(frozen=True)
class _Hashed:
    """Hashes of texts and, row-aligned, whether there is a text to hash."""

    hashes: Hashes
    there: npt.NDArray[np.bool_]

    @classmethod
    def of(cls, texts: pl.Series, kind: str) -> _Hashed:
        """Hash whole texts."""
        return cls(hash64(texts, kind), (texts != "").fill_null(value=False).to_numpy())

    def with_other(self, other: _Hashed) -> _Hashed:
        """Return hashes of both together, there where both are."""
        return _Hashed(mixed(self.hashes, other.hashes), self.there & other.there)


def _title_hashes(titles: pl.Series, family: _Hashed) -> list[tuple[Kind, _Hashed]]:
    """Return the keys that titles make: whole, without subtitle, both ends with the first family name."""
    data, offsets = utf8(title_letters(titles))
    starts, ends = offsets[:-1], offsets[1:]
    parts = [
        (starts, ends, Kind.TITLE.name),
        (starts, np.minimum(starts + END_LETTERS, ends), Kind.TITLE_START.name),
        (np.maximum(ends - END_LETTERS, starts), ends, Kind.TITLE_END.name),
    ]
    whole, start, end = (_Hashed(one, ends > starts) for one in hash_parts(data, starts, ends, parts))
    head = np.zeros(len(titles), dtype=np.uint64), np.zeros(len(titles), dtype=np.bool_)
    rows = titles.str.contains(BEFORE_SUBTITLE).fill_null(value=False).arg_true()
    if rows.len():
        letters_of = title_letters(titles.gather(rows).str.replace(FROM_SUBTITLE, ""))
        head[0][rows.to_numpy()] = hash64(letters_of, Kind.TITLE.name)
        head[1][rows.to_numpy()] = (letters_of.str.len_chars() >= HEAD_LETTERS).fill_null(value=False)
    return [
        (Kind.TITLE, whole), (Kind.TITLE, _Hashed(*head)),
        (Kind.TITLE_START, family.with_other(start)), (Kind.TITLE_END, family.with_other(end)),
    ]  # fmt: skip


def _end_of_abstract(slices: pl.Series, *, last: bool) -> _Hashed:
    """Return the keys of the first or last letters of abstracts; none where there are too few to tell them apart."""
    data, offsets = utf8(bare(slices))
    starts, ends = offsets[:-1], offsets[1:]
    begin = np.maximum(ends - ABSTRACT_LETTERS, starts) if last else starts
    kind = Kind.ABSTRACT_END if last else Kind.ABSTRACT_START
    (hashes,) = hash_parts(
        data, starts, ends, [(begin, np.minimum(begin + ABSTRACT_LETTERS, ends), kind.name)]
    )
    return _Hashed(hashes, ends - starts >= ABSTRACT_LETTERS)


def _keys(kind: Kind, hashed: _Hashed) -> pl.DataFrame:
    rows = np.flatnonzero(hashed.there)
    key = (hashed.hashes[rows] >> np.uint64(32)).astype(np.uint32)
    return pl.DataFrame({"key": key, "row": rows.astype(np.uint32)}).with_columns(
        kind=pl.lit(int(kind), pl.UInt8)
    )


def author_key(family: pl.Series, given: pl.Series) -> pl.Series:
    """Return the last word of the folded family name and the first letter of the given one (`neumann j`)."""
    last = fold_names(family)
    several = last.str.contains(" ", literal=True).fill_null(value=False).arg_true()
    last = last.scatter(several, last.gather(several).str.extract("([^ ]*)$"))
    initial = given.fill_null("").str.head(1).str.to_lowercase()
    odd = (
        ~initial.str.contains("^[a-z]?$")
    ).arg_true()  # of the rest the first letter is what folding leaves
    initial = initial.scatter(odd, fold_names(given.gather(odd)).str.head(1))
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
    made = _keys(Kind.TITLE, _Hashed.of(titles, Kind.TITLE.name))
    return made.select("key", "kind", paper="row")


def keys_only_id(ids: pl.Series, papers: pl.Series) -> pl.DataFrame:
    """Return the keys of arXiv ids that were given to papers: paper, key, kind."""
    made = _keys(Kind.ARXIV_ID, _Hashed.of(ids, Kind.ARXIV_ID.name))
    return made.select("key", "kind", paper=papers.gather(made["row"]).cast(pl.UInt32))
