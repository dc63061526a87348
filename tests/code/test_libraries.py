"""Every library that a language's table names has its own defaults."""

from __future__ import annotations

import pytest

from lintscale.code.languages import _BY_SUFFIX, pack_of
from lintscale.resolve.libraries import BY_NAME


@pytest.mark.parametrize("suffix", sorted(_BY_SUFFIX))
def test_the_default_of_every_library_is_known(suffix: str) -> None:
    pack = pack_of(f"db{suffix}")
    assert pack is not None
    named = {call.library for call in pack.calls.values()} | {
        b.library for b in pack.bounds.values()
    }
    named -= {""}  # what is no server's, or has a name that tells nothing
    assert named <= set(BY_NAME), named - set(BY_NAME)
