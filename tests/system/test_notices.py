"""What is told to people while no mail is set up: a link by which a lost password is replaced, and one by which an
address is checked."""

import json
import re
import stat
import statistics
import time

import pytest

from legacy.old_client import OldClient, multipart
from legacy.test_accounts import check_tokens, person
from support import rows
from support.server import DONE, FAILED, Server

JSON = {"Content-Type": "application/json"}
PASSWORD = "a long enough password"
NEW_PASSWORD = "another long password"


def post(server, path, body, headers=None):
    return server.api.request("POST", path, JSON | (headers or {}), json.dumps(body))


def add_person(server, email="ada@example.org"):
    fields = {"first_name": "Ada", "last_name": "Byron", "email": email, "password": PASSWORD}
    answer = post(server, "/api/v2/users", fields)
    assert answer.status == 201, answer
    return {"Cookie": answer.header("Set-Cookie").partition(";")[0], "Sec-Fetch-Site": "same-origin"}


def log_in(server, email="ada@example.org", password=PASSWORD):
    return post(server, "/api/v2/session", {"credential": email, "password": password}).status


def ask(server, email, **headers):
    return post(server, "/api/v2/auth/password-reset", {"email": email}, headers)


def confirm(server, token, password=NEW_PASSWORD):
    return post(server, "/api/v2/auth/password-reset/confirm", {"token": token, "password": password}).status


def notices(server):
    done = server.run("notices", "list", "--json")
    assert done.returncode == DONE, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def wait_for_notice(server, count=1):
    deadline = time.monotonic() + 20
    while len(found := notices(server)) < count:
        assert time.monotonic() < deadline, f"{found}\n{server.log_end()}"
    assert len(found) == count, found
    return found[0]


def link_in(server, notice, page="reset-password"):
    shown = server.run("notices", "show", notice["id"])
    assert shown.returncode == DONE, shown.stderr
    link = re.search(r"^link: (\S+)$", shown.stdout, re.MULTILINE)[1]
    assert link.startswith(f"{server.address}/{page}#"), shown.stdout
    return link.partition("#")[2]


def still_counts(server, cookie):
    return server.api.request("GET", "/api/v2/videos?owner=me", cookie).status == 200


def test_a_lost_password_is_replaced_by_the_link_that_an_administrator_hands_on(workspace):
    with Server(workspace / "data") as server:
        cookie = add_person(server)
        answer = ask(server, "Ada@Example.org", Host="evil.example")
        assert answer.status == 202 and answer.body == b"", answer
        notice = wait_for_notice(server)
        assert notice["kind"] == "password.reset" and notice["to"] == "ada@example.org"
        token = link_in(server, notice)
        folder = server.data_dir / "notices"
        file = folder / f"{notice['id']}.json"
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700 and stat.S_IMODE(file.stat().st_mode) == 0o600
        told = [line for line in server.log_lines() if line.get("notice_id") == notice["id"]]
        assert [line["file"] for line in told] == [str(file)]
        assert token not in server.log_text() and token not in json.dumps(notice)
        assert log_in(server) == 200 and still_counts(server, cookie)
        assert confirm(server, token) == 204
        assert log_in(server) == 401 and log_in(server, password=NEW_PASSWORD) == 200
        deadline = time.monotonic() + 5
        while still_counts(server, cookie):
            assert time.monotonic() < deadline, "the cookie of before still counts"
            time.sleep(0.05)
        assert confirm(server, token, PASSWORD) == 404
        kept = str(rows.query(server.data_dir, "accounts", "SELECT * FROM sent_links"))
        assert token not in kept and token not in str(rows.query(server.data_dir, "accounts", "SELECT * FROM tasks"))


def test_a_kill_loses_no_notice(workspace):
    with Server(workspace / "data", "--limits-logins-per-minute", "0") as server:
        people = [f"p{number}@example.org" for number in range(8)]
        for email in people:
            add_person(server, email)
        for email in people:
            assert ask(server, email).status == 202
        server.kill()
        server.start()
        deadline = time.monotonic() + 30
        while {notice["to"] for notice in notices(server)} != set(people):
            assert time.monotonic() < deadline, f"{notices(server)}\n{server.log_end()}"
        for notice in notices(server):
            shown = server.run("notices", "show", notice["id"]).stdout
            assert confirm(server, re.search(r"#(\S+)", shown)[1]) == 204, shown


@pytest.mark.alone
def test_neither_answer_nor_time_tells_who_is_here(workspace):
    """The medians of what the two kinds of questions take, asked in turn: the work on a link is not part of them."""
    with Server(workspace / "data", "--limits-logins-per-minute", "0") as server:
        for number in range(20):
            add_person(server, f"known{number}@example.org")
        took = {"known": [], "nobody": []}
        for number in range(20):
            for kind, times in took.items():
                begun = time.perf_counter()
                answer = ask(server, f"{kind}{number}@example.org")
                times.append(time.perf_counter() - begun)
                assert answer.status == 202 and answer.body == b"", answer
        known, nobody = (statistics.median(times) for times in took.values())
        print(f"\npassword reset: {known * 1e3:.1f} ms for an address that somebody has, {nobody * 1e3:.1f} ms else")
        assert abs(known - nobody) < 0.020
        assert {notice["to"] for notice in notices(server)} <= {f"known{number}@example.org" for number in range(20)}


def test_an_administrator_makes_a_link_by_command(workspace):
    with Server(workspace / "data") as server:
        cookie = add_person(server)
        links = []
        for _ in range(2):
            done = server.run("user", "reset-password", "ada@example.org")
            assert done.returncode == DONE, done.stderr
            links.append(done.stdout.splitlines()[-1])
        assert all(link.startswith(f"{server.address}/reset-password#") for link in links)
        assert notices(server) == [] and still_counts(server, cookie)
        assert confirm(server, links[0].partition("#")[2]) == 404
        assert confirm(server, links[1].partition("#")[2]) == 204
        assert log_in(server, password=NEW_PASSWORD) == 200
        assert server.run("user", "reset-password", "eve@example.org").returncode == FAILED
        assert server.run("notices", "show", "eve").returncode == FAILED
        server.run("user", "disable", "ada@example.org")
        refused = server.run("user", "reset-password", "ada@example.org")
        assert refused.returncode == FAILED and "movio user enable" in refused.stderr


def test_without_a_server_the_link_is_that_of_the_next_one(workspace):
    data = workspace / "data"
    with Server(data) as server:
        add_person(server)
    done = server.run("user", "reset-password", "ada@example.org")
    assert done.returncode == DONE, done.stderr
    link = done.stdout.splitlines()[-1]
    assert link.startswith("http://127.0.0.1:8000/reset-password#"), link
    with server:
        assert confirm(server, link.partition("#")[2]) == 204


def upload(server, headers, film):
    kind, body = multipart([("title", "film"), ("video", ("film.mkv", film.read_bytes()))])
    return server.api.request("POST", "/api/v1/app/events/video-upload/", headers | {"Content-Type": kind}, body)


def check(server, notice):
    return post(server, "/api/v2/auth/email-check/confirm", {"token": link_in(server, notice, "check-email")}).status


def whoami(server, cookie):
    return server.api.request("GET", "/api/v2/session", cookie).json()["user"]


@pytest.fixture(scope="module")
def tiny(films):
    """A film that is made in a moment."""
    return films.film("tiny", seconds=1, size="64x64", sound=0)


def test_who_signs_up_adds_and_shares_films_once_the_address_is_checked(workspace, tiny):
    with Server(workspace / "data", "--accounts-check-email", "true") as server:
        cookie = add_person(server)
        assert whoami(server, cookie)["email_checked"] is False
        notice = wait_for_notice(server)
        assert notice["kind"] == "email.check" and notice["to"] == "ada@example.org"
        refused = upload(server, cookie, tiny)
        assert refused.status == 403 and "not checked" in refused.text(), refused
        film = f"/api/v2/videos/{server.submit(tiny, '--as', 'ada@example.org')}"

        def share(**members):
            return server.api.request("PATCH", film, cookie | JSON, json.dumps(members))

        deadline = time.monotonic() + 60
        while server.api.request("GET", film, cookie).json()["status"] != "ready":
            assert time.monotonic() < deadline, server.log_end()
            time.sleep(0.1)
        assert share(visibility="internal").status == 403
        assert "not checked" in share(shared_with=["ada@example.org"]).json()["detail"]
        assert post(server, f"{film}/embed-links", {"origins": ["https://a.example"], "expires_in_s": 3600},
                    cookie).status == 403
        assert share(title="Mine", visibility="private").status == 200
        assert server.api.request("POST", "/api/v2/me/email-check", cookie).status == 202
        deadline = time.monotonic() + 20
        while len(found := notices(server)) < 2:
            assert time.monotonic() < deadline, server.log_end()
        assert check(server, found[1]) == 404 and check(server, found[0]) == 204
        assert whoami(server, cookie)["email_checked"] is True
        deadline = time.monotonic() + 5
        while share(visibility="internal").status != 200:
            assert time.monotonic() < deadline, share(visibility="internal")
            time.sleep(0.05)
        assert upload(server, cookie, tiny).status == 202
        assert server.api.request("POST", "/api/v2/me/email-check", cookie).status == 409


def test_v1_signs_up_and_in_as_ever_and_uploads_once_the_address_is_checked(workspace, tiny):
    with Server(workspace / "data", "--accounts-check-email", "true") as server:
        token = check_tokens(OldClient(server.address).sign_up(**person()))["access"]
        bearer = {"Authorization": f"Bearer {token}"}
        refused = upload(server, bearer, tiny)
        assert refused.status == 403 and "not checked" in refused.text(), refused
        assert check(server, wait_for_notice(server)) == 204
        deadline = time.monotonic() + 5
        while upload(server, bearer, tiny).status != 202:
            assert time.monotonic() < deadline, upload(server, bearer, tiny)
            time.sleep(0.05)


def test_a_new_address_counts_once_its_link_is_opened(workspace):
    with Server(workspace / "data") as server:
        cookie = add_person(server)
        assert whoami(server, cookie)["email_checked"] is True and notices(server) == []
        wanted = {"email": "countess@example.org", "password": PASSWORD}
        assert post(server, "/api/v2/me/email", wanted | {"password": "a guess"}, cookie).status == 403
        assert post(server, "/api/v2/me/email", wanted).status == 401
        assert post(server, "/api/v2/me/email", wanted, cookie).status == 202
        notice = wait_for_notice(server)
        assert notice["to"] == "countess@example.org"
        assert log_in(server, "countess@example.org") == 401 and log_in(server) == 200
        assert check(server, notice) == 204
        assert log_in(server, "countess@example.org") == 200 and log_in(server) == 401
        assert whoami(server, cookie)["email"] == "countess@example.org"
        assert "countess@example.org" in server.run("user", "list").stdout
