"""Fabricated listings: people and papers that never were, in the shapes that listings have."""

from __future__ import annotations

import random


def words(text: str) -> list[str]:
    """Return the words of a text."""
    return text.split()


GIVEN = words(
    "Ada Alan Grace Barbara Edsger Donald Frances Niklaus Radia Leslie Shafi Silvio Tony Jean Karen Ken Dana"
)
FAMILY = words(
    "Lovelane Turinger Hoppers Liskova Dijkster Knuthsen Allenby Wirther Perlmann Lamportov Goldwassen Micaliri "
    "Hoareby Sammett Sparckling Thompsen Scottish"
)
ADJECTIVES = words("Sparse Robust Latent Causal Neural Bayesian Sublinear Certified Amortized Federated")
NOUNS = words("Gates Kernels Ensembles Trees Automata Embeddings Codes Priors Circuits Estimators")
TASKS = words("Sorting Parsing Routing Forecasting Compression Alignment Scheduling Verification")
MONTHS = words("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
LABELS = ["deepmind", "mit", "example labs", "anthropic"]
CODES = ["LG", "CL", "ML", "CV", "hep-th", "flu-dyn", "XX"]


def title(rnd: random.Random) -> str:
    """Return a title."""
    return f"{rnd.choice(ADJECTIVES)} {rnd.choice(NOUNS)} for {rnd.choice(ADJECTIVES)} {rnd.choice(TASKS)}"


def person(rnd: random.Random) -> str:
    """Return a name."""
    middle = f" {rnd.choice('ABCDEFG')}." if rnd.random() < 0.2 else ""
    return f"{rnd.choice(GIVEN)}{middle} {rnd.choice(FAMILY)}"


def record(rnd: random.Random) -> str:
    """Return one record of three lines."""
    names = list(dict.fromkeys(person(rnd) for _ in range(rnd.randint(1, 4))))
    cut = " et al." if rnd.random() < 0.3 else ""
    labels = " · " + ", ".join(rnd.sample(LABELS, rnd.randint(1, 2))) if rnd.random() < 0.3 else ""
    badge = "Code" if rnd.random() < 0.2 else ""
    day = f"{rnd.choice(MONTHS)} {rnd.randint(1, 28)}, {rnd.randint(2020, 2022)}"
    tex = r" with $\alpha \leq 5$\%" if rnd.random() < 0.3 else ""
    return (
        f"{rnd.choice(CODES)}{day}{badge}\n{title(rnd)}{', '.join(names)}{cut}{labels}\n"
        f"We study {title(rnd).lower()}{tex} at https://example.org/{rnd.randint(1, 99)}.\n"
    )


def listing(seed: int, records: int) -> str:
    """Return a listing of so many records; the same for the same seed."""
    rnd = random.Random(seed)
    return "".join(record(rnd) for _ in range(records))
