"""The command line: one file a command."""

from byline.cli.running import run

__all__ = ["run"]
