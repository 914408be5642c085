"""arXiv's lists of authors: parts as its own reading has them → names with accents decoded.

The index keeps lists as the file has them (`[["Østby", "J.", "Jr."], …]`); only those of papers that a build compares
are decoded, and of the rest the first two, which make keys.
"""

from __future__ import annotations

import polars as pl

from byline import latex
from byline.listing.text import visible

NAME = pl.Struct({"given": pl.String(), "family": pl.String(), "suffix": pl.String()})
"""An author's parts, as arXiv's own reading of the list has them."""
LISTED = pl.List(pl.List(pl.String()))
"""Authors as the file has them: family name, given name, suffix, at times affiliations, each at its place."""
PARTS = ("family", "given", "suffix")
ODD = r"[^ !-#%-;=?-_a-z|]|[\x5c-\x60]|--|  |^[ :;,]|[ :;,]$"
"""What makes a part worth decoding: TeX's and HTML's marks, control characters, whatever is not ASCII, loose ends."""


def names_of(lists: pl.Series) -> pl.Series:
    """Return lists of authors (`LISTED`) as lists of `NAME`, LaTeX decoded; parts that are missing are null.

    What has neither a letter nor a digit is no author: null stands for what lists of collaborations leave empty.
    """
    rows = pl.DataFrame({"part": lists}).with_row_index("row")
    listed = rows.filter(pl.col("part").list.len() > 0).explode("part")
    part = pl.col("part").list
    cleaned = _clean(
        listed.select("row", **{name: part.get(at, null_on_oob=True) for at, name in enumerate(PARTS)})
    )
    cleaned = cleaned.filter(pl.col("family").is_not_null())
    named = cleaned.group_by("row", maintain_order=True).agg(names=pl.struct("given", "family", "suffix"))
    joined = rows.select("row").join(named, on="row", how="left", maintain_order="left")
    return joined["names"].fill_null(pl.Series([[]], dtype=pl.List(NAME)))


def _clean(listed: pl.DataFrame) -> pl.DataFrame:
    """Return the parts with LaTeX decoded; where the family name is missing the given one stands for it, else null."""
    whole = _decoded(pl.concat([listed[name] for name in PARTS]))  # at once: each call has its own fixed cost
    frame = listed.with_columns(
        whole.slice(at * listed.height, listed.height).alias(name) for at, name in enumerate(PARTS)
    )
    frame = frame.with_columns(
        pl.when(pl.col(name).str.contains(r"[\p{L}\p{N}]")).then(name).alias(name) for name in PARTS
    )
    alone = pl.col("family").is_null()
    return frame.with_columns(
        family=pl.when(alone).then("given").otherwise("family"), given=pl.when(~alone).then("given")
    )


def _decoded(parts: pl.Series) -> pl.Series:
    """Return parts of names as plain Unicode, without the loose ends that a list's own marks leave."""
    rows = parts.str.contains(ODD).fill_null(value=False).arg_true()
    if not rows.len():
        return parts
    some = latex.decode(visible(parts.gather(rows)), names=True)
    some = some.str.replace_all(r"[\s\x00-\x1f\x7f-\x{9f}]+", " ").str.strip_chars(" :;,")
    return parts.clone().scatter(rows, some)


def cut(texts: pl.Series) -> pl.Series:
    """Return lists that arXiv has not read, cut at commas and `and`, as `LISTED`: family name (the last word), given.

    A note in brackets, `(1)` or a list of institutes, is no name.
    """
    bare = pl.col("text").str.replace_all(r"\([^()]*\)", " ").str.replace_all(r"\([^()]*\)", " ")
    bare = bare.str.replace_all(r"\s+", " ").str.replace_all(r",? and |;|: ", ", ")
    rows = pl.DataFrame({"text": texts}).with_row_index("row")
    name = pl.col("name").str.strip_chars(" ")
    names = (
        rows.select("row", name=bare.str.split(",")).explode("name").filter(name.is_not_null() & (name != ""))
    )
    parts = names.select(
        "row", part=pl.concat_list(name.str.extract(r"(\S+)$"), name.str.extract(r"^(.+) \S+$").fill_null(""))
    )
    lists = parts.group_by("row", maintain_order=True).agg("part")
    return rows.select("row").join(lists, on="row", how="left", maintain_order="left")["part"].cast(LISTED)


def display(names: pl.Expr) -> pl.Expr:
    """Return names (structs of `NAME`) as people write them: given name, family name, suffix."""
    field = names.struct.field
    return pl.concat_str(field("given"), field("family"), field("suffix"), separator=" ", ignore_nulls=True)
