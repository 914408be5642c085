"""The forms in which pages list papers: told apart by what stands in the text, read by one engine.

model      what a form's file (`resources/forms/*.toml`) says
marks      which lines begin a record of which form
stretches  where the form changes
reading    bytes of a slice → rows, every byte accounted for
"""

from byline.forms.model import Form
from byline.forms.model import forms as all_forms

__all__ = ["Form", "all_forms"]
