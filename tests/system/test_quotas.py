"""Quotas of bytes, minutes and uploads a day, by role and by user: asked before an upload is accepted, and told."""

import json
import threading
from collections import Counter

import pytest

from support.people import add_person
from support.server import DONE, FAILED, Server
from support.uploads import BOUNDARY, CLOSING, PATH, opening

FILM = b"\x1a\x45\xdf\xa3" + b"what a film is made of" * 40


def upload(server, person, data=FILM):
    headers = person.headers | {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
    return server.api.request("POST", PATH, headers, opening() + data + CLOSING)


def quota(person):
    return person.json("/api/v2/quota")


@pytest.fixture(scope="module")
def server(module_workspace):
    quotas = f"uploader.bytes={3 * len(FILM)},viewer.uploads_per_day=0,moderator.uploads_per_day=5"
    with Server(module_workspace / "data", "--quotas-by-role", quotas) as running:
        yield running


def test_bytes_are_counted_to_the_last(server):
    ann = add_person(server, "ann")
    assert quota(ann) == {"bytes": {"used": 0, "limit": 3 * len(FILM)}, "minutes": {"used": 0, "limit": None},
                          "uploads_per_day": {"used": 0, "limit": None}, "upload_frees_at": None}
    first = upload(server, ann)
    assert first.status == 202, first
    refused = upload(server, ann, FILM * 2 + b"x")
    assert refused.status == 403 and refused.json()["status"] == "error"
    assert f"{2 * len(FILM)} bytes that are left of your quota" in refused.json()["detail"]
    assert quota(ann)["bytes"]["used"] == len(FILM)
    assert upload(server, ann, FILM * 2).status == 202
    assert quota(ann)["bytes"]["used"] == 3 * len(FILM) and quota(ann)["uploads_per_day"]["used"] == 2
    assert upload(server, ann, FILM).status == 403


def test_a_film_in_the_trash_takes_its_room(server):
    eve = add_person(server, "eve")
    video_id = upload(server, eve, FILM * 3).json()["video_id"]
    assert server.api.request("DELETE", f"/api/v2/videos/{video_id}", eve.headers).status == 204
    assert quota(eve)["bytes"]["used"] == 3 * len(FILM) and upload(server, eve).status == 403


def test_of_eight_who_upload_at_once_as_many_as_may_get_through(server):
    person = add_person(server, "many", "--role", "moderator")
    start, answers = threading.Barrier(8), []

    def run():
        start.wait()
        for _ in range(3):
            answers.append(upload(server, person))

    threads = [threading.Thread(target=run) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(answer.status for answer in answers) == {202: 5, 429: 19}
    refused = next(answer for answer in answers if answer.status == 429)
    told = refused.json()
    assert told["detail"] == "rate-limit-exceeded" and "5 of 5 in 24 hours" in told["message"]
    assert 86000 < told["data"]["wait_time"] <= 86400
    assert refused.header("Retry-After") == str(told["data"]["wait_time"])
    state = quota(person)
    assert state["uploads_per_day"] == {"used": 5, "limit": 5} and state["upload_frees_at"] in told["message"]


def test_minutes_are_those_of_films_that_are_known(server, films):
    person = add_person(server, "long")
    assert server.run("user", "quota", person.email, "--bytes", "none", "--minutes", "1").returncode == DONE
    path = films.film("minute", seconds=61, size="64x64", rate=5, sound=0, moving=False)
    server.wait_for(server.submit(path, "--as", person.email), "ready")
    assert quota(person)["minutes"] == {"used": 1, "limit": 1}
    refused = upload(server, person)
    assert refused.status == 403 and "minutes is used up: 1 of 1" in refused.json()["detail"]


def test_commands_show_and_set_what_one_user_may_have(server, films):
    person = add_person(server, "one")
    shown = server.run("user", "quota", person.email)
    assert shown.returncode == DONE and f"bytes            0 of {3 * len(FILM)}" in shown.stdout
    for value, limit in (("5", 5), ("none", None), ("0", 0), ("role", 3 * len(FILM))):
        assert server.run("user", "quota", person.email, "--bytes", value).returncode == DONE
        assert quota(person)["bytes"]["limit"] == limit
    for value in ("many", "-1", "1GB"):
        answer = server.run("user", "quota", person.email, f"--bytes={value}")
        assert answer.returncode == FAILED and "bytes" in answer.stderr
    assert server.run("user", "quota", "nobody@example.org").returncode == FAILED
    assert server.run("user", "quota", person.email, "--uploads-per-day", "0").returncode == DONE
    refused = upload(server, person)
    assert refused.status == 403 and "you may upload none" in refused.json()["detail"]
    assert server.submit(films.film("tiny", seconds=1, size="64x64", sound=0), "--as", person.email)
    assert quota(person)["uploads_per_day"] == {"used": 1, "limit": 0}, "who runs the server may"


def test_strangers_have_none_to_see(server):
    answer = server.api.get("/api/v2/quota")
    assert answer.status == 401 and json.loads(answer.body)["type"] == "/doc/problems/unauthorized"
