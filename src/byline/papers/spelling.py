"""Words that are one word spelled twice."""

from __future__ import annotations

LETTERS = 5
"""Letters from which one may be another, missing, added or swapped: shorter words would turn into other words."""


def spelled_alike(one: str, other: str) -> bool:
    """Tell whether two words differ in one letter at most, or in two neighbours swapped; digits must agree.

    What both begin and end with is set aside. Example: colour and color leave `u` and nothing, Sergey and Sergei `y`
    and `i`, Brian and Brain `ia` and `ai`.
    """
    if one == other:
        return True
    short, long = sorted((one, other), key=len)
    if len(short) < LETTERS or len(long) - len(short) > 1 or not (one.isalpha() and other.isalpha()):
        return False
    start = next((at for at, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    rest, more = short[start:], long[start:]
    if len(short) < len(long):
        return rest == more[1:]
    return rest[1:] == more[1:] or (rest[:2] == more[1::-1] and rest[2:] == more[2:])
