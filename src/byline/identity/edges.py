"""The edges at which values are cut into levels, from `resources/identity_edges.toml`: weights are fitted for them."""

from __future__ import annotations

import tomllib

from byline.core import resources

RESOURCE = "identity_edges.toml"
Edges = tuple[float, ...]


def read(text: str) -> tuple[dict[str, Edges], dict[str, Edges], dict[str, Edges]]:
    """Return the edges of pairs, of mentions in their cluster, and of what trees ask for, by feature.

    Raises `ValueError` for edges that do not rise: a level would be empty, and a table of weights too long.
    """
    raw = tomllib.loads(text)
    for part, features in raw.items():
        for name, edges in features.items():
            if sorted(set(edges)) != edges:
                raise ValueError(f"{RESOURCE}: the edges of {part}.{name} do not rise")
    pairs, mentions, trees = (
        {name: tuple(map(float, edges)) for name, edges in raw[part].items()}
        for part in ("pairs", "mentions", "trees")
    )
    return pairs, mentions, trees


PAIRS, MENTIONS, TREES = read(resources.text(RESOURCE))
