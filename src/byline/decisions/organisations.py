"""Which organisation a label means by a person's word: `affiliations.csv` in the folder of decisions.

Columns: label (as listed; case and white space don't matter), verdict (is | not), name, ror_id, country (ISO 3166-1
alpha-2), kind, note. `is` with a ror_id needs no more where the registry knows it, else a name. `not` with a name or a
ror_id says which organisation the label does not mean, without either that it means none.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import polars as pl
from pydantic import AfterValidator

from byline.affiliations import label_form
from byline.core.errors import UsageError
from byline.decisions.files import Listed, csv_rows, find

NAME = "affiliations.csv"
COLUMNS = {
    "label": pl.String(),
    "verdict": pl.String(),
    "name": pl.String(),
    "ror_id": pl.String(),
    "country": pl.String(),
    "kind": pl.String(),
}


def _ror_id(said: str) -> str:
    bare = re.sub(r"^(?:https?://)?(?:www\.)?ror\.org/", "", said).rstrip("/").lower()
    if not re.fullmatch(r"0[a-z0-9]{8}", bare):
        raise ValueError("a ROR id is 0 and eight letters and digits, such as 012abcd34")
    return bare


def _country(said: str) -> str:
    if not re.fullmatch("[A-Za-z]{2}", said):
        raise ValueError("a country has two letters, such as CH")
    return said.upper()


@dataclass(frozen=True)
class Meaning:
    """A row of `affiliations.csv`."""

    label: Listed
    verdict: Literal["is", "not"]
    name: Listed | None = None
    ror_id: Annotated[Listed, AfterValidator(_ror_id)] | None = None
    country: Annotated[Listed, AfterValidator(_country)] | None = None
    kind: Literal["company", "education", "facility", "government", "nonprofit", "other"] | None = None


def meanings(folder: Path | None) -> pl.DataFrame:
    """Return what labels mean by a person's word, the columns `COLUMNS`; the last `is` about a label counts.

    Raises `UsageError` naming file and line when one can't be read.
    """
    rows_shown = ("example labs,is,Example Labs,012abcd34,CH,company", "example,not,Example University,,,")
    example = "\n".join([",".join(COLUMNS), *rows_shown])
    path = find(folder, NAME)
    rows = []
    for number, one in csv_rows(path, Meaning, "what a label means", example):
        if one.verdict == "is" and one.name is None and one.ror_id is None:
            raise UsageError(
                f"{path}:{number}: `is` needs a name or a ror_id", f"Expected a CSV such as\n{example}"
            )
        rows.append((one.label, one.verdict, one.name, one.ror_id, one.country, one.kind))
    frame = pl.DataFrame(rows, schema=COLUMNS, orient="row")
    frame = frame.with_columns(label=label_form(frame["label"]))
    said = frame.filter(verdict="is").unique("label", keep="last", maintain_order=True)
    return pl.concat([said, frame.filter(verdict="not").unique(maintain_order=True)])
