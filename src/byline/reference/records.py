"""Blocks of arXiv's metadata file → rows: what a build may need of a paper, in the columns of the index."""

from __future__ import annotations

from codecs import BOM_UTF8

import polars as pl
import pyarrow as pa
import pyarrow.json as pj

from byline.core import lists
from byline.core.decoding import from_json
from byline.core.errors import UsageError
from byline.reference.authors import LISTED, NAME, cut
from byline.reference.source import GET_IT, LONGEST_LINE, Block

ROWS: dict[str, pl.DataType] = {
    "arxiv_id": pl.String(), "doi": pl.String(), "title": pl.String(), "authors": LISTED,
    "published": pl.Date(), "updated": pl.Date(), "categories": pl.String(), "journal_ref": pl.String(),
    "comments": pl.String(), "abstract": pl.String(),
}  # fmt: skip
"""One row a paper: id without version, DOI in lower case, texts with white space folded, authors as the file has read
them, the first version's day, the day of the last change, categories as listed (the first is the primary one)."""
ENTRIES: dict[str, pl.DataType] = {
    "names" if name == "authors" else name: pl.List(NAME) if name == "authors" else dtype
    for name, dtype in ROWS.items()
}
"""What a look-up returns of a paper: `ROWS`, its authors decoded."""
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
PIECE_BYTES = 1 << 20
"""Bytes that the JSON reader parses at a time."""
NEEDED = ("id", "title")
"""Fields without which a line is no paper of arXiv's."""
TEXT = (str, type(None))


def read_block(block: Block) -> pl.DataFrame:
    """Return the papers of a block as `ROWS`, in the file's order.

    Raises `UsageError` naming the line that is no paper, or is not UTF-8.
    """
    content = block.read()
    if block.start == 0:
        content = content.removeprefix(BOM_UTF8)
    if not content.isascii() and (line := _not_utf8(content)) is not None:
        raise UsageError(f"{block.name}:{block.line(line)}: not UTF-8", GET_IT)
    try:
        table = pj.read_json(
            pa.BufferReader(content),
            read_options=pj.ReadOptions(use_threads=False, block_size=_piece(content)),
            parse_options=pj.ParseOptions(explicit_schema=_FIELDS, unexpected_field_behavior="ignore"),
        )
    except pa.ArrowInvalid as problem:
        raise _error(block, content, str(problem)) from None
    frame = pl.DataFrame(pl.from_arrow(table)).with_columns(abstract=_unwrapped(table["abstract"]))
    if frame.select(pl.any_horizontal(pl.col(NEEDED).is_null()).any()).item():
        raise _error(block, content, "it has no id or no title")
    return rows_of(frame)


def _not_utf8(content: bytes) -> int | None:
    """Return how many lines stand before the first that is not UTF-8, null where all are."""
    try:
        content.decode()
    except UnicodeDecodeError as problem:
        return content.count(b"\n", 0, problem.start)
    return None


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


def rows_of(frame: pl.DataFrame) -> pl.DataFrame:
    """Return the fields of the file as `ROWS`."""
    created = (
        pl.col("versions").list.first().struct.field("created").str.extract(r"(\d{1,2} [A-Z][a-z]{2} \d{4})")
    )
    return frame.select(
        arxiv_id=pl.col("id").str.strip_chars().str.replace(r"v\d+$", ""),
        doi=_dois(frame["doi"]),
        title=_squash(frame["title"]),
        authors=_authors(frame),
        published=created.str.to_date("%d %b %Y", strict=False),
        updated=pl.col("update_date").str.to_date("%Y-%m-%d", strict=False),
        categories=_squash(frame["categories"]),
        journal_ref=_squash(frame["journal-ref"]),
        comments=_squash(frame["comments"]),
        abstract=_some(frame["abstract"]),
    ).select(pl.col(name).cast(dtype) for name, dtype in ROWS.items())


def _unwrapped(texts: pa.ChunkedArray) -> pl.Series:
    """Return texts with blanks for lines' ends, all that is wrapped in abstracts: one byte for another, in one go."""
    chunks = []
    for chunk in texts.chunks:
        valid, offsets, content = chunk.buffers()
        plain = pa.py_buffer(b"" if content is None else content.to_pybytes().replace(b"\n", b" "))
        chunks.append(
            pa.StringArray.from_buffers(len(chunk), offsets, plain, valid, chunk.null_count, chunk.offset)
        )
    return pl.Series(pa.chunked_array(chunks, pa.string()))


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
    """Return texts with white space folded; null where nothing is left.

    Lines of the file are wrapped with a line's end and two blanks; a search for more would take ten times as long.
    """
    wrapped = (texts.str.contains("\n", literal=True) | texts.str.contains("  ", literal=True)).arg_true()
    if wrapped.len():
        plain = texts.gather(wrapped).str.replace_all("\n", " ", literal=True)
        for _ in range(2):
            plain = plain.str.replace_all("  ", " ", literal=True)
        texts = texts.clone().scatter(wrapped, plain)
    return _some(texts)


def _some(texts: pl.Series) -> pl.Series:
    """Return texts without blanks around them, null where nothing is left."""
    stripped = texts.str.strip_chars()
    return stripped.set(stripped == "", None)


def _authors(frame: pl.DataFrame) -> pl.Series:
    """Return the lists as arXiv has read them; the few that it has not are cut."""
    read = frame["authors_parsed"]
    rows = (read.list.len().fill_null(0) == 0).arg_true()
    if not rows.len():
        return read
    return lists.put(read, rows, cut(frame["authors"].gather(rows)))
