"""The boundary model: byline → title, authors, ' et al.', labels, confidence."""

from byline.segment.reading import segment

__all__ = ["segment"]
