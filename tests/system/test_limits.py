"""Budgets of requests: exact at the boundary whoever asks at once, by token, user or address, and by role."""

import json
import re
import threading
import time
from collections import Counter

import pytest

from support.ffmpeg import ffmpeg
from support.manifests import read_mpd
from support.people import JSON, add_person
from support.server import DONE, Server

CLIENTS = 8
BUDGET = 50
EACH = 20  # requests of each client: three times the budget in all
DAY = 86400
SEARCH, LIST = "/api/v2/search?q=words", "/api/v2/videos"
PROXY = "127.0.0.1"
NO_VIDEO = "/api/v2/videos/01936b2e-0000-7000-8000-000000000001"
V1_SEARCH, V1_UPLOAD = "/api/v1/app/search/video-metadata/?search=a", "/api/v1/app/events/video-upload/"


def by_role(**budgets):
    """stranger_search=5 → as many in a day, so that nothing fills up meanwhile."""
    parts = [f"{name.replace('_', '.')}={budget}/{DAY}" for name, budget in budgets.items()]
    return ["--limits-by-role", ",".join(parts)]


def all_at_once(ask, clients=CLIENTS, each=EACH):
    """The answers to ask(client, number) of clients that begin together and wait for nothing but their answers."""
    start, answers = threading.Barrier(clients), []

    def run(client):
        start.wait()
        for number in range(each):
            answers.append(ask(client, number))

    threads = [threading.Thread(target=run, args=[client]) for client in range(clients)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(answers) == clients * each
    return answers


def check_counts(answers, passed_status, budget=BUDGET):
    assert Counter(answer.status for answer in answers) == {passed_status: budget, 429: len(answers) - budget}
    for answer in answers:
        if answer.status == 429:
            assert 0 < int(answer.header("Retry-After")) <= DAY


def check_v1_refusal(answer):
    told = answer.json()
    assert told["status"] == "error" and told["detail"] == "rate-limit-exceeded" and told["message"]
    assert told["data"]["wait_time"] == int(answer.header("Retry-After"))


@pytest.fixture(scope="module")
def server(module_workspace):
    budgets = by_role(stranger_read=BUDGET, stranger_search=BUDGET, stranger_login=BUDGET, uploader_write=BUDGET,
                      uploader_upload=BUDGET, uploader_search=BUDGET, viewer_search=3, moderator_search=5)
    proxies = ["--server-trusted-proxies", f"{PROXY},10.0.0.1"]
    with Server(module_workspace / "data", *budgets, *proxies) as running:
        yield running


def from_address(address, **headers):
    return {"X-Forwarded-For": address} | headers


class TestTheBoundaryIsExact:
    """Eight clients that ask at once get together what one would get, to the last request."""

    def test_searches_and_what_is_left_of_them(self, server):
        answers = all_at_once(lambda *_: server.api.request("GET", SEARCH, from_address("192.0.2.1")))
        check_counts(answers, 200)
        told = [re.fullmatch(r'"search";r=(\d+);t=(\d+)', answer.header("RateLimit")) for answer in answers]
        left = sorted(int(one[1]) for one, answer in zip(told, answers) if answer.status == 200)
        assert left == list(range(BUDGET)), "each remainder is told once"
        assert all(one[1] == "0" for one, answer in zip(told, answers) if answer.status == 429)
        assert {answer.header("RateLimit-Policy") for answer in answers} == {f'"search";q={BUDGET};w={DAY}'}
        refused = next(answer for answer in answers if answer.status == 429)
        assert refused.json()["type"] == "/doc/problems/rate-limited"
        assert refused.header("Retry-After") == told[answers.index(refused)][2]

    def test_reads_of_other_things(self, server):
        check_counts(all_at_once(lambda *_: server.api.request("GET", LIST, from_address("192.0.2.2"))), 200)

    def test_log_ins(self, server):
        """Each by a name of its own, as mistakes with one name have to wait anyway."""
        def attempt(client, number):
            body = json.dumps({"credential": f"n{client}.{number}@example.org", "password": "a wrong password"})
            return server.api.request("POST", "/api/v2/session", from_address("192.0.2.3") | JSON, body)

        check_counts(all_at_once(attempt), 401)

    def test_changes(self, server):
        person = add_person(server, "writer")
        answers = all_at_once(lambda *_: server.api.request("PATCH", NO_VIDEO, person.headers | JSON, '{"title":"T"}'))
        check_counts(answers, 404)

    def test_submissions(self, server):
        person = add_person(server, "sender")
        headers = person.headers | {"Content-Type": "multipart/form-data; boundary=b"}
        answers = all_at_once(lambda *_: server.api.request("POST", V1_UPLOAD, headers, b"--b--\r\n"))
        check_counts(answers, 400)
        for answer in answers:
            if answer.status == 429:
                check_v1_refusal(answer)
            else:
                assert answer.header("RateLimit") is None, "v1 answers as the original did"

    def test_searches_of_v1_are_from_the_same_budget(self, server):
        def ask(client, _):
            return server.api.request("GET", (SEARCH, V1_SEARCH)[client % 2], from_address("192.0.2.4"))

        answers = all_at_once(ask)
        check_counts(answers, 200)
        refused = [answer for answer in answers if answer.status == 429 and b"rate-limit-exceeded" in answer.body]
        assert refused
        for answer in refused:
            check_v1_refusal(answer)

    @pytest.mark.alone
    def test_a_budget_fills_up_one_by_one(self, workspace):
        with Server(workspace / "data", "--limits-by-role", "stranger.search=4/8") as server:
            def ask():
                return server.api.get(SEARCH)

            assert [ask().status for _ in range(4)] == [200] * 4
            refused = ask()
            assert refused.status == 429 and int(refused.header("Retry-After")) in (1, 2)
            time.sleep(int(refused.header("Retry-After")))
            assert [ask().status for _ in range(2)] == [200, 429]


class TestWhoseBudgetItIs:
    def test_an_addresss_and_of_ipv6_a_networks(self, server):
        def ask(address):
            return server.api.request("GET", SEARCH, from_address(address)).status

        assert [ask(f"2001:db8:1:1::{n:x}") for n in range(1, BUDGET + 2)] == [200] * BUDGET + [429]
        assert ask("2001:db8:1:2::1") == 200

    def test_a_users_wherever_they_are(self, server):
        ann, eve = add_person(server, "ann"), add_person(server, "eve")
        answers = all_at_once(lambda client, _: server.api.request(
            "GET", SEARCH, ann.headers | from_address(f"198.51.100.{client}")))
        check_counts(answers, 200)
        assert eve.get(SEARCH).status == 200

    def test_a_tokens_apart_from_its_users(self, server):
        person = add_person(server, "programmer")
        programs = []
        for name in ("One", "Two"):
            made = server.run("token", "create", person.email, "--name", name, "--scopes", "read")
            assert made.returncode == DONE, made.stderr
            programs.append({"Authorization": f"Bearer {made.stdout.splitlines()[-1]}"})
        deadline = time.monotonic() + 5
        while server.api.request("GET", LIST, programs[1]).status == 401:
            assert time.monotonic() < deadline, "the token is not heard of"
            time.sleep(0.05)
        check_counts(all_at_once(lambda *_: server.api.request("GET", SEARCH, programs[0])), 200)
        assert server.api.request("GET", SEARCH, programs[1]).status == 200
        assert person.get(SEARCH).status == 200

    def test_a_roles(self, server):
        for role, budget in (("viewer", 3), ("moderator", 5)):
            person = add_person(server, role, "--role", role)
            assert [person.get(SEARCH).status for _ in range(budget + 1)] == [200] * budget + [429]
        admin = add_person(server, "chief", "--role", "admin")
        answers = [admin.get(SEARCH) for _ in range(BUDGET + 1)]
        assert {answer.status for answer in answers} == {200}, "as everybody's, where the role has none of its own"
        assert answers[0].header("RateLimit-Policy") == '"search";q=600;w=60'


class TestForwardedAddresses:
    @pytest.mark.parametrize("chain", ["203.0.113.{n}, 192.0.2.20", "{n}, 192.0.2.21, 10.0.0.1",
                                       "10.0.0.1, 203.0.113.{n},192.0.2.22:80{n} , 10.0.0.1,127.0.0.1",
                                       "127.0.0.1, garbage {n}, ::ffff:192.0.2.23"])
    def test_what_clients_write_themselves_is_nothing(self, server, chain):
        answers = [server.api.request("GET", SEARCH, from_address(chain.format(n=n))) for n in range(10, BUDGET + 12)]
        check_counts(answers, 200)

    def test_clients_behind_several_proxies_are_told_apart(self, server):
        for last in (24, 25):
            answers = [server.api.request("GET", SEARCH, from_address(f"6.6.6.6, 192.0.2.{last}, 10.0.0.1"))
                       for _ in range(BUDGET)]
            assert {answer.status for answer in answers} == {200}

    def test_nobody_else_is_believed(self, workspace):
        with Server(workspace / "data", *by_role(stranger_search=5), "--server-trusted-proxies", "10.0.0.1") as server:
            answers = [server.api.request("GET", SEARCH, from_address(f"192.0.2.{n}, 10.0.0.1")) for n in range(8)]
            check_counts(answers, 200, 5)


def test_segments_that_are_not_made_yet(workspace, films):
    """Eight players ask for one each; those beyond the budget are refused at once, and files are not counted."""
    part = films.film("limits-part", seconds=20, size="854x480", sound=0)
    path = part.with_name("limits-long.mkv")
    ffmpeg("-stream_loop", "29", "-i", part, "-c", "copy", path)
    flags = ["--media-on-demand-slots", "1", "--media-batch-slots", "1", "--media-max-cpus", "1"]
    with Server(workspace / "data", *flags, *by_role(stranger_segment=3)) as server:
        video = server.wait_for(server.submit(path), "playable")
        address = video["playback"]["dash_url"]
        rung = read_mpd(server.api.bytes(address).decode(), address).of("video")[0]
        segments = [segment[0] for segment in rung.segments]
        answers = all_at_once(lambda client, _: server.api.get(segments[100 + client]), each=1)
        refused = [answer for answer in answers if answer.status == 429]
        assert len(refused) == CLIENTS - 3, answers
        for answer in refused:
            assert answer.header("RateLimit-Policy") == f'"segment";q=3;w={DAY}'
            assert 0 < int(answer.header("Retry-After")) <= DAY
        assert {server.api.get(segments[0]).status for _ in range(20)} == {200}
        server.run("jobs", "cancel", server.jobs("running")[0]["id"])
