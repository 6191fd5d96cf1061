"""What the tests of the endpoint share."""

from __future__ import annotations

import importlib
import os
from functools import cache

import pytest
import respx

from tests.llm.mocked import MOCKER


@pytest.fixture(scope="session", autouse=True)
def _certificates_are_read_once():
    """Reading the certificates of this machine is most of what a client costs to make, and each test makes one."""
    library = importlib.import_module(MOCKER)
    if not hasattr(library, "default_ssl_context"):  # the older HTTP library
        yield
        return
    make = library.default_ssl_context

    @cache
    def made(trust_env, *variables):
        return make(_trust_env=trust_env)

    def once(*, _trust_env=True):
        return made(_trust_env, os.environ.get("SSL_CERT_FILE"), os.environ.get("SSL_CERT_DIR"))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(library, "default_ssl_context", once)
        yield


@pytest.fixture
def server():
    """A router of mocked requests, under whichever HTTP library `openai` uses here; it lets none through."""
    with respx.mock(using=MOCKER, assert_all_called=False) as router:
        yield router
