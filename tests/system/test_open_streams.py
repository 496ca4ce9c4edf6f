"""Event streams that are open while something happens to the user who reads them."""

import json
import threading
import time

import pytest

STREAM = "/api/v2/events?video=01936b2e-0000-7000-8000-000000000001"
PASSWORD = "a long enough password"
JSON = {"Content-Type": "application/json"}


class OpenStream:
    """Reads a stream on a thread of its own until it ends."""

    def __init__(self, api, headers):
        self._begun, self.ended = threading.Event(), threading.Event()
        threading.Thread(target=self._read, args=[api, headers], daemon=True).start()
        assert self._begun.wait(10)

    def _read(self, api, headers):
        for _ in api.events(STREAM, 60, headers):
            self._begun.set()
        self.ended.set()


def sign_up(api, name):
    fields = {"first_name": "Ada", "last_name": "Byron", "email": f"{name}@example.org", "password": PASSWORD,
              "password2": PASSWORD}
    answer = api.request("POST", "/api/v1/auth/signup/", JSON, json.dumps(fields))
    assert answer.status == 200, answer
    return fields["email"], {"Authorization": f"Bearer {answer.json()['user']['access']}"}


def cookie_of(api, email):
    body = json.dumps({"credential": email, "password": PASSWORD})
    answer = api.request("POST", "/api/v2/session", JSON, body)
    assert answer.status == 200, answer
    return {"Cookie": answer.header("Set-Cookie").partition(";")[0]}


@pytest.mark.parametrize("action", ["disable", "delete", "password"])
def test_streams_of_a_user_who_is_shut_out_end_within_5_s(server, workspace, action):
    email, bearer = sign_up(server.api, "shut-out")
    _, other = sign_up(server.api, "other")
    theirs = [OpenStream(server.api, bearer), OpenStream(server.api, cookie_of(server.api, email))]
    bystanders = [OpenStream(server.api, other), OpenStream(server.api, {})]
    time.sleep(2.5)  # looked at at least once while all is well; and a log-in of this second would still count
    assert not any(stream.ended.is_set() for stream in theirs)

    secret = workspace / "secret"
    secret.write_text("another long password\n")
    flags = ["--password-file", secret] if action == "password" else []
    done = server.run("user", action, email, *flags)
    assert done.returncode == 0, done.stderr
    deadline = time.monotonic() + 5
    for stream in theirs:
        assert stream.ended.wait(deadline - time.monotonic()), server.log_end()
    assert not any(stream.ended.is_set() for stream in bystanders)
