"""Blocks of arXiv's metadata file → rows: what a build may need of a paper, in the columns of the index."""

from __future__ import annotations

from codecs import BOM_UTF8

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.json as pj

from byline.core import arrow
from byline.core.decoding import from_json
from byline.core.errors import UsageError
from byline.reference.authors import NAME, cut, joined
from byline.reference.leading import leading
from byline.reference.source import GET_IT, Block

ROWS: dict[str, pl.DataType] = {
    "arxiv_id": pl.String(), "doi": pl.String(), "title": pl.String(), "authors": pl.String(),
    "published": pl.Date(), "updated": pl.Date(), "categories": pl.String(), "journal_ref": pl.String(),
    "comments": pl.String(),
}  # fmt: skip
"""One row a paper: id without version, DOI in lower case, texts with white space folded, authors as the file has read
them (`authors.joined`), the first version's day, the day of the last change, categories as listed (the first is the
primary one)."""
PLACES: dict[str, pl.DataType] = {"start": pl.Int64(), "bytes": pl.Int64()}
"""Where a paper's line stands in the file: its first byte, and how many it has, its end among them."""
ENTRIES: dict[str, pl.DataType] = {
    **{
        "names" if name == "authors" else name: pl.List(NAME) if name == "authors" else dtype
        for name, dtype in ROWS.items()
    },
    "abstract": pl.String(),
}
"""What a look-up returns of a paper: `ROWS`, its authors decoded, and its abstract."""
_TEXTS = (
    "id", "authors", "title", "comments", "journal-ref", "doi", "categories", "abstract", "update_date",
)  # fmt: skip
_ABSTRACTS = pa.schema([("id", pa.string()), ("abstract", pa.string())])
_VERSIONS = pa.list_(pa.struct([("created", pa.string())]))
_FIELDS = pa.schema(
    [
        *((name, pa.string()) for name in _TEXTS),
        ("versions", _VERSIONS),
        ("authors_parsed", pa.list_(pa.list_(pa.string()))),
    ]
)
DOI = r"(10\.\d{4,9}(?:\.\d+)*/\S+)"
PLAIN_DOI = r"^10\.\d{4,9}/[a-z0-9._/-]*[a-z0-9]$"
"""A DOI as it stands, with nothing beside it."""
OWN_DOI = "10.48550/arxiv"
BLANK = np.uint8(ord(" "))
NEEDED = ("id", "title")
"""Fields without which a line is no paper of arXiv's."""
TEXT = (str, type(None))
LINE_END = ord("\n")
SEARCHED = 1 << 20
"""Bytes in which lines' ends are looked for at a time: what is noted of them stays in a core's cache."""
BLANK_LINE = 64
"""Bytes below which a line may hold nothing but white space."""


def read_block(block: Block) -> pl.DataFrame:
    """Return the papers of a block as `ROWS`, `PLACES`, `FIRST_AUTHORS` and `abstract`, in the file's order.

    The abstract is as it stands, lines' ends and all.
    Raises `UsageError` naming the line that is no paper, or is not UTF-8.
    """
    tables, places = [_FIELDS.empty_table()], [pl.DataFrame(schema=PLACES)]
    for start, lines in block.pieces():
        ahead = len(BOM_UTF8) if start == 0 and lines.startswith(BOM_UTF8) else 0
        content = pa.py_buffer(lines)[ahead:]
        found = _places(content, start + ahead)
        if found.height:
            tables.append(_checked(block, content, found.height))
            places.append(found)
    rows = rows_of(pa.concat_tables(tables))
    return pl.concat([rows, pl.concat(places)], how="horizontal")


def _checked(block: Block, content: pa.Buffer, lines: int) -> pa.Table:
    """Return the fields of some of a block's lines, of each paper one row; so many of the lines are not blank.

    Raises `UsageError` as `read_block` does.
    """
    if not _is_utf8(content):
        raise _not_utf8(block)
    try:
        table = _parsed(content, _FIELDS)
    except pa.ArrowInvalid as problem:
        raise _error(block, str(problem)) from None
    if any(table[name].null_count for name in NEEDED):
        raise _error(block, "it has no id or no title")
    if table.num_rows != lines:
        raise _error(block, "papers that do not stand on a line each")
    return table


def _parsed(content: pa.Buffer, fields: pa.Schema) -> pa.Table:
    """Return some fields of lines of JSON."""
    return pj.read_json(
        pa.BufferReader(content),
        # One piece, since none may be shorter than a line.
        read_options=pj.ReadOptions(use_threads=False, block_size=max(1, content.size)),
        parse_options=pj.ParseOptions(explicit_schema=fields, unexpected_field_behavior="ignore"),
    ).combine_chunks()


def _places(content: pa.Buffer, start: int) -> pl.DataFrame:
    """Return the `PLACES` of lines that are not blank, given where the content stands in the file."""
    letters = np.frombuffer(content, dtype=np.uint8)
    ends = [
        np.flatnonzero(letters[at : at + SEARCHED] == LINE_END) + (at + 1)
        for at in range(0, len(letters), SEARCHED)
    ]
    borders = np.concatenate([[0], *ends])
    if borders[-1] < len(letters):
        borders = np.append(borders, len(letters))
    first, size = borders[:-1], np.diff(borders)
    short = np.flatnonzero(size < BLANK_LINE)
    blank = [at for at in short.tolist() if not bytes(letters[first[at] : borders[at + 1]]).strip()]
    found = {"start": np.delete(first, blank) + start, "bytes": np.delete(size, blank)}
    return pl.DataFrame(found, schema=PLACES)


def abstracts_of(lines: bytes) -> pl.DataFrame:
    """Return `arxiv_id` and `abstract`, as the index holds them, of lines of the file.

    Raises `pyarrow.ArrowInvalid`: they are no such lines.
    """
    table = _parsed(pa.py_buffer(lines), _ABSTRACTS)
    ids = pl.Series(_whole(table["id"]), dtype=pl.String)
    texts = pl.Series(unwrapped(_whole(table["abstract"])), dtype=pl.String)
    return pl.DataFrame({"arxiv_id": plain_id(ids), "abstract": texts})


def plain_id(said: pl.Series) -> pl.Series:
    """Return ids without version."""
    return said.str.strip_chars().str.replace(r"v\d+$", "")


def _is_utf8(content: pa.Buffer) -> bool:
    letters = np.frombuffer(content, dtype=np.int8)
    if not len(letters) or letters.min() >= 0:
        return True
    try:
        str(content, "utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _not_utf8(block: Block) -> UsageError:
    """Return the error that names the first line that is not UTF-8."""
    whole = block.read()
    try:
        whole.decode()
        line = block.line(0)
    except UnicodeDecodeError as problem:
        line = block.line(whole.count(b"\n", 0, problem.start))
    return UsageError(f"{block.name}:{line}: not UTF-8", GET_IT)


def _error(block: Block, problem: str) -> UsageError:
    """Return the error that names the first line that can't be read."""
    content = block.read()
    if block.start == 0:
        content = content.removeprefix(BOM_UTF8)
    for ahead, line in enumerate(content.split(b"\n")):
        if line.strip() and (why := _why_not(line)):
            return UsageError(
                f"{block.name}:{block.line(ahead)}: not a paper of arXiv's metadata: {why}", GET_IT
            )
    return UsageError(f"{block.name}:{block.line(0)}: not arXiv's metadata: {problem}", GET_IT)


def _why_not(line: bytes) -> str | None:
    """Return what is wrong with a line, null when nothing is."""
    try:
        said = from_json(line)
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


def rows_of(table: pa.Table) -> pl.DataFrame:
    """Return the fields of the file as `ROWS`, abstract and `FIRST_AUTHORS`."""
    lists = _whole(table["authors_parsed"])
    texts = {
        name: pl.Series(unwrapped(_whole(table[name])), dtype=pl.String)
        for name in ("title", "categories", "journal-ref", "comments")
    }
    abstract = arrow.frame(table.select(["abstract"]))  # piece by piece: to put them together would copy them
    frame = arrow.frame(table.drop_columns(["authors_parsed", "abstract", *texts]).combine_chunks())
    authors = _authors(lists, frame["authors"])
    created = (
        pl.col("versions").list.first().struct.field("created").str.extract(r"(\d{1,2} [A-Z][a-z]{2} \d{4})")
    )
    rows = frame.select(
        arxiv_id=plain_id(frame["id"]),
        doi=_dois(frame["doi"]),
        title=_squash(texts["title"]),
        authors=authors,
        published=created.str.to_date("%d %b %Y", strict=False),
        updated=pl.col("update_date").str.to_date("%Y-%m-%d", strict=False),
        categories=_squash(texts["categories"]),
        journal_ref=_squash(texts["journal-ref"]),
        comments=_squash(texts["comments"]),
    ).select(pl.col(name).cast(dtype) for name, dtype in ROWS.items())
    return pl.concat([rows, abstract, leading(lists, authors)], how="horizontal")


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array."""
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def unwrapped(texts: pa.Array) -> pa.Array:
    """Return texts with blanks for lines' ends and other controls: one byte for another, in one go."""
    valid, offsets, content = texts.buffers()
    plain = np.maximum(np.frombuffer(content or b"", dtype=np.uint8), BLANK)
    buffers = [valid, offsets, pa.py_buffer(plain)]
    return pa.Array.from_buffers(texts.type, len(texts), buffers, texts.null_count, texts.offset)


def _dois(said: pl.Series) -> pl.Series:
    """Return the first DOI of what authors typed (`doi:10.1234/A; 10.1234/B`), in lower case, arXiv's own left out.

    Nearly all typed just one, which stays as it is.
    """
    lower = said.str.to_lowercase()
    rows = (~lower.str.contains(PLAIN_DOI) | lower.str.starts_with(OWN_DOI)).arg_true()
    found = lower.gather(rows).str.extract(DOI).str.replace(r"[;,](?:doi:)?10\..*$", "")
    found = found.str.replace(r"[.,;:)\]}]+$", "")
    kept = found.set((found.str.starts_with(OWN_DOI) | found.str.ends_with("/")).fill_null(value=False), None)
    return lower.scatter(rows, kept)


def _squash(texts: pl.Series) -> pl.Series:
    """Return `unwrapped` texts with white space folded; null where nothing is left.

    Lines of the file are wrapped with a line's end and two blanks; a search for more would take ten times as long.
    """
    wide = texts.str.contains("  ", literal=True).arg_true()
    if wide.len():
        plain = texts.gather(wide)
        for _ in range(3):
            plain = plain.str.replace_all("  ", " ", literal=True)
        texts = texts.clone().scatter(wide, plain)
    return some(texts)


def some(texts: pl.Series) -> pl.Series:
    """Return texts without blanks around them, null where nothing is left."""
    stripped = texts.str.strip_chars()
    return stripped.set(stripped == "", None)


def _authors(lists: pa.ListArray, said: pl.Series) -> pl.Series:
    """Return the lists as arXiv has read them; the few that it has not are cut from what authors `said`."""
    read = pl.Series(joined(lists), dtype=pl.String)
    rows = (read == "").arg_true()
    return read.scatter(rows, cut(said.gather(rows))) if rows.len() else read
