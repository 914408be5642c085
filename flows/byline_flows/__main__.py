"""The flow by hand, wherever byline is installed: `python -m byline_flows`; options as `byline build`."""

from __future__ import annotations

import sys

from byline_flows.terminal import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
