"""Python's cyclic garbage collector, out of the way while a tree is built."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def paused_collector() -> Iterator[None]:
    """A tree is many containers and no garbage: looking for some in it again and again takes two
    thirds of the time that reading a large file takes."""
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()
