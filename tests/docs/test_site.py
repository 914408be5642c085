"""The site is made strictly, and asks nobody for anything."""

from __future__ import annotations

import re

import pytest

from docs.tools import site

pytestmark = pytest.mark.slow  # MkDocs takes seconds

LOADED = re.compile(r"""<(?:link|script|img|iframe|source)\b[^>]*\b(?:src|href)=["']?(https?:)?//""")


def test_the_site_is_made_without_a_warning_and_loads_nothing_from_elsewhere(tmp_path):
    assert site.build(tmp_path / "site") == 0
    made = sorted((tmp_path / "site").rglob("*.html"))
    assert len(made) > 30
    for page in made:
        text = page.read_text("utf-8")
        assert not LOADED.search(text), page.name
        assert "googletagmanager" not in text
    for sheet in (tmp_path / "site").rglob("*.css"):
        assert not re.search(r"url\(\s*['\"]?https?:|@import", sheet.read_text("utf-8")), sheet.name
