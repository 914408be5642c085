"""Who writes with whom in a made-up corpus: groups that persist, members that come and go, new people as it grows.

A corpus is a sample of a wider literature, as any listing is: paper `n` of the corpus is paper `v` of the literature,
drawn among so many that the share of the literature that the corpus holds stays as in the arXiv sample, and from
`FULL` papers on grows to a fixed one. In the literature a paper founds a group with probability `FOUNDING`, otherwise
it comes from the group of one of the `WINDOW` papers before it: a branching process, whose group sizes have the Borel
distribution (a power law of exponent 3/2, cut off near `2 / FOUNDING ** 2` papers). The constants were set so that the
numbers of distinct listed names and family names after 15,000 to 120,000 papers, and how often the most frequent ones
stand there, are near those of as many arXiv papers: `python -m benchmarks.generate --census` shows both.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from benchmarks.common.draws import Counts, below, mixed, uniform

FOUNDING = 0.11
"""Share of papers of the literature that found a group."""
WINDOW = 60_000
"""How many papers back the group's last paper may lie."""
LITERATURE = 1_700_000
"""Papers of which the arXiv sample of 120,000 was drawn (arXiv had as many in early 2020)."""
WIDER = 1.4
"""Papers of the literature per paper of a corpus so large that the above would not suffice."""
GUESTS = 0.25
"""Share of co-authors who belong to another group."""
STEPS = 8
"""Members of a group stand in this many places; a place's holder changes over time."""
TURNOVER = (1.0, 2.2)
"""Tail of the number of a place's holders: the first author changes often, the others seldom."""

_PLACE, _FOUND, _COPY, _GUEST, _GUEST_OF, _GUEST_PLACE, _HOLDER, _PERSON = range(10, 18)


@dataclass(frozen=True)
class Person:
    """Who stands where: the paper that founded the person's group, and 64 bits that are the person."""

    founded: Counts
    identity: Counts


def places_in_literature(papers: Counts, seed: int) -> Counts:
    """Return which papers of the literature these papers of the corpus are."""
    wide = np.maximum(LITERATURE, (papers * WIDER).astype(np.int64))
    return below(wide, seed, _PLACE, papers)


def groups(papers: Counts, seed: int) -> Counts:
    """Return for each paper of the literature the one that founded its group, itself or an earlier one.

    The literature has no first paper: founders may be negative.
    """
    at = papers.copy()
    still = np.arange(len(papers))
    while still.size:
        here = at[still]
        found = uniform(seed, _FOUND, here) < FOUNDING
        still, here = still[~found], here[~found]
        at[still] = here - 1 - below(WINDOW, seed, _COPY, here)
    return at


def authors(papers: Counts, founders: Counts, place: int, seed: int) -> Person:
    """Return who stands at this place (0: first) of each paper of the literature."""
    places = np.full(len(papers), place, dtype=np.int64)
    home = founders.copy()
    if place:
        visiting = np.flatnonzero(uniform(seed, _GUEST, papers, places) < GUESTS)
        hosts = papers[visiting]
        back = 1 + below(WINDOW, seed, _GUEST_OF, hosts, places[visiting])
        home[visiting] = groups(hosts - back, seed)
        stands = below(3, seed, _GUEST_PLACE, papers, places)
        places = np.where(home == founders, places, stands)
    tail = TURNOVER[min(place, 1)]
    chance = 1.0 - uniform(seed, _HOLDER, papers, places)
    holder = np.minimum(chance ** (-1.0 / tail), 1e6).astype(np.int64) - 1
    identity = mixed(seed, _PERSON, home, places + STEPS * holder)
    return Person(home, (identity >> np.uint64(1)).astype(np.int64))
