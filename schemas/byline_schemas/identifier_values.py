"""What identifiers of authors look like. Shared by the model and by whoever reads them; needs no Pandera."""

from __future__ import annotations

ORCID_PATTERN = r"^\d{4}-\d{4}-\d{4}-\d{3}[\dX]$"
"""https://support.orcid.org/hc/en-us/articles/360006897674: sixteen digits in fours, the last one a check digit."""
DBLP_PATTERN = r"^[a-z0-9]+/[A-Za-z0-9=_:-]+$"
"""A key of a person (PID): `12/3456`, `12/3456-7`, `l/AdaLovelace`."""
OPENALEX_PATTERN = r"^A[1-9]\d{2,14}$"
"""https://docs.openalex.org: `A` and a number."""
VALUE_PATTERNS = {"orcid": ORCID_PATTERN, "dblp": DBLP_PATTERN, "openalex": OPENALEX_PATTERN}


def orcid_checks(orcid: str) -> bool:
    """Tell whether the last character of an ORCID is the check digit of the others (ISO 7064, MOD 11-2).

    Worked for 0000-0002-1825-0097: adding each digit and doubling, modulo 11, the first fifteen digits give 5, and
    (12 - 5) mod 11 = 7 is the last digit; 10 is written X.
    """
    total = 0
    digits = orcid.replace("-", "")
    for digit in digits[:-1]:
        total = (total + int(digit)) * 2 % 11
    check = (12 - total) % 11
    return digits[-1] == ("X" if check == 10 else str(check))
