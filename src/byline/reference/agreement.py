"""Whether the names that a page lists are the beginning of arXiv's list: the same, or spelt, turned or shortened."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import polars as pl
from rapidfuzz import process
from rapidfuzz.distance import OSA

from byline.names.folding import coarse
from byline.reference.queries import folded_names

Numbers = npt.NDArray[np.int64]
LETTERS_A_SLIP = 4
"""Letters of a name, so many a slip, that may be mistyped where the title is the same."""
LONG_NAME = 8
"""Letters of a whole name from which one that differs is a slip."""


def name_verdicts(listed: pl.Series, theirs: pl.Series) -> pl.DataFrame:
    """Return for each pair of lists how many listed names are the `same`, how many fit, whether the first does.

    Both are List(`authors.NAME`), row-aligned; the names at one place are compared.
    """
    counts = listed.list.len().fill_null(0).to_numpy().astype(np.int64)
    rows = np.repeat(np.arange(len(listed)), counts)
    both = _side_by_side(listed, theirs, counts, rows)
    parts = pl.all_horizontal(pl.col(name).eq_missing(f"{name}_b") for name in ("given", "family"))
    same = both.select(parts & pl.col("family").is_not_null()).to_series()
    others = (~same).arg_true()  # few, and folding costs
    same_folded, fits_folded = _folded_verdicts(both[others])
    alike, fits = (same.clone().scatter(others, more).to_numpy() for more in (same_folded, fits_folded))
    first = np.zeros(len(listed), dtype=np.bool_)
    first[counts > 0] = fits[(np.cumsum(counts) - counts)[counts > 0]]
    summed = {
        name: np.bincount(rows[is_so], minlength=len(listed))
        for name, is_so in (("same", alike), ("fits", fits))
    }
    return pl.DataFrame({**summed, "first": first})


def names_among(listed: pl.Series, theirs: pl.Series) -> pl.Series:
    """Tell the pairs of lists of which every listed name is near some name of the other list, in whatever order.

    `[Ohm B., Ada Pim]` are among `[Ada Pym, Carl Roe, Beth Ohm]`. To be asked of few: it goes pair by pair.
    """
    both = [_words_of(names) for names in (listed, theirs)]
    near = [
        bool(mine) and all(_near_any(name, others) for name in mine)
        for mine, others in zip(*both, strict=True)
    ]
    return pl.Series(near, dtype=pl.Boolean)


def _words_of(lists: pl.Series) -> list[list[str]]:
    """Return lists of names folded, family name last."""
    names = lists.explode(empty_as_null=True)
    folded = folded_names(names.struct.field("given"), names.struct.field("family"))
    words = (
        folded.select((pl.col("given") + " " + pl.col("family")).str.strip_chars(" ")).to_series().to_list()
    )
    ends = np.cumsum(np.maximum(lists.list.len().fill_null(1).to_numpy(), 1)).tolist()
    return [
        [name for name in words[start:stop] if name] for start, stop in zip([0, *ends], ends, strict=False)
    ]


def _near_any(name: str, others: list[str]) -> bool:
    """Tell whether a folded name is near one of others: the same but for a few letters, or family name and initial."""
    last, initial, written = name.rsplit(" ", 1)[-1], name[0], sorted(name.split(" "))
    slips = len(name.replace(" ", "")) // LETTERS_A_SLIP
    return any(
        (last == other.rsplit(" ", 1)[-1] and initial == other[0])
        or OSA.distance(name, other, score_cutoff=slips) <= slips
        or written == sorted(other.split(" "))
        for other in others
    )


def _side_by_side(listed: pl.Series, theirs: pl.Series, counts: Numbers, rows: Numbers) -> pl.DataFrame:
    """Return each listed name beside the one at its place in the other list: given, family, given_b, family_b."""
    lengths = theirs.list.len().fill_null(0).to_numpy().astype(np.int64)
    place = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    at = pl.Series(place + (np.cumsum(lengths) - lengths)[rows]).set(pl.Series(place >= lengths[rows]), None)
    mine, other = (names.filter(names.list.len() > 0).explode().struct for names in (listed, theirs))
    return pl.DataFrame(
        {
            "given": mine.field("given"),
            "family": mine.field("family"),
            "given_b": other.field("given").gather(at),
            "family_b": other.field("family").gather(at),
        }
    )


def _folded_verdicts(both: pl.DataFrame) -> tuple[pl.Series, pl.Series]:
    """Tell the pairs of names (given, family, given_b, family_b) that are the same when folded, and those that fit."""
    mine = folded_names(both["given"], both["family"])
    theirs = folded_names(both["given_b"], both["family_b"])
    folded = pl.concat([mine, theirs.rename(lambda name: f"{name}_b")], how="horizontal")
    same = (folded["whole"] == folded["whole_b"]) & both["family_b"].is_not_null()
    return same, same | (_fits(folded) & both["family_b"].is_not_null())


def _fits(both: pl.DataFrame) -> pl.Series:
    """Tell the pairs of names that may be one: family names agree as spelt coarsely, first letters of given names too.

    Also where a name stands family name first, where one has no given name, and where one letter is another.
    """
    fits = both.select(_initials_agree() & _equal("last", "family")).to_series().fill_null(value=False)
    for ask in (_coarsely, _misspelt):  # each costs more than what came before, for fewer
        rest = (~fits).arg_true()
        if not rest.len():
            break
        fits = fits.scatter(rest, ask(both[rest]))
    return fits


def _initials_agree() -> pl.Expr:
    """Tell whether both given names begin with one letter, or one is missing."""
    initial = pl.col("first").str.head(1) == pl.col("first_b").str.head(1)
    return initial | (pl.col("given") == "") | (pl.col("given_b") == "")


def _equal(*columns: str) -> pl.Expr:
    """Tell whether both names have the same in one of the columns."""
    return pl.any_horizontal(pl.col(name) == pl.col(f"{name}_b") for name in columns)


def _coarsely(both: pl.DataFrame) -> pl.Series:
    """Tell the pairs of names that agree but for the spelling of the family name, or for the order of its parts."""
    spelt = {
        f"coarse_{name}": coarse(both[name]) for name in ("last", "last_b", "family", "family_b", "first")
    }
    fits = (_equal("coarse_last", "coarse_family") & _initials_agree()) | _turned()
    return both.with_columns(**spelt).select(fits).to_series().fill_null(value=False)


def _turned() -> pl.Expr:
    """Tell names that stand family name first: `Pym Ada J.` is Ada J. Pym, `van Pym Ada` Ada van Pym."""
    words = pl.concat_str("given", pl.lit(" "), "family")
    initial = pl.col("first_b").str.head(1)
    one = (pl.col("coarse_first") == pl.col("coarse_last_b")) & (words.str.extract("^[^ ]+ (.)") == initial)
    start = pl.col("family_b") + " "
    several = words.str.starts_with(start) & (words.str.slice(start.str.len_chars(), 1) == initial)
    return (pl.col("given_b") != "") & (one | several)


def _misspelt(both: pl.DataFrame) -> pl.Series:
    """Tell whole names that differ in one letter, or in two that changed places; short ones may be others."""
    one, other = both["whole"], both["whole_b"]
    apart = process.cpdist(
        one.to_list(), other.to_list(), scorer=OSA.distance, score_cutoff=1, dtype=np.int32
    )
    long = pl.Series(
        np.minimum(one.str.len_chars().to_numpy(), other.str.len_chars().to_numpy()) >= LONG_NAME
    )
    return pl.Series(apart <= 1) & long
