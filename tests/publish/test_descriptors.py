"""The descriptors of a snapshot pass the tools that read them, and say what the owner says."""

from __future__ import annotations

import json
import os
from pathlib import Path

import polars as pl
import pytest

from byline.cli import run
from byline.core.errors import UsageError
from byline.decisions.about import about
from byline.forms.model import forms
from byline.snapshots import croissant, datapackage
from byline_schemas import TABLES
from tests.conftest import LISTING

SAID = """
title = "Papers on owls"
owner = "The owl group"
licence = "CC0-1.0"
licence_url = "https://creativecommons.org/publicdomain/zero/1.0/"
citation = "The owl group: Papers on owls."
[[sources]]
title = "A list of owls"
url = "https://example.org/list"
"""


def test_frictionless_accepts_the_datapackage(real_build):
    from frictionless import Package

    package = Package(str(real_build / "datapackage.json"))  # raises what is wrong with the descriptor
    assert [resource.name for resource in package.resources] == list(TABLES)
    # It reads one file of a table and no lists of texts, so rows are checked where a table is neither.
    for name in ("affiliations", "quarantine"):
        assert package.get_resource(name).validate().valid


def test_mlcroissant_accepts_the_croissant_and_reads_a_partitioned_table(real_build):
    import mlcroissant

    dataset = mlcroissant.Dataset(real_build / "croissant.json")
    assert dataset.metadata.ctx.issues.errors == set()
    rows = list(dataset.records("papers"))
    assert len(rows) == 21
    assert {row["papers/year"] for row in rows} == {2019, 2020, 2021, 2022, 2023, 2024}


@pytest.mark.slow  # two builds, and mlcroissant reads each table again for each that refers to it
def test_both_tools_take_a_dataset_of_many_forms_with_undated_papers_and_identifiers(build, tmp_path):
    import mlcroissant
    from frictionless import Package

    examples = {f"{form.form}.txt": form.example for form in forms().values()}
    first = build(examples)
    mention = pl.read_parquet(f"{first.path}/authorships/**/*.parquet").row(0, named=True)
    (tmp_path / "curated").mkdir()
    (tmp_path / "curated" / "identifiers.csv").write_text(
        "scheme,value,paper_id,position,evidence,note\n"
        f"orcid,0000-0002-1825-0097,{mention['paper_id']},{mention['position']},https://example.org/page,\n"
    )
    path = Path(build(examples).path)
    counts = {
        name: entry["rows"]
        for name, entry in json.loads((path / "manifest.json").read_bytes())["tables"].items()
    }
    assert counts["author_identifiers"] == 1
    assert counts["quarantine"] > 0
    assert (path / "papers" / "year=0").is_dir()
    for name, rows in counts.items():
        assert len(list(mlcroissant.Dataset(path / "croissant.json").records(name))) == rows, name
    package = Package(str(path / "datapackage.json"))
    for name in ("affiliations", "quarantine"):
        assert package.get_resource(name).validate().valid, name


def test_what_the_owner_says_stands_in_all_documents(built, tmp_path, capsys):
    built({"a.txt": LISTING.read_text("utf-8")})
    out = tmp_path / "out"
    arguments = ["build", "--raw", str(tmp_path / "raw"), "--out", str(out)]
    (tmp_path / "curated").mkdir()
    (tmp_path / "curated" / "dataset.toml").write_text(SAID)
    assert run(arguments) == 0
    assert "published" in capsys.readouterr().out
    assert len(list((out / "snapshots").iterdir())) == 2
    package = json.loads((out / "current" / "datapackage.json").read_bytes())
    assert package["title"] == "Papers on owls"
    assert package["contributors"] == [{"title": "The owl group", "roles": ["owner"]}]
    assert package["licenses"][0]["name"] == "CC0-1.0"
    assert package["sources"] == [{"title": "A list of owls", "path": "https://example.org/list"}]
    described = json.loads((out / "current" / "croissant.json").read_bytes())
    assert described["name"] == "Papers on owls"
    assert described["citeAs"] == "The owl group: Papers on owls."
    page = (out / "current" / "report.html").read_text("utf-8")
    assert "<h1>Papers on owls</h1>" in page
    assert "Kept by The owl group." in page
    assert run(["validate", str(out)]) == 0


@pytest.mark.parametrize(
    "text",
    ["title = 1", "titel = 'x'", "title = ''", "title = 'a\\u0007b'", "homepage = 'javascript:x'", "x",
     f"title = '{'x' * 300_000}'", "title = " + "[" * 2_000 + "]" * 2_000, "title." * 50 + "a = 1",
     "sources = 1", "sources = [{url = 'https://x'}]", "sources = [{title = 'x', path = 'y'}]"],
)  # fmt: skip
def test_what_can_t_be_said_is_refused_by_name(tmp_path, text):
    (tmp_path / "dataset.toml").write_text(text.replace("'", '"'))
    with pytest.raises(UsageError, match=r"dataset\.toml"):
        about(tmp_path)


@pytest.mark.parametrize("plant", [os.mkfifo, lambda path: path.symlink_to("/dev/zero")])
def test_what_is_no_file_is_not_read_for_what_is_said_of_the_dataset(tmp_path, plant):
    plant(tmp_path / "dataset.toml")
    with pytest.raises(UsageError, match=r"dataset\.toml is not a file"):
        about(tmp_path)


@pytest.mark.parametrize("name", [datapackage.NAME, croissant.NAME, "report.html"])
def test_an_altered_document_is_found(tmp_path, real_build, name):
    import shutil

    from byline.snapshots import manifest
    from byline.validation import validate

    copy = tmp_path / real_build.name
    shutil.copytree(real_build, copy)
    content = (copy / name).read_text("utf-8").replace("Papers", "Forged")
    (copy / name).write_text(content)
    described = json.loads((copy / manifest.NAME).read_bytes())
    for document in described["documents"]:
        if document["path"] == name:
            document |= {"bytes": len(content.encode()), "sha256": manifest.sha256(copy / name)}
    (copy / manifest.NAME).write_bytes(manifest.parse(json.dumps(described).encode()).to_json())
    assert {finding.rule for finding in validate(copy).findings} == {"documents_are_generated"}
