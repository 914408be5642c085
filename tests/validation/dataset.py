"""A fabricated dataset that keeps every promise of the contract, made without the pipeline."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from hashlib import sha256
from pathlib import Path

import numpy as np
import polars as pl

from byline.core import ids
from byline.files.parquet import PartitionWriter
from byline.snapshots import manifest
from byline.snapshots.manifest import Facts, Input, Manifest
from byline.snapshots.seal import seal
from byline_schemas import TABLES

CODE = "0.1.0+fabricated"
FAMILIES = [
    f"{a}{b}" for a in ("Bra", "Cor", "Dal", "Éli", "Fen", "Gro", "Ōsh") for b in ("nt", "vik", "mar")
]
GIVEN = ["Ada", "Bo", "Cleo", "Dov", "Ena", "Finn", "Gil", "Hana"]
Frames = dict[str, pl.DataFrame]


def frames(papers: int = 12, seed: int = 0, people: int | None = None) -> Frames:
    """Return the tables of a dataset, partition keys not included."""
    rng = np.random.default_rng(seed)
    listed = _papers(papers, rng, seed)
    shared = _authorships(listed, rng, people or max(3, papers // 2))
    records = _records(listed)
    return {
        "papers": listed,
        "authors": _authors(shared, listed),
        "authorships": shared,
        "author_identifiers": _author_identifiers(shared),
        "affiliations": _affiliations() if papers else TABLES["affiliations"].empty(),
        "paper_affiliations": _paper_affiliations(listed),
        "records": records,
        "quarantine": _quarantine(records),
    }


def _ids(kind: str, count: int, seed: int = 0) -> pl.Series:
    return ids.digest_all([f"{seed}/{index}" for index in range(count)], kind)


def _papers(count: int, rng: np.random.Generator, seed: int) -> pl.DataFrame:
    truncated = rng.random(count) < 0.2
    days = rng.integers(0, 3 * 365, count)
    return shaped(
        "papers",
        pl.DataFrame({"paper_id": _ids("p", count, seed), "number": range(count), "days": days}).select(
            "paper_id",
            title=pl.format("On the {}th Gate", "number"),
            title_tex=pl.when(pl.col("number") % 3 == 0).then(pl.format("On the ${}$th Gate", "number")),
            abstract=pl.format("We show {} things.", "number"),
            abstract_tex=pl.lit(None, dtype=pl.String),
            category_code=pl.lit("LG"),
            category=pl.lit("cs.LG"),
            category_candidates=pl.lit(["cs.LG"]),
            category_name=pl.lit("Machine Learning"),
            published=pl.when(pl.col("number") % 7 != 6).then(
                pl.lit(date(2021, 1, 1)) + pl.duration(days="days")
            ),
            published_precision=pl.when(pl.col("number") % 7 != 6)
            .then(pl.lit("day"))
            .otherwise(pl.lit("none")),
            badges=pl.when(pl.col("number") % 2 == 0)
            .then(pl.lit(["Code"]))
            .otherwise(pl.lit([], dtype=pl.List(pl.String))),
            has_code=pl.col("number") % 2 == 0,
            links=pl.lit([], dtype=pl.List(pl.String)),
            arxiv_id=pl.lit(None, dtype=pl.String),
            doi=pl.lit(None, dtype=pl.String),
            venue=pl.lit(None, dtype=pl.String),
            comments=pl.lit(None, dtype=pl.String),
            authors_source=pl.lit("listed"),
            filled=pl.lit([], dtype=pl.List(pl.String)),
            match_confidence=pl.lit(None, dtype=pl.Float32),
            author_count=pl.Series(rng.integers(1, 6, count)),
            authors_truncated=pl.Series(truncated),
            boundary_confidence=pl.lit(0.99),
            record_count=pl.when(pl.col("number") % 5 == 0).then(2).otherwise(1),
        ),
    )


def _authorships(papers: pl.DataFrame, rng: np.random.Generator, people: int) -> pl.DataFrame:
    rows = papers.select("paper_id", "author_count", "authors_truncated", "published").with_columns(
        position=pl.int_ranges(1, pl.col("author_count").cast(pl.Int64) + 1)
    )
    rows = rows.explode("position")
    # Neighbours in a ring: the authors of one paper differ.
    start = pl.Series("start", rng.integers(0, people, papers.height))
    rows = rows.join(papers.select("paper_id").with_columns(start), on="paper_id", maintain_order="left")
    person = (pl.col("start") + pl.col("position")) % people
    names = _names(people)
    rows = rows.with_columns(person=person).join(names, on="person", maintain_order="left")
    initialled = pl.Series("initialled", rng.random(rows.height) < 0.3)
    return shaped(
        "authorships",
        rows.with_columns(initialled).select(
            "paper_id",
            "position",
            "author_id",
            name_as_listed=pl.when("initialled").then("short").otherwise("full"),
            source=pl.lit("listed"),
            is_last=(pl.col("position") == pl.col("author_count")) & ~pl.col("authors_truncated"),
            identity_confidence=pl.lit(0.9),
        ),
    )


def _names(people: int) -> pl.DataFrame:
    numbers = range(people)
    given = [GIVEN[number % len(GIVEN)] for number in numbers]
    family = [FAMILIES[number % len(FAMILIES)] + "z" * (number // len(FAMILIES) % 7) for number in numbers]
    return pl.DataFrame(
        {
            "person": pl.Series(numbers, dtype=pl.Int64),
            "author_id": _ids("a", people),
            "full": [f"{g} {f}" for g, f in zip(given, family, strict=True)],
            "short": [f"{g[0]}. {f}" for g, f in zip(given, family, strict=True)],
        }
    )


def _authors(authorships: pl.DataFrame, papers: pl.DataFrame) -> pl.DataFrame:
    joined = authorships.join(papers.select("paper_id", "published"), on="paper_id")
    grouped = joined.group_by("author_id").agg(
        name=pl.col("name_as_listed")
        .sort_by(pl.col("name_as_listed").str.len_chars(), "name_as_listed")
        .last(),
        aliases=pl.col("name_as_listed").unique().sort(),
        paper_count=pl.col("paper_id").n_unique(),
        first_published=pl.col("published").min(),
        last_published=pl.col("published").max(),
    )
    parts = pl.col("name").str.splitn(" ", 2)
    return shaped(
        "authors",
        grouped.with_columns(
            given=parts.struct[0],
            family=parts.struct[1],
            particle=pl.lit(None, dtype=pl.String),
            suffix=pl.lit(None, dtype=pl.String),
            kind=pl.lit("person"),
            name_key=pl.col("name").str.to_lowercase(),
        ),
    )


def _affiliations() -> pl.DataFrame:
    rows = {
        "affiliation_id": _ids("f", 2),
        "label": ["gate labs", "ring works"],
        "name": ["Gate Labs", "ring works"],
        "ror_id": ["012abcd34", None],
        "country": ["CH", None],
        "kind": ["company", None],
        "resolved": [True, False],
        "note": [None, "fits no organisation"],
    }
    return shaped("affiliations", pl.DataFrame(rows))


def _author_identifiers(shared: pl.DataFrame) -> pl.DataFrame:
    """Return an identifier of the first author, whose check digit is right."""
    some = shared.select("author_id").unique().sort("author_id").head(1)
    rows = some.with_columns(
        scheme=pl.lit("orcid"), value=pl.lit("0000-0002-1825-0097"), evidence=pl.lit("said so")
    )
    return shaped("author_identifiers", rows)


def _paper_affiliations(papers: pl.DataFrame) -> pl.DataFrame:
    labels = _affiliations().sort("label").with_row_index("position", offset=1)
    rows = papers.select("paper_id").head(4).join(labels, how="cross")
    return shaped("paper_affiliations", rows.with_columns(label_as_listed="label"))


def _records(papers: pl.DataFrame) -> pl.DataFrame:
    """Two files end to end, a quarantined record every tenth; the second record of a paper is a duplicate."""
    rows = papers.select("paper_id", "record_count").with_columns(
        status=pl.when(pl.col("record_count") == 2)
        .then(pl.lit(["published", "duplicate"]))
        .otherwise(pl.lit(["published"]))
    )
    rows = rows.explode("status").select("paper_id", "status")
    bad = pl.DataFrame({"paper_id": [None], "status": ["quarantined"]}, schema=rows.schema)
    rows = pl.concat([rows, *[bad] * max(2, rows.height // 100)]).with_row_index("number")
    number, half = pl.col("number").cast(pl.Int64), rows.height // 2
    nth = pl.when(number < half).then(number).otherwise(number - half)
    name = pl.when(number < half).then(pl.lit("2024/a.txt")).otherwise(pl.lit("b.txt"))
    said = rows.select(
        pl.format("{}/{}", pl.col("paper_id").fill_null("bad"), pl.int_range(pl.len()).over("paper_id"))
    ).to_series()
    record_ids = ids.digest_all(said, "r")
    digests = [sha256("".join(part).encode()).hexdigest() for part in (record_ids[:half], record_ids[half:])]
    return shaped(
        "records",
        rows.select(
            "paper_id",
            "status",
            form=pl.lit("card"),
            record_id=record_ids,
            source_file=name,
            source_sha256=pl.when(number < half).then(pl.lit(digests[0])).otherwise(pl.lit(digests[1])),
            first_line=nth * 3 + 1,
            last_line=nth * 3 + 3,
            byte_start=nth * 100,
            byte_end=nth * 100 + 100,
            boundary_confidence=pl.when(pl.col("paper_id").is_not_null()).then(0.99),
        ),
    )


def _quarantine(records: pl.DataFrame) -> pl.DataFrame:
    bad = records.filter(pl.col("status") == "quarantined").select("record_id")
    return shaped(
        "quarantine",
        bad.with_columns(
            reason=pl.lit("bad_date"),
            detail=pl.lit("expected a date after 'LG', found 'Feb 30, 2020'"),
            raw_text=pl.lit("LGFeb 30, 2020\nOn Gates"),
        ),
    )


def shaped(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Return the frame with the columns, types and order of the table; a column that may be null may be missing."""
    table = TABLES[name]
    absent = [column for column in table.columns() if column not in frame.columns]
    needed = [column for column in absent if not table.column_docs()[column].nullable]
    assert not needed, f"make {', '.join(needed)} of {name} in tests/validation/dataset.py"
    frame = frame.with_columns(pl.lit(None).alias(column) for column in absent)
    return frame.select(pl.col(column).cast(dtype) for column, dtype in table.columns().items()).sort(
        table.sort, nulls_last=True
    )


def write(folder: Path, tables: Mapping[str, pl.DataFrame]) -> None:
    """Write tables as a build does: by partition, sorted; a table without rows as one file."""
    for name, frame in tables.items():
        for place, rows in partitions(name, frame, tables):
            with PartitionWriter(folder / place, TABLES[name]) as writer:
                writer.append(rows.sort(TABLES[name].sort, maintain_order=True, nulls_last=True))


def partitions(
    name: str, frame: pl.DataFrame, tables: Mapping[str, pl.DataFrame]
) -> list[tuple[str, pl.DataFrame]]:
    """Return the folder and the rows of each partition."""
    partition = TABLES[name].partition
    if partition is None:
        return [(name, frame)]
    keyed = frame
    if name == "authorships":
        dates = tables["papers"].select("paper_id", "published").unique("paper_id")
        keyed = frame.join(dates, on="paper_id", how="left", maintain_order="left")
    keyed = keyed.with_columns(partition.value().alias("_value"))
    if keyed.is_empty():
        return [(f"{name}/{partition.name}={'2021' if partition.name == 'year' else '_'}", frame)]
    groups = keyed.partition_by("_value", as_dict=True, maintain_order=True)
    return [
        (f"{name}/{partition.name}={key}", rows.select(frame.columns))
        for (key,), rows in sorted(groups.items(), key=str)
    ]


def facts(tables: Mapping[str, pl.DataFrame], note: str = "") -> Facts:
    """Return what a pipeline would know of these tables; `note` makes another snapshot of the same tables."""
    records, quarantine = tables["records"], tables["quarantine"]
    inputs = [
        Input(path, digest, end, count)
        for path, digest, end, count in records.group_by("source_file")
        .agg(pl.col("source_sha256").first(), pl.col("byte_end").max(), pl.len())
        .sort("source_file")
        .iter_rows()
    ]
    options = {"note": note, "papers": tables["papers"].height}
    return Facts(
        snapshot_id=manifest.identify(CODE, inputs, options),
        code_version=CODE,
        inputs=inputs,
        options=options,
        counts=dict(records.group_by("status").len().sort("status").iter_rows()),
        reasons=dict(quarantine.group_by("reason").len().sort("reason").iter_rows()),
    )


def snapshot(folder: Path, tables: Mapping[str, pl.DataFrame], note: str = "") -> Manifest:
    """Write and seal a snapshot."""
    folder.mkdir(parents=True, exist_ok=True)
    write(folder, tables)
    return seal(folder, facts(tables, note))
