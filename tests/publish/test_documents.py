"""Documents that are made from the models are what the models say now; every loader reads the files alike."""

from __future__ import annotations

import json
from importlib import import_module
from pathlib import Path

import polars as pl
import pytest

from byline.snapshots import datapackage, dictionary, manifest
from byline_schemas import TABLES
from tests.validation import dataset

ROOT = Path(__file__).parents[2]


def test_the_data_dictionary_is_up_to_date():
    written = (ROOT / "docs" / "data-dictionary.md").read_text(encoding="utf-8")
    assert written == dictionary.markdown(), (
        "run: python -m byline.snapshots.dictionary > docs/data-dictionary.md"
    )


def test_the_descriptor_names_every_table_column_and_file(tmp_path):
    known = dataset.snapshot(tmp_path, dataset.frames(4, people=3))
    described = json.loads((tmp_path / datapackage.NAME).read_bytes())
    assert [resource["name"] for resource in described["resources"]] == list(TABLES)
    for resource in described["resources"]:
        table = TABLES[resource["name"]]
        assert [field["name"] for field in resource["schema"]["fields"]] == list(table.columns())
        assert resource["path"] == [file.path for file in known.tables[table.name].files]
        assert resource["schema"]["primaryKey"] == list(table.key)


def test_the_descriptor_carries_limits_and_units():
    papers = datapackage.describe()["resources"][0]["schema"]["fields"]
    fields = {field["name"]: field for field in papers}
    assert fields["boundary_confidence"]["constraints"] == {"required": True, "minimum": 0, "maximum": 1}
    assert fields["author_count"]["unit"] == "authors"
    assert fields["paper_id"]["constraints"]["pattern"] == "^[0-9a-f]{20}$"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    place = tmp_path_factory.mktemp("loaded")
    dataset.snapshot(place, dataset.frames(6, people=3))
    return place


@pytest.mark.parametrize("name", list(TABLES))
def test_polars_pyarrow_duckdb_and_pandas_load_the_same_rows(name, folder):
    import duckdb
    import pyarrow.dataset as ds

    table = TABLES[name]
    loaded = pl.read_parquet(folder / name)
    expected = [*table.columns(), *([table.partition.name] if table.partition else [])]
    assert loaded.columns == expected
    assert ds.dataset(folder / name, partitioning="hive").to_table().num_rows == loaded.height
    assert len(import_module("pandas").read_parquet(folder / name)) == loaded.height
    query = f"SELECT * FROM read_parquet('{folder}/{name}/**/*.parquet', hive_partitioning = true)"
    result = duckdb.connect().execute(query)
    assert [column[0] for column in result.description or []] == expected
    assert len(result.fetchall()) == loaded.height


def test_a_manifest_is_canonical_json():
    sealed = manifest.Manifest("2.0", "c", "s", {}, (), {}, {"published": 1}, {"bad_date": 2})
    text = sealed.to_json().decode()
    assert text.startswith(
        '{\n  "code_version": "c",\n  "contract_version": "2.0",\n  "counts": {\n    "published": 1,'
    )
    assert text.endswith("}\n")
    assert manifest.parse(sealed.to_json()) == sealed


def test_inputs_are_listed_by_their_path_whoever_names_them_first():
    b, a = (manifest.Input(name, "0", 1, 1) for name in "ba")
    assert sorted([b, a]) == [a, b]
