"""The command line: one file a command."""

from byline.cli.app import app, run

__all__ = ["app", "run"]
