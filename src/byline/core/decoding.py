r"""JSON and TOML that somebody else wrote: whatever is wrong with it is a `ValueError`, and nothing odd comes through.

The decoders of the standard library raise other errors for what is nested too deeply, and let through what no JSON is
(`NaN`) and what no text can hold (half of a surrogate pair, `"\ud800"`), which then fails far from the file.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from typing import Any, NoReturn

_HALF = re.compile(r"[\ud800-\udfff]")
_ESCAPED = re.compile(rb"\\u[dD][89a-fA-F]")
DEEPEST = 20
"""Levels of a TOML text, or of a manifest's options; nothing that byline reads or writes has more than four."""
_TOO_DEEP = "nested too deeply"


def from_json(content: bytes) -> Any:  # noqa: ANN401 - whatever it says
    """Return what a JSON text says; a byte-order mark is passed over.

    Raises `ValueError`: it is no JSON, no UTF-8, nested too deeply, or says what no text and no number is.
    """
    try:
        said = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse)
        if _ESCAPED.search(content) and _HALF.search(json.dumps(said, ensure_ascii=False)):
            raise ValueError("a text holds half of a surrogate pair")
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    return said


def from_toml(content: bytes) -> dict[str, Any]:
    """Return what a TOML text says; a byte-order mark, which editors on Windows put before it, is passed over.

    Raises `ValueError`: it is no TOML, no UTF-8, or nested too deeply.
    """
    try:
        said = tomllib.loads(content.decode("utf-8-sig"))
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None
    shallow(said)  # dotted keys nest without brackets: `a.a.a = 1`
    return said


def shallow(said: object) -> None:
    """Raise `ValueError` where something has more than `DEEPEST` levels: whatever walks through it would give up."""
    level = [said]
    for _ in range(DEEPEST + 1):
        level = [item for value in level for item in _items(value)]
        if not level:
            return
    raise ValueError(_TOO_DEEP)


def _items(value: object) -> Iterable[Any]:
    """Return what a table or an array holds."""
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no JSON")
