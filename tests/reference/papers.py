"""Fabricated papers as arXiv's metadata file has them."""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from typing import Any, TypeVar

A = TypeVar("A")
R = TypeVar("R")


def here(stage: str, work: Callable[[A], R], tasks: Sequence[A]) -> list[R]:
    """Run tasks one after the other, as the engine without workers does."""
    return [work(task) for task in tasks]


WORDS = [
    "sparse", "gates", "waste", "little", "while", "trees", "grow", "bark", "under", "rain", "rivers", "carry",
    "pebbles", "over", "stones", "toward", "quiet", "lakes", "where", "herons", "count", "fish", "before", "winter",
    "storms", "close", "every", "harbour", "along", "northern", "shores",
]  # fmt: skip


def sentence(seed: int | str) -> str:
    """Return a sentence that no other seed has."""
    return " ".join(random.Random(seed).sample(WORDS, 16)).capitalize() + "."


def metadata(number: int = 1, **fields: Any) -> dict[str, Any]:
    """Return a paper with the file's fields; `number` makes it another one."""
    return {
        "id": f"2301.{number:05d}", "submitter": None, "authors": "Ada Lindqvist, Boris Ohm and Cleo Varga",
        "title": f"Sparse gates in the {number}th\n  layer", "comments": "12 pages", "journal-ref": None, "doi": None,
        "report-no": None, "categories": "cs.LG stat.ML", "license": None,
        "abstract": f"  {sentence(number)}\nWe gate the {number}th layer.\n",
        "versions": [{"version": "v1", "created": "Mon, 2 Jan 2023 11:18:42 GMT"}], "update_date": "2023-02-03",
        "authors_parsed": [["Lindqvist", "Ada", ""], ["Ohm", "Boris", "Jr."], ["Varga", "Cleo", "", "Institute"]],
    } | fields  # fmt: skip


def lines(papers: Sequence[dict[str, Any]]) -> bytes:
    """Return the file's text."""
    return "".join(json.dumps(paper) + "\n" for paper in papers).encode()
