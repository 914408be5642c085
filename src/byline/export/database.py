"""DuckDB over one snapshot: a view a table, and nothing else that a query could reach.

A query comes from a person, or from whoever wrote the script that a person runs. So the snapshot's folder is the only
place that DuckDB may open, extensions are neither installed nor loaded, the configuration is locked, and only
statements that read are run: inside its allowed folder DuckDB would write, too (`COPY … TO`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from byline.core.errors import UsageError
from byline.core.extras import needed
from byline.snapshots import manifest
from byline.snapshots.dataset import Dataset
from byline_schemas import TABLES

if TYPE_CHECKING:
    import duckdb

READING = frozenset({"SELECT"})
"""Kinds of statements that are run. `SHOW`, `DESCRIBE` and `SUMMARIZE` are selections to DuckDB; `EXPLAIN ANALYZE` is
left out, since what it explains is run, a `COPY` too."""

LOCKS = (
    "SET autoinstall_known_extensions = false",
    "SET autoload_known_extensions = false",
    "SET python_enable_replacements = false",  # a query must not see this process's variables
    "SET temp_directory = ''",
)


@contextmanager
def connect(dataset: Dataset) -> Iterator[duckdb.DuckDBPyConnection]:
    """Yield a connection that sees the snapshot's tables, and the redirects as far as there are any, as views.

    Raises `UsageError`: DuckDB is not installed.
    """
    with needed("export", "SQL over a snapshot"):
        import duckdb  # noqa: PLC0415 - an extra
    with duckdb.connect() as connection:
        for lock in LOCKS:
            connection.execute(lock)
        allowed = [str(dataset.path)]
        if dataset.output is not None:
            allowed.append(str(dataset.output / "history"))
        connection.execute("SET allowed_directories = " + _texts(allowed))
        connection.execute("SET enable_external_access = false")
        connection.execute("SET lock_configuration = true")
        for name in dataset.tables:
            connection.execute(_view(dataset, name))
        for name, statement in _redirects(dataset):
            connection.execute(f"CREATE VIEW {name} AS {statement}")
        yield connection


def run(connection: duckdb.DuckDBPyConnection, query: str) -> duckdb.DuckDBPyConnection | None:
    """Run the statements of a text; return the connection with the last one's rows, null when there is no statement.

    Raises `UsageError`: a statement is malformed, fails, or would change something.
    """
    import duckdb  # noqa: PLC0415 - an extra; `connect` has said so where it is missing

    answer = None
    try:
        for statement in connection.extract_statements(query):
            if statement.type.name not in READING:
                raise UsageError(
                    f"{statement.type.name} is not run: byline sql only reads",
                    "Write SELECT …, or take the data elsewhere with: byline export duckdb",
                )
            answer = connection.execute(statement)
    except duckdb.Error as problem:
        raise UsageError(f"SQL: {str(problem).strip()}", "The tables: byline sql 'SHOW TABLES'") from None
    return answer


def select_papers(dataset: Dataset, where: str) -> list[str]:
    """Return the ids of the papers that a condition in SQL holds for.

    Raises `UsageError`: the condition is malformed, or is more than a condition.
    """
    with connect(dataset) as connection:
        answer = run(connection, f"SELECT paper_id FROM papers WHERE ({where}\n) ORDER BY paper_id")
        rows: list[tuple[Any, ...]] = [] if answer is None else answer.fetchall()
        if answer is None or [column[0] for column in answer.description or []] != ["paper_id"]:
            raise UsageError(f"{where!r} is not a condition", "For example: --where \"category = 'cs.LG'\"")
    return [str(row[0]) for row in rows]


def _view(dataset: Dataset, name: str) -> str:
    files = [
        str(dataset.path / file.path) for file in manifest.read_manifest(dataset.path).tables[name].files
    ]
    partition = TABLES[name].partition
    if partition is None:
        return f"CREATE VIEW {name} AS SELECT * FROM read_parquet({_texts(files)}, hive_partitioning = false)"
    kind = "INTEGER" if partition.dtype.is_integer() else "VARCHAR"
    # The key from each file's own folder: DuckDB would also take `key=value` folders above the dataset for partitions.
    key = rf"regexp_extract(parse_path(filename)[-2], '^{partition.name}=(.*)$', 1)"
    return (
        f"CREATE VIEW {name} AS SELECT * EXCLUDE (filename), CAST(url_decode({key}) AS {kind}) AS {partition.name} "
        f"FROM read_parquet({_texts(files)}, hive_partitioning = false, filename = true)"
    )


def _redirects(dataset: Dataset) -> Iterator[tuple[str, str]]:
    for name in ("author_redirects", "paper_redirects"):
        folder = dataset.output / "history" / name if dataset.output is not None else None
        files = sorted(str(path) for path in folder.glob("*.parquet")) if folder is not None else []
        if files:
            yield name, f"SELECT * FROM read_parquet({_texts(files)}, hive_partitioning = false)"


def _texts(values: list[str]) -> str:
    return "[" + ", ".join("'" + value.replace("'", "''") + "'" for value in values) + "]"
