"""Listed LaTeX to plain Unicode: safe on broken markup, readable, and the same when applied twice."""

from byline.latex.decode import decode

__all__ = ["decode"]
