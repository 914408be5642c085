"""`byline forms`: the forms that are read, each with an example, as their files say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from byline.cli.options import Shape

if TYPE_CHECKING:
    from byline.forms import Form


def forms(
    name: Annotated[
        str | None,
        typer.Argument(help="One form only.  [default: all]", show_default=False),
    ] = None,
    form: Annotated[Shape, typer.Option("--format", help="How to show them.")] = Shape.text,
) -> None:
    """Show the forms of listings that byline reads, each with an example.

    Text of these forms is recognized by itself, several forms in one file too. Where it is not, name the form beside
    the file: `form = "lines"` in NAME.listing.toml beside NAME.txt, or in listing.toml for a whole folder.
    """
    import json

    from byline.core.errors import UsageError
    from byline.forms import all_forms

    shown = [one for one in all_forms().values() if name in {None, one.name, one.form}]
    if not shown:
        known = ", ".join(sorted({one.form for one in all_forms().values()}))
        raise UsageError(f"no form is called {name!r}", f"Forms: {known}.")
    if form is Shape.json:
        typer.echo(json.dumps([_described(one) for one in shown], ensure_ascii=False, indent=2))
        return
    typer.echo("\n\n".join(_text(one) for one in shown))


def _described(form: Form) -> dict[str, Any]:
    return {
        "form": form.form,
        "page": form.page,
        "says": list(form.says),
        "declared_only": form.declared_only,
        "read": not form.unread,
        "way_out": form.way_out,
        "example": form.example.strip("\n"),
    }


def _text(form: Form) -> str:
    example = "\n".join(f"    {line}" for line in form.example.strip("\n").split("\n"))
    declared = "\n  declare it, unless its names leave no doubt" if form.declared_only else ""
    says = f"says: {', '.join(form.says)}" if not form.unread else f"recognized, not read: {form.way_out}"
    return f"{form.form}: {form.page}\n  {says}{declared}\n\n{example}"
