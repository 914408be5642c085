"""What `byline review` asks of a person: one line, with the same two ways out every time."""

from __future__ import annotations

import typer


def ask(question: str) -> str:
    """Return the answer to a question; nothing where the person leaves it, `q` to stop."""
    answer: str = typer.prompt(f"{question}, Enter to skip, q to quit", default="", show_default=False)
    return answer


def choices(count: int) -> str:
    """Return how a person names one of so many: `1-3, `, `1, `, or nothing where there is none."""
    return {0: "", 1: "1, "}.get(count, f"1-{count}, ")
