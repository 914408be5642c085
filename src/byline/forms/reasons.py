"""Why text of other forms can't be read, in words that name the form and the way out."""

from __future__ import annotations

import numpy as np

from byline.forms.model import Form
from byline.listing import furniture
from byline.listing import reasons as of_cards
from byline.listing.lines import Page
from byline.listing.text import escape

_MENU_LINES = 120
_MENU_BYTES = 90
_PAGE_BYTES = 400
_NO_FORM = (
    "text of no form that byline knows (`byline forms` lists them); for citations in running text use AnyStyle, for "
    "PDF use GROBID, for a saved web page copy its text; found {}"
)


def detail(code: str, form: Form | None, record: bytes, arxiv_id: str | None = None) -> str:
    """Return what was expected, what stood there, and what to do."""
    if code == of_cards.NOT_UTF8:
        return of_cards.not_utf8(record).detail
    if code == of_cards.PAGE_FURNITURE:
        return of_cards.page_furniture().detail
    shown = repr(" ".join(escape(record[:300]).split())[:80])
    if form is None:
        return _NO_FORM.format(shown)
    if code == of_cards.MISSING_BYLINE and arxiv_id is not None:
        return (
            f"{form.form}: expected authors; found none, but the arXiv id {arxiv_id}: arXiv's metadata completes the "
            f"record (byline build --arxiv PATH); found {shown}"
        )
    if form.unread:
        return f"{form.form} ({form.page}): recognized, not read; {form.way_out}; found {shown}"
    what = "authors" if code == of_cards.MISSING_BYLINE else "title and authors"
    return f"{form.form} ({form.page}): expected {what}; {form.way_out}; found {shown}"


def is_furniture(page: Page, form: Form, first: int, stop: int, *, menus: bool = True) -> bool:
    """Tell whether lines between records are the page's: blank, known furniture, or (`menus`) a short menu."""
    lines = np.arange(first, stop)
    lines = lines[~page.blank[lines]]
    if not len(lines):
        return True
    if (page.stop[lines] - page.start[lines] > _PAGE_BYTES).any() or len(lines) > _MENU_LINES:
        return False
    texts = page.lines(lines)
    known = furniture.look(page, lines).kind[lines] >= furniture.WEAK
    if form.furniture is not None:
        known |= texts.str.contains(form.furniture).to_numpy()
    label = texts.str.contains(r"^[^.;!?]{1,60}$").to_numpy()
    label &= menus & (page.stop[lines] - page.start[lines] <= _MENU_BYTES)
    return bool((known | label).all())
