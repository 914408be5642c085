"""How files of decisions are read: a JSON object a line, or a CSV as spreadsheets save it; a mistake names its line."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Annotated, TypeVar

import polars as pl
from pydantic import AfterValidator, Field

from byline.core.decoding import from_json
from byline.core.errors import UsageError
from byline.core.limits import LONGEST_LIST
from byline.core.shapes import Text, shaped
from byline.listing.text import fold_space

T = TypeVar("T")

DELIMITERS = ",;\t"
"""What spreadsheets put between cells, by country; the header, in which none of them stands otherwise, says which."""
NOTE = "note"
"""A column or key for people, in every file; nothing reads it."""


def as_listed(said: str) -> str:
    """Return a text as a listing's are kept: NFC, white space folded. Raises ValueError for a blank one."""
    said.encode("utf-8")  # a lone surrogate is no text
    folded = str(fold_space(pl.Series([said])).item())
    if not folded:
        raise ValueError("a text is blank")
    return folded


Listed = Annotated[Text, AfterValidator(as_listed)]
"""A text as a listing's are kept, not blank."""
Position = Annotated[int, Field(ge=1, le=LONGEST_LIST)]
"""Place in a list of authors, 1-based."""


def find(folder: Path | None, name: str) -> Path | None:
    """Return a file of decisions, null when there is none. Raises `UsageError` where something else bears its name."""
    path = None if folder is None else folder / name
    if path is None or not path.exists():
        return None
    if not path.is_file():
        raise UsageError(
            f"{path} is not a file", "Move it away, or put the decisions into a file of that name."
        )
    return path


def json_lines(path: Path | None, shape: type[T], what: str, example: str) -> Iterator[tuple[int, T]]:
    """Yield line and content of each line of a file of JSON objects; blank lines are passed over.

    Raises `UsageError` naming file and line: it is not `what`; the way out shows the `example`.
    """
    for number, line in enumerate(path.read_bytes().split(b"\n") if path is not None else (), 1):
        if not line.strip():
            continue
        try:
            said = from_json(line)
            _refuse_unknown(said, shape)
            yield number, shaped(said, shape)
        except ValueError as problem:
            raise UsageError(
                f"{path}:{number}: not {what} ({problem})", f"Expected one JSON object a line: {example}"
            ) from None


def _refuse_unknown(said: object, shape: type[T]) -> None:
    """Raise ValueError for a key that nothing reads: mistyped, it would be passed over in silence."""
    known = {field.name for field in fields(shape)} | {NOTE}  # type: ignore[arg-type]  # every shape is a dataclass
    unknown = sorted(set(said) - known) if isinstance(said, dict) else []
    if unknown:
        raise ValueError(f"nothing is called {unknown[0]!r}")


def csv_rows(path: Path | None, shape: type[T], what: str, example: str) -> Iterator[tuple[int, T]]:
    """Yield line and content of each row of a CSV whose first line names the fields of `shape`, in any order.

    Blank cells are absent, blank rows and a column `note` are passed over; a BOM and CRLF don't matter, and semicolons
    and tabs are as good as commas.
    Raises `UsageError` naming file and line: it is not `what`; the way out shows the `example`, a header and a row.
    """
    if path is None:
        return
    number, reader = 1, None
    try:
        text = path.read_bytes().decode("utf-8-sig")
        head = text.partition("\n")[0]
        mark = next((one for one in DELIMITERS if one in head), DELIMITERS[0])
        reader = csv.DictReader(io.StringIO(text, newline=""), delimiter=mark, strict=True)
        _refuse_unknown(dict.fromkeys(name for name in reader.fieldnames or () if name), shape)
        for row in reader:
            number = reader.line_num
            given = _given(row)
            if given:
                yield number, shaped(given, shape)
    except (ValueError, csv.Error) as problem:
        line = reader.reader.line_num if isinstance(problem, csv.Error) and reader is not None else number
        raise UsageError(
            f"{path}:{line}: not {what} ({problem})", f"Expected a CSV such as\n{example}"
        ) from None


def _given(row: Mapping[str | None, str | list[str] | None]) -> dict[str, str]:
    """Return the filled cells of a row, the note left out. Raises ValueError: there are more cells than columns."""
    if row.get(None):
        raise ValueError("a row has more cells than the header names")
    cells = {str(name): str(cell).strip() for name, cell in row.items() if name and cell is not None}
    return {name: cell for name, cell in cells.items() if cell and name != NOTE}
