"""arXiv's lists of authors: parts as its own reading has them → names with accents decoded.

The index keeps a list as a text, an author a line, the parts of one between tabs (`Østby<TAB>J.<TAB>Jr.`): lists of
lists take three times as long to write and to read. Only those of papers that a build compares are decoded.
"""

from __future__ import annotations

import polars as pl
import pyarrow as pa

from byline import latex
from byline.listing.text import visible

NAME = pl.Struct({"given": pl.String(), "family": pl.String(), "suffix": pl.String()})
"""An author's parts, as arXiv's own reading of the list has them."""
BETWEEN_AUTHORS, BETWEEN_PARTS = "\n", "\t"
AS_BLANKS = bytes(range(256)).translate(bytes.maketrans(b"\n\t", b"  "))
PARTS = ("family", "given", "suffix")
"""Of an author, each at its place; behind them at times affiliations."""
ODD = r"[^ !-#%-;=?-_a-z|]|[\x5c-\x60]|--|  |^[ :;,]|[ :;,]$"
"""What makes a part worth decoding: TeX's and HTML's marks, control characters, whatever is not ASCII, loose ends."""


def joined(lists: pa.ListArray) -> pa.StringArray:
    """Return lists of authors, each a list of its parts, as texts: lines of parts between tabs; "" for no authors.

    `[["Østby", "J.", "Jr."], ["Ohm", "B.", ""]]` becomes `Østby<TAB>J.<TAB>Jr.` and, a line below, `Ohm<TAB>B.<TAB>`.
    """
    import pyarrow.compute as pc  # noqa: PLC0415 - 30 ms, and a build without arXiv's metadata joins no lists

    authors = lists.values
    parts = pa.ListArray.from_arrays(authors.offsets, _without_marks(authors.values))
    lines = pc.fill_null(pc.binary_join(parts, BETWEEN_PARTS), "")
    return pc.fill_null(pc.binary_join(pa.ListArray.from_arrays(lists.offsets, lines), BETWEEN_AUTHORS), "")


def _without_marks(parts: pa.StringArray) -> pa.StringArray:
    """Return parts with blanks for what stands between them in a text; "" for null."""
    import pyarrow.compute as pc  # noqa: PLC0415 - as above

    valid, offsets, content = parts.buffers()
    plain = pa.py_buffer(b"" if content is None else content.to_pybytes().translate(AS_BLANKS))
    whole = pa.StringArray.from_buffers(len(parts), offsets, plain, valid, parts.null_count, parts.offset)
    return pc.fill_null(whole, "") if whole.null_count else whole


def names_of(texts: pl.Series) -> pl.Series:
    """Return lists of authors (texts as `joined` makes them) as lists of `NAME`, LaTeX decoded; missing parts are null.

    What has neither a letter nor a digit is no author: lists of collaborations leave the first entries empty.
    """
    rows = pl.DataFrame({"text": texts}).with_row_index("row")
    listed = (
        rows.select("row", name=pl.col("text").str.split(BETWEEN_AUTHORS)).explode("name").drop_nulls("name")
    )
    parts = listed["name"].str.split_exact(BETWEEN_PARTS, len(PARTS) - 1).struct.rename_fields(list(PARTS))
    cleaned = _clean(
        pl.DataFrame({"row": listed["row"], **{part: parts.struct.field(part) for part in PARTS}})
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
    """Return lists that arXiv has not read, cut at commas and `and`, as `joined` has them.

    The last word is the family name. A note in brackets, `(1)` or a list of institutes, is no name.
    """
    bare = pl.col("text").str.replace_all(r"\([^()]*\)", " ").str.replace_all(r"\([^()]*\)", " ")
    bare = bare.str.replace_all(r"\s+", " ").str.replace_all(r",? and |;|: ", ", ")
    rows = pl.DataFrame({"text": texts}).with_row_index("row")
    name = pl.col("name").str.strip_chars(" ")
    names = (
        rows.select("row", name=bare.str.split(",")).explode("name").filter(name.is_not_null() & (name != ""))
    )
    given = name.str.extract(r"^(.+) \S+$").fill_null("")
    lines = names.select("row", line=name.str.extract(r"(\S+)$") + BETWEEN_PARTS + given)
    lists = lines.group_by("row", maintain_order=True).agg(pl.col("line").str.join(BETWEEN_AUTHORS))
    return rows.select("row").join(lists, on="row", how="left", maintain_order="left")["line"].fill_null("")


def display(names: pl.Expr) -> pl.Expr:
    """Return names (structs of `NAME`) as people write them: given name, family name, suffix."""
    field = names.struct.field
    return pl.concat_str(field("given"), field("family"), field("suffix"), separator=" ", ignore_nulls=True)
