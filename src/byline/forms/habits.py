"""How a file lays out its abstracts: each on one line, as most pages that are copied do, or otherwise.

What stands below an abstract of one line is no part of it where all the others of the file have one line. A file's
habit is what its beginning shows, so that it depends on the file alone, and on no slice of it.
"""

from __future__ import annotations

import numpy as np

from byline.listing.headers import find_headers
from byline.listing.lines import read_page
from byline.listing.spans import WHOLE_LINE

HEAD_BYTES = 1 << 17
"""As much of a file is looked at: about a hundred records."""
_AT_LEAST = 3
"""Abstracts that must show the habit."""


def one_line_each(head: bytes) -> bool:
    """Tell whether the cards of a file have their abstracts on one line each, by the first HEAD_BYTES of it.

    A long abstract on its record's third line shows that; one that begins with a shorter line and goes on may be
    wrapped, and shows the contrary. At least three must show it, and no fewer than show the contrary.

    Example: of four cards, three with 900 characters on the third line (one has a menu below), and one with `We count
    owls.` and a menu below it, three show the habit and one the contrary.
    """
    page = read_page(head[:HEAD_BYTES])
    shown = np.flatnonzero(~page.blank)
    headers = np.searchsorted(shown, find_headers(page).line)
    count = np.diff(headers, append=len(shown))  # shown lines of each record
    third = headers[count > 2] + 2
    size = (page.stop - page.start)[shown[third]]
    long, more = size > WHOLE_LINE, count[count > 2] > 3
    return bool(long.sum() >= max(_AT_LEAST, int((~long & more).sum())))
