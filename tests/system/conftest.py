"""Fixtures of the system tests. They run the real program: MOVIO_BINARY, else the newer of
build/release/movio and build/dev/movio."""

import os
import pathlib

import pytest

from support.ffmpeg import Maker
from support.server import ROOT, Movio, Server, make_folder, remove_folder

pytest_plugins = ["support.contract_table"]


def pytest_addoption(parser):
    parser.addoption("--rounds", type=int, default=None,
                     help="rounds of each chaos test (default: as many as fit into about a minute)")


@pytest.fixture
def workspace():
    """An empty folder that every user can reach."""
    folder = make_folder()
    yield folder
    remove_folder(folder)


@pytest.fixture(scope="module")
def module_workspace():
    folder = make_folder()
    yield folder
    remove_folder(folder)


@pytest.fixture
def movio(workspace):
    """The commands on a data folder that is not there yet."""
    return Movio(workspace / "data")


@pytest.fixture
def server(workspace):
    """A running server on an empty data folder; checked to stop in order."""
    with Server(workspace / "data") as running:
        yield running


@pytest.fixture(scope="module")
def module_server(module_workspace):
    """One running server for all tests of a file."""
    with Server(module_workspace / "data") as running:
        yield running


@pytest.fixture(scope="session")
def films():
    """Makes films; each is made once in a session."""
    folder = make_folder()
    yield Maker(folder)
    remove_folder(folder)


@pytest.fixture(scope="session")
def test_data():
    """The folder of real media; tests that need it are skipped where it is absent."""
    folder = pathlib.Path(os.environ.get("MOVIO_TEST_DATA") or ROOT.parent / "shared")
    if not (folder / "media").is_dir():
        pytest.skip(f"no test data in {folder} (MOVIO_TEST_DATA)")
    return folder


@pytest.fixture
def rounds(request):
    """How many rounds, None for the short form."""
    return request.config.getoption("--rounds")
