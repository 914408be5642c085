"""SQL over a snapshot: it reads the tables, and reaches nothing else."""

from __future__ import annotations

import pytest

from byline.core.errors import UsageError
from byline.export.database import connect
from byline.export.database import run as run_statements
from byline.snapshots.dataset import open_dataset
from tests.conftest import files_of


def run(connection, query: str):
    """Run statements that give rows."""
    answer = run_statements(connection, query)
    assert answer is not None
    return answer


CHANGES = [
    "COPY (SELECT 1) TO '{folder}/x.csv'",
    "EXPLAIN ANALYZE COPY (SELECT 1) TO '{folder}/x.csv'",
    "CREATE TABLE t AS SELECT 1",
    "DROP VIEW papers",
    "ATTACH '{folder}/x.db'",
    "SET enable_external_access = true",
    "SET lock_configuration = false",
    "PRAGMA database_list",
    "INSTALL httpfs",
    "LOAD httpfs",
    "EXPORT DATABASE '{folder}/x'",
    "SELECT 1; DROP VIEW papers",
]
REACHES = [
    "SELECT * FROM read_text('/etc/hostname')",
    "SELECT * FROM '/etc/hostname'",
    "SELECT * FROM glob('/*')",
    "SELECT * FROM read_csv('{folder}/../../../raw/listing.txt')",
    "SELECT * FROM read_parquet('http://127.0.0.1/x.parquet')",
    "SELECT * FROM secret_variable",
    "SELECT * FROM sniff_csv('/etc/hostname')",
]


@pytest.fixture
def data(real_build):
    return open_dataset(real_build)


def test_every_table_is_a_view_with_its_partition_key(data):
    with connect(data) as connection:
        names = [row[0] for row in run(connection, "SHOW TABLES").fetchall()]
        assert set(data.tables) <= set(names)
        years = run(connection, "SELECT year, typeof(year) FROM papers GROUP BY ALL ORDER BY 1").fetchall()
        assert years[0] == (2019, "INTEGER")
        assert run(connection, "SELECT count(*) FROM authors WHERE initial = 'A'").fetchall() == [(2,)]


@pytest.mark.parametrize("query", CHANGES)
def test_a_statement_that_changes_something_is_not_run(data, query):
    before = files_of(data.path)
    with connect(data) as connection, pytest.raises(UsageError):
        run(connection, query.format(folder=data.path))
    assert files_of(data.path) == before


@pytest.mark.parametrize("query", REACHES)
def test_a_query_reaches_nothing_but_the_snapshot(data, query):
    secret_variable = __import__("polars").DataFrame({"a": [1]})
    assert secret_variable.height
    with connect(data) as connection, pytest.raises(UsageError):
        run(connection, query.format(folder=data.path)).fetchall()


def test_a_mistake_is_said_with_a_way_out(data):
    with connect(data) as connection, pytest.raises(UsageError, match="papres") as said:
        run(connection, "SELECT * FROM papres")
    assert "SHOW TABLES" in said.value.way_out


def test_an_empty_text_asks_nothing(data):
    with connect(data) as connection:
        assert run_statements(connection, " ; ") is None
