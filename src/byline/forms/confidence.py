"""How sure a reading is that follows from the marks of a form, or does without them."""

MARKED = 0.999
"""Title and authors stand apart by the page's own marks: what is left is that the page itself was cut or mixed up."""
ABBREVIATED = 0.998
"""The same, where the page itself made initials of given names: beside a page that gives them whole it comes second."""
DOUBTFUL = 0.5
"""Marks are missing or contradict what stands around them: as likely wrong as right."""
