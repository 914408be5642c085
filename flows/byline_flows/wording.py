"""What a failing run says: the message and its way out in the flow's words, and no traceback behind it.

Messages name options of the command line. Who runs a deployment has none: the same things are parameters there.
"""

from __future__ import annotations

import logging
import re

from byline.core.errors import BylineError

_CODE = re.compile(r"(`[^`]*`)")
_ACCEPT = re.compile(r"--accept [a-z_]+(?: --accept [a-z_]+)*")
_OPTION = re.compile(r"--([a-z][a-z-]*)((?: [A-Z]+\b)|(?: dask\b)|(?: tcp://\S+\w))?")
_LOGGERS = ("prefect.flow_runs", "prefect.engine")
"""Where Prefect logs the exception with which a flow ended, on the run's page and in the worker's log."""


def in_flow_words(failure: BylineError, parameters: frozenset[str]) -> str:
    r"""Return the message of a failure with parameters of the flow in place of options; commands stay as they are.

    >>> in_flow_words(BylineError("a is held", "run again with --wait SECONDS"), frozenset({"wait"}))
    'a is held\n  run again with the parameter wait (SECONDS)'
    """
    parts = _CODE.split(str(failure))
    return "".join(part if part.startswith("`") else _translated(part, parameters) for part in parts)


def _translated(text: str, parameters: frozenset[str]) -> str:
    def option(found: re.Match[str]) -> str:
        name, value = found[1].replace("-", "_"), found[2]
        if name not in parameters:
            return found[0]
        return f"the parameter {name}" + (f" ({value.strip()})" if value else "")

    def accept(found: re.Match[str]) -> str:
        gates = ", ".join(f'"{gate}"' for gate in found[0].replace("--accept ", "").split())
        return f"the parameter accept ([{gates}])"

    return _OPTION.sub(option, _ACCEPT.sub(accept, text))


class WithoutTraceback(logging.Filter):
    """Says an expected failure in its own words, where Prefect would write fifty lines of what called what."""

    def __init__(self, parameters: frozenset[str]) -> None:
        """`parameters` are those of the flow."""
        super().__init__()
        self._parameters = parameters
        self.last: str | None = None
        """What the run ended with; Prefect logs the exception of its first try."""

    def filter(self, record: logging.LogRecord) -> bool:
        """Take the traceback of a `BylineError` off; other exceptions are defects and keep theirs."""
        failure = record.exc_info[1] if isinstance(record.exc_info, tuple) else None
        if isinstance(failure, BylineError):
            record.exc_info = record.exc_text = None
            record.msg = "%s"
            record.args = (self.last or in_flow_words(failure, self._parameters),)
        return True


def say_failures_plainly(parameters: frozenset[str]) -> WithoutTraceback:
    """Let Prefect's logs say a run's failure as a message; return who does it, to be told what was `last`.

    It stays until the next run of this process: Prefect logs the failure once more when the run has ended.
    """
    plainly = WithoutTraceback(parameters)
    for logger in map(logging.getLogger, _LOGGERS):
        for old in [one for one in logger.filters if isinstance(one, WithoutTraceback)]:
            logger.removeFilter(old)
        logger.addFilter(plainly)
    return plainly
