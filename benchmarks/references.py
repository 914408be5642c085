"""Do byline's tables say what their sources say? Asks the sources' own files, which are not in the repository.

`--reference DIR` (or `BYLINE_REFERENCE`) names a folder with `arxiv_taxonomy.json` (arXiv's categories) and
`ror_subset.jsonl.gz` (records of the Research Organization Registry, one a line).
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import polars as pl

from byline.affiliations.dump import KINDS
from byline.affiliations.forms import exact_form
from byline.affiliations.registry import load_registry
from byline.normalize.categories import taxonomy

RETIRED = ("test", "bad-arch")


def wrong_categories(facts: dict[str, Any]) -> Iterator[str]:
    """Yield what arXiv says otherwise about its categories."""
    known = taxonomy()
    active = {one for one in facts["categories_active"] if not one.startswith(RETIRED)}
    ours = set(known.names) | (set(known.aliases) & active)
    yield from (f"category {one}: active at arXiv, or here, not both" for one in sorted(ours ^ active))
    for one, name in known.names.items():
        if (theirs := facts["categories"].get(one, {}).get("full_name")) != name:
            yield f"category {one}: {name!r} here, {theirs!r} at arXiv"
    for table in ("category_aliases", "archives_subsumed"):
        for alias, target in facts[table].items():
            if known.aliases.get(alias) != target:
                yield f"alias {alias}: {known.aliases.get(alias)} here, {target} at arXiv"


def wrong_organisations(records: dict[str, dict[str, Any]]) -> Iterator[str]:
    """Yield what the registry says otherwise about the curated organisations, as far as its records are at hand."""
    curated = load_registry()
    ours = {key: set(forms) for key, forms in curated.forms.group_by("key").agg("form").iter_rows()}
    for row in curated.organisations.iter_rows(named=True):
        theirs = records.get(row["ror_id"])
        if theirs is None:
            continue
        names = pl.Series([one["value"] for one in theirs["names"]])
        forms = set(exact_form(names)) | set(exact_form(names.str.replace(r" \([^()]*\)$", "")))
        types = {one.lower() for one in theirs["types"]}
        said = {
            "the names": bool(forms & ours[row["key"]]),
            f"country {row['country']}": theirs["country"] == row["country"],
            "not withdrawn": theirs["status"] != "withdrawn",
            f"kind {row['kind']}": row["kind"] == next((one for one in KINDS if one in types), "other"),
        }
        yield from (f"organisation {row['key']}: {what} differs" for what, holds in said.items() if not holds)


def main() -> None:
    """Print every difference; end with 1 when there is one."""
    parser = argparse.ArgumentParser(description=__doc__)
    default = os.environ.get("BYLINE_REFERENCE", "../shared/reference")
    parser.add_argument("--reference", type=Path, default=Path(default))
    folder: Path = parser.parse_args().reference
    facts = json.loads((folder / "arxiv_taxonomy.json").read_text("utf-8"))
    with gzip.open(folder / "ror_subset.jsonl.gz", "rt", encoding="utf-8") as lines:
        records = {one["id"][-9:]: one for one in map(json.loads, lines)}
    found = [*wrong_categories(facts), *wrong_organisations(records)]
    print("\n".join(found) or f"all as {folder} says")
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
