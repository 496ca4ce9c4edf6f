"""Servers for clients of the original."""

import pytest

from support.server import Server


@pytest.fixture(scope="module")
def module_server(module_workspace):
    """One running server for all tests of a file, who sign up and log in more often than one address may."""
    with Server(module_workspace / "data", "--limits-logins-per-minute", "0") as running:
        yield running


@pytest.fixture
def workspace_server_for_origins(workspace):
    """A server whose API pages of another site may use."""
    with Server(workspace / "data", "--server-api-origins", "https://app.example") as running:
        yield running
