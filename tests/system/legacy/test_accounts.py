"""Sign-up, log-in and get-token as old clients know them."""

import re
import time
import uuid

import pytest

from legacy.old_client import OldClient
from support.server import Server

REQUIRED = "This field is required."
FORMS = ["json", "urlencoded", "multipart"]


def person(**changes):
    """Fields of a sign-up that is right, of somebody new."""
    name = uuid.uuid4().hex[:10]
    fields = {"first_name": "Ada", "last_name": "Byron", "username": name, "email": f"{name}@example.org",
              "password": "123456@1", "password2": "123456@1"}
    return {key: value for key, value in (fields | changes).items() if value is not ...}


@pytest.fixture
def client(module_server):
    return OldClient(module_server.address)


@pytest.fixture
def member(client):
    """Somebody who has signed up."""
    fields = person()
    assert client.sign_up(**fields).status == 200
    return fields


def until_status(status, ask):
    """The answer once it has that status: what changes is known to all services within a second or so."""
    deadline = time.monotonic() + 5
    while (answer := ask()).status != status:
        assert time.monotonic() < deadline, answer
        time.sleep(0.05)
    return answer


def detail_of_refusal(answer):
    assert answer.status == 400, answer
    assert answer.json["status_code"] == 400 and answer.json["user"]["status"] == "error"
    return answer.json["user"]["detail"]


def check_tokens(answer, status=("status", "success")):
    assert answer.status == 200, answer
    user = answer.json["user"]
    assert answer.json["status_code"] == 200 and (status is None or user[status[0]] == status[1])
    assert all(len(user[kind].split(".")) == 3 for kind in ("access", "refresh"))
    return user


class TestSignUp:
    @pytest.mark.contract("A1", "A2")
    @pytest.mark.parametrize("form", FORMS)
    def test_gives_both_tokens_however_the_body_is_written(self, client, form):
        check_tokens(client.sign_up(form, **person()))

    @pytest.mark.contract("A2")
    @pytest.mark.parametrize("username", [None, ...])
    def test_username_may_be_null_or_missing(self, client, username):
        check_tokens(client.sign_up(**person(username=username)))

    @pytest.mark.contract("A3", "A11")
    @pytest.mark.parametrize("field", ["first_name", "last_name", "email", "password", "password2"])
    def test_each_missing_field_is_told(self, client, field):
        assert detail_of_refusal(client.sign_up(**person(**{field: ...}))) == {field: [REQUIRED]}

    @pytest.mark.contract("A3", "A11")
    def test_all_missing_fields_are_told_at_once(self, client):
        fields = {"first_name", "last_name", "email", "password", "password2"}
        assert detail_of_refusal(client.sign_up()) == {field: [REQUIRED] for field in fields}

    @pytest.mark.contract("A2", "A11")
    @pytest.mark.parametrize(("field", "length"), [("first_name", 35), ("last_name", 35), ("username", 15)])
    def test_names_have_a_longest_length_in_characters(self, client, field, length):
        check_tokens(client.sign_up(**person(**{field: uuid.uuid4().hex[:length - 2].ljust(length, "ö")})))
        problem = detail_of_refusal(client.sign_up(**person(**{field: "ö" * (length + 1)})))
        assert problem == {field: [f"Ensure this field has no more than {length} characters."]}

    @pytest.mark.contract("A11")
    @pytest.mark.parametrize("email", ["ada", "ada@", "@example.org", "ada@example", "a da@example.org"])
    def test_what_is_no_email_address_is_told(self, client, email):
        assert detail_of_refusal(client.sign_up(**person(email=email))) == {"email": ["Enter a valid email address."]}

    @pytest.mark.contract("A10", "A11")
    def test_passwords_are_as_short_and_as_long_as_before(self, client):
        for password in ("abcdef", "123456@1", "x" * 128):
            check_tokens(client.sign_up(**person(password=password, password2=password)))
        problem = detail_of_refusal(client.sign_up(**person(password="abcde", password2="abcde")))
        assert problem == {"password": ["Password must be at least 6 characters"]}

    @pytest.mark.contract("A3", "A11")
    def test_passwords_that_differ_belong_to_no_field(self, client):
        problem = detail_of_refusal(client.sign_up(**person(password2="another")))
        assert problem == {"non_field_errors": ["Password does not match!"]}

    @pytest.mark.contract("A11")
    def test_names_that_are_taken_are_told(self, client, member):
        problem = detail_of_refusal(client.sign_up(**person(username=member["username"])))
        assert problem == {"username": ["User with this User Name already exists."]}
        problem = detail_of_refusal(client.sign_up(**person(email=member["email"])))
        assert problem == {"email": ["User with this Email Address already exists."]}

    @pytest.mark.contract("V1")
    def test_a_new_username_holds_no_at_sign(self, client):
        problem = detail_of_refusal(client.sign_up(**person(username="ada@home")))
        assert list(problem) == ["username"] and problem["username"]

    @pytest.mark.contract("G1")
    def test_names_of_any_script_come_back_as_they_went(self, client, module_server):
        fields = person(first_name="অদিতি", last_name="हिन्दी")
        check_tokens(client.sign_up(**fields))
        assert fields["email"] in module_server.run("user", "list").stdout
        assert "অদিতি हिन्दी" in module_server.run("user", "list").stdout


class TestLogIn:
    @pytest.mark.contract("A1", "A4")
    @pytest.mark.parametrize("form", FORMS)
    @pytest.mark.parametrize("name", ["email", "username"])
    def test_by_either_name(self, client, member, form, name):
        check_tokens(client.log_in(form, credential=member[name], password=member["password"]))

    @pytest.mark.contract("A13")
    def test_email_in_other_letters(self, client, member):
        check_tokens(client.log_in(credential=member["email"].upper(), password=member["password"]))

    @pytest.mark.contract("A5", "A11")
    def test_what_is_missing_is_a_text(self, client, member):
        assert detail_of_refusal(client.log_in(password="x")) == "email or username is not provided."
        assert detail_of_refusal(client.log_in(credential=member["email"])) == "password is not provided."

    @pytest.mark.contract("A5", "A11")
    @pytest.mark.parametrize("name", ["nobody@example.org", "nobody", "", "email"])
    def test_wrong_is_wrong_whatever_was_wrong(self, client, member, name):
        fields = {"credential": member.get(name, name) or "nobody", "password": "wrong" + member["password"]}
        problem = detail_of_refusal(client.log_in(**fields))
        assert problem == {"non_field_errors": ["Username, Email or password is incorrect"]}

    @pytest.mark.contract("A12", "V1")
    def test_disabled_account_is_a_wrong_password(self, client, member, module_server):
        assert module_server.run("user", "disable", member["email"]).returncode == 0
        problem = detail_of_refusal(client.log_in(credential=member["email"], password=member["password"]))
        assert problem == {"non_field_errors": ["Username, Email or password is incorrect"]}
        assert client.get_token(email=member["email"], password=member["password"]).status == 401
        assert module_server.run("user", "enable", member["email"]).returncode == 0
        check_tokens(client.log_in(credential=member["email"], password=member["password"]))


class TestWhoMayWhat:
    @pytest.mark.contract("A14")
    @pytest.mark.parametrize("signup", ["closed", "invite"])
    def test_sign_up_where_nobody_may_by_themselves(self, workspace, signup):
        with Server(workspace / "data", "--accounts-signup", signup) as server:
            problem = detail_of_refusal(OldClient(server.address).sign_up(**person()))
            assert list(problem) == ["non_field_errors"] and "Ask an administrator" in problem["non_field_errors"][0]

    @pytest.mark.contract("U6")
    def test_viewers_do_not_upload(self, client, member, module_server):
        check_tokens(client.log_in(credential=member["email"], password=member["password"]))
        assert module_server.run("user", "role", member["email"], "viewer").returncode == 0
        answer = until_status(403, lambda: client.upload(b"x" * 100, name="a.mkv", title="T"))
        assert set(answer.json) == {"status", "detail"} and answer.json["status"] == "error"
        assert "role of an uploader" in answer.json["detail"]
        assert module_server.run("user", "role", member["email"], "uploader").returncode == 0
        # What is no film is refused by its content again.
        until_status(400, lambda: client.upload(b"x" * 100, name="a.mkv", title="T"))

    @pytest.mark.contract("U7", "R1")
    def test_an_upload_beyond_the_quota(self, client, member, module_server):
        film = b"\x1a\x45\xdf\xa3" + b"what a film is made of" * 4
        check_tokens(client.log_in(credential=member["email"], password=member["password"]))
        assert module_server.run("user", "quota", member["email"], "--bytes", len(film),
                                 "--uploads-per-day", "1").returncode == 0
        answer = client.upload(film + b"x", name="a.mkv", title="T")
        assert answer.status == 403 and set(answer.json) == {"status", "detail"} and answer.json["status"] == "error"
        assert f"{len(film)} bytes that are left" in answer.json["detail"]
        assert client.upload(film, name="a.mkv", title="T").status == 202
        answer = client.upload(film, name="a.mkv", title="T")
        assert answer.status == 429 and answer.json["detail"] == "rate-limit-exceeded"
        assert str(answer.json["data"]["wait_time"]) == answer.headers["Retry-After"]


class TestGetToken:
    @pytest.mark.contract("A1", "A6")
    @pytest.mark.parametrize("form", FORMS)
    def test_gives_both_tokens(self, client, member, form):
        check_tokens(client.get_token(form, email=member["email"], password=member["password"]), None)

    @pytest.mark.contract("A7", "A11")
    def test_missing_fields_are_400(self, client):
        answer = client.get_token()
        assert (answer.status, answer.json) == (
            400, {"status_code": 400, "user": {"email": [REQUIRED], "password": [REQUIRED]}})

    @pytest.mark.contract("A7", "A11")
    @pytest.mark.parametrize("email", ["member", "nobody@example.org"])
    def test_wrong_is_401(self, client, member, email):
        answer = client.get_token(email=member["email"] if email == "member" else email, password="wrong one")
        assert answer.status == 401 and answer.headers["WWW-Authenticate"]
        assert answer.json == {"status_code": 401, "user": {
            "detail": "No active account found with the given credentials"}}


class TestManners:
    @pytest.mark.contract("A8", "H1", "G2")
    @pytest.mark.parametrize("path", ["/api/v1/common/healthcheck/", "/api/v1/common/healthcheck"])
    def test_health(self, client, path):
        answer = client.get(path)
        assert (answer.status, answer.json) == (200, {"status": "OK"})

    @pytest.mark.contract("A9")
    def test_doc_is_a_page(self, client):
        answer = client.get("/doc/")
        assert answer.status == 200 and answer.headers.get_content_type() == "text/html"
        assert "v1/auth/signup/" in client.get("/doc/openapi.json").body.decode()

    @pytest.mark.contract("G2")
    def test_no_path_needs_its_last_slash(self, client, member):
        body = {"credential": member["email"], "password": member["password"]}
        assert client.post("/api/v1/auth/login", body).json["status_code"] == 200

    @pytest.mark.contract("G5")
    @pytest.mark.parametrize("path", ["signup/", "login/", "get-token/"])
    def test_bad_bodies_and_methods_are_told_in_the_wrapper(self, client, path):
        address = OldClient.AUTH + path
        bad_json = client.request("POST", address, b"{", {"Content-Type": "application/json"})
        bad_type = client.request("POST", address, b"x", {"Content-Type": "text/plain"})
        bad_method = client.get(address)
        for answer, status in ((bad_json, 400), (bad_type, 415), (bad_method, 405)):
            assert answer.status == answer.json["status_code"] == status, answer
            assert set(answer.json) == {"status_code", "user"} and set(answer.json["user"]) == {"detail"}
            assert isinstance(answer.json["user"]["detail"], str) and answer.json["user"]["detail"]

    @pytest.mark.contract("G1")
    def test_answers_are_json_in_utf8(self, client):
        answer = client.sign_up(**person(first_name="x" * 36))
        assert re.fullmatch(r"application/json(; ?charset=utf-8)?", answer.headers["Content-Type"])
        answer.body.decode("utf-8")

    @pytest.mark.contract("V1")
    def test_pages_of_other_origins_may_ask(self, workspace_server_for_origins):
        client = OldClient(workspace_server_for_origins.address)
        answer = client.request("OPTIONS", OldClient.AUTH + "login/", None, {
            "Origin": "https://app.example", "Access-Control-Request-Method": "POST",
            "Access-Control-Request-Headers": "content-type, authorization"})
        assert answer.headers["Access-Control-Allow-Origin"] in ("*", "https://app.example")
        assert "authorization" in answer.headers["Access-Control-Allow-Headers"].lower()
