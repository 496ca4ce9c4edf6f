"""Tokens: their shape, their life, and that ours and those of the original's libraries are one kind."""

import base64
import json
import time
import uuid

import jwt
import pytest

from legacy.old_client import OldClient
from legacy.test_accounts import check_tokens, person
from support.server import Server

KEY = "a key of the original, shared by all of its services, long enough for SHA-512"


@pytest.fixture(scope="module")
def server(module_workspace):
    with Server(module_workspace / "shared-key", "--limits-logins-per-minute", "0",
                environment={"JWT_SIGNING_KEY": KEY}) as running:
        yield running


@pytest.fixture
def client(server):
    return OldClient(server.address)


def simple_jwt_access(user_id, **claims):
    """As djangorestframework-simplejwt makes them, by that library."""
    import django
    from django.conf import settings
    if not settings.configured:
        settings.configure(SECRET_KEY=KEY, SIMPLE_JWT={"ALGORITHM": "HS256", "SIGNING_KEY": KEY}, USE_TZ=True,
                           INSTALLED_APPS=["django.contrib.contenttypes", "django.contrib.auth"])
        django.setup()
    from rest_framework_simplejwt.tokens import AccessToken
    token = AccessToken()
    token["user_id"] = str(user_id)
    token["user_data"] = {"first_name": "Old", "last_name": "User", "username": None, "email": "old@example.org",
                          "phone_number": None}
    for name, value in claims.items():
        token[name] = value
    return str(token)


def plain_claims():
    return {"user_id": str(uuid.uuid4()), "token_type": "access", "exp": 2**32, "iat": 1, "jti": "0" * 32}


def claims_of(token):
    return jwt.decode(token, KEY, algorithms=["HS256"])


def who(client):
    """The status of a request that needs a token: an upload without a file."""
    return client.upload(title="x")


class TestOurs:
    @pytest.mark.contract("T1")
    def test_claims_are_the_originals(self, client):
        fields = person()
        user = check_tokens(client.sign_up(**fields))
        for kind in ("access", "refresh"):
            claims = claims_of(user[kind])
            assert claims["token_type"] == kind
            assert len(claims["jti"]) == 32 and int(claims["jti"], 16) >= 0
            assert str(uuid.UUID(claims["user_id"])) == claims["user_id"]
            assert claims["user_data"] == {"first_name": "Ada", "last_name": "Byron", "username": fields["username"],
                                           "email": fields["email"], "phone_number": None}
            assert jwt.get_unverified_header(user[kind])["alg"] == "HS256"

    @pytest.mark.contract("T2")
    def test_they_live_thirty_days(self, client):
        user = check_tokens(client.sign_up(**person()))
        for kind in ("access", "refresh"):
            claims = claims_of(user[kind])
            assert claims["exp"] - claims["iat"] == 30 * 86400
            assert abs(claims["iat"] - time.time()) < 60

    @pytest.mark.contract("T4")
    def test_the_originals_library_accepts_them(self, client):
        user = check_tokens(client.sign_up(**person()))
        simple_jwt_access(uuid.uuid4())  # sets the library up
        from rest_framework_simplejwt.tokens import AccessToken
        assert AccessToken(user["access"])["user_id"] == claims_of(user["access"])["user_id"]


class TestTheirs:
    @pytest.mark.contract("T4")
    def test_tokens_of_the_originals_library_are_accepted(self, client):
        client.token = simple_jwt_access(uuid.uuid4())
        assert who(client).json["detail"] == "No video file provided"

    @pytest.mark.contract("T4")
    def test_so_are_those_of_a_user_that_is_known_here(self, client):
        fields = person()
        user = check_tokens(client.sign_up(**fields))
        client.token = simple_jwt_access(claims_of(user["access"])["user_id"])
        assert who(client).json["detail"] == "No video file provided"

    @pytest.mark.contract("P1", "V1")
    @pytest.mark.parametrize(("make", "detail"), [
        (lambda: simple_jwt_access(uuid.uuid4(), exp=int(time.time()) - 10), "jwt-signature-expired"),
        (lambda: jwt.encode(plain_claims(), "another key, of other services, long enough", algorithm="HS256"),
         "jwt-decode-error"),
        (lambda: simple_jwt_access(uuid.uuid4(), token_type="refresh"), "jwt-decode-error"),
        (lambda: jwt.encode(plain_claims(), KEY, algorithm="HS512"), "jwt-decode-error"),
        (lambda: unsigned(), "jwt-decode-error"),
        (lambda: "no token at all", "jwt-decode-error"),
    ], ids=["expired", "other key", "refresh", "other algorithm", "unsigned", "nonsense"])
    def test_bad_ones_are_told_apart(self, client, make, detail):
        client.token = make()
        for answer in (who(client), client.films(), client.search_films(search="x"), client.film(uuid.uuid4())):
            assert answer.status == 401, answer
            assert answer.json["status"] == "error" and answer.json["detail"] == detail and answer.json["message"]


def unsigned():
    part = [base64.urlsafe_b64encode(json.dumps(content).encode()).rstrip(b"=").decode() for content in (
        {"alg": "none", "typ": "JWT"}, plain_claims())]
    return ".".join(part) + "."


class TestWhere:
    @pytest.mark.contract("P1", "P2")
    def test_missing_or_malformed_where_one_is_needed(self, client):
        for headers in ({}, {"Authorization": "Bearer"}, {"Authorization": "Basic eDp5"}, {"Authorization": ""}):
            answer = client.request("POST", OldClient.APP + "events/video-upload/", b"", headers)
            assert answer.status == 401 and answer.json["detail"] == "jwt-header-malformed", (headers, answer)
            assert answer.json["status"] == "error" and answer.json["message"]

    @pytest.mark.contract("P2")
    def test_none_is_needed_for_public_reads(self, client):
        for answer in (client.films(), client.search_films(search="x"), client.search_subtitles(search="x"),
                       client.get("/api/v1/common/healthcheck/")):
            assert answer.status == 200, answer
        assert client.film(uuid.uuid4()).status == 404

    @pytest.mark.contract("G3")
    @pytest.mark.parametrize("scheme", ["bearer", "BEARER", "Bearer"])
    def test_scheme_in_any_case(self, client, scheme):
        client.token = check_tokens(client.sign_up(**person()))["access"]
        client.scheme = scheme
        assert who(client).status == 400

    @pytest.mark.contract("P3")
    def test_every_read_needs_one_where_the_setting_says_so(self, workspace):
        with Server(workspace / "data", "--auth-require-login", "true") as server:
            client = OldClient(server.address)
            for answer in (client.films(), client.search_films(search="x"), client.search_subtitles(search="x"),
                           client.film(uuid.uuid4())):
                assert answer.status == 401 and answer.json["detail"] == "jwt-header-malformed"
            assert client.get("/api/v1/common/healthcheck/").status == 200
            client.token = check_tokens(client.sign_up(**person()))["access"]
            assert client.films().status == 200


class TestEnd:
    @pytest.mark.contract("T3", "P1")
    @pytest.mark.parametrize("command", ["disable", "delete", "password"])
    def test_within_five_seconds(self, client, server, workspace, command):
        fields = person()
        old = check_tokens(client.sign_up(**fields))["access"]
        client.token = old
        assert who(client).status == 400
        (workspace / "new").write_text("a new password\n")
        more = ["--password-file", workspace / "new"] if command == "password" else []
        began = time.monotonic()
        assert server.run("user", command, fields["email"], *more).returncode == 0
        while who(client).status != 401:
            assert time.monotonic() - began < 5, "the token still counts after 5 s"
            time.sleep(0.1)
        assert who(client).json["detail"] == "jwt-decode-error"
        if command == "password":
            client.token = None
            assert client.log_in(credential=fields["email"], password="a new password").status == 200
            assert who(client).status == 400
            client.token = old
            assert who(client).status == 401

    def test_other_users_stay(self, client, server):
        stays, goes = person(), person()
        client.token = check_tokens(client.sign_up(**stays))["access"]
        check_tokens(OldClient(server.address).sign_up(**goes))
        assert server.run("user", "delete", goes["email"]).returncode == 0
        time.sleep(1.5)
        assert who(client).status == 400


class TestKeys:
    def test_rotation_logs_nobody_out(self, workspace):
        with Server(workspace / "data") as server:
            client, fields = OldClient(server.address), person()
            client.token = check_tokens(client.sign_up(**fields))["access"]
            before = jwt.get_unverified_header(client.token)["kid"]
            assert server.run("keys", "rotate").returncode == 0
            assert who(client).status == 400
            newer = OldClient(server.address)
            newer.log_in(credential=fields["email"], password=fields["password"])
            assert jwt.get_unverified_header(newer.token)["kid"] != before
            assert who(newer).status == 400
            server.stop()
            assert (workspace / "data/token-keys.json").stat().st_mode & 0o777 == 0o600
            server.start()
            client.address = newer.address = OldClient(server.address).address
            assert who(client).status == who(newer).status == 400


class TestDjangoHashes:
    @pytest.mark.contract("T5")
    @pytest.mark.parametrize("hasher", ["PBKDF2PasswordHasher", "Argon2PasswordHasher"])
    def test_verify_and_are_hashed_anew(self, workspace, hasher):
        import django.contrib.auth.hashers as hashers
        simple_jwt_access(uuid.uuid4())  # sets Django up
        encoded = getattr(hashers, hasher)().encode("secret of old", "saltsaltsaltsalt")
        fields = person(password="secret of new", password2="secret of new")
        with Server(workspace / "data") as server:
            check_tokens(OldClient(server.address).sign_up(**fields))
            server.stop()
            set_hash(server, fields["email"], encoded)
            server.start()
            client = OldClient(server.address)
            assert client.log_in(credential=fields["email"], password="secret of new").status == 400
            check_tokens(client.log_in(credential=fields["email"], password="secret of old"))
            server.stop()
            assert hash_of(server, fields["email"]).startswith("$argon2id$")
            server.start()
            check_tokens(OldClient(server.address).log_in(credential=fields["email"], password="secret of old"))


def accounts(server):
    import sqlite3
    return sqlite3.connect(server.data_dir / "accounts.db")


def set_hash(server, email, encoded):
    with accounts(server) as database:
        assert database.execute("UPDATE users SET password_hash = ? WHERE email = ?", (encoded, email)).rowcount == 1
    database.close()


def hash_of(server, email):
    with accounts(server) as database:
        return database.execute("SELECT password_hash FROM users WHERE email = ?", (email,)).fetchone()[0]
