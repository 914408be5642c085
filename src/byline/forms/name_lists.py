"""Lists of names as other pages write them: a stretch votes on the style before any list is split.

Styles differ in what stands between names (`,` `;` `|` `·` `and` `&`), in the order of a name's parts, and in how a cut
list is marked. Where a list alone can't tell (`Keller, Anna, Brandt, Tomas` may be two names or four), the lists of its
stretch that can tell decide.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from byline.core.matching import matching
from byline.forms.name_marks import MARK, labels_of, uncut, unlabelled, without_marks
from byline.forms.name_patterns import Patterns, patterns
from byline.listing.lines import Ints
from byline.listing.text import fold_space

_LAST_STOP = r"(\p{Ll}|\s\p{Lu}{2,4}|\s\p{Lu}{1,4} (?:Jr|Sr|2nd|3rd|I{2,3}|IV))\.$"
"""The full stop that ends a list, not an initial or a suffix (`Jr.`)."""
_ENDS_IN_STOP = rf"\.(?:$|{MARK})"
_STOP_STAYS = r"(?:\s|^)(?:Jr|Sr|St|\p{Lu}\p{Ll})\.$"
_VOTES = 3
"""As many lists of a stretch must tell how names are divided, none the other way, to decide for those that don't."""
_OUTVOTED = 50
"""A list that is written as one in so many of its stretch are not is doubted, however clear it looks."""
_BY_ORDER = {
    "bibtex": "bibtex",
    "nbib": "semicolon",
    "family_first": "semicolon",
    "initials_last": "comma",
    "initials_first": "comma",
}
"""The styles of lists whose form tells them, by `Form.names`."""
_AND = r"(?:,?\s+(?:and|&))+\s+|\s*,\s*(?:and|&)\s+"
_PLAIN = 8
"""A list with `, and ` before its last name is doubted where so many have commas alone: `and` may be part of a slip."""
_SLASHES = r"^[^,/]+(?:,[^,/]+)?(?:\s/\s[^,/]+(?:,[^,/]+)?)+$"
"""Where there are more commas, a slash is part of a name (`Owl Lab / Barnville`)."""
_JOINED = r",\s+(?:and|&)\s"
_TWICE = r"\s(?:and|&)(?:,?\s+(?:and|&))+\s"
PARTS = pl.List(pl.Struct({"given": pl.String, "family": pl.String, "suffix": pl.String}))
_READ = {
    "authors": pl.List(pl.String()),
    "authors_truncated": pl.Boolean(),
    "labels": pl.List(pl.String()),
    "name_parts": PARTS,
    "odd": pl.Boolean(),
    "style": pl.String(),
}


def read_lists(texts: pl.Series, stretch: Ints, order: str) -> pl.DataFrame:
    """Split lists of names. `stretch`: which lists vote together; `order`: see `Form.names`.

    Returns, one row a list: `authors` list[str], `authors_truncated` bool, `name_parts` (null for display names in
    natural order), `labels` list[str]: organisations in brackets behind names, `odd` bool: some name does not look like
    one, or nobody can tell how the list is to be divided, `style` str: what stands between names.
    """
    if not len(texts):
        return pl.DataFrame(schema=_READ)
    p = patterns()
    frame = _bare(pl.DataFrame({"text": texts.cast(pl.String), "stretch": stretch}), order, p)
    frame = frame.hstack(_styles(frame, order, p))
    names = frame.with_columns(split=_split(p, frame["style"].unique().to_list())).select(
        pl.col("split").str.split(MARK).list.eval(pl.element().str.strip_chars(" ,;")).alias("names")
    )["names"]
    if names.list.join(MARK).str.contains(_ENDS_IN_STOP).any():
        names = names.list.eval(_without_stop(order))
    return _finished(frame, names, order, p)


def _bare(frame: pl.DataFrame, order: str, p: Patterns) -> pl.DataFrame:
    """Add to the column `text`: `bare` (the names alone), `truncated`, `labels` and `marked_oddly`."""
    text = unlabelled(p, order)
    cut = uncut(text, p)
    frame = frame.with_columns(bare=cut, truncated=cut != text, unlabelled=text)
    frame = frame.with_columns(labels_of(frame["unlabelled"], p).alias("labels")).drop("unlabelled")
    if order == "bibtex":
        return frame.with_columns(marked_oddly=pl.lit(value=False))
    inner = pl.col("bare").str.replace(p.inner_cut, "")
    frame = frame.with_columns(bare=inner, truncated=pl.col("truncated") | (inner != pl.col("bare")))
    bare, odd = without_marks(frame["bare"], order)
    return frame.with_columns(bare=bare, marked_oddly=odd)


def _without_stop(order: str) -> pl.Expr:
    """Take the full stop off that ends a list of names."""
    name = pl.element()
    if order == "initials_last":
        return name.str.strip_chars_end(".")
    bare = name.str.replace(_LAST_STOP, "${1}")
    return (
        pl.when(name.str.contains(_STOP_STAYS) & ~name.str.contains(r"^\p{Lu}\p{Ll}* \p{Lu}\p{Ll}\.$"))
        .then(name)
        .otherwise(bare)
    )


def _styles(frame: pl.DataFrame, order: str, p: Patterns) -> pl.DataFrame:
    """Return the style of each list, and whether it is in doubt; what could be pairs is decided by vote."""
    text = frame["bare"]
    flat = text.str.replace_all(_AND, ", ")
    commas = flat.str.count_matches(",", literal=True)
    style = _told(text, flat, commas, order, p)
    joined = text.str.contains(_JOINED)
    odd_marks = text.str.contains(r"[;|]") & (style == "comma")
    counted = frame.select("stretch", "marked_oddly").with_columns(
        style=style,
        joined=joined,
        plain=~joined & (commas > 1),
        strange=text.str.contains(_TWICE) | odd_marks,
    )
    return _voted(counted.with_columns(pl.col("strange") | pl.col("marked_oddly")))


def _told(text: pl.Series, flat: pl.Series, commas: pl.Series, order: str, p: Patterns) -> pl.Series:
    """Return the style of each list by itself; `flat` is it with commas for every `and`, `commas` their number."""
    told = _BY_ORDER.get(order)
    if told is not None:
        return pl.Series([told], dtype=pl.String).new_from_index(0, len(text))
    apart = [
        ("semicolon", text.str.contains(";", literal=True)),
        ("bar", text.str.contains(r"\s\|\s|\S\|\S")),
        ("dot", text.str.contains(r"\s[·•]\s")),
        ("slash", matching(text, _SLASHES, text.str.contains(r"\s/\s"))),
    ]
    by_commas = (commas > 0).fill_null(value=False)
    for _, found in apart:
        by_commas &= ~found.fill_null(value=False)
    rows = by_commas.arg_true()
    style = pl.Series(["comma"], dtype=pl.String).new_from_index(0, len(text))
    if len(rows):
        style = style.scatter(
            rows, _comma_styles(text.gather(rows), flat.gather(rows), commas.gather(rows), p)
        )
    chosen = pl.lit(style)
    for name, found in reversed(apart):
        chosen = pl.when(found).then(pl.lit(name)).otherwise(chosen)
    return pl.select(chosen).to_series()


def _comma_styles(text: pl.Series, flat: pl.Series, commas: pl.Series, p: Patterns) -> pl.Series:
    """Return the style of lists with nothing but commas and words between names; see `_told`."""
    in_turn = flat.str.contains(p.word_pairs) & (commas % 2 == 1)
    in_capitals = matching(flat, p.caps_pairs, flat.str.contains(p.caps_first))
    initials = matching(text, p.initials_pairs, text.str.contains(p.initials_first))
    style = (
        pl.when(in_capitals)
        .then(pl.when(commas > 1).then(pl.lit("pairs")).otherwise(pl.lit("maybe_pairs")))
        .when(initials)
        .then(pl.lit("pairs"))
        .when(text.str.contains(p.comma_pairs))
        .then(pl.lit("and_pairs"))
        .when(in_turn & (commas > 1) & flat.str.contains(p.several_words))
        .then(pl.lit("pairs"))
        .when(in_turn)
        .then(pl.lit("maybe_pairs"))
        .when(text.str.contains(p.maybe_pairs))
        .then(pl.lit("maybe_and"))
        .otherwise(pl.lit("comma"))
    )
    return pl.select(style).to_series()


def _voted(said: pl.DataFrame) -> pl.DataFrame:
    """Return `style` as the lists of a stretch vote for it, and `doubt`: too few can tell, or nearly all differ.

    Example: `Keller, Anna` is one name in a stretch with three lists of pairs and none of plain names, two names in a
    stretch of the opposite kind, and doubtful alone. `Pym, Ada, Li, Bo` is two names, and doubtful among a hundred
    lists of plain names; so is `Ada Pym, and Bo Li` among a hundred lists that have no `and`.
    """
    paired = pl.col("style").is_in(["pairs", "and_pairs"])
    clear = said.group_by("stretch").agg(
        pairs=paired.sum(),
        others=(pl.col("style") == "comma").sum(),
        many_joined=pl.col("joined").sum(),
        many_plain=pl.col("plain").sum(),
    )
    joined = said.join(clear, on="stretch", how="left", maintain_order="left")
    maybe = pl.col("style").is_in(["maybe_pairs", "maybe_and"])
    pairs, others = pl.col("pairs"), pl.col("others")
    as_pairs = pairs > others
    found = pl.when(pl.col("style") == "maybe_pairs").then(pl.lit("pairs")).otherwise(pl.lit("and_pairs"))
    settled = (pl.max_horizontal(pairs, others) >= _VOTES) & (pl.min_horizontal(pairs, others) == 0)
    alone = (paired & (others >= _OUTVOTED * pairs)) | (
        pl.col("joined") & (pl.col("many_plain") >= _PLAIN * pl.col("many_joined"))
    )
    return joined.select(
        style=pl.when(maybe)
        .then(pl.when(as_pairs).then(found).otherwise(pl.lit("comma")))
        .otherwise("style"),
        doubt=(maybe & ~settled) | alone | pl.col("strange"),
    )


def _split(p: Patterns, styles: Sequence[str]) -> pl.Expr:
    """Return the text with MARK between names, by its style; `styles`: those that there are."""
    text = pl.col("bare")
    split = pl.lit(None, dtype=pl.String)
    for style in styles:
        split = pl.when(pl.col("style") == style).then(_split_by(style, text, p)).otherwise(split)
    return split


def _split_by(style: str, text: pl.Expr, p: Patterns) -> pl.Expr:
    """Return a text of one style with MARK between names."""
    if style == "semicolon":
        last = r"(?:;\s*|\s+)(?:and|&)\s+"
        return text.str.replace_all(last, ";").str.replace_all(";", MARK, literal=True)
    if style == "bar":
        return text.str.replace_all("|", MARK, literal=True)
    if style == "pairs":
        flat = text.str.replace_all(r",?\s+(?:and|&)\s+", ", ")
        paired = flat.str.replace_all(r"([^,]+),\s*([^,]+)(?:,\s*|$)", "${1}, ${2}" + MARK)
        return paired.str.replace_all(rf"{MARK}$", "")
    between = {"slash": r"\s+/\s+", "dot": r"\s[·•]\s", "and_pairs": r",?\s+(?:and|&)\s+"}
    between["bibtex"] = r"(?i)\s+and\s+"
    if style in between:
        return text.str.replace_all(between[style], MARK)
    plain = text.str.replace_all(r"\s*;\s*", ", ").str.replace_all(_AND, ", ").str.replace_all(r",+\s*", MARK)
    return plain.str.replace_all(rf"{MARK}({p.suffix})({MARK}|$)", ", ${1}${2}")


def _finished(frame: pl.DataFrame, names: pl.Series, order: str, p: Patterns) -> pl.DataFrame:
    """Drop what is empty, and add the parts and what looks odd."""
    lists = pl.DataFrame({"names": names}).with_row_index("row")
    flat = lists.explode("names").drop_nulls("names")
    flat = flat.with_columns(fold_space(flat["names"])).filter(pl.col("names") != "")
    if order == "bibtex":
        others = pl.col("names").str.contains(r"(?i)^(?:others|et\.? al\.?)$")
        more = flat.filter(others)["row"].unique()
        flat = flat.filter(~others).with_columns(pl.col("names").str.replace(r"\s+\d{4}$", ""))
    else:
        more = flat["row"].clear()
    flat = flat.join(frame.select("style").with_row_index("row"), on="row", how="left", maintain_order="left")
    strange = flat["names"].str.contains(p.odd)
    strange &= ~matching(flat["names"], p.numbered_team, strange)
    flat = flat.with_columns(odd=strange | (pl.col("names").str.len_chars() > 80), **_parts(order, p))
    listed = flat.group_by("row", maintain_order=True).agg(
        authors="names",
        odd=pl.col("odd").any(),
        known=pl.col("family").is_not_null().all()
        if order == "initials_first"
        else pl.col("family").is_not_null().any(),
        name_parts=pl.struct(
            given=pl.col("given"), family=pl.coalesce("family", "names"), suffix=pl.col("suffix")
        ),
    )
    rows = frame.select("truncated", "labels", "style", "doubt").with_row_index("row")
    joined = rows.join(listed, on="row", how="left", maintain_order="left")
    cut = pl.col("truncated").fill_null(value=False) | pl.col("row").is_in(more.implode())
    return joined.select(
        pl.col("authors").fill_null(pl.lit([], pl.List(pl.String))),
        authors_truncated=cut,
        labels="labels",
        name_parts=pl.when(pl.col("known")).then("name_parts").cast(PARTS),
        odd=pl.col("odd").fill_null(value=False) | pl.col("doubt"),
        style="style",
    )


def _parts(order: str, p: Patterns) -> dict[str, pl.Expr]:
    """Return given name, family name and suffix where the style tells them."""
    name = pl.col("names")
    if order == "initials_last":
        found = name.str.extract_groups(rf"^(?P<f>.*?)\s+(?P<g>\p{{Lu}}{{1,5}})(?:\s+(?P<s>{p.suffix}))?$")
        given = found.struct.field("g").str.replace_all(r"(\p{Lu})", "${1} ").str.strip_chars()
        return {"given": given, "family": found.struct.field("f"), "suffix": found.struct.field("s")}
    if (
        order == "initials_first"
    ):  # `JR Vell` is no Vell of the family Jr, `PGDS Vell` none of the family PGDS
        pattern = rf"^(?P<g>\p{{Lu}}{{1,5}}(?:-\p{{Lu}}{{1,2}})?)\s+(?P<f>.*?)(?:\s+(?P<s>{p.suffix}))?$"
        found = pl.when(~name.str.contains(p.teams)).then(name).str.extract_groups(pattern)
        given = found.struct.field("g").str.replace_all(r"(\p{Lu})", "${1} ").str.strip_chars()
        given = given.str.replace_all(" -", "-", literal=True)
        return {"given": given, "family": found.struct.field("f"), "suffix": found.struct.field("s")}
    family_first = pl.lit(order in {"bibtex", "family_first", "nbib"}) | pl.col("style").is_in(
        ["pairs", "and_pairs", "semicolon", "slash", "bar", "dot"]
    )
    comma = family_first & name.str.contains(r"^[^,]+,[^,]+")
    pieces = name.str.split(",")
    suffixed = pieces.list.len() == 3
    middle = pieces.list.get(1, null_on_oob=True).str.strip_chars()
    last = pieces.list.get(2, null_on_oob=True).str.strip_chars()
    return {
        "family": pl.when(comma).then(pieces.list.first().str.strip_chars()),
        "given": pl.when(comma).then(pl.when(suffixed).then(last).otherwise(middle)),
        "suffix": pl.when(comma & suffixed).then(middle),
    }
