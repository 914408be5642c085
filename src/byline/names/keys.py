"""The comparison keys of parsed names: given_key, family_key, name_key, and the block whose names are compared."""

from __future__ import annotations

import polars as pl

from byline.names.folding import coarse, fold_names
from byline.names.wordlists import articles

GLUED = r"^(?:De|Del|Della|Di|Du|La|Le|Van|Von)(\p{Lu}\p{Ll})"
"""A particle written as one word with the family name: DeWolf beside De Wolf."""
JOINED = (
    r"^(al|el|ben|bin|abu|mac|mc|o|st|le|la|de|di|da|del|dos|san|d|l"
    r"|saint|sainte|santa|santo|abd|abdel|abou|ait|bou|beni|bar|sidi) "
)
"""Words that are joined with what follows them before the block is told: `Mc Hale` and `McHale`."""
TEAM_WORDS = r"(?:^| )(?:the|collaborations?|consortium|team|group|for|on|behalf|of)(?: |$)"

LONGEST_KEY = 64
"""Characters of the key of a name in which nothing folds to a letter: it stands for itself."""


def keyed(frame: pl.DataFrame) -> pl.DataFrame:
    """Add given_key, family_key, name_key and block to parsed names (listed, name, given?, family, kind, folded).

    `given_key`: folded given names and initials with a space between them, a hyphen inside double ones, a stop behind
    an initial of several letters (`Yu. A.` is `yu. a`). `family_key`: the folded family name without its article and
    without spaces; `name_key`: both; `block`: see `byline.names.folding.coarse`.
    """
    family, given = _without_article(fold_names(frame["family"])), _given_key(frame["given"].fill_null(""))
    frame = frame.with_columns(
        given_key=given,
        family_key=family.str.replace_all(" ", "", literal=True),
        head=_block_head(frame["family"], family),
    )
    frame = _team_keys(frame)
    empty = pl.col("family_key") == ""
    frame = frame.with_columns(
        family_key=pl.when(empty).then(pl.col("listed").str.slice(0, LONGEST_KEY)).otherwise("family_key"),
        block=pl.when(empty).then("listed").otherwise(coarse(frame["head"])),
    )
    bare = pl.col("given_key").str.replace_all(r"[-.]", "")
    return frame.with_columns(
        block=pl.when(pl.col("kind") == "collaboration")
        .then(pl.format("={}", "head"))
        .otherwise(pl.when(pl.col("block") == "").then("family_key").otherwise("block")),
        name_key=pl.concat_str(bare, "family_key", separator=" ").str.strip_chars(" "),
    )


def first_given(given_key: pl.Series) -> pl.DataFrame:
    """Return of each given_key its first name: `first` (folded, without hyphen or stop) and whether it is `full`.

    `jean-pierre luc` is (`jeanpierre`, full), `j-p` (`j`, not full), `yu. a` (`yu`, not full); null gives null.
    """
    head = given_key.str.extract(r"^([^ ]*)", 1)
    initials = head.str.contains(r"\.|^[a-z](?:-[a-z])*$")
    first = (
        pl.when(pl.lit(initials))
        .then(pl.lit(head.str.extract(r"^([a-z]*)", 1)))
        .otherwise(pl.lit(head.str.replace_all("-", "", literal=True)))
    )
    return pl.select(first=first, full=pl.lit(~initials & (head != "")))


def _without_article(folded: pl.Series) -> pl.Series:
    """Return folded family names without a leading article, and with `saint` where `st` was written."""
    several = folded.str.contains(" ", literal=True).arg_true()
    if several.len() == 0:
        return folded
    words = "|".join(sorted(articles()))
    some = folded.gather(several).str.replace(rf"^(?:(?:{words}) )+(\S)", "${1}")
    some = some.str.replace(r"^st ", "saint ").str.replace(r"^ste ", "sainte ")
    return folded.clone().scatter(several, some)


def _given_key(given: pl.Series) -> pl.Series:
    """Fold given names: what the hyphen and the stop mean in them is kept, so their words are folded one by one."""
    joined = given.str.contains(r"\p{Lu}\p{Lu}").arg_true()  # searched for far sooner than replaced
    if joined.len():
        apart = given.gather(joined).str.replace_all(r"\b(\p{Lu})(\p{Lu})(\p{Lu})?\b", "${1} ${2} ${3}")
        given = given.clone().scatter(joined, apart)
    marked = given.str.contains(r"[‐‑–—-]|\p{Ll}\.").arg_true()
    out = fold_names(given)
    if marked.len() == 0:
        return out
    words = (
        given.gather(marked)
        .str.replace_all(r"\.?[‐‑–—-]", "-")
        .str.replace_all(r"(\p{Lu}\p{Ll}{0,2}\.)", "${1} ")
    )
    rows = pl.DataFrame({"row": marked, "word": words.str.split(" ")}).explode("word")
    rows = rows.with_columns(part=pl.col("word").str.split("-")).with_row_index("at").explode("part")
    short = rows["part"].str.contains(r"^\p{Lu}\p{Ll}{1,2}\.$").fill_null(value=False)
    short &= ~rows["part"].is_in(["Md."])
    folded = fold_names(rows["part"]).str.replace_all(" ", "", literal=True)
    rows = rows.with_columns(part=folded.zip_with(~short, folded + "."))
    rows = rows.filter(pl.col("part").is_not_null() & ~pl.col("part").is_in(["", "."]))
    whole = rows.group_by("row", "at", maintain_order=True).agg(pl.col("part").str.join("-"))
    whole = whole.group_by("row", maintain_order=True).agg(pl.col("part").str.join(" "))
    keys = (
        marked.to_frame("row").join(whole, on="row", how="left", maintain_order="left")["part"].fill_null("")
    )
    return out.scatter(marked, keys)


def _block_head(family: pl.Series, folded: pl.Series) -> pl.Series:
    """Return the part of the family name that decides the block: the first of a double one, after an article."""
    glued = family.str.contains(GLUED)
    if glued.any():
        at = glued.arg_true()
        folded = folded.scatter(at, fold_names(family.filter(glued).str.replace(GLUED, "${1}")))
    parted = folded.str.contains(" ", literal=True)
    if not parted.any():
        return folded
    at = parted.arg_true()
    joined = folded.gather(at).str.replace(JOINED, "${1}")
    first = (
        joined.str.extract(r"^([a-z]{3,}|[a-z]+ ?[a-z]*)", 1)
        .fill_null("")
        .str.replace_all(" ", "", literal=True)
    )
    return folded.clone().scatter(at, first)


def word_of_team(frame: pl.DataFrame) -> pl.Series:
    """Return the `family_key` of collaborations, and of persons in whose names nothing folds to a letter.

    `frame`: parsed names (listed, name, kind) of nobody else; what `keyed` gives as `family_key`, without the rest.
    """
    team = frame["kind"] == "collaboration"
    key = _team_key(frame["name"].filter(team))
    keys = pl.repeat("", frame.height, eager=True).scatter(team.arg_true(), key)
    return keys.zip_with(keys != "", frame["listed"].str.slice(0, LONGEST_KEY))


def _team_keys(frame: pl.DataFrame) -> pl.DataFrame:
    """Give collaborations a key of letters and digits without the word that makes them one, and no given name."""
    teams = (frame["kind"] == "collaboration").arg_true()
    if teams.len() == 0:
        return frame
    key = _team_key(frame["name"].gather(teams))
    return frame.with_columns(
        frame["given_key"].scatter(teams, ""),
        frame["family_key"].scatter(teams, key),
        frame["head"].scatter(teams, key),
    )


def _team_key(names: pl.Series) -> pl.Series:
    """Return the keys of collaborations by their names."""
    folded = _with_digits(names)
    bare = folded
    for _ in range(2):
        bare = bare.str.replace_all(TEAM_WORDS, " ")
    bare = bare.str.strip_chars(" ")
    return bare.zip_with(bare != "", folded).str.replace_all(r" +", " ")


def _with_digits(names: pl.Series) -> pl.Series:
    """Fold the names of collaborations: their numbers tell them apart (E791, E877), unlike those behind a person's."""
    words = names.str.replace_all(r"([0-9]+)", " ${1} ").str.split(" ")
    rows = pl.DataFrame({"row": pl.int_range(names.len(), eager=True), "word": words}).explode("word")
    digits = rows["word"].str.contains(r"^[0-9]+$").fill_null(value=False)
    rows = rows.with_columns(word=rows["word"].zip_with(digits, fold_names(rows["word"]))).filter(
        pl.col("word") != ""
    )
    out = rows.group_by("row", maintain_order=True).agg(pl.col("word").str.join(" "))
    all_rows = pl.DataFrame({"row": pl.int_range(names.len(), eager=True)})
    return all_rows.join(out, on="row", how="left", maintain_order="left")["word"].fill_null("")
