"""Who may make an account, by which link, and what the roles may do."""

import json
import os
import pathlib
import re
import stat
import time

import pytest

from support.server import DONE, FAILED, USAGE, Server

JSON = {"Content-Type": "application/json"}
PASSWORD = "a long enough password"


def person(name, **more):
    return {"first_name": "Ada", "last_name": "Byron", "email": f"{name}@example.org", "password": PASSWORD} | more


def post(server, path, body, headers=None):
    return server.api.request("POST", path, JSON | (headers or {}), json.dumps(body))


def cookie_of(answer):
    return {"Cookie": answer.header("Set-Cookie").partition(";")[0], "Sec-Fetch-Site": "same-origin"}


def server_with(workspace, signup, *flags):
    return Server(workspace / "data", *flags, environment={"MOVIO_ACCOUNTS_SIGNUP": signup})


def add_admin(server, workspace):
    """An administrator, and what sends requests as them."""
    secret = workspace / "secret"
    secret.write_text(PASSWORD + "\n")
    done = server.run("user", "add", "root@example.org", "--first-name", "R", "--last-name", "T", "--role", "admin",
                      "--password-file", secret)
    assert done.returncode == DONE and " admin " in done.stdout, done.stderr
    answer = post(server, "/api/v2/session", {"credential": "root@example.org", "password": PASSWORD})
    assert answer.status == 200, answer
    return cookie_of(answer)


def invite_by_command(server, *flags):
    done = server.run("user", "invite", *flags)
    assert done.returncode == DONE, done.stderr
    link = done.stdout.splitlines()[-1]
    assert link.startswith(f"{server.address}/join#"), done.stdout
    return link.partition("#")[2]


def test_sign_up_is_closed_unless_it_is_set_otherwise(workspace):
    server = Server(workspace / "data")
    del server.environment["MOVIO_ACCOUNTS_SIGNUP"]
    with server:
        assert server.api.json("/api/v2/signup") == {"signup": "closed", "domains": []}
        answer = post(server, "/api/v2/users", person("ada"))
        assert answer.status == 403 and "closed" in answer.json()["detail"], answer
        invite = server.run("user", "invite")
        assert invite.returncode == FAILED and "accounts.signup" in invite.stderr
        assert "ada@example.org" not in server.run("user", "list").stdout


def test_domains_may_sign_up(workspace):
    with server_with(workspace, "domains", "--accounts-signup-domains", "uni.example, lab.example") as server:
        assert server.api.json("/api/v2/signup")["domains"] == ["uni.example", "lab.example"]
        assert post(server, "/api/v2/users", person("ada")).json()["errors"][0]["field"] == "email"
        assert post(server, "/api/v2/users", person("ada", email="ada@lab.example")).status == 201
        assert post(server, "/api/v2/users", person("ada", email="ada@cs.lab.example")).status == 400


@pytest.mark.parametrize("flags, words", [
    (["--accounts-signup", "domains"], "accounts.signup_domains names none"),
    (["--accounts-signup-domains", "@uni.example"], "'@uni.example' is no domain"),
])
def test_rules_that_nobody_could_follow_are_refused(movio, flags, words):
    answer = movio.run("config", "check", *flags)
    assert answer.returncode == FAILED and words in answer.stderr
    assert movio.run("user", "list", *flags).returncode == USAGE


def test_an_invitation_by_command_makes_one_account_in_its_role(workspace):
    with server_with(workspace, "invite") as server:
        token = invite_by_command(server, "--role", "viewer", "--email", "ada@example.org")
        assert "ada@example.org" in server.run("user", "invites").stdout
        seen = post(server, "/api/v2/invite", {"token": token})
        assert seen.status == 200 and seen.json()["role"] == "viewer"
        assert post(server, "/api/v2/users", person("ada")).status == 403
        assert post(server, "/api/v2/users", person("eve", invite=token)).status == 400
        assert post(server, "/api/v2/users", person("ada", invite=token)).status == 201
        assert post(server, "/api/v2/users", person("bob", invite=token)).status == 403
        assert re.search(r"viewer .*ada@example.org", server.run("user", "list").stdout)
        assert server.run("user", "invites").stdout == ""
        assert token not in server.log_text()


def test_an_invitation_is_taken_back(workspace):
    with server_with(workspace, "invite") as server:
        token = invite_by_command(server)
        listed = server.run("user", "invites", "--json").stdout
        done = server.run("user", "uninvite", json.loads(listed)["id"])
        assert done.returncode == DONE
        assert post(server, "/api/v2/users", person("ada", invite=token)).status == 403
        assert server.run("user", "uninvite", json.loads(listed)["id"]).returncode == FAILED


def test_administrators_invite_and_nobody_else(workspace):
    with server_with(workspace, "open") as server:
        admin = add_admin(server, workspace)
        made = post(server, "/api/v2/invites", {"role": "admin"}, admin)
        assert made.status == 201 and made.json()["url"] == f"{server.address}/join#{made.json()['token']}", made
        eve = cookie_of(post(server, "/api/v2/users", person("eve")))
        for headers, status in (({}, 401), (eve, 403)):
            assert post(server, "/api/v2/invites", {}, headers).status == status
            assert server.api.request("GET", "/api/v2/invites", headers).status == status
            one = f"/api/v2/invites/{made.json()['invite']['id']}"
            assert server.api.request("DELETE", one, headers).status == status
        joined = post(server, "/api/v2/users", person("ada", invite=made.json()["token"]))
        assert joined.json()["user"]["role"] == "admin", joined


def test_a_role_counts_at_once(workspace):
    with server_with(workspace, "open") as server:
        eve = cookie_of(post(server, "/api/v2/users", person("eve")))
        assert server.api.request("GET", "/api/v2/invites", eve).status == 403
        assert server.run("user", "role", "eve@example.org", "admin").returncode == DONE
        deadline = time.monotonic() + 5
        while server.api.request("GET", "/api/v2/invites", eve).status != 200:
            assert time.monotonic() < deadline
        assert server.run("user", "role", "eve@example.org", "owner").returncode == USAGE


def link_file_of(server):
    told = re.search(r"^Nobody can administer this server yet. Open the link in (.+)$", "".join(server.greeting), re.M)
    return pathlib.Path(told[1]) if told else None


def test_the_first_administrator_comes_in_by_a_link_that_counts_once(workspace):
    with server_with(workspace, "closed") as server:
        file = link_file_of(server)
        facts = file.stat()
        assert stat.S_IMODE(facts.st_mode) == 0o600 and facts.st_uid == server.data_dir.stat().st_uid
        link = file.read_text().strip()
        token = link.partition("#")[2]
        assert link == f"{server.address}/join#{token}" and len(token) == 43
        assert token not in server.log_text() and token not in "".join(server.greeting)
        assert server.run("user", "list").stdout.startswith("No users")
        assert post(server, "/api/v2/invite", {"token": token}).json()["first_admin"] is True
        made = post(server, "/api/v2/users", person("root", invite=token))
        assert made.status == 201 and made.json()["user"]["role"] == "admin", made
        assert server.api.request("GET", "/api/v2/invites", cookie_of(made)).status == 200
        assert post(server, "/api/v2/users", person("second", invite=token)).status == 403
    assert not file.exists()
    with server_with(workspace, "closed") as server:
        assert link_file_of(server) is None and not file.exists()


def test_each_start_without_an_administrator_makes_another_link(workspace):
    with server_with(workspace, "closed") as server:
        first = link_file_of(server).read_text().strip().partition("#")[2]
        server.kill()
        server.start()
        second = link_file_of(server).read_text().strip().partition("#")[2]
        assert first != second
        assert post(server, "/api/v2/invite", {"token": first}).status == 404
        assert post(server, "/api/v2/invite", {"token": second}).status == 200
        add_admin(server, workspace)
        assert post(server, "/api/v2/users", person("late", invite=second)).status == 403


def test_at_a_terminal_the_link_is_printed_and_kept_nowhere(workspace):
    leader, follower = os.openpty()
    server = server_with(workspace, "closed")
    server.launch(stdout=follower)
    os.close(follower)
    seen = b""
    while b"Stop with" not in seen:
        seen += os.read(leader, 4096)
    assert not (workspace / "data" / "first-admin-link").exists()
    server.stop()
    os.close(leader)
    assert re.search(rb"counts once:\r?\n  http://127\.0\.0\.1:\d+/join#[\w-]{43}\r?\n", seen), seen
