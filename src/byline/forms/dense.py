"""Paragraphs of records whose blank lines were lost on the way: what ends with a stop is one.

PubMed's texts part citation, title, names and abstract by blank lines, and wrap each. Where a paste has none, the
citation ends with a line that ends with a stop, the title before the line that begins the names, the names with a stop,
and so do the affiliations, whose lines begin with a number in brackets.
"""

from __future__ import annotations

import numpy as np

from byline.forms.record_lines import RecordLines
from byline.listing.lines import Flags

_STOPPED = r"[.?!]\s*$"
_NUMBERED = r"^\s*\(\d"


def paragraphs_told(lines: RecordLines, names: str, after_blank: Flags) -> Flags:
    """Tell which lines begin a paragraph in records without blank lines that have names.

    `names` is the pattern of the line that begins them. Example, of `1. Owl Lett. 2021.`, `On the`, `owls.`, `Pym A.`,
    `We look.`: the second, the fourth and the fifth.
    """
    found = np.zeros(len(lines.line), bool)
    dense = np.bincount(lines.record[after_blank], minlength=len(lines.spacing)) == 1
    rows = np.flatnonzero(dense[lines.record]) if len(lines.line) else np.zeros(0, np.int64)
    if not len(rows):
        return found
    texts = lines.texts.gather(rows)
    starts_names = texts.str.contains(names).to_numpy() & (lines.kind[rows] < 0)
    stopped, numbered = texts.str.contains(_STOPPED).to_numpy(), texts.str.contains(_NUMBERED).to_numpy()
    starts_names[1:] &= stopped[:-1]  # so does a title end
    edges = np.append(np.unique(lines.record[rows], return_index=True)[1], len(rows))
    for start, end in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        ended = start + np.flatnonzero(stopped[start:end])
        title = int(ended[0]) + 1 if len(ended) else end  # behind the citation
        named = title + 1 + np.flatnonzero(starts_names[title + 1 : end])  # a title has a line at least
        if len(named):
            behind = ended[(ended >= named[0]) & ~np.append(numbered, False)[ended + 1]] + 1
            places = np.array([title, named[0], *behind[:2].tolist()])
            found[rows[places[places < end]]] = True
    return found
