"""Memory kept between uses: giving every large buffer back to the system, and faulting it in anew, takes time.

NumPy, PyArrow's codecs and Python allocate through the C library. glibc maps a buffer beyond 128 KiB anew each time (up
to 32 MiB once it has seen some), and the system zeroes every page of it.
"""

from __future__ import annotations

import ctypes
import os
from collections.abc import Callable
from functools import cache

import pyarrow as pa

_M_TRIM_THRESHOLD, _M_TOP_PAD, _M_MMAP_THRESHOLD = -1, -2, -3  # malloc.h
KEPT_BYTES = 32 << 20
"""Free memory that a process keeps."""
MAPPED_BYTES = 32 << 20
"""Buffers from here on are still mapped, and unmapped when they are freed."""


def keep() -> None:
    """Let this process keep what it frees, where its C library is glibc and the environment leaves it open."""
    mallopt = _from_c_library("mallopt")
    if mallopt is None or any(name.startswith("MALLOC_") and name.endswith("_") for name in os.environ):
        return
    mallopt(_M_MMAP_THRESHOLD, MAPPED_BYTES)
    mallopt(_M_TRIM_THRESHOLD, KEPT_BYTES)
    mallopt(_M_TOP_PAD, 4 << 20)


def give_back() -> None:
    """Give back what lies free between things in use; of the C library only where it is glibc."""
    pa.default_memory_pool().release_unused()
    trim = _from_c_library("malloc_trim")
    if trim is not None:
        trim(0)


@cache
def _from_c_library(name: str) -> Callable[..., int] | None:
    """Return a function of the C library, null where it has none of this name."""
    try:
        function: Callable[..., int] = getattr(ctypes.CDLL(None), name)
    except (OSError, AttributeError):
        return None
    return function
