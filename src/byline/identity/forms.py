"""Distinct name forms of a block, and which of them one person may carry."""

from __future__ import annotations

from enum import IntEnum
from functools import cache

import numpy as np
import numpy.typing as npt
import polars as pl

from byline.core.hashing import hash64
from byline.core.sorted_arrays import firsts
from byline.identity import spellings
from byline.names import first_given
from byline.names.wordlists import east_asian_surnames, syllables

Ints = npt.NDArray[np.int64]
Packed = npt.NDArray[np.uint64]

BEGINNING = 4
"""Letters of a middle name that begins another from which both may be one: Alex and Alexander, not Van and Vanda."""

FORM = ("block", "kind", "family_key", "given_key", "suffix")
"""Mentions that agree in these columns carry the same form of a name."""


class First(IntEnum):
    """How the first given names of two forms relate."""

    SAME = 0
    """Full and equal."""
    JOINED = 1
    """Equal when written together: Xi Mei and Ximei."""
    SHORT = 2
    """One is the other's short form: Bob and Robert."""
    BEGINS = 3
    """One begins the other: Alessandr and Alessandro; but also Xin and Xinyu."""
    INITIAL = 4
    """One is the other's initial."""
    INITIALS = 5
    """Both are the same initial."""
    BARE = 6
    """Neither has a given name, or both are collaborations."""
    SPELLED = 7
    """Full, with the same consonants: Philippe and Phillippe, Dimitrios and Dimitris."""
    DROPPED = 8
    """One form starts with the other's second given name: W. John and John."""


class Middle(IntEnum):
    """How what follows the first given name relates."""

    NONE = 0
    MISSING = 1
    """Only one form has it."""
    LETTERS = 2
    """The initials agree."""
    FULL = 3
    """Full middle names agree."""
    CONFLICT = 4
    """The initials differ: `J. A.` and `J. B.`, or an initial and a name it does not fit."""
    OTHER = 5
    """Full middle names differ by more than their spelling: Maria Elena and Maria Teresa."""


def forms(mentions: pl.DataFrame) -> pl.DataFrame:
    """Return the distinct forms of mentions that carry a `form` number, in its order, with the parts to compare.

    Only forms of one (block, letter) are compared.

    | column | type | what it says |
    |---|---|---|
    | `form` | Int64 | its number |
    | the columns of `FORM`, `rarity` | | the name's keys, as `describe` has them |
    | `first` | String | the first given name, or its initial: `yu` of `Yu. A.` |
    | `is_full` | Boolean | whether that is more than an initial |
    | `letters` | String | the initials after the first |
    | `inner` | String | those that a Chinese or Korean name written together holds: `d` of `Bodan` |
    | `middle`, `second`, `half`, `tail` | String | the second given name when full, and what else may stand for it |
    | `joined` | String | the given names without what parts them |
    | `sound`, `skeleton`, `single` | String | the same for spellings that sound alike |
    | `long` | String | the nickname's long form, else `first` |
    | `letter` | String | the initial of `long` |
    """
    distinct = mentions.group_by("form").agg(pl.col(*FORM, "rarity").first()).sort("form")
    first, full = first_given(distinct["given_key"])
    tokens = pl.col("given_key").str.split(" ")
    parts = pl.col("given_key").str.replace_all("-", " ", literal=True).str.split(" ")
    spelled = ~pl.col("is_full")
    out = distinct.with_columns(first=first, is_full=full)
    out = out.with_columns(
        letters=parts.list.slice(1).list.eval(pl.element().str.slice(0, 1)).list.join(""),
        middle=pl.when(~(spelled & pl.col("given_key").str.contains("-"))).then(
            tokens.list.get(1, null_on_oob=True)
        ),
        joined=pl.col("given_key").str.replace_all("[- .]", ""),
    ).with_columns(
        middle=spellings.full(pl.col("middle")),
        second=spellings.second(),
        half=spellings.half(),
        tail=spellings.full(parts.list.last()),
        sound=spellings.sound("middle"),
        skeleton=spellings.skeleton(),
        single=spellings.single(),
        inner=_inner(out),
    )
    return out.with_columns(long=spellings.long_forms(out["first"])).with_columns(
        letter=pl.col("long").str.slice(0, 1)
    )


def _inner(forms: pl.DataFrame) -> pl.Series:
    """Return the initials of the syllables behind the first in given names that eastern names write together."""
    eastern = (
        forms["family_key"].is_in(sorted(east_asian_surnames()))
        & forms["is_full"]
        & (~forms["given_key"].str.contains("[ -]"))
    )
    rows = eastern.arg_true()
    found = ["".join(one[0] for one in syllables(name)[1:]) for name in forms["first"].gather(rows)]
    return pl.repeat("", forms.height, eager=True).scatter(rows, pl.Series(found, dtype=pl.String))


def related(table: pl.DataFrame) -> pl.DataFrame:
    """Return the pairs of forms that one person may carry.

    `table`: `forms`, whose rows are the forms 0, 1, … in order. A family name's initials fit very many of its given
    names, so pairs are numbers until the last, and texts are compared only where they must be.

    | column | type | what it says |
    |---|---|---|
    | `form_a`, `form_b` | Int64 | the pair, the smaller first |
    | `first` | Int8 | how the first names relate, a code of `First` |
    | `mid` | Int8 | how what follows them does, a code of `Middle` |
    | `family_same` | Boolean | whether the family names are the same, also beyond the block's letters |
    """
    base = table.with_columns(
        start=pl.col("first").str.slice(0, 3), block_key=pl.Series(hash64(table["block"], "block"))
    )
    full = base.filter("is_full")
    initial = base.filter(~pl.col("is_full") & (pl.col("first") != ""))
    bare = base.filter(pl.col("first") == "")
    spelled = full.filter((pl.col("skeleton").str.len_chars() >= 3) & (pl.col("first").str.len_chars() >= 4))
    doubled = full.filter(pl.col("single").str.len_chars() >= spellings.LEAST)
    second = base.filter(pl.col("second") != "")
    double = base.filter((pl.col("half") != "") & (pl.col("half") != pl.col("second")))
    begun = _pairs(full, full, "start", "start", First.BEGINS)
    met = [
        _pairs(full, full, "first", "first", First.SAME),
        _pairs(full, full, "joined", "joined", First.JOINED),
        _pairs(full, full, "long", "long", First.SHORT),
        begun[_one_begins_the_other(table, *_unpacked(begun)[:2])],
        _fitting(table, _pairs(initial, full, "letter", "letter", First.INITIAL)),
        _fitting(table, _pairs(initial, initial, "letter", "letter", First.INITIALS)),
        _pairs(bare, bare, None, None, First.BARE),
        _pairs(spelled, spelled, "skeleton", "skeleton", First.SPELLED),
        _pairs(doubled, doubled, "single", "single", First.SPELLED),
        _pairs(second, full, "second", "first", First.DROPPED),
        _pairs(double, full, "half", "first", First.DROPPED),
    ]
    packed = np.sort(np.concatenate(met))
    packed = packed[firsts(packed >> _CODE)]  # of several relations the first
    a, b, code = _unpacked(packed)
    suffix, other = table["suffix"].gather(a), table["suffix"].gather(b)
    may = (suffix.eq_missing(other) | suffix.is_null() | other.is_null()) & _same(table["kind"], a, b)
    a, b, code = (part[may.to_numpy()] for part in (a, b, code))
    return pl.DataFrame(
        {
            "form_a": a,
            "form_b": b,
            "first": code.astype(np.int8),
            "mid": _middle(table, a, b),
            "family_same": _same(table["family_key"], a, b),
        }
    )


_CODE, _FORM = np.uint64(8), np.uint64(36)
_FORMS = np.uint64((1 << 28) - 1)
"""A pair and its relation in one number: 28 bits a form, the greater one and the code last."""


def _pairs(left: pl.DataFrame, right: pl.DataFrame, on: str | None, other: str | None, code: First) -> Packed:
    """Return the pairs of a form of `left` and one of `right`, of one block, whose columns `on` and `other` agree."""
    keyed = _keyed(left, on)
    alike = left is right and on == other
    once = pl.col("form") < pl.col("form_b") if left is right else pl.col("form") != pl.col("form_b")
    joined = keyed.join(keyed if alike else _keyed(right, other), on="key", suffix="_b").filter(once)
    one, two = (joined[column].to_numpy() for column in ("form", "form_b"))
    packed: Packed = (np.minimum(one, two) << _FORM) | (np.maximum(one, two) << _CODE) | np.uint64(code)
    return packed


def _keyed(side: pl.DataFrame, column: str | None) -> pl.DataFrame:
    """Return each form with a hash of its block and a text, or of its block alone."""
    key = side["block_key"].to_numpy()
    if column is not None:
        key = key ^ hash64(side[column], "relation")
    return pl.DataFrame({"key": key, "form": side["form"].cast(pl.UInt64)})


def _unpacked(packed: Packed) -> tuple[Ints, Ints, Ints]:
    """Return both forms and the code of each pair."""
    parts = (packed >> _FORM, (packed >> _CODE) & _FORMS, packed & np.uint64(0xFF))
    one, other, code = (part.astype(np.int64) for part in parts)
    return one, other, code


def _same(texts: pl.Series, a: Ints, b: Ints) -> pl.Series:
    """Tell the pairs whose texts are the same."""
    return texts.gather(a).eq_missing(texts.gather(b))


def _one_begins_the_other(table: pl.DataFrame, a: Ints, b: Ints) -> pl.Series:
    first = table["first"]
    pairs = pl.DataFrame({"x": first.gather(a), "y": first.gather(b)})
    longer = pl.col("x").str.starts_with(pl.col("y")) | pl.col("y").str.starts_with(pl.col("x"))
    short = pl.min_horizontal(pl.col("x").str.len_chars(), pl.col("y").str.len_chars())
    return pairs.select(longer & (short >= 3)).to_series()


def _fitting(table: pl.DataFrame, packed: Packed) -> Packed:
    """Return the pairs whose initials of several letters fit the other side: `Yu.` fits Y. and Yuri, not Ya. or Yan.

    An initial fits what it begins, and a name that has its letters in their order (`Wm.` and William).
    """
    several = ((table["first"].str.len_chars() > 1) & ~table["is_full"]).to_numpy()
    if not several.any():
        return packed
    a, b, _ = _unpacked(packed)
    rows = np.flatnonzero(several[a] | several[b])
    sides = zip(table["first"].gather(a[rows]), table["first"].gather(b[rows]), strict=True)
    keep = np.ones(len(packed), dtype=np.bool_)
    keep[rows] = [_initial_fits(*sorted(pair, key=len)) for pair in sides]
    return packed[keep]


@cache
def _initial_fits(short: str, long: str) -> bool:
    if long.startswith(short):
        return True
    rest = iter(long[1:])
    return len(short) > 1 and not set(short[1:]) & set("aeiouy") and all(c in rest for c in short[1:])


def _middle(table: pl.DataFrame, a: Ints, b: Ints) -> npt.NDArray[np.int8]:
    """Return how what follows the first given name relates; most forms have nothing there to compare."""
    empty = (table["letters"] == "").to_numpy()
    out = np.where(empty[a] & empty[b], int(Middle.NONE), int(Middle.MISSING)).astype(np.int8)
    both = np.flatnonzero(~empty[a] & ~empty[b])
    sides = {
        f"{column}{suffix}": table[column].gather(end[both])
        for column in ("letters", "middle", "tail", "sound")
        for suffix, end in (("", a), ("_b", b))
    }
    out[both] = pl.DataFrame(sides).select(_middle_of_two()).to_series().to_numpy()
    out[_written_together(table, a, b) | _written_together(table, b, a)] = int(Middle.LETTERS)
    return out


def _written_together(table: pl.DataFrame, a: Ints, b: Ints) -> npt.NDArray[np.bool_]:
    """Tell the pairs of initials (a) and a given name written together (b) that agree: `B. D.` and `Bodan`."""
    spelled = (~table["is_full"] & (table["letters"] != "")).to_numpy()
    inner = (table["inner"] != "").to_numpy()
    out = spelled[a] & inner[b]
    rows = np.flatnonzero(out)
    sides = pl.DataFrame(
        {"letters": table["letters"].gather(a[rows]), "inner": table["inner"].gather(b[rows])}
    )
    out[rows] = sides.select(pl.col("inner").str.starts_with(pl.col("letters"))).to_series().to_numpy()
    return np.asarray(out)


def _middle_of_two() -> pl.Expr:
    a, b = pl.col("letters"), pl.col("letters_b")
    fits = a.str.starts_with(b) | b.str.starts_with(a) | a.str.ends_with(b) | b.str.ends_with(a)
    one, other = pl.col("middle"), pl.col("middle_b")
    both_full = (one != "") & (other != "")
    # Ana Maria Luisa and Ana Luisa: a middle name left out contradicts nothing
    left_out = (one == pl.col("tail_b")) | (other == pl.col("tail"))
    short = pl.min_horizontal(one.str.len_chars(), other.str.len_chars())
    begins = (one.str.starts_with(other) | other.str.starts_with(one)) & (short >= BEGINNING)
    return (
        pl.when(both_full & (one == other)).then(int(Middle.FULL))
        .when(both_full & (left_out | begins | (pl.col("sound") == pl.col("sound_b")))).then(int(Middle.LETTERS))
        .when(both_full).then(int(Middle.OTHER))
        .when(fits).then(int(Middle.LETTERS))
        .otherwise(int(Middle.CONFLICT)).cast(pl.Int8)
    )  # fmt: skip
