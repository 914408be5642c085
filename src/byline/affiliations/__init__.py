"""Organisation labels as listed to organisations: a curated registry first, then the whole of ROR where given.

An affiliation is a label: `deepmind` and `google deepmind` are two rows that carry the same name and ROR id. So an
`affiliation_id` depends on the label alone and stays when the registry grows or a dump is given. Nothing here knows
authors: a page ties organisations to the paper.
"""

from byline.affiliations.forms import exact_form, label_form
from byline.affiliations.joining import join_labels
from byline.affiliations.registry import Registry, load_registry
from byline.affiliations.resolve import resolve

__all__ = ["Registry", "exact_form", "join_labels", "label_form", "load_registry", "resolve"]
