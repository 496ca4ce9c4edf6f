"""Whatever the description of the API allows, and much that it does not: no fault of the server, no answer that the
description does not know. schemathesis makes the requests, as a guest, an uploader and an administrator."""

import re
import subprocess
import sys

import pytest

from support.people import add_person
from support.server import Server

CASES_SHORT = 5_000
# Requests for one operation by one seed, in the long form and in the short; what more there is comes of other seeds.
EXAMPLES, EXAMPLES_SHORT = 130, 20
CHECKS = "not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance"
ROLES = {"a guest": None, "an uploader": "uploader", "an administrator": "admin"}
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


def run_schemathesis(server, folder, headers, seed, examples):
    program = [sys.executable, "-m", "schemathesis.cli", "run", f"{server.address}/doc/openapi.json"]
    phases = "coverage,fuzzing" if seed == 1 else "fuzzing"
    manner = ["--no-color", "--checks", CHECKS, "--phases", phases, "--max-examples", examples, "--seed", seed,
              "--exclude-path-regex", STREAMS, "--exclude-operation-id", LOGS_OUT, "--generation-allow-x00", "false",
              "--continue-on-failure", "--no-shrink", "--warnings", "off", "--request-timeout", "20"]
    given = [part for name, value in headers.items() for part in ("--header", f"{name}: {value}")]
    return subprocess.run([str(part) for part in (*program, *manner, *given)], cwd=folder, capture_output=True,
                          text=True, timeout=1800, check=False)


def headers_of(server, role, number):
    """Those of a new person, since tokens do not last as long as all requests take."""
    return add_person(server, f"{role}{number}", "--role", role).headers if role else {}


@pytest.mark.parametrize("role", ROLES.values(), ids=ROLES)
def test_no_fault_and_no_answer_outside_the_schema(server, workspace, rounds, role):
    wanted, done, seed = (rounds or CASES_SHORT) // len(ROLES), 0, 1
    while done < wanted:
        headers = headers_of(server, role, seed)
        outcome = run_schemathesis(server, workspace, headers, seed, EXAMPLES if rounds else EXAMPLES_SHORT)
        counted = re.search(r"Test cases:\s+(\d+) generated", outcome.stdout)
        told = "\n".join(line[:400] for line in outcome.stdout.splitlines())  # addresses may be long
        assert outcome.returncode == 0 and counted, f"{told[-6000:]}\n{outcome.stderr}\n{server.log_end()}"
        done, seed = done + int(counted[1]), seed + 1
    print(f"\napi: {done} cases as {role or 'a guest'}")
    assert server.api.get("/readyz").status == 200
