"""What the tests of the endpoint share."""

from __future__ import annotations

import pytest
import respx

from tests.llm.mocked import MOCKER


@pytest.fixture
def server():
    """A router of mocked requests, under whichever HTTP library `openai` uses here; it lets none through."""
    with respx.mock(using=MOCKER, assert_all_called=False) as router:
        yield router
