"""`croissant.json`: the snapshot described for machine learning tools (Croissant 1.1, JSON-LD), made from the models.

Tables are file sets: a pattern of Parquet files. Their partition key stands in the path only, so its field is read from
the file's full path.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import polars as pl

from byline.snapshots.datapackage import REFERENCES, TITLE
from byline_schemas import CONTRACT_VERSION, TABLES, ColumnDoc, Table

NAME = "croissant.json"
CONFORMS = "http://mlcommons.org/croissant/1.1"
CONTEXT: dict[str, Any] = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isArray": "cr:isArray",
    "arrayShape": "cr:arrayShape",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The context that the specification sets."""


def describe(snapshot_id: str, about: Mapping[str, Any]) -> dict[str, Any]:
    """Return the descriptor of a snapshot; `about` is what the owner says (`byline.decisions.about`)."""
    said = {
        "license": about.get("licence_url", about.get("licence")),
        "creator": {"@type": "sc:Organization", "name": about["owner"]} if "owner" in about else None,
        "citeAs": about.get("citation"),
        "url": about.get("homepage"),
    }
    return {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "name": about.get("title", TITLE),
        "description": about.get(
            "description", "Made by byline from pasted listings; see datapackage.json, too."
        ),
        "conformsTo": CONFORMS,
        "version": f"{CONTRACT_VERSION}.0+{snapshot_id}",
        "distribution": [_files(table) for table in TABLES.values()],
        "recordSet": [_record_set(table) for table in TABLES.values()],
        **{name: value for name, value in said.items() if value},
    }


def to_json(snapshot_id: str, about: Mapping[str, Any]) -> bytes:
    """Return the descriptor as canonical JSON with a final newline."""
    text = json.dumps(describe(snapshot_id, about), ensure_ascii=False, sort_keys=True, indent=2)
    return f"{text}\n".encode()


def _files(table: Table) -> dict[str, Any]:
    folder = f"{table.name}/{table.partition.name}=*" if table.partition else table.name
    return {
        "@type": "cr:FileSet",
        "@id": f"{table.name}-files",
        "name": f"{table.name}-files",
        "description": f"The Parquet files of table {table.name}.",
        "encodingFormat": "application/x-parquet",
        "includes": f"{folder}/*.parquet",
    }


def _record_set(table: Table) -> dict[str, Any]:
    fields = [_field(table, doc) for doc in table.column_docs().values()]
    if table.partition is not None:
        fields.append(_partition(table))
    return {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": " ".join((table.model.__doc__ or "").split()),
        "key": [{"@id": f"{table.name}/{column}"} for column in table.key],
        "field": fields,
    }


def _field(table: Table, doc: ColumnDoc) -> dict[str, Any]:
    field: dict[str, Any] = {
        "@type": "cr:Field",
        "@id": f"{table.name}/{doc.name}",
        "name": doc.name,
        "description": doc.description,
        "dataType": _type(doc.dtype),
        "source": {"fileSet": {"@id": f"{table.name}-files"}, "extract": {"column": doc.name}},
    }
    if isinstance(doc.dtype, pl.List):
        field |= {"isArray": True, "arrayShape": "-1"}
    target = REFERENCES.get(table.name, {}).get(doc.name)
    if target is not None:
        field["references"] = {"field": {"@id": f"{target}/{doc.name}"}}
    return field


def _partition(table: Table) -> dict[str, Any]:
    assert table.partition is not None
    name = table.partition.name
    return {
        "@type": "cr:Field",
        "@id": f"{table.name}/{name}",
        "name": name,
        "description": f"{table.partition.description} It stands in the path only.",
        "dataType": _type(table.partition.dtype()),
        "source": {
            "fileSet": {"@id": f"{table.name}-files"},
            "extract": {"fileProperty": "fullpath"},
            "transform": {"regex": f"^.*{name}=([^/]+)/.*$"},
        },
    }


def _type(dtype: pl.DataType) -> str:
    """Return Croissant's word for a polars type; of a list, that of its items."""
    if dtype.is_integer():
        return "sc:Integer"
    if dtype.is_float():
        return "sc:Float"
    words = {pl.Boolean: "sc:Boolean", pl.Date: "sc:Date"}
    return words.get(type(dtype), "sc:Text")
