"""Logging in by a proxy in front that names who it is: from a listed one, and from anybody else."""

import json
import time

import pytest

from support.nginx import Nginx
from support.people import add_person
from support.server import DONE, FAILED, Server

SETTINGS = ["--trusted-header-user", "X-User", "--trusted-header-name", "X-Name", "--trusted-header-groups", "X-Groups",
            "--oidc-create-users", "always"]
LOG_IN = "/api/v2/proxy/log-in"
# The proxy's own word, whatever the client sent.
NAMES_ADA = """
location = /api/v2/proxy/log-in {{
    proxy_set_header X-User ada@example.org;
    proxy_set_header X-Name "Ada Lovelace";
    proxy_set_header X-Groups $http_x_test_groups;
    proxy_set_header X-Forwarded-For $remote_addr;
    proxy_pass {upstream};
}}
"""


def server_behind(workspace, proxies, *more):
    return Server(workspace / "data", *SETTINGS, "--server-trusted-proxies", proxies, *more)


def cookie_of(answer):
    set_cookie = answer.headers.get("set-cookie", "")
    return set_cookie.split(";")[0] if set_cookie.startswith("movio=ey") else None


def who(api, cookie):
    return api.request("GET", "/api/v2/session", {"Cookie": cookie}).json()


def wait_until_out(api, cookie):
    """That a log-in has ended comes by an event."""
    deadline = time.monotonic() + 5
    while who(api, cookie)["user"]:
        assert time.monotonic() < deadline
        time.sleep(0.05)


def log_in(api, headers=None, query=""):
    answer = api.request("GET", LOG_IN + query, headers or {})
    assert answer.status == 303, answer
    return answer


def members(server, group):
    listed = server.run("group", "members", group, "--json")
    assert listed.returncode == DONE, listed.stderr
    return [(one["email"], one["source"]) for one in map(json.loads, listed.stdout.splitlines())]


def test_a_listed_proxy_logs_people_in_and_says_their_groups(workspace):
    with server_behind(workspace, "127.0.0.1", "--trusted-header-log-out", "/sign-out") as server:
        assert server.run("group", "add", "Algebra", "--kind", "course").returncode == DONE
        assert server.run("group", "set", "Algebra", "--external", "algebra").returncode == DONE
        rules = NAMES_ADA.format(upstream=server.address)
        with Nginx(workspace / "nginx", rules, server.address) as proxy:
            # What a client adds the proxy replaces.
            first = log_in(proxy.api, {"X-User": "eve@example.org", "X-Test-Groups": "staff, algebra"},
                           "?next=%2Fmy-videos")
            assert first.headers["location"] == "/my-videos"
            session = who(proxy.api, cookie_of(first))
            assert session["user"]["email"] == "ada@example.org"
            assert session["user"]["first_name"] == "Ada" and session["user"]["has_password"] is False
            assert session["log_out"] == "/sign-out"
            assert members(server, "Algebra") == [("ada@example.org", "proxy")]
            second = log_in(proxy.api, {"X-Test-Groups": "staff"})
            assert who(proxy.api, cookie_of(second))["user"]["id"] == session["user"]["id"]
            assert members(server, "Algebra") == []
            ways = proxy.api.request("GET", "/api/v2/session/ways").json()["items"]
            assert ways == [{"kind": "proxy", "button": "Log in with your organisation", "address": LOG_IN}]
            # Two of them, a session each, which ends alone.
            ended = proxy.api.request("DELETE", "/api/v2/session",
                                      {"Cookie": cookie_of(first), "Sec-Fetch-Site": "same-origin"})
            assert ended.status == 204
            wait_until_out(proxy.api, cookie_of(first))
            assert who(proxy.api, cookie_of(second))["user"]


def test_from_anywhere_else_the_headers_are_nothing(workspace):
    with server_behind(workspace, "192.0.2.1") as server:
        for headers in ({"X-User": "ada@example.org"},
                        {"X-User": "ada@example.org", "X-Forwarded-For": "192.0.2.1"},
                        {"x-user": "ada@example.org", "Forwarded": "for=192.0.2.1"}):
            answer = log_in(server.api, headers)
            assert answer.headers["location"] == "/login?refused=no-proxy-user&next=%2F"
            assert cookie_of(answer) is None
        listed = server.run("user", "list", "--json")
        assert "ada@example.org" not in listed.stdout


def test_the_header_opens_nothing_but_the_log_in(workspace):
    with server_behind(workspace, "127.0.0.1") as server:
        admin = add_person(server, "admin", "--role", "admin")
        assert server.api.request("GET", "/api/v2/groups", {"X-User": admin.email}).status == 401
        named = server.api.request("GET", "/api/v2/session", {"X-User": admin.email}).json()
        assert named == {"user": None}


def test_who_is_disabled_stays_out(workspace):
    with server_behind(workspace, "127.0.0.1") as server:
        headers = {"X-User": "ada@example.org"}
        cookie = cookie_of(log_in(server.api, headers))
        assert server.run("user", "disable", "ada@example.org").returncode == DONE
        answer = log_in(server.api, headers)
        assert answer.headers["location"] == "/login?refused=disabled&next=%2F"
        wait_until_out(server.api, cookie)


def test_where_logging_in_is_required_its_ways_stay_open(workspace):
    with server_behind(workspace, "127.0.0.1", "--auth-require-login", "true") as server:
        assert server.api.request("GET", "/api/v2/session/ways").status == 200
        assert cookie_of(log_in(server.api, {"X-User": "ada@example.org"}))


@pytest.mark.parametrize("settings", [["--trusted-header-user", "X-User"], ["--oidc-issuer", "https://login.example"],
                                      ["--oidc-roles", "staff=root"]])
def test_settings_that_cannot_work_are_named(movio, settings):
    checked = movio.run("config", "check", *settings)
    assert checked.returncode == FAILED
    assert settings[0][2:].split("-")[0] in checked.stderr


def test_without_any_of_it_the_addresses_are_not_there(server):
    assert server.api.request("GET", "/api/v2/session/ways").json() == {"items": []}
    for path in (LOG_IN, "/api/v2/openid/begin", "/api/v2/openid/callback?code=a&state=b", "/api/v2/openid/log-out"):
        assert server.api.request("GET", path).status == 404, path
