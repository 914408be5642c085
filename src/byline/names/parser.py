"""Parse listed names: over distinct values, plain ones by columns, the rest one by one."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

import polars as pl

from byline.core import resources
from byline.core.ids import SEPARATOR
from byline.core.matching import matching
from byline.names import lexicon, native, teams
from byline.names.folding import fold_names
from byline.names.keys import keyed, word_of_team
from byline.names.lexicon import FAMILY_LIKE, GIVEN_LIKE, SEEN
from byline.names.repair import LONGEST, repair
from byline.names.split import Parts, from_parts, split
from byline.names.wordlists import (
    Particle,
    east_asian_surnames,
    particles,
    spanish_surnames,
    suffixes,
    title_words,
    vietnamese_surnames,
)

SCHEMA: dict[str, pl.DataType] = {
    "name": pl.String(), "given": pl.String(), "particle": pl.String(), "family": pl.String(), "suffix": pl.String(),
    "kind": pl.String(), "name_key": pl.String(), "block": pl.String(), "given_key": pl.String(),
    "family_key": pl.String(),
}  # fmt: skip
"""The columns of `parse`: display forms, then folded keys."""

WORD = r"(?:\p{Lu}[\p{Ll}\p{M}'’]+(?:-\p{L}[\p{Ll}\p{M}]+)*|\p{Lu}\.(?:-?\p{Lu}\.)*|\p{Lu}(?:-\p{Lu}\.?)*)"
FAMILY = r"\p{Lu}[\p{Ll}\p{M}'’]+(?:-?\p{Lu}?[\p{Ll}\p{M}'’]+)*"
PLAIN = rf"^{WORD}(?: {WORD}){{0,3}} {FAMILY}$"
"""Given names or initials, then one family name, all with a capital first: nine names of ten."""
SAID = ("said_given", "said_family", "said_suffix")
ASKED = "asked"
"""A name with its parts as one text, so that a column of one kind tells distinct ones apart."""
NOTHING = "\x1e"
"""What stands for a part that is not said in it; like `SEPARATOR` it survives in no listed text."""


def parse(
    names: pl.Series,
    parts: pl.Series | None = None,
    also: Callable[[pl.DataFrame], pl.DataFrame] | None = None,
) -> pl.DataFrame:
    """Return the parts and keys of listed names, row-aligned with `names` (String; null is read as "").

    `parts`: what the form knows of each name's parts, row-aligned; Struct with given (String?), family (String) and
    suffix (String?), null where a name stands in natural order only. Parts that were given are obeyed, not guessed; a
    family name may carry its particle, given names may be initials without stops. `also` adds columns that follow from
    those below; it is asked once, of each distinct name.

    Columns: `name` (display form, repaired; given name first, but last in Chinese, Japanese and Korean writing),
    `given`?, `particle`?, `family`, `suffix`?, `kind`
    (person | collaboration), `name_key` (folded comparison key), `block` (coarse folded family name: only names of one
    block can be one person), `given_key` and `family_key` (see `byline.names.keys.keyed`). Any string parses; `name`
    and `family` are never empty unless the listed string is.
    """
    return _for_all(
        _asked(names, parts),
        lambda some: _parse_distinct(some) if also is None else also(_parse_distinct(some)),
    )


def family_key(names: pl.Series, parts: pl.Series | None = None) -> pl.Series:
    """Return the folded family name, without particle, of each listed name: letters a to z without spaces.

    Takes what `parse` takes, row-aligned, and is null where `names` is. A collaboration gives its folded name without
    article and the word that makes it one; a name in which nothing folds to a letter gives itself.
    """
    return _where_named(names, parse(names, parts)["family_key"])


def family_words(names: pl.Series, parts: pl.Series | None = None) -> pl.Series:
    """Return the last word of each folded family name, without the work that the other keys of a name take.

    Takes what `parse` takes, row-aligned, and is null where `names` is. A collaboration, and a name in which nothing
    folds to a letter, gives its `family_key`. `Ana García de la Torre` gives `torre`.
    """
    return _where_named(names, _for_all(_asked(names, parts), _family_words)["family_word"])


def _family_words(distinct: pl.DataFrame) -> pl.DataFrame:
    """Return `family_word` of distinct names."""
    frame = _taken_apart(distinct)
    words = fold_names(frame["family"]).str.split(" ").list.last()
    others = ((frame["kind"] != "person") | (words == "")).arg_true()
    if others.len():
        words = words.scatter(others, word_of_team(_display(frame[others])))
    return words.alias("family_word").to_frame()


def _where_named(names: pl.Series, found: pl.Series) -> pl.Series:
    """Return what was found of listed names, null where there is no name."""
    return pl.select(pl.when(names.is_not_null()).then(found)).to_series().rename(found.name)


def _for_all(asked: pl.DataFrame, find: Callable[[pl.DataFrame], pl.DataFrame]) -> pl.DataFrame:
    """Return what `find` finds of the distinct names (row-aligned with them) for all that were asked for."""
    distinct = asked.unique(ASKED, keep="any")
    if distinct.height == asked.height:
        return find(asked)
    found = find(distinct)
    known = pl.concat([distinct.select(ASKED), found], how="horizontal")
    return asked.select(ASKED).join(known, on=ASKED, how="left", maintain_order="left").select(found.columns)


def _asked(names: pl.Series, parts: pl.Series | None) -> pl.DataFrame:
    """Return `listed` and, where there are any, the parts, as columns; `asked` tells distinct names apart."""
    listed = names.cast(pl.String).fill_null("")
    if parts is None or parts.null_count() == parts.len():
        return pl.DataFrame({"listed": listed, ASKED: listed})
    fields = {name: parts.struct.field(name.removeprefix("said_")) for name in SAID}
    frame = pl.DataFrame({"listed": listed, **fields})
    said = (pl.col(name).fill_null(NOTHING) for name in SAID)
    both = pl.concat_str("listed", *said, separator=SEPARATOR)
    known = pl.any_horizontal(pl.col(SAID).is_not_null())
    return frame.with_columns(pl.when(known).then(both).otherwise("listed").alias(ASKED))


def _parse_distinct(asked: pl.DataFrame) -> pl.DataFrame:
    return keyed(_display(_taken_apart(asked))).select(SCHEMA.keys())


def _taken_apart(asked: pl.DataFrame) -> pl.DataFrame:
    """Return distinct names (listed) with name, folded, kind, given, particle, family and suffix.

    Names whose parts are known are taken apart by themselves: a form that knows them is the exception, and the others
    need less work.
    """
    if SAID[0] not in asked.columns:
        return _with_parts(asked)
    known = asked.select(pl.any_horizontal(pl.col(SAID).is_not_null())).to_series()
    rows = pl.concat([known.arg_true(), (~known).arg_true()])
    frames = _with_parts(asked.filter(known)).drop(SAID), _with_parts(asked.filter(~known).drop(SAID))
    return pl.concat(frames)[rows.arg_sort()]


def _with_parts(asked: pl.DataFrame) -> pl.DataFrame:
    """Add name, folded, kind, given, particle, family and suffix to distinct names."""
    frame = _repaired(asked)
    frame = frame.with_columns(folded=fold_names(frame["name"]))
    team = teams.is_team(frame["name"], frame["folded"])
    kind = pl.when(pl.lit(team)).then(pl.lit("collaboration")).otherwise(pl.lit("person"))
    return _split(frame.with_columns(kind=kind))


def _repaired(asked: pl.DataFrame) -> pl.DataFrame:
    """Add `name`, repaired: from the parts, given names first, where there are any, else as listed."""
    if SAID[0] not in asked.columns:
        return asked.with_columns(name=repair(asked["listed"]))
    said = asked.select(pl.col(SAID).str.strip_chars().replace("", None))
    said = said.with_columns(repair(said[name]) for name in SAID)
    family = pl.coalesce("said_family", pl.when(pl.col("said_suffix").is_null()).then("said_given"))
    given = pl.when(pl.col("said_family").is_not_null()).then("said_given")
    said = said.with_columns(said_family=family, said_given=given)
    whole = pl.concat_str("said_given", "said_family", "said_suffix", separator=" ", ignore_nulls=True)
    frame = asked.with_columns(said)
    return frame.with_columns(
        name=pl.when(pl.col("said_family").is_not_null()).then(whole).otherwise(repair(asked["listed"]))
    )


def _split(frame: pl.DataFrame) -> pl.DataFrame:
    """Add given, particle, family, suffix: by columns where the name is plain, else by `split` or `from_parts`."""
    person = frame["kind"] == "person"
    by_columns = person & frame["name"].str.contains(PLAIN) & ~_needs_a_look(frame)
    by_hand = (person & ~by_columns).arg_true()
    tail = pl.col("name").str.extract(r"([^ ]+)$", 1)
    frame = frame.with_columns(
        given=pl.when(by_columns).then(pl.col("name").str.replace(r" [^ ]+$", "")),
        particle=pl.lit(None, pl.String),
        family=pl.when(by_columns).then(tail).otherwise("name"),
        suffix=pl.lit(None, pl.String),
    )
    if by_hand.len() == 0:
        return frame
    said = [name for name in SAID if name in frame.columns]
    rows = frame.select("name", *said)[by_hand].rows()
    added = resources.holding().key
    # Without parts as it was asked for a paper's key, so that it is known already.
    taken = [_safe_split(added, name, *(parts if any(parts) else ())) for name, *parts in rows]
    columns = ("given", "particle", "family", "suffix")
    return frame.with_columns(
        frame[column].scatter(by_hand, pl.Series([one[i] for one in taken], dtype=pl.String))
        for i, column in enumerate(columns)
    )


@lru_cache(maxsize=1 << 14)
def _safe_split(
    _additions: str, name: str, given: str | None = None, family: str | None = None, suffix: str | None = None
) -> Parts:
    """Take one name apart, from its parts where it has any; a name too long, or of nothing but marks, stays whole.

    Kept, because first authors are taken apart for the keys of papers, and once more with all authors; by what people
    added to the word lists (`resources.holding().key`), since other words take other names apart.
    """
    if len(name) > LONGEST:
        return Parts(None, None, name)
    if family is None or (given is None and native.is_native(family)):
        parts = split(name)
    else:
        parts = from_parts(given, family, suffix)
    return parts if parts.family.strip() else Parts(None, None, name)


def _needs_a_look(frame: pl.DataFrame) -> pl.Series:
    """Tell which plain-looking names need a closer look: one of the words, or the order, may not be what it seems."""
    tokens = frame["folded"].str.split(" ")
    first, last = tokens.list.first(), tokens.list.last()
    odd = _odd_words(tokens.list.slice(1, 6), first)
    hidden = odd | _hidden_order(frame["folded"], first, last) | _eastern(frame["name"], first)
    if SAID[0] not in frame.columns:
        return hidden
    said = frame["said_family"].is_not_null()  # plain when the border is where the last space is
    there = ~frame["said_family"].str.contains(" ", literal=True) & frame["said_suffix"].is_null()
    plain = (there & frame["said_given"].is_not_null() & ~odd).fill_null(value=False)
    return (said & ~plain) | (~said & hidden)


def _eastern(names: pl.Series, first: pl.Series) -> pl.Series:
    """Tell `Lee Min-ho`: an East Asian family name, a given name with a small second half."""
    known = first.is_in(sorted(east_asian_surnames()))
    return matching(names, r"^[^ ]+ \p{Lu}\p{Ll}+-\p{Ll}+$", known)


def _odd_words(inner: pl.Series, first: pl.Series) -> pl.Series:
    """Tell names with a title, or with a particle, a suffix or a Spanish surname behind the first word."""
    words = {word for word, kind in particles().items() if kind is not Particle.LOWER}
    odd = sorted(words | suffixes().keys() | spanish_surnames() | {"y"})
    found = (inner.list.set_intersection(pl.Series([odd])).list.len() > 0) & (inner.list.len() > 1)
    born = [key for key, suffix in suffixes().items() if suffix.kind in ("generation", "roman")]
    return found | first.is_in(sorted(title_words())) | inner.list.last().is_in(sorted(born))


def _hidden_order(folded: pl.Series, first: pl.Series, last: pl.Series) -> pl.Series:
    """Tell names that may stand family name first, end in an initial, or are Vietnamese."""
    two = last.is_in(sorted(spanish_surnames() | suffixes().keys()))
    found = matching(folded, r" [a-z]{2,} [a-z]+$", two) | (last.str.len_chars() <= 1)
    front = lexicon.counts(first, repeated=True)
    rows = _family_like(front).arg_true()
    if rows.len() == 0:
        return found
    turned = _turned(folded.gather(rows), first.gather(rows), last.gather(rows))
    return found.scatter(rows, found.gather(rows) | turned)


def _turned(folded: pl.Series, first: pl.Series, last: pl.Series) -> pl.Series:
    """Tell of names that begin with a word like a family name whether they may stand family name first."""
    back = lexicon.counts(last)
    back_given = (back["given"] >= SEEN) & (back["family"] <= GIVEN_LIKE * back["given"])
    eastern = folded.str.contains(r" [a-z]+ [a-z]+$") | first.is_in(sorted(vietnamese_surnames()))
    return ~_family_like(back) & (back_given | eastern)


def _family_like(counts: pl.DataFrame) -> pl.Series:
    """Tell words that are far oftener family names than first names, by their counts."""
    return (counts["family"] >= SEEN) & (counts["family"] >= FAMILY_LIKE * (counts["given"] + 0.5))


def _display(frame: pl.DataFrame) -> pl.DataFrame:
    """Put the display form together: given name first, suffix last; a collaboration without `for the`.

    A Chinese, Japanese or Korean name in its own writing keeps the family name first, and the space that it has.
    """
    whole = pl.concat_str("given", "particle", "family", "suffix", separator=" ", ignore_nulls=True)
    turned = pl.concat_str("family", "given", ignore_nulls=True)
    own = pl.when(pl.col("name").str.starts_with(pl.col("family"))).then("name").otherwise(turned)
    own = pl.when(pl.col("name").str.contains(native.NATIVE)).then(own).otherwise(whole)
    frame = frame.with_columns(name=pl.when(pl.col("kind") == "person").then(own).otherwise("name"))
    group = (frame["kind"] == "collaboration").arg_true()
    if group.len() == 0:
        return frame
    name = teams.shown(frame["name"].gather(group))
    return frame.with_columns(frame[column].clone().scatter(group, name) for column in ("name", "family"))
