"""Blocks of arXiv's metadata file → rows: what a build may need of a paper, in the columns of the index."""

from __future__ import annotations

from codecs import BOM_UTF8

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.json as pj

from byline.core.decoding import from_json
from byline.core.errors import UsageError
from byline.reference.authors import NAME, cut, joined
from byline.reference.leading import leading
from byline.reference.source import GET_IT, Block

ROWS: dict[str, pl.DataType] = {
    "arxiv_id": pl.String(), "doi": pl.String(), "title": pl.String(), "authors": pl.String(),
    "published": pl.Date(), "updated": pl.Date(), "categories": pl.String(), "journal_ref": pl.String(),
    "comments": pl.String(), "abstract": pl.String(),
}  # fmt: skip
"""One row a paper: id without version, DOI in lower case, texts with white space folded, authors as the file has read
them (`authors.joined`), the first version's day, the day of the last change, categories as listed (the first is the
primary one), the abstract as it is, but with blanks for its lines' ends."""
ENTRIES: dict[str, pl.DataType] = {
    "names" if name == "authors" else name: pl.List(NAME) if name == "authors" else dtype
    for name, dtype in ROWS.items()
}
"""What a look-up returns of a paper: `ROWS`, its authors decoded, no blanks around its abstract."""
_TEXTS = (
    "id", "authors", "title", "comments", "journal-ref", "doi", "categories", "abstract", "update_date",
)  # fmt: skip
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


def read_block(block: Block) -> pl.DataFrame:
    """Return the papers of a block as `ROWS` and `FIRST_AUTHORS`, in the file's order.

    Raises `UsageError` naming the line that is no paper, or is not UTF-8.
    """
    content = block.read()
    if block.start == 0 and content[: len(BOM_UTF8)].to_pybytes() == BOM_UTF8:
        content = content[len(BOM_UTF8) :]
    _check_encoding(block, content)
    try:
        table = pj.read_json(
            pa.BufferReader(content),
            # One piece, since none may be shorter than a line.
            read_options=pj.ReadOptions(use_threads=False, block_size=max(1, content.size)),
            parse_options=pj.ParseOptions(explicit_schema=_FIELDS, unexpected_field_behavior="ignore"),
        ).combine_chunks()
    except pa.ArrowInvalid as problem:
        raise _error(block, content.to_pybytes(), str(problem)) from None
    if any(table[name].null_count for name in NEEDED):
        raise _error(block, content.to_pybytes(), "it has no id or no title")
    return rows_of(table)


def _check_encoding(block: Block, content: pa.Buffer) -> None:
    """Raise `UsageError` naming the first line that is not UTF-8."""
    letters = np.frombuffer(content, dtype=np.int8)
    if not len(letters) or letters.min() >= 0:
        return
    whole = content.to_pybytes()
    try:
        whole.decode()
    except UnicodeDecodeError as problem:
        line = block.line(whole.count(b"\n", 0, problem.start))
        raise UsageError(f"{block.name}:{line}: not UTF-8", GET_IT) from None


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
    """Return the fields of the file as `ROWS` and `FIRST_AUTHORS`."""
    lists = _whole(table["authors_parsed"])
    texts = {
        name: _unwrapped(table[name])
        for name in ("title", "categories", "journal-ref", "comments", "abstract")
    }
    frame = pl.DataFrame(pl.from_arrow(table.drop_columns(["authors_parsed", *texts])))
    authors = _authors(lists, frame["authors"])
    created = (
        pl.col("versions").list.first().struct.field("created").str.extract(r"(\d{1,2} [A-Z][a-z]{2} \d{4})")
    )
    rows = frame.select(
        arxiv_id=pl.col("id").str.strip_chars().str.replace(r"v\d+$", ""),
        doi=_dois(frame["doi"]),
        title=_squash(texts["title"]),
        authors=authors,
        published=created.str.to_date("%d %b %Y", strict=False),
        updated=pl.col("update_date").str.to_date("%Y-%m-%d", strict=False),
        categories=_squash(texts["categories"]),
        journal_ref=_squash(texts["journal-ref"]),
        comments=_squash(texts["comments"]),
        abstract=texts["abstract"],
    ).select(pl.col(name).cast(dtype) for name, dtype in ROWS.items())
    return pl.concat([rows, leading(lists, authors)], how="horizontal")


def _whole(column: pa.ChunkedArray) -> pa.Array:
    """Return a column as one array."""
    return column.chunk(0) if column.num_chunks == 1 else pa.concat_arrays(column.chunks)


def _unwrapped(column: pa.ChunkedArray) -> pl.Series:
    """Return texts with blanks for lines' ends and other controls: one byte for another, in one go."""
    texts = _whole(column)
    valid, offsets, content = texts.buffers()
    plain = np.maximum(np.frombuffer(content or b"", dtype=np.uint8), BLANK)
    whole = pa.StringArray.from_buffers(
        len(texts), offsets, pa.py_buffer(plain), valid, texts.null_count, texts.offset
    )
    return pl.Series(whole, dtype=pl.String)


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
    """Return `_unwrapped` texts with white space folded; null where nothing is left.

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
