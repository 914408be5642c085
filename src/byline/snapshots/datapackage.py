"""`datapackage.json`: the snapshot described for other tools (Data Package version 2), made from the models."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from byline_schemas import CONTRACT_VERSION, TABLES, ColumnDoc, Table

NAME = "datapackage.json"
TITLE = "Papers, authors and authorships read from pasted listings"
PROFILE = "https://datapackage.org/profiles/2.0/datapackage.json"

REFERENCES = {
    "authorships": {"paper_id": "papers", "author_id": "authors"},
    "author_identifiers": {"author_id": "authors"},
    "paper_affiliations": {"paper_id": "papers", "affiliation_id": "affiliations"},
    "records": {"paper_id": "papers"},
    "quarantine": {"record_id": "records"},
}
"""Foreign keys: table, column, the table it points to (there the column has the same name)."""


def describe(
    files: Mapping[str, Sequence[str]] | None = None,
    snapshot_id: str | None = None,
    about: Mapping[str, Any] | None = None,
    arxiv: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Return the descriptor. `files` gives each table's Parquet files, relative to the snapshot.

    Without `files` a glob of each table stands in their place. `about` is what the owner says of the dataset
    (`byline.decisions.about`), `arxiv` what the manifest says of arXiv's metadata, where that filled anything.
    """
    described: dict[str, Any] = {
        "$schema": PROFILE,
        "name": "byline",
        "title": TITLE,
        "version": snapshot_id or CONTRACT_VERSION,
        "contractVersion": CONTRACT_VERSION,
        "resources": [_resource(table, files) for table in TABLES.values()],
    }
    said = _said(about or {})
    if arxiv is not None:
        said["sources"] = [*said.get("sources", []), _arxiv(arxiv)]
    return {**described, **said}


def _arxiv(source: Mapping[str, Any]) -> dict[str, Any]:
    """Return arXiv's metadata as a source; the field `filled` of `papers` says what came from there."""
    return {
        "title": f"arXiv metadata, {source['papers']} papers"
        + (f", changed up to {source['newest']}" if source["newest"] else ""),
        "path": "https://www.kaggle.com/datasets/Cornell-University/arxiv",
        "version": source["sha256"],
    }


def _said(about: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the owner says in Data Package's words."""
    said: dict[str, Any] = {
        name: about[name] for name in ("title", "description", "homepage") if name in about
    }
    if "owner" in about:
        said["contributors"] = [{"title": about["owner"], "roles": ["owner"]}]
    if "licence" in about or "licence_url" in about:
        names = {"name": "licence", "path": "licence_url"}
        said["licenses"] = [{key: about[name] for key, name in names.items() if name in about}]
    if "citation" in about:
        said["citation"] = about["citation"]
    if "sources" in about:
        said["sources"] = [
            {key: one[name] for key, name in {"title": "title", "path": "url"}.items() if name in one}
            for one in about["sources"]
        ]
    return said


def to_json(
    files: Mapping[str, Sequence[str]],
    snapshot_id: str,
    about: Mapping[str, Any] | None = None,
    arxiv: Mapping[str, Any] | None = None,
) -> bytes:
    """Return the descriptor as canonical JSON with a final newline."""
    text = json.dumps(
        describe(files, snapshot_id, about, arxiv), ensure_ascii=False, sort_keys=True, indent=2
    )
    return f"{text}\n".encode()


def _resource(table: Table, files: Mapping[str, Sequence[str]] | None) -> dict[str, Any]:
    pattern = (
        f"{table.name}/{table.partition.name}=*/*.parquet" if table.partition else f"{table.name}/*.parquet"
    )
    resource: dict[str, Any] = {
        "name": table.name,
        "title": table.title,
        "description": (table.model.__doc__ or "").strip(),
        "path": list(files[table.name]) if files is not None else [pattern],
        "format": "parquet",
        "mediatype": "application/vnd.apache.parquet",
        "schema": _schema(table),
    }
    if table.partition is not None:
        # The key stands in the path only; Data Package has no word for that.
        resource["partitions"] = [
            {
                "name": table.partition.name,
                "type": _type(table.partition.dtype()),
                "description": table.partition.description,
            }
        ]
    return resource


def _schema(table: Table) -> dict[str, Any]:
    schema: dict[str, Any] = {
        "fields": [_field(doc, _limits(table, doc.name)) for doc in table.column_docs().values()],
        "fieldsMatch": "exact",  # a text in version 2.0; frictionless refuses a list
        "primaryKey": list(table.key),
    }
    references = REFERENCES.get(table.name, {})
    if references:
        schema["foreignKeys"] = [
            {"fields": [column], "reference": {"resource": target, "fields": [column]}}
            for column, target in references.items()
        ]
    return schema


def _limits(table: Table, column: str) -> dict[str, Any]:
    """Return the checks of a column that Data Package has words for."""
    limits: dict[str, Any] = {}
    for check in table.model.to_schema().columns[column].checks:
        facts = check.statistics or {}
        if "pattern" in facts:
            limits["pattern"] = str(getattr(facts["pattern"], "pattern", facts["pattern"]))
        if "allowed_values" in facts:
            limits["enum"] = list(facts["allowed_values"])
        if "min_value" in facts:
            limits["minimum"] = facts["min_value"]
        if "max_value" in facts:
            limits["maximum"] = facts["max_value"]
    return limits


def _field(doc: ColumnDoc, limits: dict[str, Any]) -> dict[str, Any]:
    constraints = dict(limits)
    if not doc.nullable:
        constraints["required"] = True
    if doc.unique:
        constraints["unique"] = True
    described: dict[str, Any] = {
        "name": doc.name,
        "type": _type(doc.dtype),
        "description": doc.description,
        "example": doc.example,
        "parquetType": str(doc.dtype),
    }
    if doc.unit is not None:
        described["unit"] = doc.unit
    if constraints:
        described["constraints"] = constraints
    if doc.checks:
        described["checks"] = list(doc.checks)
    return described


def _type(dtype: pl.DataType) -> str:
    """Return Data Package's word for a polars type."""
    if dtype.is_integer():
        return "integer"
    if dtype.is_float():
        return "number"
    words = {pl.Boolean: "boolean", pl.Date: "date", pl.List: "array", pl.String: "string"}
    return words[type(dtype)]
