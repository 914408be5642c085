"""Plain lines of the one command that must answer at once, `byline parse`, read without typer.

typer takes a tenth of a second for the machinery that checks values: that is a fifth of a whole `byline parse`. What a
line says is read off the command's own declaration, so that it is declared once; whatever is not plain (help, a
mistake, a value of a list that is none) is left to typer, which has the words for it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from types import NoneType
from typing import Any, get_args, get_type_hints

from typer.models import ArgumentInfo, OptionInfo

PLAIN = {"parse": "byline.cli.parse"}
"""Commands that are read so, and where each lies."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a command: its name, its type without null, and the options that set it (none: the argument)."""

    name: str
    type: type[Any]
    options: tuple[str, ...]


def plain_call(words: Sequence[str]) -> Callable[[], None] | None:
    """Return the call that a line means, null where typer must read it.

    `["parse", "list.txt", "--format", "csv"]` is `parse(paste="list.txt", shape=FormatName.csv)`.
    """
    if not words or words[0] not in PLAIN:
        return None
    command = getattr(import_module(PLAIN[words[0]]), words[0])
    given = values(parameters(command), words[1:])
    return None if given is None else partial(command, **given)


def parameters(command: Callable[..., None]) -> list[Parameter]:
    """Return the parameters of a command as its annotations declare them to typer."""
    hints = get_type_hints(command, include_extras=True)
    return [_parameter(name, hint) for name, hint in hints.items() if name != "return"]


def _parameter(name: str, hint: object) -> Parameter:
    base, info = get_args(hint)
    kinds = [one for one in get_args(base) or (base,) if one is not NoneType]
    if isinstance(info, ArgumentInfo):
        return Parameter(name, kinds[0], ())
    assert isinstance(info, OptionInfo)
    # Within `Annotated` the first of the names stands where typer has the default elsewhere.
    named = [text for text in (info.default, *(info.param_decls or ())) if isinstance(text, str)]
    return Parameter(name, kinds[0], tuple(named) or (f"--{name.replace('_', '-')}",))


def values(known: Sequence[Parameter], words: Sequence[str]) -> Mapping[str, object] | None:
    """Return what words say, by parameter, each once and well; null where there is anything else."""
    options = {option: one for one in known for option in one.options}
    argument = next((one for one in known if not one.options), None)
    found: dict[str, object] = {}
    rest = iter(words)
    for word in rest:
        flag, equals, value = word.partition("=")
        named = word.startswith("-") and word != "-"
        one = options.get(flag) if named else argument
        if one is None or one.name in found:
            return None
        said = _value(one, value if equals else None, rest) if named else word
        if said is None:
            return None
        found[one.name] = said
    return found


def _value(one: Parameter, value: str | None, rest: Iterator[str]) -> object | None:
    """Return the value of an option, of what stands behind it or follows; null where it is none, or another option."""
    if one.type is bool:
        return True if value is None else None
    text = next(rest, "-") if value is None else value
    if text.startswith("-"):
        return None
    if issubclass(one.type, enum.Enum):
        return next((member for member in one.type if member.value == text), None)
    return text if one.type is str else None
