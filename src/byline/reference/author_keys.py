"""Keys of authors: family name and initial of the first two, folded, the same from TeX as from what it stands for."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.hashing import hash64, hash_spans, mixed, utf8
from byline.names.folding import fold_names
from byline.reference.hashed import ACCENT, Hashed

FIRST_AUTHORS = ("family_first", "given_first", "family_second", "given_second")
"""Columns with the names of the first two authors in two parts, TeX or plain; null where there is none."""
FAMILY = "family"
"""The kind of its hashes."""
SMALL = np.array(
    [byte | 0x20 if chr(byte).isalpha() and byte < 0x80 else 0 for byte in range(256)], dtype=np.uint8
)
"""The small letter of each letter of ASCII; 0 of every other byte."""


def author_hashes(papers: pl.DataFrame) -> tuple[Hashed, Hashed]:
    """Return hashes of the first author's family name, and of the first two authors: family name and initial each.

    Of a family name the last word counts (`von Neumann` is `neumann`), as pages take names apart in other places.
    """
    count = papers.height
    last = _last_words(pl.concat([papers["family_first"], papers["family_second"]]))
    given = pl.concat([papers["given_first"], papers["given_second"]])
    both = mixed(last.hashes, _initials(given).astype(np.uint64))
    first, there = both[:count], last.there[:count]
    second = np.where(last.there[count:], both[count:], np.uint64(0))
    return Hashed(last.hashes[:count], there), Hashed(mixed(first, second), there)


def _last_words(families: pl.Series) -> Hashed:
    """Return hashes of the last words of folded family names. Nearly all are one word of plain letters."""
    data, offsets = utf8(families)
    small = SMALL[data]
    odd = np.append(0, np.cumsum(small == 0))
    rows = pl.Series(np.flatnonzero(odd[offsets[1:]] > odd[offsets[:-1]]))
    hashes, there = hash_spans(small, offsets[:-1], offsets[1:], FAMILY), offsets[1:] > offsets[:-1]
    last = fold_names(without_tex(families.gather(rows))).str.extract("([^ ]*)$")
    hashes[rows], there[rows] = hash64(last, FAMILY), last != ""
    return Hashed(hashes, there)


def _initials(given: pl.Series) -> npt.NDArray[np.uint8]:
    """Return the first letters of folded given names, a to z; 0 where there is none."""
    data, offsets = utf8(given)
    found = np.zeros(len(given), dtype=np.uint8)
    rows = np.flatnonzero(offsets[1:] > offsets[:-1])
    found[rows] = SMALL[data[offsets[rows]]]
    odd = rows[found[rows] == 0]
    folded, places = utf8(fold_names(without_tex(given.gather(odd))))
    lettered = places[1:] > places[:-1]
    found[odd[lettered]] = folded[places[:-1][lettered]]
    return found


def without_tex(names: pl.Series) -> pl.Series:
    r"""Return names with the letters of TeX's commands in their place: `{\O}stby` is Ostby, `Ji\v{r}\'{\i}` Jiri.

    That is what folding leaves of the decoded name, at a hundredth of the time.
    """
    marked = (names.str.contains("\\", literal=True) | names.str.contains("{", literal=True)).fill_null(
        value=False
    )
    rows = marked.arg_true()
    if not rows.len():
        return names
    some = names.gather(rows).str.replace_all(r"\\([adAD])[ahjAHJ]\b\s*", "${1}")
    some = some.str.replace_all(ACCENT + r"\s*", "").str.replace_all(r"\\([A-Za-z]+)\s*", "${1}")
    return names.clone().scatter(rows, some.str.replace_all(r"[{}\\]", ""))


def first_authors(names: pl.Series) -> pl.DataFrame:
    """Return the first two of lists of `authors.NAME`, in the columns `FIRST_AUTHORS`."""
    made: dict[str, pl.Series] = {}
    for at, place in enumerate(("first", "second")):
        one = names.list.get(at, null_on_oob=True)
        made |= {f"{part}_{place}": one.struct.field(part) for part in ("family", "given")}
    return pl.DataFrame(made).select(FIRST_AUTHORS)
