"""Fuzzing with hypothesis, in a minute or two; run on request: ``pytest -n0 tests/fuzz``.

The long campaign, guided by coverage, is ``python tests/fuzz/campaign.py``.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from targets import Target, targets

CASES = int(os.environ.get("FUZZ_CASES", "200"))


@pytest.mark.parametrize("target", [pytest.param(one, id=name) for name, one in targets().items()])
def test_it_ends_as_it_should(target: Target) -> None:
    @settings(max_examples=CASES, deadline=None, suppress_health_check=list(HealthCheck), database=None)
    @given(st.data())
    def hold(data: st.DataObject) -> None:
        target.run(data.draw(target.cases))

    hold()
