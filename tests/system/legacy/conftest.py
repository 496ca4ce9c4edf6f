"""Which test showed which line of docs/v1-api.md: `@pytest.mark.contract("A2", …)` names the lines of a test, and the table
of all of them is written beside the other results."""

import os
import pathlib
import re

import pytest

from support.server import ROOT, Server

PAGE = ROOT / "docs" / "v1-api.md"
shown = {}  # line -> [(test, outcome)]


def lines_of_page():
    return re.findall(r"\*\*\(?([A-Z]\d+)\)?\*\*", PAGE.read_text())


@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    outcome = yield
    report = outcome.get_result()
    if call.when != "call" and report.passed:
        return
    for marker in item.iter_markers("contract"):
        for line in marker.args:
            shown.setdefault(line, []).append((item.nodeid.split("/")[-1], report.outcome))


def pytest_sessionfinish(session):
    if not shown:
        return
    folder = pathlib.Path(os.environ.get("MOVIO_TEST_RESULTS") or ROOT / "build" / "dev" / "test-results")
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["# Lines of docs/v1-api.md and the tests that show them", "", "| line | outcome | tests |", "|---|---|---|"]
    for line in lines_of_page():
        tests = shown.get(line, [])
        state = "not shown" if not tests else "holds" if all(outcome == "passed" for _, outcome in tests) else "BROKEN"
        rows.append(f"| {line} | {state} | {'<br>'.join(name for name, _ in tests)} |")
    (folder / "v1-contract.md").write_text("\n".join(rows) + "\n")


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
