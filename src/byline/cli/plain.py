"""Plain lines of the commands that must start fast, `byline parse` and `byline build`, read without typer.

typer takes a tenth of a second for the machinery that checks values: that is a fifth of a whole `byline parse`. What a
line says is read off the command's own declaration, so that it is declared once; whatever is not plain (help, a
mistake, a list, a fraction) is left to typer, which has the words for it.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from types import NoneType
from typing import Any, get_args, get_type_hints

from typer.models import ArgumentInfo, OptionInfo

PLAIN = {"build": "byline.cli.build", "parse": "byline.cli.parse"}
"""Commands that are read so, and where each lies."""


@dataclass(frozen=True)
class Parameter:
    """A parameter of a command: its name, its type without null, and the options that set it (none: the argument)."""

    name: str
    type: type[Any]
    options: tuple[str, ...]
    off: tuple[str, ...] = ()
    """The options that say no."""
    least: float | None = None


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
    kinds = [one for one in get_args(base) if one is not NoneType] if NoneType in get_args(base) else [base]
    if isinstance(info, ArgumentInfo):
        return Parameter(name, kinds[0], ())
    assert isinstance(info, OptionInfo)
    # Within `Annotated` the first of the names stands where typer has the default elsewhere.
    named = [text for text in (info.default, *(info.param_decls or ())) if isinstance(text, str)]
    both = [text.partition("/") for text in named]
    options = tuple(yes for yes, _, _ in both) or (f"--{name.replace('_', '-')}",)
    return Parameter(name, kinds[0], options, tuple(no for _, _, no in both if no), info.min)


def values(known: Sequence[Parameter], words: Sequence[str]) -> Mapping[str, object] | None:
    """Return what words say, by parameter, each once and well; null where there is anything else."""
    options = {option: one for one in known for option in (*one.options, *one.off)}
    argument = next((one for one in known if not one.options and one.type is str), None)
    found: dict[str, object] = {}
    rest = iter(words)
    for word in rest:
        flag, equals, value = word.partition("=")
        named = word.startswith("-") and word != "-"
        one = options.get(flag) if named else argument
        if one is None or one.name in found:
            return None
        said: object | None = word
        if named and one.type is bool:
            said = None if equals else flag not in one.off
        elif named:
            said = _value(one, value if equals else next(rest, "-"))
        if said is None:
            return None
        found[one.name] = said
    return found


def _value(one: Parameter, text: str) -> object | None:
    """Return the value of an option that this text gives; null where it is none, or another option."""
    if text.startswith("-"):
        return None
    if isinstance(one.type, type) and issubclass(one.type, enum.Enum):
        return next((member for member in one.type if member.value == text), None)
    if one.type is int:
        number = int(text) if text.isascii() and text.isdigit() else None
        return None if number is None or number < (one.least or 0) else number
    return one.type(text) if one.type in (str, Path) else None
