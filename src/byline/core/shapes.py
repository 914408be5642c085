"""JSON of a known shape: pydantic checks it against plain dataclasses, and a message names the place that is wrong.

Types are strict (a number is no text, true is no number), and keys that nobody knows are left alone: a newer byline may
have written them.
"""

from __future__ import annotations

from typing import Annotated, Any, TypeVar

from pydantic import Field, Strict, TypeAdapter, ValidationError

T = TypeVar("T")

Text = Annotated[str, Strict()]
Count = Annotated[int, Field(strict=True, ge=0)]


_adapters: dict[type[object], TypeAdapter[Any]] = {}
"""Made once a process and shape: that takes longer than many checks."""


def shaped(data: object, shape: type[T]) -> T:
    """Return decoded JSON as the dataclass `shape`.

    Raises `ValueError`: it has another shape; the message names the first place and what is wrong there, for example
    `inputs.0.bytes: Input should be greater than or equal to 0`.
    """
    try:
        if shape not in _adapters:
            _adapters[shape] = TypeAdapter(shape)
        found: T = _adapters[shape].validate_python(data)
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        place = ".".join(str(step) for step in first["loc"])
        raise ValueError(f"{place}: {first['msg']}" if place else first["msg"]) from None
    return found
