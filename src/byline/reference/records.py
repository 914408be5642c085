"""Blocks of arXiv's metadata file → rows: what a build may need of a paper, in the columns of the index."""

from __future__ import annotations

import json
from io import BytesIO

import polars as pl
import pyarrow as pa
import pyarrow.json as pj

from byline import latex
from byline.core.errors import UsageError
from byline.listing.text import visible
from byline.reference.source import GET_IT, LONGEST_LINE, Block

NAME = pl.Struct({"given": pl.String(), "family": pl.String(), "suffix": pl.String()})
"""An author's parts, as arXiv's own reading of the list has them."""
ROWS: dict[str, pl.DataType] = {
    "arxiv_id": pl.String(), "doi": pl.String(), "title": pl.String(), "names": pl.List(NAME),
    "published": pl.Date(), "updated": pl.Date(), "categories": pl.String(), "journal_ref": pl.String(),
    "abstract": pl.String(),
}  # fmt: skip
"""One row a paper: id without version, DOI in lower case, texts with white space folded, the first version's day, the
day of the last change, categories as listed (the first is the primary one)."""
_TEXTS = ("id", "authors", "title", "journal-ref", "doi", "categories", "abstract", "update_date")
_VERSIONS = pa.list_(pa.struct([("created", pa.string())]))
_FIELDS = pa.schema(
    [
        *((name, pa.string()) for name in _TEXTS),
        ("versions", _VERSIONS),
        ("authors_parsed", pa.list_(pa.list_(pa.string()))),
    ]
)
PIECE_BYTES = 4 << 20
"""Bytes that the JSON reader parses at a time."""
NEEDED = ("id", "title")
"""Fields without which a line is no paper of arXiv's."""
TEXT = (str, type(None))


def read_block(block: Block) -> pl.DataFrame:
    """Return the papers of a block as `ROWS`, in the file's order.

    Raises `UsageError` naming the line that is no paper.
    """
    content = block.read()
    try:
        table = pj.read_json(
            BytesIO(content),
            read_options=pj.ReadOptions(use_threads=False, block_size=_piece(content)),
            parse_options=pj.ParseOptions(explicit_schema=_FIELDS, unexpected_field_behavior="ignore"),
        )
    except pa.ArrowInvalid as problem:
        raise _error(block, content, str(problem)) from None
    frame = pl.DataFrame(pl.from_arrow(table))
    if frame.select(pl.any_horizontal(pl.col(NEEDED).is_null()).any()).item():
        raise _error(block, content, "it has no id or no title")
    return rows_of(frame)


def _piece(content: bytes) -> int:
    """Return the size of the reader's pieces: none may be shorter than a line."""
    if len(content) <= PIECE_BYTES:
        return max(1, len(content))
    longest = max((len(line) for line in content.split(b"\n")), default=0) if _has_long(content) else 0
    return min(max(PIECE_BYTES, longest + 2), LONGEST_LINE)


def _has_long(content: bytes) -> bool:
    """Tell whether a line may be longer than half a piece: then there is half a piece without a line's end."""
    step = PIECE_BYTES // 4
    return any(content.find(b"\n", at, at + step) < 0 for at in range(0, len(content) - step, step))


def _error(block: Block, content: bytes, problem: str) -> UsageError:
    """Return the error that names the first line that can't be read."""
    for ahead, line in enumerate(content.split(b"\n")):
        if line.strip() and (why := _why_not(line)):
            return UsageError(
                f"{block.name}:{block.line(ahead)}: not a paper of arXiv's metadata: {why}", GET_IT
            )
    return UsageError(f"{block.name}:{block.line(0)}: not arXiv's metadata: {problem}", GET_IT)


def _why_not(line: bytes) -> str | None:
    """Return what is wrong with a line, null when nothing is."""
    try:
        said = json.loads(line)
    except ValueError as problem:
        return f"no JSON object ({problem})"
    if not isinstance(said, dict):
        return f"a JSON {type(said).__name__}, no object"
    missing = [name for name in NEEDED if not isinstance(said.get(name), str)]
    if missing:
        return f"it has no {missing[0]}"
    wrong = [name for name in _TEXTS if not isinstance(said.get(name), TEXT)]
    return f"{wrong[0]} is no text" if wrong else _wrong_lists(said)


def _wrong_lists(said: dict[str, object]) -> str | None:
    names, versions = said.get("authors_parsed") or [], said.get("versions") or []
    if not isinstance(names, list) or any(not isinstance(one, list) for one in names):
        return "authors_parsed is no list of names"
    if any(not isinstance(part, TEXT) for one in names for part in one):
        return "authors_parsed holds what is no text"
    if not isinstance(versions, list) or any(not isinstance(one, dict) for one in versions):
        return "versions is no list of versions"
    return None


def rows_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the fields of the file as `ROWS`."""
    created = (
        pl.col("versions").list.first().struct.field("created").str.extract(r"(\d{1,2} [A-Z][a-z]{2} \d{4})")
    )
    return frame.select(
        arxiv_id=pl.col("id").str.strip_chars().str.replace(r"v\d+$", ""),
        doi=_squash("doi").str.split(" ").list.first().str.to_lowercase(),
        title=_squash("title"),
        names=names_of(frame),
        published=created.str.to_date("%d %b %Y", strict=False),
        updated=pl.col("update_date").str.to_date("%Y-%m-%d", strict=False),
        categories=_squash("categories"),
        journal_ref=_squash("journal-ref"),
        # Only lines are wrapped: a search for every kind of white space would take ten times as long.
        abstract=pl.col("abstract").str.replace_all("\n", " ", literal=True).str.strip_chars(),
    ).select(pl.col(name).cast(dtype) for name, dtype in ROWS.items())


def _squash(name: str) -> pl.Expr:
    """Return a text with white space folded; null where nothing is left.

    Lines of the file are wrapped with a line's end and two blanks; a search for more would take ten times as long.
    """
    plain = pl.col(name).str.replace_all("\n", " ", literal=True)
    for _ in range(2):
        plain = plain.str.replace_all("  ", " ", literal=True)
    plain = plain.str.strip_chars()
    return pl.when(plain != "").then(plain)


def names_of(frame: pl.DataFrame) -> pl.Series:
    """Return each paper's authors as a list of `NAME`, TeX accents decoded; parts that are missing are null.

    arXiv's own reading is taken; where the file lacks it, the list is cut at commas and `and`.
    """
    rows = frame.select("authors", "authors_parsed").with_row_index("row")
    listed = rows.select("row", part="authors_parsed").explode("part")
    listed = listed.select(
        "row",
        family=pl.col("part").list.get(0, null_on_oob=True),
        given=pl.col("part").list.get(1, null_on_oob=True),
        suffix=pl.col("part").list.get(2, null_on_oob=True),
    )
    unread = rows.filter(pl.col("authors_parsed").list.len().fill_null(0) == 0).drop_nulls("authors")
    listed = pl.concat([listed, _cut(unread)]).sort("row", maintain_order=True)
    cleaned = _clean(listed).filter(pl.col("family").is_not_null())
    lists = cleaned.group_by("row", maintain_order=True).agg(names=pl.struct("given", "family", "suffix"))
    joined = rows.select("row").join(lists, on="row", how="left", maintain_order="left")
    return joined["names"].fill_null(pl.Series([[]], dtype=pl.List(NAME)))


def _cut(rows: pl.DataFrame) -> pl.DataFrame:
    """Return the names of lists that arXiv has not read: row, family (the last word), given, suffix."""
    bare = pl.col("authors").str.replace_all(r"\([^()]*\)", " ").str.replace_all(r"\([^()]*\)", " ")
    bare = bare.str.replace_all(r"\s+", " ").str.replace_all(r",? and |;|: ", ", ")
    names = rows.select("row", name=bare.str.split(",")).explode("name")
    name = pl.col("name").str.strip_chars(" ")
    return names.select(
        "row",
        family=name.str.extract(r"(\S+)$"),
        given=name.str.extract(r"^(.+) \S+$"),
        suffix=pl.lit(None, pl.String),
    )


def _clean(listed: pl.DataFrame) -> pl.DataFrame:
    """Return the parts with LaTeX decoded; where the family name is missing the given one stands for it, else null."""
    blank = r"[\s\x00-\x1f\x7f-\x{9f}]+"
    parts = {
        name: latex.decode(visible(listed[name])).str.replace_all(blank, " ").str.strip_chars(" :;,")
        for name in ("family", "given", "suffix")
    }
    frame = listed.with_columns(**parts)
    frame = frame.with_columns(
        pl.when(pl.col(name).str.contains(r"[\p{L}\p{N}]")).then(name).alias(name) for name in parts
    )
    alone = pl.col("family").is_null()
    return frame.with_columns(
        family=pl.when(alone).then("given").otherwise("family"), given=pl.when(~alone).then("given")
    )


def display(names: pl.Expr) -> pl.Expr:
    """Return names (structs of `NAME`) as people write them: given name, family name, suffix."""
    field = names.struct.field
    return pl.concat_str(field("given"), field("family"), field("suffix"), separator=" ", ignore_nulls=True)
