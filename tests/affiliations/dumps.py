"""A dump of the Research Organization Registry with organisations that never were."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def record(
    number: int,
    display: str,
    *,
    labels: Sequence[str] = (),
    aliases: Sequence[str] = (),
    acronyms: Sequence[str] = (),
    country: str = "XX",
    types: Sequence[str] = ("education",),
    status: str = "active",
) -> dict[str, Any]:
    names = [(display, ["ror_display", "label"]), *((one, ["label"]) for one in labels)]
    names += [*((one, ["alias"]) for one in aliases), *((one, ["acronym"]) for one in acronyms)]
    return {
        "id": f"https://ror.org/0fake{number:02}00",
        "names": [{"value": value, "types": kinds, "lang": None} for value, kinds in names],
        "locations": [{"geonames_details": {"country_code": country}}],
        "types": list(types),
        "status": status,
    }


FABRICATED = [
    record(1, "University of Lilliput", labels=["Universität Lilliput"], acronyms=["ULI"], country="LI"),
    record(2, "Brobdingnag Institute of Technology", aliases=["Brobdingnag Tech"], acronyms=["BITE", "XQ"]),
    record(3, "Laputa Research (Laputa)", types=["company", "funder"], country="LA"),
    record(4, "Glubbdubdrib College", acronyms=["GLUB"]),
    record(5, "Glubbdubdrib Labour Union", acronyms=["GLUB"]),
    record(6, "Balnibarbi Academy", status="withdrawn"),
    record(7, "Saint Swift College", country="IE"),
    record(8, "Saint Swift College", country="GB"),
    record(9, "GLUB"),
]


def write_dump(path: Path, organisations: Sequence[dict[str, Any]] = FABRICATED) -> None:
    """Write a dump, as the registry packs it."""
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("v9-ror-data.json", json.dumps(organisations))
