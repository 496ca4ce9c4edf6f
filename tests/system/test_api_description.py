"""Whatever the description of the API allows, and much that it does not: no fault of the server, no answer that the
description does not know. schemathesis makes the requests, with and without a token."""

import re
import subprocess
import sys

import pytest

from legacy.old_client import OldClient
from legacy.test_accounts import check_tokens, person
from support.server import Server

CASES_SHORT = 5_000
# What makes one operation's requests; what more there is comes of other seeds.
EXAMPLES = 130
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
# Event streams do not end.
STREAMS = "/events$"
# Whoever asks is logged out by it, and all that follows would be a stranger's.
LOGS_OUT = "delete_api_v2_sessions"


@pytest.fixture(scope="module")
def server(module_workspace):
    limits = [f"--limits-{name}" for name in ("logins-per-minute", "writes-per-minute", "uploads-per-hour",
                                              "reads-per-minute", "searches-per-minute")]
    flags = [part for name in limits for part in (name, "0")]
    with Server(module_workspace / "data", *flags, "--log-level", "error") as running:
        yield running


def run_schemathesis(server, folder, token, seed, phases):
    program = [sys.executable, "-m", "schemathesis.cli", "run", f"{server.address}/doc/openapi.json"]
    manner = ["--no-color", "--checks", CHECKS, "--phases", phases, "--max-examples", EXAMPLES, "--seed", seed,
              "--exclude-path-regex", STREAMS, "--exclude-operation-id", LOGS_OUT, "--generation-allow-x00", "false",
              "--continue-on-failure", "--no-shrink", "--warnings", "off", "--request-timeout", "20"]
    headers = ["--header", f"Authorization: Bearer {token}"] if token else []
    return subprocess.run([str(part) for part in (*program, *manner, *headers)], cwd=folder, capture_output=True,
                          text=True, timeout=1800, check=False)


@pytest.mark.parametrize("with_token", [False, True], ids=["a stranger", "a user"])
def test_no_fault_and_no_answer_outside_the_schema(server, workspace, rounds, with_token):
    wanted, done, seed = (rounds or CASES_SHORT) // 2, 0, 1
    while done < wanted:
        token = check_tokens(OldClient(server.address).sign_up(**person()))["access"] if with_token else None
        outcome = run_schemathesis(server, workspace, token, seed, "coverage,fuzzing" if seed == 1 else "fuzzing")
        counted = re.search(r"Test cases:\s+(\d+) generated", outcome.stdout)
        assert outcome.returncode == 0 and counted, f"{outcome.stdout[-6000:]}\n{outcome.stderr}\n{server.log_end()}"
        done, seed = done + int(counted[1]), seed + 1
    print(f"\napi: {done} cases {'with' if with_token else 'without'} a token")
    assert server.api.get("/readyz").status == 200
