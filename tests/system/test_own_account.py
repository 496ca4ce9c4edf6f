"""What people do with their own accounts: their phone number, and leaving for good."""

import json
import time

import pytest

from support.people import JSON, PASSWORD, add_person, submit_for, wait_for_captions
from support.server import Server


@pytest.fixture(scope="module")
def server(module_workspace):
    limits = [f"--limits-{name}=0" for name in ("logins-per-minute", "writes-per-minute", "uploads-per-hour")]
    with Server(module_workspace / "data", *limits) as running:
        yield running


@pytest.fixture(scope="module")
def tiny(films):
    return films.film("own", seconds=1, size="64x64", sound=0)


def ask(person, method, **members):
    return person.api.request(method, "/api/v2/me", person.headers | JSON, json.dumps(members))


def until(check, what, seconds=10):
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def video_of(server, video_id):
    return next(film for film in server.films() if film["id"] == video_id)


def test_a_phone_number_is_kept_in_international_form(server):
    ada = add_person(server, "phoned")
    changed = ask(ada, "PATCH", phone_number="+49 (30) 123-456")
    assert changed.status == 200 and changed.json()["phone_number"] == "+4930123456"
    assert ada.json("/api/v2/session")["user"]["phone_number"] == "+4930123456"
    refused = ask(ada, "PATCH", phone_number="030 123456")
    assert refused.status == 400
    assert [problem["field"] for problem in refused.json()["errors"]] == ["phone_number"]
    assert ada.json("/api/v2/session")["user"]["phone_number"] == "+4930123456"


def test_nobody_leaves_by_a_token_for_programs_or_without_a_log_in(server):
    add_person(server, "program")
    made = server.run("token", "create", "program@example.org", "--name", "All", "--scopes", "read,upload,manage")
    token = made.stdout.split()[-1]
    assert token.startswith("movio_")
    program = {"Authorization": f"Bearer {token}"}
    until(lambda: server.api.request("GET", "/api/v2/quota", program).status == 200, "the token is not told")
    for headers, status in (({}, 401), (program, 403)):
        answer = server.api.request("DELETE", "/api/v2/me", headers | JSON, json.dumps({"password": PASSWORD}))
        assert answer.status == status, answer
    assert "program@example.org" in server.run("user", "list").stdout


def test_who_leaves_is_gone_and_the_films_are_in_the_trash(server, tiny):
    leaver = add_person(server, "leaver")
    video = submit_for(server, tiny, leaver)
    assert ask(leaver, "DELETE", password="wrong").status == 403
    gone = ask(leaver, "DELETE", password=PASSWORD)
    assert gone.status == 204 and "Max-Age=0" in gone.header("Set-Cookie")
    until(lambda: leaver.get("/api/v2/videos?owner=me").status == 401, "the log-in still counts")
    until(lambda: video_of(server, video)["deleted_us"] is not None, "the film is not in the trash")
    body = json.dumps({"credential": "leaver@example.org", "password": PASSWORD})
    assert server.api.request("POST", "/api/v2/session", JSON, body).status == 401
    assert "leaver@example.org" not in server.run("user", "list").stdout


def test_films_are_handed_over_by_who_leaves(server, tiny):
    leaver, heir = add_person(server, "generous"), add_person(server, "heir")
    video = submit_for(server, tiny, leaver)
    leaver.change(video, visibility="private", shared_with=["heir@example.org"])
    assert ask(leaver, "DELETE", password=PASSWORD, hand_over_to="nobody@example.org").status == 400
    assert ask(leaver, "DELETE", password=PASSWORD, hand_over_to="heir@example.org").status == 204
    until(lambda: heir.get(f"/api/v2/videos/{video}").status == 200, "the film did not come")
    theirs = heir.video(video)
    assert theirs["mine"] and theirs["visibility"] == "private" and theirs["shared_with"] == []
    assert [one["id"] for one in heir.json("/api/v2/videos?owner=me")["items"]] == [video]
    heir.change(video, title="Mine now")


def test_films_are_handed_over_by_the_command(server, tiny):
    leaver, heir = add_person(server, "dismissed"), add_person(server, "successor")
    video = submit_for(server, tiny, leaver)
    refused = server.run("user", "delete", "dismissed@example.org", "--hand-over-to", "dismissed@example.org")
    assert refused.returncode == 1 and "dismissed@example.org" in refused.stderr
    done = server.run("user", "delete", "dismissed@example.org", "--hand-over-to", "successor@example.org")
    assert done.returncode == 0, done.stderr
    assert done.stdout == "dismissed@example.org is deleted; the films belong to successor@example.org now.\n"
    until(lambda: video_of(server, video)["owner_id"] == heir.id, "the film did not come")
    assert video_of(server, video)["deleted_us"] is None


def test_the_last_administrator_stays(server):
    last = add_person(server, "last", "--role", "admin")
    assert ask(last, "DELETE", password=PASSWORD).status == 409
    add_person(server, "next", "--role", "admin")
    assert ask(last, "DELETE", password=PASSWORD).status == 204


def test_what_is_kept_of_a_person_is_one_document(server, films):
    owner = add_person(server, "curious")
    add_person(server, "neighbour")
    film = films.film("talking", seconds=6, size="128x72", sound=1, subtitles=("en",))
    video = submit_for(server, film, owner)
    wait_for_captions(owner, video)
    owner.change(video, title="My \"film\"\n", visibility="shared", shared_with=["neighbour@example.org"])
    answer = owner.get("/api/v2/me/export")
    assert answer.status == 200 and answer.header("Transfer-Encoding") == "chunked"
    assert answer.header("Content-Disposition") == 'attachment; filename="movio-export.json"'
    told = answer.json()
    assert told["format"] == "movio-export-1" and told["account"]["email"] == "curious@example.org"
    assert [(one["id"], one["title"], one["shared_with"]) for one in told["videos"]] == [
        (video, 'My "film"', ["neighbour@example.org"])]
    assert told["captions"][0]["video_id"] == video and told["captions"][0]["cues"]
    assert told["quota"]["bytes"]["used"] == film.stat().st_size
    for secret in ("password", "hash", owner.headers["Authorization"].split()[1], "/media/"):
        assert secret not in answer.text(), secret
    assert server.api.get("/api/v2/me/export").status == 401


def test_a_person_has_the_document_five_times_and_then_waits(server):
    eager, other = add_person(server, "eager"), add_person(server, "patient")
    statuses = [eager.get("/api/v2/me/export").status for _ in range(6)]
    assert statuses == [200] * 5 + [429]
    assert int(eager.get("/api/v2/me/export").header("Retry-After")) <= 600
    assert other.get("/api/v2/me/export").status == 200
