"""Users of a server under test, and the addresses that its keys make."""

import base64
import hashlib
import hmac
import json
import pathlib
import time

JSON = {"Content-Type": "application/json"}
PASSWORD = "a long enough password"


class Person:
    """Somebody who is logged in, or with no token a stranger."""

    def __init__(self, api, email=None, user_id=None, token=None):
        self.api, self.email, self.id = api, email, user_id
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path):
        return self.api.request("GET", path, self.headers)

    def json(self, path):
        answer = self.get(path)
        assert answer.status == 200, f"GET {path}: {answer}"
        return answer.json()

    def video(self, video_id):
        return self.json(f"/api/v2/videos/{video_id}")

    def change(self, video_id, **members):
        answer = self.api.request("PATCH", f"/api/v2/videos/{video_id}", self.headers | JSON, json.dumps(members))
        assert answer.status == 200, answer
        return answer.json()


def add_person(server, name, *arguments):
    """A new user of that name, logged in."""
    email = f"{name}@example.org"
    password = pathlib.Path(server.data_dir).with_name("password")
    password.write_text(PASSWORD)
    added = server.run("user", "add", email, "--first-name", name.capitalize(), "--last-name", "Person",
                       "--password-file", password, *arguments)
    assert added.returncode == 0, added.stderr
    return log_in(server.api, email)


def log_in(api, email):
    body = json.dumps({"credential": email, "password": PASSWORD})
    answer = api.request("POST", "/api/v1/auth/login/", JSON, body)
    assert answer.status == 200, answer
    token = answer.json()["user"]["access"]
    payload = token.split(".")[1]
    user_id = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))["user_id"]
    return Person(api, email, user_id, token)


def add_group(admin, name, *emails):
    """The id of a new group with these members, made by the API."""
    def ask(method, path, **members):
        answer = admin.api.request(method, path, admin.headers | JSON, json.dumps(members))
        assert answer.status in (200, 201), answer
        return answer.json()

    group = ask("POST", "/api/v2/groups", name=name, kind="course")["id"]
    put = ask("PUT", f"/api/v2/groups/{group}/members", csv="\n".join(["email", *emails]))
    assert put["members"] == len(emails)
    return group


def wait_for_group(person, group):
    """What auth says of a group comes by an event."""
    deadline = time.monotonic() + 5
    while group not in [one["id"] for one in person.json("/api/v2/visibilities")["groups"]]:
        assert time.monotonic() < deadline, "the group is not told"
        time.sleep(0.05)


def submit_for(server, path, owner):
    """The id of a ready film of the owner's."""
    video_id = server.submit(path, "--as", owner.email)
    while owner.video(video_id)["status"] != "ready":
        time.sleep(0.1)
    return video_id


def wait_for_captions(owner, video_id):
    deadline = time.monotonic() + 20
    while not owner.video(video_id)["captions"]:
        assert time.monotonic() < deadline, "the captions are missing"
        time.sleep(0.05)


class AddressKeys:
    """Makes the access part of media addresses as the server does, from its key file."""

    def __init__(self, data_dir, mac="hmac-sha256"):
        self.file, self.form = pathlib.Path(data_dir) / "media-keys.json", mac

    @property
    def keys(self):
        return json.loads(self.file.read_text())["keys"]

    def access(self, video_id, user_id, expiry, key=None):
        key = key or self.keys[0]
        text = f"{expiry}/{user_id}/media/{video_id}/"
        if self.form == "hmac-sha256":
            secret = base64.urlsafe_b64decode(key["secret"] + "=" * (-len(key["secret"]) % 4))
            digest = hmac.digest(secret, text.encode(), "sha256")
        else:
            digest = hashlib.md5(f"{text} {key['secret']}".encode()).digest()
        mac = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        return f"t-{expiry}-{key['id']}.{user_id}.{mac}"
