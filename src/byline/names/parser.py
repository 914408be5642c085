"""Parse listed names: over distinct values, plain ones by columns, the rest one by one."""

from __future__ import annotations

import polars as pl

from byline.names import lexicon
from byline.names.folding import coarse, fold
from byline.names.repair import LONGEST, repair
from byline.names.split import FAMILY_LIKE, GIVEN_LIKE, SAINTS, SEEN, VIETNAMESE, Parts, split

SCHEMA: dict[str, pl.DataType] = {
    "name": pl.String(), "given": pl.String(), "particle": pl.String(), "family": pl.String(), "suffix": pl.String(),
    "kind": pl.String(), "name_key": pl.String(), "block": pl.String(), "given_key": pl.String(),
    "family_key": pl.String(),
}  # fmt: skip
"""The columns of `parse`: display forms, then folded keys."""

WORD = r"(?:\p{Lu}[\p{Ll}\p{M}'’]+(?:-\p{L}[\p{Ll}\p{M}]+)*|\p{Lu}\.(?:-?\p{Lu}\.)*|\p{Lu}(?:-\p{Lu}\.?)*)"
PLAIN = rf"^{WORD}(?: {WORD}){{0,3}} \p{{Lu}}[\p{{Ll}}\p{{M}}'’]*(?:-?\p{{Lu}}?[\p{{Ll}}\p{{M}}'’]+)*$"
"""Given names or initials, then one family name, all with a capital first: nine names of ten."""
GLUED = r"^(?:De|Del|Della|Di|Du|La|Le|Van|Von)(\p{Lu}\p{Ll})"
"""A particle written as one word with the family name: DeWolf beside De Wolf."""


def parse(names: pl.Series, parts: pl.Series | None = None) -> pl.DataFrame:
    """Return the parts and keys of listed names, row-aligned with `names` (String; null is read as "").

    `parts`: what the form knows of each name's parts, row-aligned; Struct with given (String?), family (String) and
    suffix (String?), null where a name stands in natural order only. Given parts are obeyed, not guessed; a family
    name may carry its particle, given names may be initials without stops.

    Columns: `name` (display form, given name first, repaired), `given`?, `particle`?, `family`, `suffix`?, `kind`
    (person | collaboration), `name_key` (folded comparison key), `block` (coarse folded family name: only names of one
    block can be one person), `given_key` and `family_key` (folded; the former with a space between given names or
    initials and a hyphen inside double ones). Any string parses; `name` and `family` are never empty unless the listed
    string is.
    """
    asked = _asked(names, parts)
    distinct = asked.unique()
    parsed = pl.concat([distinct, _parse_distinct(distinct)], how="horizontal")
    joined = asked.join(parsed, on=asked.columns, how="left", maintain_order="left", nulls_equal=True)
    return joined.select(SCHEMA.keys())


def family_key(names: pl.Series, parts: pl.Series | None = None) -> pl.Series:
    """Return the folded family name, without particle, of each listed name: letters a to z without spaces.

    Takes what `parse` takes, row-aligned, and is null where `names` is. A collaboration gives its folded name without
    article and the word that makes it one; a name in which nothing folds to a letter gives itself.
    """
    found = parse(names, parts)["family_key"]
    return pl.select(pl.when(names.is_not_null()).then(found)).to_series().rename("family_key")


def _asked(names: pl.Series, parts: pl.Series | None) -> pl.DataFrame:
    """Return `listed` and, where there are any, the parts, as columns: what distinct names are told apart by."""
    listed = names.cast(pl.String).fill_null("").alias("listed")
    if parts is None or parts.null_count() == parts.len():
        return listed.to_frame()
    fields = ("given", "family", "suffix")
    return pl.DataFrame([listed, *(parts.struct.field(name).alias(f"said_{name}") for name in fields)])


def _parse_distinct(asked: pl.DataFrame) -> pl.DataFrame:
    listed = asked["listed"]
    frame = asked.with_columns(name=repair(listed))
    if "said_family" in asked.columns:
        frame = _from_parts(frame)
    frame = frame.with_columns(folded=fold(frame["name"]))
    frame = _split(frame.with_columns(kind=_kind(frame)))
    return _keys(_display(frame)).select(SCHEMA.keys())


def _from_parts(frame: pl.DataFrame) -> pl.DataFrame:
    """Put the names that came in parts as `Family, Given, Suffix`, which `split` takes apart where it says so."""
    said = (pl.col("said_family").fill_null("").str.strip_chars() != "").alias("said")
    repaired = frame.select(
        pl.col("said_family", "said_given", "said_suffix").map_batches(repair).str.replace_all(" *, *", " ")
    )
    filled = [pl.when(pl.col(name).str.strip_chars() != "").then(name) for name in repaired.columns]
    whole = repaired.select(pl.concat_str(filled, separator=", ", ignore_nulls=True)).to_series()
    return frame.with_columns(name=pl.when(said).then(whole).otherwise("name"))


def _kind(frame: pl.DataFrame) -> pl.Series:
    """Tell collaborations from persons by their words, whole names, or capitals inside a word (`OpenAI`)."""
    words = "|".join(sorted(lexicon.collaboration_words()))
    name, folded = pl.col("name"), pl.col("folded")
    short = name.str.len_chars() <= LONGEST
    team = folded.str.contains(rf"(?:^| )(?:{words})(?: |$)") & folded.str.contains(" ", literal=True)
    group = folded.str.contains(
        r"^the .* (?:group|lab|labs)$|(?:research|working|study) group$| (?:labs|group)$"
    )
    whole = folded.is_in(sorted(lexicon.collaboration_names()))
    camel = name.str.contains(r"^[\w.&-]*[a-z]-?AI\d*$")
    return frame.select(
        pl.when(short & (team | group | whole | camel))
        .then(pl.lit("collaboration"))
        .otherwise(pl.lit("person"))
    ).to_series()


def _split(frame: pl.DataFrame) -> pl.DataFrame:
    """Add given, particle, family, suffix: by columns where the name is plain, else by `split`."""
    person = frame["kind"] == "person"
    by_columns = person & frame["name"].str.contains(PLAIN) & ~_hidden_order(frame["folded"])
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
    parts = [_safe_split(name) for name in frame["name"].gather(by_hand)]
    columns = ("given", "particle", "family", "suffix")
    return frame.with_columns(
        frame[column].scatter(by_hand, pl.Series([part[i] for part in parts], dtype=pl.String))
        for i, column in enumerate(columns)
    )


def _safe_split(name: str) -> Parts:
    if len(name) > LONGEST:
        return Parts(None, None, name)
    parts = split(name)
    return parts if parts.family.strip() else Parts(None, None, name)


def _hidden_order(folded: pl.Series) -> pl.Series:
    """Tell which plain-looking names need a closer look: particle, suffix, double surname or family name first."""
    tokens = folded.str.split(" ")
    first, last, inner = tokens.list.first(), tokens.list.last(), tokens.list.slice(1, 6)
    spanish = lexicon.double_surnames()
    odd = sorted(lexicon.strong_particles() | lexicon.suffixes().keys() | spanish | SAINTS)
    frame = pl.DataFrame({"first": first, "last": last, "inner": inner})
    flags = frame.select(
        (pl.col("inner").list.set_intersection(odd).list.len() > 0) & (pl.col("inner").list.len() > 0),
    ).to_series()
    flags |= last.is_in(sorted(spanish)) & folded.str.contains(r" [a-z]{2,} [a-z]+$")
    front, back = lexicon.counts(first), lexicon.counts(last)
    front_family = (front["family"] >= SEEN) & (front["family"] >= FAMILY_LIKE * (front["given"] + 0.5))
    back_family = (back["family"] >= SEEN) & (back["family"] >= FAMILY_LIKE * (back["given"] + 0.5))
    back_given = (back["given"] >= SEEN) & (back["family"] <= GIVEN_LIKE * back["given"])
    eastern = folded.str.contains(r" [a-z]+ [a-z]+$") | first.is_in(sorted(VIETNAMESE))
    return flags | (front_family & ~back_family & (back_given | eastern)) | (last.str.len_chars() <= 1)


def _display(frame: pl.DataFrame) -> pl.DataFrame:
    """Put the display form together from the parts, given name first, suffix last."""
    whole = pl.concat_str("given", "particle", "family", "suffix", separator=" ", ignore_nulls=True)
    return frame.with_columns(name=pl.when(pl.col("kind") == "person").then(whole).otherwise("name"))


def _keys(frame: pl.DataFrame) -> pl.DataFrame:
    """Add given_key, family_key, name_key and block."""
    given = frame["given"].fill_null("")
    capitals = given.str.replace_all(r"\b(\p{Lu})(\p{Lu})(\p{Lu})?\b", "${1} ${2} ${3}")
    family = fold(frame["family"])
    frame = frame.with_columns(
        given_key=_given_key(capitals),
        family_key=family.str.replace_all(" ", "", literal=True),
        head=_block_head(frame["family"], family),
    )
    frame = _team_keys(frame)
    empty = pl.col("family_key") == ""
    frame = frame.with_columns(
        family_key=pl.when(empty).then(pl.col("listed").str.slice(0, 64)).otherwise("family_key"),
        block=pl.when(empty).then("listed").otherwise(coarse(frame["head"])),
    )
    return frame.with_columns(
        block=pl.when(pl.col("kind") == "collaboration")
        .then(pl.format("={}", "head"))
        .otherwise(pl.when(pl.col("block") == "").then("family_key").otherwise("block")),
        name_key=pl.concat_str(
            pl.col("given_key").str.replace_all("-", "", literal=True), "family_key", separator=" "
        ).str.strip_chars(" "),
    )


def _given_key(given: pl.Series) -> pl.Series:
    """Fold given names, keeping the hyphen inside a double one: `Jean-Pierre` is one name with two initials."""
    marked = given.str.replace_all(r"[‐‑–—]", "-")
    double = marked.str.contains("-", literal=True)
    out = fold(marked)
    if double.any():
        halves = marked.filter(double).str.replace_all(r"\.?-", " zqz ")
        out = out.scatter(
            double.arg_true(), fold(halves).str.replace_all(" ?zqz ?", "-").str.strip_chars("- ")
        )
    return out


def _block_head(family: pl.Series, folded: pl.Series) -> pl.Series:
    """Return the part of the family name that decides the block: the first of a double one, after an article."""
    glued = family.str.contains(GLUED)
    if glued.any():
        at = glued.arg_true()
        folded = folded.scatter(at, fold(family.filter(glued).str.replace(GLUED, "${1}")))
    joined = folded.str.replace(r"^(al|el|ben|bin|abu|mac|mc|o|st|le|la|de|di|da|del|dos|san|d|l) ", "${1}")
    parted = family.str.contains(r"[-‐‑–— ]")
    return (
        pl.DataFrame({"j": joined, "p": parted})
        .select(
            pl.when("p")
            .then(pl.col("j").str.extract(r"^([a-z]{3,}|[a-z]+ ?[a-z]*)", 1))
            .otherwise(pl.col("j").str.replace_all(" ", "", literal=True))
            .fill_null("")
        )
        .to_series()
    )


def _team_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """Give collaborations a key without `the` and the word that makes them one, and no given name."""
    teams = (frame["kind"] == "collaboration").arg_true()
    if teams.len() == 0:
        return frame
    words = r"(?:^| )(?:the|collaborations?|consortium|team|group|for|on|behalf|of)(?: |$)"
    folded = frame["folded"].gather(teams)
    bare = folded
    for _ in range(2):
        bare = bare.str.replace_all(words, " ")
    bare = bare.str.strip_chars(" ")
    key = bare.zip_with(bare != "", folded).str.replace_all(r" +", " ")
    return frame.with_columns(
        frame["given_key"].scatter(teams, ""),
        frame["family_key"].scatter(teams, key),
        frame["head"].scatter(teams, key),
    )
