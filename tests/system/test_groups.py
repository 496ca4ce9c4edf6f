"""Groups: made by an administrator or the command line, filled by hand or by a list; what their members see."""

import json
import sqlite3
import time

import pytest

from legacy.old_client import OldClient
from support.film import FetchedFilm
from support.people import JSON, add_group, add_person, submit_for, wait_for_group
from support.server import DONE, FAILED, USAGE, Server

WORD = "kingfisher"


def until(holds, seconds=5):
    """What auth says comes by an event."""
    deadline = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


class Scene:
    """A film of the owner's for a course whose members are the owner and the member."""

    def __init__(self, server, path):
        self.server, self.api = server, server.api
        self.owner, self.member, self.other = (add_person(server, name) for name in ("owner", "member", "other"))
        self.admin = add_person(server, "admin", "--role", "admin")
        self.id = submit_for(server, path, self.owner)
        self.group = add_group(self.admin, "Course", "owner@example.org", "member@example.org")
        self.members = f"/api/v2/groups/{self.group}/members"
        wait_for_group(self.owner, self.group)
        self.owner.change(self.id, title=f"A {WORD}", visibility="group", groups=[self.group])

    def ask(self, person, method, path, **members):
        body = json.dumps(members) if method != "DELETE" else None
        return self.api.request(method, path, person.headers | (JSON if body else {}), body)

    def add(self, email):
        answer = self.ask(self.admin, "POST", self.members, email=email)
        assert answer.status == 201, answer
        return answer.json()["id"]

    def sees(self, person):
        return person.get(f"/api/v2/videos/{self.id}").status == 200

    def seen_in(self, person):
        """Where the person meets the film."""
        places = {"by id": f"/api/v2/videos/{self.id}", "list": "/api/v2/videos",
                  "search": f"/api/v2/search?q={WORD}", "v1 list": "/api/v1/app/stream/videos/all/",
                  "v1 film": f"/api/v1/app/stream/video-metadata/{self.id}/",
                  "v1 search": f"/api/v1/app/search/video-metadata/?search={WORD}"}
        return {name for name, path in places.items() if self.id in (answer := person.get(path)).text()
                and answer.status == 200}


EVERYWHERE = {"by id", "list", "search", "v1 list", "v1 film", "v1 search"}


@pytest.fixture(scope="module")
def scene(module_workspace, films):
    with Server(module_workspace / "data", "--limits-logins-per-minute", "0") as server:
        yield Scene(server, films.film("course", seconds=2, size="64x64", sound=0))


def test_members_see_a_film_of_their_group_and_who_leaves_does_not(scene):
    until(lambda: scene.seen_in(scene.member) == EVERYWHERE)
    assert scene.seen_in(scene.other) == set()
    address = scene.member.video(scene.id)["playback"]["dash_url"]
    segments = FetchedFilm(scene.api, scene.member.video(scene.id)).files
    stream = scene.api.events(f"/api/v2/events?video={scene.id}", 10, scene.member.headers)
    assert next(stream)[0] == "video"
    gone = scene.ask(scene.admin, "DELETE", f"{scene.members}/{scene.member.id}")
    assert gone.status == 204, gone
    until(lambda: not scene.sees(scene.member), 2)
    assert scene.seen_in(scene.member) == set()
    assert {scene.api.get(path).status for path in (address, *segments)} == {404}
    assert next(stream) == ("gone", {"id": scene.id}), "a page that is open is told"
    assert scene.seen_in(scene.owner) == EVERYWHERE
    assert scene.add("Member@Example.org") == scene.member.id
    until(lambda: scene.seen_in(scene.member) == EVERYWHERE)
    assert scene.api.get(address).status == 200


def test_only_administrators_see_and_change_groups(scene):
    for person in (scene.owner, scene.member):
        for method, path in (("GET", "/api/v2/groups"), ("GET", scene.members), ("PUT", scene.members),
                             ("POST", scene.members), ("DELETE", f"/api/v2/groups/{scene.group}")):
            assert scene.ask(person, method, path).status == 403, (method, path)
    assert scene.api.get("/api/v2/groups").status == 401
    listed = scene.admin.json("/api/v2/groups")["items"]
    assert [(group["name"], group["kind"], group["members"]) for group in listed] == [("Course", "course", 2)]


def test_groups_of_others_cannot_be_chosen(scene):
    foreign = add_group(scene.admin, "Foreign", "other@example.org")
    wait_for_group(scene.other, foreign)
    refused = scene.ask(scene.owner, "PATCH", f"/api/v2/videos/{scene.id}", groups=[scene.group, foreign])
    assert refused.status == 400 and foreign in refused.json()["detail"]
    assert [group["name"] for group in scene.owner.video(scene.id)["groups"]] == ["Course"]
    assert scene.member.video(scene.id)["groups"] is None
    choice = scene.owner.json("/api/v2/visibilities")
    assert "group" in choice["items"] and [group["name"] for group in choice["groups"]] == ["Course"]
    assert "group" not in scene.api.json("/api/v2/visibilities")["items"]
    assert scene.ask(scene.admin, "DELETE", f"/api/v2/groups/{foreign}").status == 204
    until(lambda: "group" not in scene.other.json("/api/v2/visibilities")["items"])


def test_an_upload_is_for_a_group_before_its_first_byte_is_there(scene, films):
    path = films.film("tiny", seconds=1, size="64x64", sound=0)
    client = OldClient(scene.server.address, scene.owner.headers["Authorization"].partition(" ")[2])
    sent = client.upload(path, title="For the course", visibility="group", groups=scene.group)
    assert sent.status == 202, sent
    video = scene.member.video(sent.json["video_id"])
    assert video["visibility"] == "group" and scene.other.get(f"/api/v2/videos/{video['id']}").status == 404
    other = OldClient(scene.server.address, scene.other.headers["Authorization"].partition(" ")[2])
    refused = other.upload(path, title="Not mine", visibility="group", groups=scene.group)
    assert refused.status == 400 and scene.group in refused.json["detail"]


def test_what_the_api_lost_of_groups_comes_back_by_resync(scene):
    connection = sqlite3.connect(scene.server.data_dir / "catalog.db", timeout=10)
    with connection:
        connection.execute("DELETE FROM user_groups")
        connection.execute("DELETE FROM group_members")
    connection.close()
    assert not scene.sees(scene.member)
    assert scene.server.run("user", "resync").returncode == DONE
    until(lambda: scene.seen_in(scene.member) == EVERYWHERE)


def test_who_is_deleted_leaves_the_group(scene):
    assert scene.add("other@example.org") == scene.other.id
    until(lambda: scene.sees(scene.other))
    assert scene.server.run("user", "delete", "other@example.org").returncode == DONE
    until(lambda: scene.other.get(f"/api/v2/videos/{scene.id}").status != 200)
    assert {member["email"] for member in scene.admin.json(scene.members)["items"]} == {"owner@example.org",
                                                                                        "member@example.org"}


def test_film_of_a_group_that_is_deleted_is_its_owners_alone(scene):
    assert scene.sees(scene.member)
    assert scene.ask(scene.admin, "DELETE", f"/api/v2/groups/{scene.group}").status == 204
    until(lambda: not scene.sees(scene.member))
    assert scene.sees(scene.owner) and scene.owner.video(scene.id)["groups"] == []


def lines(answer):
    assert answer.returncode == DONE, answer.stderr
    return [json.loads(line) for line in answer.stdout.splitlines()]


def test_commands_make_fill_and_delete_groups(movio, workspace):
    people = [f"p{number}@example.org" for number in range(3)]
    for email in people:
        assert movio.run("user", "add", email, "--first-name", "P", "--last-name", "Q",
                         "--no-password").returncode == DONE
    added = movio.run("group", "add", "Algebra / 2026", "--kind", "course")
    assert added.returncode == DONE and "Algebra / 2026" in added.stdout, added.stderr
    again = movio.run("group", "add", "Algebra / 2026")
    assert again.returncode == FAILED and "already" in again.stderr
    assert movio.run("group", "add", "X", "--kind", "orchestra").returncode == USAGE

    students = workspace / "students.csv"
    students.write_text(f"Name;E-Mail\nZero;{people[0]}\nOne;{people[1].upper()}\n", encoding="utf-8-sig")
    imported = movio.run("group", "import", "Algebra / 2026", students)
    assert imported.returncode == DONE and "has 2 members: 2 came, 0 went" in imported.stdout, imported.stderr
    students.write_text(f"email\n{people[2]}\nnobody@example.org\n")
    refused = movio.run("group", "import", "Algebra / 2026", students)
    assert refused.returncode == FAILED and "nobody@example.org; nothing was changed" in refused.stderr
    students.write_bytes(b"x" * (600 << 10))
    assert movio.run("group", "import", "Algebra / 2026", students).returncode == FAILED

    listed = lines(movio.run("group", "members", "Algebra / 2026", "--json"))
    assert [member["email"] for member in listed] == people[:2]
    changed = lines(movio.run("group", "members", "Algebra / 2026", "--add", people[2], "--remove", people[0],
                              "--json"))
    assert [member["email"] for member in changed] == people[1:]
    assert movio.run("group", "members", "Algebra / 2026", "--remove", people[0]).returncode == FAILED
    assert movio.run("group", "members", "Biology").returncode == FAILED

    assert [member["source"] for member in changed] == ["list", "hand"]
    named = movio.run("group", "set", "Algebra / 2026", "--external", "/courses/algebra")
    assert named.returncode == DONE and "(external: /courses/algebra)" in named.stdout, named.stderr
    assert lines(movio.run("group", "list", "--json"))[0]["external_name"] == "/courses/algebra"
    assert movio.run("group", "set", "Algebra / 2026", "--external", "").returncode == DONE
    assert lines(movio.run("group", "list", "--json"))[0]["external_name"] is None
    assert movio.run("group", "set", "Algebra / 2026", "--kind", "orchestra").returncode == USAGE
    assert movio.run("group", "set", "Biology", "--name", "B").returncode == FAILED

    group = lines(movio.run("group", "list", "--json"))[0]
    assert (group["name"], group["kind"], group["members"]) == ("Algebra / 2026", "course", 2)
    assert movio.run("group", "delete", group["id"]).returncode == DONE
    assert lines(movio.run("group", "list", "--json")) == []


def test_default_visibility_is_that_of_the_role(workspace, films):
    path = films.film("tiny", seconds=1, size="64x64", sound=0)
    settings = ["--videos-visibility", "internal", "--videos-visibility-admin", "private",
                "--videos-visibility-moderator", "unlisted"]
    with Server(workspace / "data", *settings) as server:
        expected = {"uploader": "internal", "moderator": "unlisted", "admin": "private"}
        people = {role: add_person(server, role, "--role", role) for role in expected}
        for role, level in expected.items():
            until(lambda: people[role].json("/api/v2/visibilities")["default"] == level)
            client = OldClient(server.address, people[role].headers["Authorization"].partition(" ")[2])
            sent = client.upload(path, title="Mine")
            assert sent.status == 202, sent
            assert people[role].video(sent.json["video_id"])["visibility"] == level
            ingested = server.submit(path, "--as", people[role].email)
            assert people[role].video(ingested)["visibility"] == level
        assert server.api.json("/api/v2/visibilities")["default"] == "internal"
