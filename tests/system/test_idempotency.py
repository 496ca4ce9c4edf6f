"""Writes of v2 with an Idempotency-Key: done once, however often they are sent."""

import json
import threading
from collections import Counter

from support import rows
from support.people import JSON, add_person
from support.server import Server

TOKENS = "/api/v2/api-tokens"


def make_token(server, person, key, name="Backup"):
    body = json.dumps({"name": name, "scopes": ["read"]})
    return server.api.request("POST", TOKENS, person.headers | JSON | {"Idempotency-Key": key}, body)


def tokens_of(person):
    return len(person.json(TOKENS)["items"])


def test_a_request_that_is_sent_again_is_done_once(server):
    ann, eve = add_person(server, "ann"), add_person(server, "eve")
    first, again = make_token(server, ann, '"one"'), make_token(server, ann, '"one"')
    assert first.status == again.status == 201 and first.body == again.body and tokens_of(ann) == 1
    assert first.header("X-Request-Id") != again.header("X-Request-Id")
    other = make_token(server, ann, '"one"', name="Another")
    assert other.status == 422 and other.json()["type"] == "/doc/problems/invalid" and tokens_of(ann) == 1
    assert make_token(server, eve, '"one"').status == 201 and tokens_of(eve) == 1
    assert make_token(server, ann, '""').status == 400 and make_token(server, ann, '"two"').status == 201


def test_of_eight_at_once_one_is_done(server):
    person = add_person(server, "eight")
    start, answers = threading.Barrier(8), []

    def run():
        start.wait()
        answers.append(make_token(server, person, "at-once"))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert set(Counter(answer.status for answer in answers)) <= {201, 409}
    assert len({answer.body for answer in answers if answer.status == 201}) == 1 and tokens_of(person) == 1


def test_a_restart_repeats_nothing_and_no_answer_is_written_down(workspace):
    with Server(workspace / "data") as server:
        person = add_person(server, "careful")
        made = make_token(server, person, '"kept"')
        assert made.status == 201
        secret = made.json()["token"]
    for file in (workspace / "data").glob("*.db*"):
        assert secret.encode() not in file.read_bytes(), file
    assert rows.query(workspace / "data", "catalog", "SELECT key FROM idempotency_keys")[0]["key"] == "kept"
    with Server(workspace / "data") as server:
        again = server.api.request("POST", TOKENS, person.headers | JSON | {"Idempotency-Key": '"kept"'},
                                   json.dumps({"name": "Backup", "scopes": ["read"]}))
        assert again.status == 409, again
        listed = server.api.request("GET", TOKENS, person.headers)
        assert len(listed.json()["items"]) == 1
