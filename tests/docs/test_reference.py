"""Reference pages are what the code says today."""

from __future__ import annotations

import pytest

from docs.tools import reference, site


@pytest.mark.parametrize("name", reference.PAGES)
def test_a_page_that_is_made_is_up_to_date(name):
    assert (reference.DOCS / name).read_text("utf-8") == reference.PAGES[name](), "run `make docs`"


def test_every_page_has_its_place_in_the_site():
    settings = (reference.DOCS / "mkdocs.yml").read_text("utf-8")
    placed = {*site.pages().values()} - {
        target for source, target in site.pages().items() if source.startswith("docs/decisions/")
    }
    assert [page for page in sorted(placed) if f": {page}" not in settings] == []


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[the card](models/boundary.md)", "[the card](models/boundary.md)"),
        ("[all](../README.md#load-it)", "[all](project/README.md#load-it)"),
        ("[units](deploy/README.md)", "[units](deploy/README.md)"),
        ("[rules](deploy/alerts.yaml)", "`rules`"),
        ("[out](https://example.org/a)", "[out](https://example.org/a)"),
        ("[here](#below)", "[here](#below)"),
        ("```sh notest: needs a server\nx\n```", "```sh\nx\n```"),
    ],
)
def test_links_lead_to_pages_of_the_site_and_fences_say_their_language(written, shown):
    assert site.converted(written, "docs/scheduling.md", site.pages()) == shown
