"""Log lines on standard error, for who asks: as text for people, or one JSON object a line for programs.

Asked for by `--log-format`, or by the variables `BYLINE_LOG` (a level) and `BYLINE_LOG_FORMAT` (text or json).
"""

from __future__ import annotations

import json
import logging
import os
import sys
from datetime import UTC, datetime
from typing import Literal, get_args

from byline.core.errors import BylineError, UsageError

Format = Literal["text", "json"]

TEXT = "%(asctime)s %(levelname)s %(name)s: %(message)s"
_PLAIN = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
"""What every record has; whatever else it carries was given with `extra`."""

log_to = logging.getLogger("byline")


class JsonLines(logging.Formatter):
    """A record as one line of JSON: time (UTC), level, logger, message, and what was given with `extra`."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, ASCII only: no terminal and no collector can be misled by it."""
        said = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
            **{name: value for name, value in vars(record).items() if name not in _PLAIN},
        }
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)
        return json.dumps(said, default=str)


def set_up(shape: str, level: str) -> None:
    """Write log lines of this level and above (empty: info for json, else none).

    Raises `UsageError`: no such format or level.
    """
    if shape not in get_args(Format):
        raise UsageError(f"BYLINE_LOG_FORMAT={shape}: expected text or json")
    if level and level.upper() not in logging.getLevelNamesMapping():
        raise UsageError(f"BYLINE_LOG={level}: expected debug, info, warning or error")
    if not level and shape == "text":
        return
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if shape == "json" else logging.Formatter(TEXT))
    logging.basicConfig(level=(level or "info").upper(), handlers=[handler], force=True)
    logging.captureWarnings(shape == "json")


def as_json() -> bool:
    """Tell whether a program reads standard error: then all that stands there are lines of JSON, and no bar."""
    return os.environ.get("BYLINE_LOG_FORMAT") == "json"


def tell_failure(message: str, code: int, failure: BylineError | None = None) -> None:
    """Say on standard error why a command ends, in the form that was asked for."""
    if not as_json():
        print(f"byline: {message}", file=sys.stderr)
        return
    said = {} if failure is None else {"what": failure.what, "way_out": failure.way_out}
    log_to.error("%s", message, extra={"exit_code": code, **said})
