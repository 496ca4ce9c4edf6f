"""What moderators decide, on the running server: how soon it holds everywhere, and what outlives a restart."""

import json
import time

import pytest

from support.film import FetchedFilm
from support.people import JSON, PASSWORD, Person, add_person, submit_for, wait_for_captions
from support.server import Server

SOON = 5  # seconds


class Scene:
    def __init__(self, server, path):
        self.server, self.api = server, server.api
        self.owner, self.viewer = add_person(server, "owner"), add_person(server, "viewer", "--role", "viewer")
        self.moderator = add_person(server, "moderator", "--role", "moderator")
        self.guest = Person(server.api)
        self.id = submit_for(server, path, self.owner)
        wait_for_captions(self.owner, self.id)

    def send(self, person, path, **members):
        return self.api.request("POST", path, person.headers | JSON, json.dumps(members))

    def report(self, person, **members):
        return self.send(person, f"/api/v2/videos/{self.id}/reports", **({"reason": "spam"} | members))

    def decide(self, decision, reason="because"):
        return self.send(self.moderator, f"/api/v2/videos/{self.id}/decisions", decision=decision, reason=reason)


@pytest.fixture
def film(films):
    return films.film("moderated", seconds=4, size="320x240", sound=1, subtitles=("en",))


def eventually(what):
    deadline = time.monotonic() + SOON
    while not what():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_hidden_film_ends_for_others_at_once_and_its_owner_reads_why(workspace, film):
    with Server(workspace / "data") as server:
        scene = Scene(server, film)
        public = FetchedFilm(scene.api, scene.owner.video(scene.id)).files
        caption = scene.owner.video(scene.id)["captions"][0]["url"]
        assert all(scene.api.get(address).status == 200 for address in [*public, caption])
        eventually(lambda: scene.id in scene.guest.get("/api/v2/search?q=moderated").text())
        stream = scene.api.events(f"/api/v2/events?video={scene.id}", 20, scene.viewer.headers)
        assert next(stream)[0] == "video"
        assert scene.report(scene.guest, reason="other", text="It is mine").status == 204
        assert scene.decide("hide", "Not yours").status == 201
        assert all(scene.api.get(address).status == 404 for address in [*public, caption])
        assert next(stream) == ("gone", {"id": scene.id})
        for person in (scene.guest, scene.viewer):
            assert person.get(f"/api/v2/videos/{scene.id}").status == 404
            assert scene.id not in person.get("/api/v2/videos").text() + person.get("/api/v2/search?q=moderated").text()
        for person in (scene.owner, scene.moderator):
            seen = person.video(scene.id)
            assert (seen["moderation"]["state"], seen["moderation"]["reason"]) == ("hidden", "Not yours")
            assert scene.api.get(seen["playback"]["dash_url"]).status == 200
        scene.owner.change(scene.id, visibility="unlisted")
        assert scene.guest.get(f"/api/v2/videos/{scene.id}").status == 404
    with Server(workspace / "data") as server:
        scene.api = scene.owner.api = scene.moderator.api = scene.guest.api = server.api
        assert scene.guest.get(f"/api/v2/videos/{scene.id}").status == 404
        closed = scene.moderator.json("/api/v2/reports?state=closed")["items"]
        assert [(one["text"], one["decision"]["reason"]) for one in closed] == [("It is mine", "Not yours")]
        assert scene.decide("restore").status == 201
        assert scene.guest.get(f"/api/v2/videos/{scene.id}").status == 200
        scene.owner.change(scene.id, visibility="public")
        eventually(lambda: scene.id in scene.guest.get("/api/v2/search?q=moderated").text())


def test_blocked_owner_is_out_within_seconds_and_once(workspace, film):
    with Server(workspace / "data") as server:
        scene = Scene(server, film)
        playing = scene.owner.change(scene.id, visibility="private")["playback"]["dash_url"]
        assert scene.report(scene.owner).status == 204
        assert scene.api.get(playing).status == 200
        assert scene.decide("block", "Spam").status == 201
        eventually(lambda: scene.owner.get("/api/v2/videos?owner=me").status == 401)
        eventually(lambda: scene.api.get(playing).status == 404)
        body = json.dumps({"credential": scene.owner.email, "password": PASSWORD})
        assert scene.api.request("POST", "/api/v1/auth/login/", JSON, body).status != 200
        assert scene.decide("block").status == 409
        assert server.run("user", "enable", scene.owner.email).returncode == 0
    with Server(workspace / "data") as server:
        answer = server.api.request("POST", "/api/v1/auth/login/", JSON, body)
        assert answer.status == 200, "what was told is not told again"


def test_guests_are_throttled_by_address(workspace, film):
    with Server(workspace / "data", "--limits-reports-per-hour", "3") as server:
        scene = Scene(server, film)
        assert [scene.report(scene.guest).status for _ in range(4)] == [204, 204, 204, 429]
        assert scene.report(scene.viewer).status == 204
        assert scene.report(scene.viewer).status == 409
        moved = scene.moderator.json("/api/v2/reports")["items"]
        assert [one["reporter"] and one["reporter"]["name"] for one in moved] == [None, None, None, "Viewer Person"]


def test_moderated_film_in_the_trash_is_not_restored_by_its_owner(workspace, film):
    with Server(workspace / "data") as server:
        scene = Scene(server, film)
        assert scene.decide("delete", "Against the law").status == 201
        trash = scene.owner.json("/api/v2/videos?owner=me&trash=true")["items"]
        assert [one["moderation"]["reason"] for one in trash] == ["Against the law"]
        restored = scene.api.request("POST", f"/api/v2/videos/{scene.id}/restore", scene.owner.headers)
        assert restored.status == 403 and "A moderator" in restored.json()["detail"]
        assert scene.decide("restore").status == 201
        assert scene.guest.get(f"/api/v2/videos/{scene.id}").status == 200
