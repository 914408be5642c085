"""Start the flow by hand, or load it by this file's path: `python flows/build_dataset.py`.

The flow itself is `byline_flows.dataset.build_dataset`; where byline is installed from a wheel,
`python -m byline_flows` does the same without this file.
"""

from __future__ import annotations

import sys

if (
    __name__ == "__main__"
):  # before Prefect is imported: that takes seconds, and a person wants to know what for
    from byline_flows.terminal import main

    sys.exit(main(sys.argv[1:]))

from byline_flows.dataset import build_dataset

__all__ = ["build_dataset"]
