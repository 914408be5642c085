"""The same in SQL. `python -m benchmarks.rivals.by_duckdb LISTING TARGET`."""

from __future__ import annotations

import sys
from pathlib import Path

import duckdb

from benchmarks.rivals import CUT, HEADER, ORGANISATIONS, RULE

QUERY = f"""
COPY (
  WITH lines AS (
    SELECT line, row_number() OVER () - 1 AS number
    FROM read_csv(?, columns = {{'line': 'VARCHAR'}}, delim = '\x01', quote = '', escape = '', header = false,
                  auto_detect = false, parallel = false, max_line_size = 10000000)
  ), records AS (
    SELECT number // 3 AS row, max(line) FILTER (number % 3 = 0) AS header,
           max(line) FILTER (number % 3 = 1) AS byline, max(line) FILTER (number % 3 = 2) AS abstract
    FROM lines GROUP BY 1
  ), parts AS (
    SELECT *, split_part(byline, '{ORGANISATIONS}', 1) AS names, split_part(byline, '{ORGANISATIONS}', 2) AS labels
    FROM records
  ), found AS (
    SELECT *, regexp_extract(header, '{HEADER}', ['code', 'date', 'badges']) AS head,
           regexp_extract(regexp_replace(names, '{CUT.replace(".", "[.]")}$', ''), '{RULE}', ['title', 'names']) AS read
    FROM parts
  )
  SELECT row, head.code AS code, strptime(head.date, '%b %d, %Y')::DATE AS published, head.badges AS badges,
         nullif(read.title, '') AS title,
         CASE WHEN read.names = '' THEN [] ELSE string_split(read.names, ', ') END AS authors,
         names LIKE '%{CUT}' AS authors_truncated,
         CASE WHEN labels = '' THEN [] ELSE string_split(labels, ', ') END AS affiliations, abstract
  FROM found ORDER BY row
) TO '%s' (FORMAT parquet, COMPRESSION zstd)
"""


def main(listing: Path, target: Path) -> None:
    """Run the query."""
    duckdb.execute(QUERY.replace("%s", str(target).replace("'", "''")), [str(listing)])


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
