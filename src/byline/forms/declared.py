"""What a person says of a file beside it: `NAME.listing.toml` beside `NAME.txt`, or `listing.toml` in a folder.

    form = "lines"              the form of the whole file
    published = 2023-07-09      or "2023-07", or 2023
    venue = "Owl Conference"
    category = "cs.LG"

What is declared fills what the text leaves null, and nothing else; the form decides how the file is read.
"""

from __future__ import annotations

import datetime
import json
import re
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from byline.core.decoding import from_toml
from byline.core.errors import UsageError
from byline.forms import dates
from byline.forms.model import CARD, forms
from byline.listing.text import fold_space

FOLDER_FILE = "listing.toml"
SUFFIX = ".listing.toml"
KEYS = ("form", "published", "venue", "category")
LINES = "lines"
MOST_BYTES = 64 * 1024
_PACKED = (".gz", ".zst")
_CODE = r"[A-Za-z]+(?:-[A-Za-z]+)*(?:\.[A-Za-z]+(?:-[A-Za-z]+)*)?"


def known_forms() -> list[str]:
    """Return the forms that may be declared."""
    return sorted({CARD, LINES, *(form.form for form in forms().values() if not form.unread)})


def is_declaration(name: str) -> bool:
    """Tell a file that declares, which is never read as a listing."""
    base = name.rsplit("/", 1)[-1]
    return base == FOLDER_FILE or base.endswith(SUFFIX)


def declare(values: Mapping[str, Any], where: str) -> dict[str, str]:
    """Return a declaration with its values as texts, dates as `YYYY`, `YYYY-MM` or `YYYY-MM-DD`.

    `where` names the file or the options in messages. Raises UsageError for what may not be declared.
    """
    way_out = f"Declare {', '.join(KEYS)} only; `byline forms` lists the forms."
    said: dict[str, str] = {}
    for key, value in values.items():
        if key not in KEYS:
            raise UsageError(f"{where}: {key!r} is nothing that can be declared", way_out)
        text = _date(value, where) if key == "published" else value
        folded = fold_space(pl.Series([text]))[0] if isinstance(text, str) else None
        if not folded:
            raise UsageError(f"{where}: {key} must be a text, found {value!r:.60}", way_out)
        said[key] = folded
    if "form" in said and said["form"] not in known_forms():
        raise UsageError(
            f"{where}: no form is called {said['form']!r}", f"Forms: {', '.join(known_forms())}."
        )
    if not re.fullmatch(_CODE, said.get("category", "cs.LG")):
        raise UsageError(
            f"{where}: {said['category']!r} is no category code", "Write it as arXiv does: cs.LG"
        )
    return said


def declared_of(files: Collection[object] | None, **options: str | None) -> tuple[tuple[str, str], ...]:
    """Return what options declare of named files, as `Options.declared` holds it; nulls declare nothing.

    Raises UsageError for what can't be declared, and where no file is named.
    """
    said = declare({name: value for name, value in options.items() if value is not None}, "the options")
    if said and not files:
        raise UsageError(
            "--form, --published, --venue and --category are for files that are named",
            "Declare a folder's files beside them: listing.toml, or NAME.listing.toml beside NAME.txt",
        )
    return tuple(said.items())


def _date(value: object, where: str) -> str:
    way_out = "Write a day (2023-07-09), a month (2023-07) or a year (2023)."
    if isinstance(value, datetime.datetime):
        value = value.date()
    text = value.isoformat() if isinstance(value, datetime.date) else str(value)
    if isinstance(value, bool) or not re.fullmatch(r"\d{4}(?:-\d{2}(?:-\d{2})?)?", text):
        raise UsageError(f"{where}: published must be a date, found {value!r:.60}", way_out)
    if dates.read_texts(pl.Series([text]))[1][0] != {4: "year", 7: "month", 10: "day"}[len(text)]:
        raise UsageError(f"{where}: the calendar has no {text}", way_out)
    return text


def read_declared(path: Path, name: str) -> dict[str, str]:
    """Return what a file declares; `name` is how messages call it. Raises UsageError when it is malformed."""
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{name}: larger than {MOST_BYTES} bytes", f"Declare {', '.join(KEYS)} only.")
        values = from_toml(path.read_bytes())
    except ValueError as error:
        raise UsageError(f"{name}: not TOML: {error}", 'Write lines such as `form = "lines"`.') from None
    except OSError as error:
        raise UsageError(
            f"{name} can't be read: {error.strerror}", "Make it readable, or remove it."
        ) from None
    return declare(values, name)


def names_for(source: str) -> list[str]:
    """Return which files may declare something of a source, the farthest first; paths relative to the raw folder.

    Example: `a/owls.txt.gz` → `listing.toml`, `a/listing.toml`, `a/owls.listing.toml`.
    """
    *folders, base = source.split("/")
    places = ["/".join([*folders[:depth], FOLDER_FILE]) for depth in range(len(folders) + 1)]
    for packed in _PACKED:
        base = base.removesuffix(packed)
    stem = base.rsplit(".", 1)[0] if "." in base else base
    return [*places, "/".join([*folders, stem + SUFFIX])]


def to_text(said: Mapping[str, str]) -> str:
    """Return a declaration as `Source.declared` holds it: canonical JSON, empty for nothing."""
    return json.dumps(dict(said), sort_keys=True, ensure_ascii=False) if said else ""


def from_text(text: str) -> dict[str, str]:
    """Return the declaration that `to_text` wrote."""
    return dict(json.loads(text)) if text else {}


def fill(frame: pl.DataFrame, said: Mapping[str, str]) -> pl.DataFrame:
    """Fill what the rows (columns of `PARSED`) leave null; quarantined rows stay as they are."""
    if not said:
        return frame
    readable = pl.col("reason").is_null()
    changes: dict[str, pl.Expr] = {}
    for key, column in (("venue", "venue"), ("category", "category_code")):
        if key in said:
            empty = readable & pl.col(column).is_null()
            changes[column] = pl.when(empty).then(pl.lit(said[key])).otherwise(column)
    if "published" in said:
        day, precision = dates.read_texts(pl.Series([said["published"]]))
        empty = readable & pl.col("published").is_null()
        changes["published"] = pl.when(empty).then(pl.lit(day[0])).otherwise("published")
        changes["published_precision"] = (
            pl.when(empty).then(pl.lit(precision[0])).otherwise("published_precision")
        )
    return frame.with_columns(**changes)
