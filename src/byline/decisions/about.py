"""What the owner says of the dataset: `dataset.toml` in the curated folder, for descriptors and the report.

title = "Papers on owls"
description = "What our group reads."
owner = "The owl group"
licence = "CC0-1.0"                      # an SPDX identifier, or a name
licence_url = "https://creativecommons.org/publicdomain/zero/1.0/"
citation = "The owl group: Papers on owls, 2026."
homepage = "https://example.org/owls"
[[sources]]
title = "arXiv's list of cs.LG"
url = "https://example.org/list"
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from byline.core.decoding import from_toml
from byline.core.errors import UsageError
from byline.decisions.files import find

NAME = "dataset.toml"
MOST_BYTES = 256 * 1024
TEXTS = ("title", "description", "owner", "licence", "licence_url", "citation", "homepage")
ADDRESSES = ("licence_url", "homepage", "url")
SOURCE = ("title", "url")
_WAY_OUT = f"It may hold {', '.join(TEXTS)} (texts) and [[sources]] with title and url."


def about(folder: Path | None) -> dict[str, Any]:
    """Return what the owner says; empty when there is no such file.

    Raises `UsageError` naming the file: it is no TOML, or says what it can't say.
    """
    path = find(folder, NAME)
    if path is None:
        return {}
    try:
        if path.stat().st_size > MOST_BYTES:
            raise UsageError(f"{path}: larger than {MOST_BYTES} bytes", _WAY_OUT)
        said = from_toml(path.read_bytes())
    except (OSError, ValueError) as problem:
        raise UsageError(f"{path}: {problem}", _WAY_OUT) from None
    sources = said.pop("sources", [])
    _check(path, said, TEXTS)
    if not isinstance(sources, list) or not all(isinstance(one, dict) for one in sources):
        raise UsageError(f"{path}: `sources` is no list of tables", _WAY_OUT)
    for one in sources:
        _check(path, one, SOURCE)
        if "title" not in one:
            raise UsageError(f"{path}: a source needs a title", _WAY_OUT)
    return {**said, **({"sources": sources} if sources else {})}


def _check(path: Path, said: dict[str, Any], known: tuple[str, ...]) -> None:
    for name, value in said.items():
        if name not in known:
            raise UsageError(f"{path}: {name!r} is not known", _WAY_OUT)
        if not isinstance(value, str) or not value.strip() or not value.isprintable():
            raise UsageError(f"{path}: {name} is not a line of text: {value!r:.60}", _WAY_OUT)
        if name in ADDRESSES and not value.startswith(("https://", "http://")):
            raise UsageError(f"{path}: {name} is not a web address: {value!r:.60}", _WAY_OUT)
