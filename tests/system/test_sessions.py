"""Log-ins of the page and of apps, each of which can be ended, and tokens by which programs act."""

import json
import re
import threading
import time

import pytest

from legacy.old_client import multipart
from support.server import DONE, FAILED, Server

JSON = {"Content-Type": "application/json"}
PASSWORD = "a long enough password"


@pytest.fixture(scope="module")
def server(module_workspace):
    with Server(module_workspace / "data", "--limits-logins-per-minute", "0") as running:
        yield running


def ask(server, method, path, headers=None, body=None, **more):
    sent = JSON if body is not None else {}
    return server.api.request(method, path, sent | (headers or {}) | more, body and json.dumps(body))


@pytest.fixture
def person(server):
    """Somebody who has just signed up."""
    fields = {"first_name": "Ada", "last_name": "Byron", "email": f"p{time.monotonic_ns()}@example.org",
              "password": PASSWORD}
    assert ask(server, "POST", "/api/v2/users", body=fields).status == 201
    return {"credential": fields["email"], "password": PASSWORD}


def page(server, person, agent="Browser"):
    answer = ask(server, "POST", "/api/v2/session", {"User-Agent": agent}, person)
    assert answer.status == 200, answer
    return {"Cookie": answer.header("Set-Cookie").partition(";")[0], "Sec-Fetch-Site": "same-origin"}


def app(server, person, agent="App"):
    answer = ask(server, "POST", "/api/v2/tokens", {"User-Agent": agent}, person)
    assert answer.status == 201, answer
    return answer.json()


def refresh(server, token, agent="App"):
    return ask(server, "POST", "/api/v2/tokens/refresh", {"User-Agent": agent}, {"refresh": token})


def bearer(token):
    return {"Authorization": f"Bearer {token}"}


def own_list(server, headers):
    return ask(server, "GET", "/api/v2/videos?owner=me", headers).status


def until(status, look, seconds=5):
    deadline = time.monotonic() + seconds
    while (seen := look()) != status:
        assert time.monotonic() < deadline, seen
        time.sleep(0.02)


def devices(server, headers):
    answer = ask(server, "GET", "/api/v2/sessions", headers)
    assert answer.status == 200, answer
    return answer.json()["items"]


def test_an_app_goes_on_by_its_refresh_token(server, person):
    tokens = app(server, person)
    assert tokens["expires_in"] == 900 and own_list(server, bearer(tokens["access"])) == 200
    assert own_list(server, bearer(tokens["refresh"])) == 401
    following = refresh(server, tokens["refresh"])
    assert following.status == 200 and following.json()["session_id"] == tokens["session_id"]
    assert own_list(server, bearer(following.json()["access"])) == 200
    assert following.header("Cache-Control") == "no-store"


def test_eight_requests_in_parallel_stay_logged_in(server, person):
    tokens = app(server, person)
    answers = []
    threads = [threading.Thread(target=lambda: answers.append(refresh(server, tokens["refresh"]))) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [answer.status for answer in answers] == [200] * 8
    assert len({answer.json()["refresh"] for answer in answers}) == 1
    assert refresh(server, answers[0].json()["refresh"]).status == 200


def test_a_stolen_refresh_token_ends_the_log_in_for_both(server, person):
    tokens = app(server, person)
    bystander = app(server, person)
    following = refresh(server, tokens["refresh"]).json()
    assert refresh(server, tokens["refresh"], "Thief").status == 401
    assert refresh(server, following["refresh"]).status == 401
    until(401, lambda: own_list(server, bearer(following["access"])))
    assert own_list(server, bearer(bystander["access"])) == 200
    assert refresh(server, bystander["refresh"]).status == 200


def test_devices_are_listed_and_logged_out_one_by_one(server, person):
    here, there, phone = page(server, person, "Here"), page(server, person, "There"), app(server, person, "Phone")
    # The sign-up was a log-in, too.
    listed = {device["agent"]: device for device in devices(server, here)}
    assert set(listed) >= {"Here", "There", "Phone"}
    assert [name for name, device in listed.items() if device["current"]] == ["Here"]
    assert listed["Phone"]["kind"] == "app" and listed["Phone"]["address"] == "127.0.0.1"
    for name, status in (("There", 204), ("There", 404), ("Phone", 204)):
        assert ask(server, "DELETE", f"/api/v2/sessions/{listed[name]['id']}", here).status == status
    until(401, lambda: own_list(server, there))
    until(401, lambda: own_list(server, bearer(phone["access"])))
    assert refresh(server, phone["refresh"]).status == 401
    assert own_list(server, here) == 200


def test_logging_out_ends_the_cookie_that_somebody_kept(server, person):
    kept = page(server, person)
    assert ask(server, "DELETE", "/api/v2/session", kept).status == 204
    until(401, lambda: own_list(server, kept))
    assert ask(server, "GET", "/api/v2/session", kept).json() == {"user": None}


def test_logging_out_everywhere_ends_all_of_them(server, person):
    here, phone = page(server, person), app(server, person)
    old = ask(server, "POST", "/api/v1/auth/login/", body=person).json()["user"]["access"]
    ended = ask(server, "DELETE", "/api/v2/sessions", here)
    assert ended.status == 204 and "Max-Age=0" in ended.header("Set-Cookie")
    for headers in (here, bearer(phone["access"]), bearer(old)):
        until(401, lambda headers=headers: own_list(server, headers))
    assert refresh(server, phone["refresh"]).status == 401
    assert own_list(server, page(server, person)) == 200


def test_what_ended_stays_so_when_the_server_starts_again(workspace):
    with Server(workspace / "data") as server:
        fields = {"first_name": "A", "last_name": "B", "email": "a@example.org", "password": PASSWORD}
        assert ask(server, "POST", "/api/v2/users", body=fields).status == 201
        person = {"credential": "a@example.org", "password": PASSWORD}
        kept, ended = page(server, person), page(server, person)
        assert ask(server, "DELETE", "/api/v2/session", ended).status == 204
        until(401, lambda: own_list(server, ended))
        server.kill()
        server.start()
        assert own_list(server, ended) == 401 and own_list(server, kept) == 200


def test_lists_of_others_are_out_of_reach(server, person):
    other = {"first_name": "E", "last_name": "V", "email": f"e{time.monotonic_ns()}@example.org", "password": PASSWORD}
    assert ask(server, "POST", "/api/v2/users", body=other).status == 201
    eve = page(server, {"credential": other["email"], "password": PASSWORD})
    session = devices(server, page(server, person))[0]["id"]
    assert ask(server, "DELETE", f"/api/v2/sessions/{session}", eve).status == 404
    for path in ("/api/v2/sessions", "/api/v2/api-tokens"):
        assert ask(server, "GET", path).status == 401


def make_token(server, headers, *scopes, **more):
    answer = ask(server, "POST", "/api/v2/api-tokens", headers, {"name": "N", "scopes": scopes} | more)
    assert answer.status == 201, answer
    return answer.json()


def test_a_program_may_what_its_scopes_say_and_no_more(server, person):
    here = page(server, person)
    kind, body = multipart([("title", "T"), ("video", ("a.mkv", b"no film"))])

    def upload(token):
        return server.api.request("POST", "/api/v1/app/events/video-upload/", bearer(token) | {"Content-Type": kind},
                                  body).status

    def change(token):
        unknown = "/api/v2/videos/01936b2e-0000-7000-8000-000000000001"
        return ask(server, "PATCH", unknown, bearer(token), {"title": "T"}).status

    # 400 is a file that is no film, 404 a film that is not there: what comes once one may.
    allowed = {"read": (200, 403, 403), "upload": (403, 400, 403), "manage": (403, 403, 404)}
    for scope, statuses in allowed.items():
        token = make_token(server, here, scope)["token"]
        assert re.fullmatch(r"movio_[\w-]{43}", token)
        until(statuses[0], lambda token=token: own_list(server, bearer(token)))
        assert (own_list(server, bearer(token)), upload(token), change(token)) == statuses, scope
        for method, path in (("GET", "/api/v2/sessions"), ("DELETE", "/api/v2/sessions"), ("GET", "/api/v2/api-tokens"),
                             ("DELETE", "/api/v2/session")):
            assert ask(server, method, path, bearer(token)).status == 403, (scope, path)
        assert ask(server, "POST", "/api/v2/api-tokens", bearer(token), {"name": "N", "scopes": ["read"]}).status == 403
        assert token not in server.log_text()


def test_a_token_for_programs_outlives_a_password_and_ends_when_it_is_taken_back(server, person, module_workspace):
    here = page(server, person)
    made = make_token(server, here, "read")
    token = bearer(made["token"])
    until(200, lambda: own_list(server, token))
    secret = module_workspace / "secret"
    secret.write_text("another long password\n")
    assert server.run("user", "password", person["credential"], "--password-file", secret).returncode == DONE
    until(401, lambda: own_list(server, here))
    assert own_list(server, token) == 200
    assert server.run("user", "disable", person["credential"]).returncode == DONE
    until(401, lambda: own_list(server, token))
    assert server.run("user", "enable", person["credential"]).returncode == DONE
    until(200, lambda: own_list(server, token))
    here = page(server, {"credential": person["credential"], "password": "another long password"})
    assert ask(server, "DELETE", f"/api/v2/api-tokens/{made['api_token']['id']}", here).status == 204
    until(401, lambda: own_list(server, token))


def test_a_program_token_is_no_cookie(server, person):
    token = make_token(server, page(server, person), "read", "upload", "manage")["token"]
    until(200, lambda: own_list(server, bearer(token)))
    assert own_list(server, {"Cookie": f"movio={token}"}) == 401


def test_commands_make_list_and_revoke_tokens(server, person):
    made = server.run("token", "create", person["credential"], "--name", "Backup", "--scopes", "read", "--days", "2")
    assert made.returncode == DONE, made.stderr
    token = made.stdout.splitlines()[-1]
    until(200, lambda: own_list(server, bearer(token)))
    listed = json.loads(server.run("token", "list", person["credential"], "--json").stdout)
    assert listed["name"] == "Backup" and listed["scopes"] == ["read"]
    assert server.run("token", "revoke", listed["id"]).returncode == DONE
    until(401, lambda: own_list(server, bearer(token)))
    assert server.run("token", "revoke", listed["id"]).returncode == FAILED
    assert server.run("token", "create", person["credential"], "--name", "X", "--scopes", "all").returncode == FAILED


def test_a_command_logs_somebody_out_everywhere(server, person):
    here = page(server, person)
    assert server.run("user", "logout", person["credential"]).returncode == DONE
    until(401, lambda: own_list(server, here))


def test_guessing_has_to_wait_and_the_owner_gets_in(server, person):
    def attempt(password):
        return ask(server, "POST", "/api/v2/session", body=person | {"password": password})

    for number in range(6):
        assert attempt(f"wrong {number}").status == 401
    refused = attempt("wrong again")
    assert refused.status == 429 and refused.header("Retry-After") == "1", refused
    until(200, lambda: attempt(PASSWORD).status, 3)
    assert attempt("mistyped").status == 401 and attempt(PASSWORD).status == 200


def test_short_tokens_run_out(workspace):
    with Server(workspace / "data", "--accounts-access-token-seconds", "10") as server:
        fields = {"first_name": "A", "last_name": "B", "email": "a@example.org", "password": PASSWORD}
        assert ask(server, "POST", "/api/v2/users", body=fields).status == 201
        tokens = app(server, {"credential": "a@example.org", "password": PASSWORD})
        assert tokens["expires_in"] == 10 and own_list(server, bearer(tokens["access"])) == 200
        until(401, lambda: own_list(server, bearer(tokens["access"])), 15)
        assert refresh(server, tokens["refresh"]).status == 200
