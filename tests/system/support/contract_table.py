"""Which test showed which line of docs/v1-api.md: `@pytest.mark.contract("A2", …)` names the lines of a test, and the table
of all of them is written beside the other results. A pytest plugin; tests may run in several processes."""

import os
import pathlib
import re

import pytest

from support.server import ROOT

PAGE = ROOT / "docs" / "v1-api.md"
LINE = "v1 contract line"
shown = {}  # line -> [(test, outcome)]


def lines_of_page():
    return re.findall(r"\*\*\(?([A-Z]\d+)\)?\*\*", PAGE.read_text())


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup(item):
    item.user_properties.extend((LINE, line) for marker in item.iter_markers("contract") for line in marker.args)


def pytest_runtest_logreport(report):
    if report.when != "call" and report.passed:
        return
    for name, line in report.user_properties:
        if name == LINE:
            shown.setdefault(line, []).append((report.nodeid.split("/")[-1], report.outcome))


def pytest_sessionfinish(session):
    if not shown or hasattr(session.config, "workerinput"):
        return
    folder = pathlib.Path(os.environ.get("MOVIO_TEST_RESULTS") or ROOT / "build" / "dev" / "test-results")
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["# Lines of docs/v1-api.md and the tests that show them", "", "| line | outcome | tests |", "|---|---|---|"]
    for line in lines_of_page():
        tests = shown.get(line, [])
        state = "not shown" if not tests else "holds" if all(outcome == "passed" for _, outcome in tests) else "BROKEN"
        rows.append(f"| {line} | {state} | {'<br>'.join(sorted(name for name, _ in tests))} |")
    (folder / "v1-contract.md").write_text("\n".join(rows) + "\n")
