"""Damage that nothing in a dataset can tell, with the reason."""

from __future__ import annotations

UNDECIDABLE = {
    "another abstract": "the raw file says what stood there, the dataset does not",
    "another date of a paper alone": "the day stands in the raw file only",
    "another venue": "likewise",
    "other comments": "likewise",
    "another arXiv id, well formed": "likewise",
    "another DOI, well formed": "likewise",
    "a badge more that says nothing of code": "likewise",
    "a title in other capitals": "the fold behind the id drops case; the raw file says which",
    "another first name of the first author, of one family name": "an id folds the family name alone",
    "names of later authors changed, with their aliases": "the raw file says who was listed",
    "a cut list said to be whole": "the raw file says whether the list was cut",
    "a record's span moved within its neighbours'": "the bytes lie in the raw file",
    "a record's bytes (record_id)": "its hash takes the record's bytes",
    "other lines of a record, in order": "the lines lie in the raw file",
    "quarantined text changed": "it stands in the raw file",
    "another identity_confidence": "the model's word; `byline explain` recomputes it from the evidence",
    "another match_confidence": "arXiv's metadata file is needed to compute it again",
    "another boundary_confidence of paper and record alike": "the model's word on a text that lies in the raw file",
    "two persons of one name swapped, with all that follows": "who is who is the model's decision, not a fact",
    "a duplicate said to be of another paper, with its count": "which records agree needs their texts",
    "a reason exchanged for another of byline's codes, with its count": "the raw file says what was wrong",
    "a form exchanged for another one": "the raw file says how the page looked",
    "an input's digest changed with that of its records": "the raw file is needed; the snapshot's id follows it",
    "options changed with the snapshot's id and folder": "an id is a hash, no signature",
    "a whole snapshot that another code wrote": "its manifest says so; who trusts the code must trust its version",
}
