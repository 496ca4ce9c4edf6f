"""What administrators see and do by the API, on the running server: jobs, workers, queue, disk, settings, users."""

import json
import time

import pytest

from support.people import JSON, PASSWORD, add_person, submit_for
from support.server import DONE, FAILED, Server

UNKNOWN = "019aaaaa-0000-7000-8000-000000000000"


class Scene:
    def __init__(self, server):
        self.server, self.api = server, server.api
        self.admin = add_person(server, "admin", "--role", "admin")
        self.owner = add_person(server, "owner")

    def ask(self, method, path, person=None, **members):
        person = person or self.admin
        body = json.dumps(members) if members else None
        return self.api.request(method, f"/api/v2/admin{path}", person.headers | (JSON if body else {}), body)

    def get(self, path):
        answer = self.ask("GET", path)
        assert answer.status == 200, answer
        assert answer.header("Cache-Control") == "no-store"
        return answer.json()

    def job_of(self, video):
        """What is submitted comes to the worker by an event."""
        job, = eventually(lambda: self.get(f"/jobs?q={video}")["items"])
        return job


@pytest.fixture
def scene(workspace):
    with Server(workspace / "data", "--media-batch-slots", "1") as server:
        yield Scene(server)


@pytest.fixture
def long_film(films):
    return films.film("long", seconds=90, size="854x480")


def eventually(what, seconds=15):
    deadline = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def test_running_job_is_followed_cancelled_and_taken_up_again(scene, long_film):
    events = scene.api.events("/api/v2/admin/events", 60, scene.admin.headers)
    assert next(events)[1]["jobs"] == []
    video = scene.server.submit(long_film, "--as", scene.owner.email)
    name, told = next(events)
    assert (name, told["service"]) == ("jobs", "worker")
    begun = time.monotonic()
    seen = [next(events)[1]["jobs"][0] for _ in range(3)]
    assert time.monotonic() - begun > 1.5, "not more than one in a second"
    assert all(job["video_id"] == video and job["owner_id"] == scene.owner.id for job in seen)
    eventually(lambda: scene.job_of(video)["percent"] > 0)
    job = scene.job_of(video)
    assert job["about"] == long_film.name and job["state"] == "running" and job["priority"] == "bulk"
    working = eventually(lambda: [task for task in scene.get(f"/jobs/{job['id']}")["tasks"]
                                  if task["state"] == "leased" and task["percent"] is not None])
    assert working[0]["worker"] == "local" and working[0]["attempt"] == 1

    assert scene.ask("POST", f"/jobs/{job['id']}/cancel").status == 204
    assert scene.ask("POST", f"/jobs/{job['id']}/cancel").status == 409
    while scene.job_of(video)["id"] in [one["id"] for one in next(events)[1]["jobs"]]:
        pass
    assert scene.job_of(video)["state"] == "cancelled"
    eventually(lambda: scene.owner.video(video)["status"] == "failed")
    cancelled = [task for task in scene.get(f"/jobs/{job['id']}")["tasks"] if task["state"] == "cancelled"]
    assert scene.ask("POST", f"/tasks/{cancelled[0]['id']}/retry").status == 204
    assert scene.job_of(video)["state"] == "running"
    eventually(lambda: scene.owner.video(video)["status"] == "ready", 120)
    done = scene.get(f"/jobs/{job['id']}")
    assert done["state"] == "done" and done["percent"] == 100 and done["priority"] is None
    assert all(task["took_ms"] is not None for task in done["tasks"] if task["state"] == "done")
    assert scene.ask("POST", f"/jobs/{job['id']}/retry").status == 409


def test_job_that_is_put_first_is_made_before_an_older_one(scene, films, long_film):
    older = scene.server.submit(long_film, "--as", scene.owner.email)
    eventually(lambda: scene.job_of(older)["percent"] > 0)
    newer = scene.server.submit(films.film("short", seconds=8, size="320x240"), "--as", scene.owner.email)
    changed = scene.ask("PATCH", f"/jobs/{scene.job_of(newer)['id']}", priority="interactive")
    assert changed.status == 200, changed
    entry, = scene.admin.json("/api/v2/audit?action=job.priority")["items"]
    assert (entry["actor_email"], entry["detail"]["priority"]) == (scene.admin.email, "interactive")
    eventually(lambda: scene.owner.video(newer)["status"] == "ready", 60)
    assert scene.owner.video(older)["status"] != "ready"
    run = scene.server.run
    assert run("jobs", "priority", scene.job_of(older)["id"], "publish").returncode == DONE
    assert scene.job_of(older)["priority"] in ("publish", None)
    assert run("jobs", "priority", UNKNOWN, "publish").returncode == FAILED
    assert run("tasks", "retry", UNKNOWN).returncode == FAILED
    assert scene.server.run("jobs", "cancel", scene.job_of(older)["id"]).returncode == DONE


def test_failed_film_says_why_and_its_task_may_be_tried_again(scene, films):
    scene.server.ingest(films.file("words.mp4", "no film at all\n" * 50))
    job, = scene.get("/jobs?state=failed")["items"]
    assert job["failure"]["code"] == "not-media"
    task, = scene.get(f"/jobs/{job['id']}")["tasks"]
    assert (task["state"], task["failure"]["code"]) == ("failed", "not-media")
    answer = scene.server.run("tasks", "retry", task["id"])
    assert answer.returncode == DONE and task["id"] in answer.stdout
    again = eventually(lambda: [one for one in scene.get(f"/jobs/{job['id']}")["tasks"] if one["attempt"] == 2])
    assert again[0]["id"] == task["id"]


def test_workers_and_queue_tell_what_runs_and_what_waits(scene, long_film):
    video = scene.server.submit(long_film, "--as", scene.owner.email)
    eventually(lambda: scene.job_of(video)["percent"] > 0)

    def worker():
        found = {one["service"]: one for one in scene.get("/workers")["items"]}
        assert set(found) == {"worker", "api", "auth"}
        return found["worker"]

    working = eventually(lambda: (one := worker())["processes"] and one["tasks"] and one)
    process = eventually(lambda: [one for one in worker()["processes"] if one["rss_bytes"] > 1 << 20])[0]
    assert process["video_id"] == video and process["pid"] != scene.server.pid
    assert working["pid"] == scene.server.pid and working["rss_bytes"] > 1 << 20
    assert working["started_at"] <= working["seen_at"]
    assert {one["name"]: one["slots"] for one in working["classes"]}["batch"] == 1
    queue = {one["service"]: one for one in scene.get("/queue")["items"]}["worker"]
    assert queue["blocked"] >= 1 and queue["leased"] >= 1
    assert sum(one["ready"] for one in queue["kinds"]) == queue["ready"]
    assert sum(one["leased"] for one in queue["classes"]) == queue["leased"]
    assert scene.server.run("jobs", "cancel", scene.job_of(video)["id"]).returncode == DONE
    eventually(lambda: {one["service"]: one for one in scene.get("/queue")["items"]}["worker"]["ready"] == 0)


def test_disk_and_settings_tell_what_there_is_and_no_secret(workspace, films):
    secret = "a secret that nobody may read anywhere"
    environment = {"MOVIO_AUTH_SIGNING_KEY": secret}
    with Server(workspace / "data", "--media-crf", "25", environment=environment) as server:
        scene = Scene(server)
        video = submit_for(server, films.film("tiny", seconds=1, size="64x64", sound=0), scene.owner)
        disk = scene.get("/disk")
        parts = {part["name"]: part for part in disk["parts"]}
        assert parts["media"]["files"] > 3 and parts["source"]["bytes"] > 0 and parts["databases"]["files"] >= 4
        assert 0 < disk["free_bytes"] < disk["bytes"]
        assert disk["kept"]["films"] == 1 and disk["trash"] == {"films": 0, "bytes": 0}
        deleted = server.api.request("DELETE", f"/api/v2/videos/{video}", scene.owner.headers)
        assert deleted.status in (200, 204)
        assert scene.get("/disk")["trash"] == disk["kept"], "what the catalog knows is never old"
        answer = scene.ask("GET", "/settings")
        assert secret not in answer.text()
        settings = {one["name"]: one for one in answer.json()["items"]}
        assert (settings["media.crf"]["value"], settings["media.crf"]["origin"]) == ("25", "flag")
        assert settings["auth.signing_key"]["is_set"] and settings["auth.signing_key"]["value"] is None
        assert settings["auth.signing_key"]["origin"] == "environment"
        assert settings["media.preset"]["origin"] == "default"


def test_user_is_found_changed_logged_out_and_deleted(scene, films):
    submit_for(scene.server, films.film("tiny", seconds=1, size="64x64", sound=0), scene.owner)
    other = add_person(scene.server, "other")
    listed, = scene.get("/users?q=OWNER")["items"]
    assert (listed["id"], listed["role"], listed["state"]) == (scene.owner.id, "uploader", "enabled")
    quota, = scene.get(f"/quotas?user={scene.owner.id}")["items"]
    assert quota["quota"]["bytes"]["used"] > 0 and quota["quota"]["bytes"]["limit"] is None
    assert scene.ask("PATCH", f"/quotas/{scene.owner.id}", bytes="10").json()["bytes"]["limit"] == 10
    assert scene.owner.json("/api/v2/quota")["bytes"]["limit"] == 10

    path = f"/users/{scene.owner.id}"
    assert scene.ask("PATCH", path, role="moderator").json()["role"] == "moderator"
    eventually(lambda: scene.owner.get("/api/v2/reports").status == 200)
    assert scene.ask("POST", path + "/logout").status == 204
    eventually(lambda: scene.owner.get("/api/v2/quota").status == 401)
    body = json.dumps({"credential": scene.owner.email, "password": PASSWORD})
    log_in = "/api/v1/auth/login/"
    assert scene.ask("PATCH", path, disabled=True).json()["state"] == "disabled"
    assert scene.api.request("POST", log_in, JSON, body).status != 200
    assert scene.ask("PATCH", path, disabled=False).json()["state"] == "enabled"
    assert scene.api.request("POST", log_in, JSON, body).status == 200
    assert scene.ask("PATCH", f"/users/{scene.admin.id}", role="viewer").status == 409
    assert scene.ask("DELETE", f"{path}?hand_over_to={other.email}").status == 204
    eventually(lambda: len(other.json("/api/v2/videos?owner=me")["items"]) == 1)
    assert [one["id"] for one in scene.get("/users?state=deleted")["items"]] == [scene.owner.id]


def test_nobody_else_is_told_anything(scene):
    described = scene.api.json("/doc/openapi.json")["paths"]
    asked = [(method.upper(), path.replace("{id}", scene.owner.id).replace("{user}", scene.owner.id))
             for path, methods in described.items() if path.startswith("/api/v2/admin/") for method in methods]
    assert len(asked) >= 18
    viewer = add_person(scene.server, "viewer", "--role", "viewer")
    moderator = add_person(scene.server, "moderator", "--role", "moderator")
    for method, path in asked:
        for headers, status in (({}, 401), (viewer.headers, 403), (moderator.headers, 403), (scene.owner.headers, 403)):
            answer, unknown = (scene.api.request(method, one, headers)
                               for one in (path, path.replace(scene.owner.id, UNKNOWN)))
            assert answer.status == unknown.status == status, (method, path, answer)
            assert scene.owner.email not in answer.text()
