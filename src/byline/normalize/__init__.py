"""Texts, links and categories in their published form."""
