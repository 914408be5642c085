"""A dump of the Research Organization Registry as a columnar index of comparison forms.

https://ror.readme.io/docs/data-dump: schema v2, a zip with one JSON array; also a bare .json, .jsonl or .jsonl.gz.
"""

from __future__ import annotations

import gzip
import io
import json
import re
import zipfile
from collections.abc import Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import polars as pl

from byline.affiliations.forms import exact_form, loose_form
from byline.core.decoding import from_json
from byline.core.errors import DataError, UsageError
from byline.files import beneath, run_files
from byline.files.named import refuse_other_than_file

VERSION = 1
"""Of the index's layout; part of its file name."""
LARGEST = 1 << 30
"""Bytes of JSON beyond which a dump is refused, since it is read as a whole: three times the registry of 2026."""
SCHEMA = {
    "form": pl.String, "ror_id": pl.String, "name": pl.String, "country": pl.String, "kind": pl.String,
    "fits": pl.List(pl.String),
}  # fmt: skip
SHORTEST_ACRONYM = 3
"""Letters below which an acronym means too much to mean anything."""
SHOWN = 4
"""Organisations named for a form that fits several."""
LOOSE = 3
"""Added to the rank of a form with abbreviations spelled out."""
RANKS = {"ror_display": 0, "label": 0, "alias": 1, "acronym": 2}
"""How much a name says: a full name, another name, a few letters."""
_SUFFIX = re.compile(r" \([^()]*\)$")
KINDS = ("company", "education", "facility", "government", "nonprofit")
"""ROR's types in the order in which one of several is taken; healthcare, archive, funder and other are `other`."""


def index_of(ror: Path, cache: Path | None) -> pl.DataFrame:
    """Return the index of a dump, from `cache` when a whole one lies there, else built (and kept there)."""
    try:
        refuse_other_than_file(ror)
        kept = None if cache is None else cache / f"ror-{_digest(ror)}-{VERSION}.parquet"
        found = _kept(kept)
        if found is None:
            found = _build(ror)
            if kept is not None:
                _keep(found, kept)
    except (
        OSError,
        EOFError,
        ValueError,
        LookupError,
        TypeError,
        AttributeError,
        zipfile.BadZipFile,
    ) as error:
        way_out = "give the zip from ror.org, schema v2"
        raise UsageError(f"can't read the ROR dump {ror}: {error or type(error).__name__}", way_out) from None
    return found


def _digest(path: Path) -> str:
    """Return the digest of a file's bytes."""
    total = blake2b(digest_size=10)
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            total.update(block)
    return total.hexdigest()


def _kept(path: Path | None) -> pl.DataFrame | None:
    """Return a kept index, or None when there is none or it isn't whole."""
    if path is None or not path.is_file():
        return None
    try:
        content, facts = beneath.readable(path)
        found = pl.read_parquet(io.BytesIO(content), hive_partitioning=False)
    except (pl.exceptions.PolarsError, OSError, DataError):
        return None
    sound = beneath.is_ours(facts) and dict(found.schema) == SCHEMA
    return found if sound and found.height else None


def _keep(index: pl.DataFrame, path: Path) -> None:
    """Write the index in one step, so that no reader meets half of it."""
    with run_files.appearing(path) as half, beneath.create(half) as sink:
        index.write_parquet(sink)


def _build(ror: Path) -> pl.DataFrame:
    """Return every form of the active organisations with the one that it means, or the names of those it fits."""
    rows = [row for record in _records(ror) for row in _rows(record)]
    if not rows:
        raise ValueError("it holds no active organisation")
    frame = pl.DataFrame(rows, schema=["listed", "ror_id", "name", "country", "kind", "rank"], orient="row")
    exact = frame.with_columns(exact_form(frame["listed"]))
    loose = exact.with_columns(loose_form(exact["form"]), pl.col("rank") + LOOSE)
    short = (pl.col("rank") % LOOSE == RANKS["acronym"]) & (pl.col("form").str.len_chars() < SHORTEST_ACRONYM)
    both = pl.concat([exact, loose]).filter((pl.col("form") != "") & ~short)
    fullest = both.sort("form", "ror_id", "rank").unique(
        ["form", "ror_id"], keep="first", maintain_order=True
    )
    return _decided(fullest).select(list(SCHEMA))


def _decided(frame: pl.DataFrame) -> pl.DataFrame:
    """Return one row a form: the organisation when it is the only one, or the only one so named in full.

    A full name outweighs the acronyms and spelled-out forms of others, but not their other names.
    """
    ranked = frame.sort("form", "rank", "ror_id")
    rank = pl.col("rank")
    first = pl.col("ror_id", "name", "country", "kind").first()
    grouped = ranked.group_by("form", maintain_order=True).agg(
        first, best=rank.first(), rivals=(rank.slice(1) < RANKS["acronym"]).sum(), count=pl.len(),
        fits=pl.col("name").head(SHOWN),
    )  # fmt: skip
    alone = (pl.col("count") == 1) | ((pl.col("best") == 0) & (pl.col("rivals") == 0))
    nothing = pl.lit(None, pl.String)
    return grouped.with_columns(
        *(
            pl.when(alone).then(pl.col(one)).otherwise(nothing).alias(one)
            for one in ("ror_id", "name", "country", "kind")
        )
    )


def _rows(record: dict[str, Any]) -> list[tuple[str, str, str, str | None, str, int]]:
    """Return the index rows of one organisation: listed name, ror_id, name, country, kind, rank."""
    if record.get("status", "active") != "active":
        return []
    ror_id, names = str(record["id"]).rsplit("/", 1)[-1], record.get("names") or []
    types = {str(one).lower() for one in record.get("types") or []}  # older records have capitals
    kind = next((one for one in KINDS if one in types), "other")
    ranked = [
        (str(one["value"]), min((RANKS.get(each, 1) for each in one["types"]), default=1)) for one in names
    ]
    name = next((one["value"] for one in names if "ror_display" in one["types"]), ror_id)
    if kind == "company":
        # ROR puts a company's country behind its name; pages don't. Its branches then share a form and stay apart.
        ranked += [(_SUFFIX.sub("", value), RANKS["alias"]) for value, _ in ranked if _SUFFIX.search(value)]
    return [(value, ror_id, name, _country(record), kind, rank) for value, rank in ranked]


def _country(record: dict[str, Any]) -> str | None:
    """Return the ISO code of an organisation's country."""
    if record.get("country"):
        return str(record["country"])
    places = [place.get("geonames_details") or {} for place in record.get("locations") or []]
    return next((str(place["country_code"]) for place in places if place.get("country_code")), None)


def _records(ror: Path) -> Iterator[dict[str, Any]]:
    """Return the organisations of a dump one by one."""
    text = _text(ror).lstrip()
    if text.startswith("["):
        yield from _array(text)
        return
    for line in text.splitlines():
        if line.strip():
            yield from_json(line.encode())


def _array(text: str) -> Iterator[dict[str, Any]]:
    """Return the elements of a JSON array one by one, so that a dump is never held as objects whole."""
    decoder, at = json.JSONDecoder(), 1
    while True:
        while at < len(text) and text[at] in " \t\r\n,":
            at += 1
        if at >= len(text):
            raise ValueError("the array does not end")
        if text[at] == "]":
            return
        try:
            record, at = decoder.raw_decode(text, at)
        except RecursionError:
            raise ValueError("an organisation is nested too deeply") from None
        yield record


def _text(ror: Path) -> str:
    """Return the JSON of a dump, unpacked, refusing what unpacks to more than `LARGEST`."""
    if zipfile.is_zipfile(ror):
        with zipfile.ZipFile(ror) as archive:
            members = [one for one in archive.infolist() if one.filename.endswith(".json")]
            members.sort(key=lambda one: ("v2" not in one.filename, one.filename))
            if not members:
                raise ValueError("the zip holds no .json")
            with archive.open(members[0]) as file:
                return _limited(file.read(LARGEST + 1))
    with gzip.open(ror) if ror.suffix == ".gz" else ror.open("rb") as file:
        return _limited(file.read(LARGEST + 1))


def _limited(content: bytes) -> str:
    """Return the content as text when it is no larger than a dump can be."""
    if len(content) > LARGEST:
        raise ValueError(f"unpacks to more than {LARGEST} bytes")
    return content.decode("utf-8-sig")
