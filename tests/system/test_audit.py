"""The audit trail: what is done, by whom, from where; and that nothing of it is secret."""

import contextlib
import json
import sqlite3
import time

import pytest

from support import rows
from support.people import JSON, PASSWORD, Person, add_person, log_in, submit_for
from support.server import Server


@pytest.fixture(scope="module")
def server(module_workspace):
    limits = [f"--limits-{name}=0" for name in ("logins-per-minute", "writes-per-minute", "uploads-per-hour")]
    with Server(module_workspace / "data", *limits) as running:
        yield running


@pytest.fixture(scope="module")
def admin(server):
    return add_person(server, "admin", "--role", "admin")


def ask(person, method, path, **members):
    """What takes no members gets no body either."""
    if not members:
        return person.api.request(method, path, person.headers)
    return person.api.request(method, path, person.headers | JSON, json.dumps(members))


def until(check, what, seconds=10):
    deadline = time.monotonic() + seconds
    while not check():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


def trail(admin, query=""):
    return admin.json(f"/api/v2/audit?{query}")["items"]


def told(entry):
    return tuple(entry[name] for name in ("actor_kind", "actor_email", "action", "subject_email", "outcome"))


def test_what_is_done_is_there_newest_first(server, admin):
    ada = add_person(server, "ada")
    body = json.dumps({"credential": "ada@example.org", "password": "not the password"})
    assert server.api.request("POST", "/api/v2/session", JSON, body).status == 401
    assert server.run("user", "role", "ada@example.org", "moderator").returncode == 0
    assert ask(ada, "POST", "/api/v2/api-tokens", name="Mine", scopes=["read"]).status == 201
    entries = trail(admin, "subject=ada@example.org")
    assert [told(entry) for entry in entries] == [
        ("user", "ada@example.org", "token.made", "ada@example.org", "done"),
        ("command", None, "user.role", "ada@example.org", "done"),
        ("stranger", None, "log_in", "ada@example.org", "refused"),
        ("user", "ada@example.org", "log_in", "ada@example.org", "done"),
        ("command", None, "user.added", "ada@example.org", "done")]
    assert [entry["address"] for entry in entries] == ["127.0.0.1", "", "127.0.0.1", "127.0.0.1", ""]
    assert entries[1]["detail"] == {"role": "moderator"}


def test_films_are_in_the_same_list(server, admin, films):
    owner = add_person(server, "owner")
    video = submit_for(server, films.film("audited", seconds=1, size="64x64", sound=0), owner)
    owner.change(video, title="Texts are no matter of safety")
    owner.change(video, visibility="private")
    link = ask(owner, "POST", f"/api/v2/videos/{video}/embed-links", origins=["https://a.example"], expires_in_s=60)
    assert ask(owner, "DELETE", f"/api/v2/videos/{video}/embed-links/{link.json()['id']}").status == 204
    assert ask(owner, "DELETE", f"/api/v2/videos/{video}").status == 204
    assert ask(owner, "POST", f"/api/v2/videos/{video}/restore").status == 200
    entries = trail(admin, f"subject={video}")
    assert [entry["action"] for entry in entries] == ["video.restored", "video.deleted", "embed_link.revoked",
                                                      "embed_link.made", "video.audience", "command.ingest"]
    assert entries[-2]["detail"] == {"from": "public", "to": "private"} and entries[-1]["detail"] == {"owner": owner.id}
    mixed = [entry["action"] for entry in trail(admin, "actor=owner@example.org")]
    assert mixed == [entry["action"] for entry in entries[:-1]] + ["log_in"]


def test_pages_and_filters(server, admin):
    everything, cursor = [], ""
    while cursor is not None:
        page = admin.json(f"/api/v2/audit?limit=3{cursor and '&cursor=' + cursor}")
        everything += page["items"]
        cursor = page["next"]
    ids = [entry["id"] for entry in everything]
    assert len(set(ids)) == len(ids) >= 10
    assert ids == [entry["id"] for entry in trail(admin, "limit=100")]
    assert [entry["at"] for entry in everything] == sorted((entry["at"] for entry in everything), reverse=True)
    assert {entry["action"] for entry in trail(admin, "action=video")} >= {"video.deleted", "video.restored"}
    assert trail(admin, "to=2020-01-01") == [] and trail(admin, "from=2020-01-01&limit=100") == everything[:100]
    for bad in ("from=yesterday", "cursor=x", "actor=nobody@example.org", "limit=0"):
        assert admin.get(f"/api/v2/audit?{bad}").status == 400, bad


def test_only_administrators_read_it(server, admin):
    moderator = add_person(server, "moderator", "--role", "moderator")
    assert moderator.get("/api/v2/audit").status == 403
    assert server.api.get("/api/v2/audit").status == 401
    assert admin.get("/api/v2/audit").header("Cache-Control") == "no-store"


def test_the_command_shows_it(server, admin):
    add_person(server, "shown")
    shown = server.run("audit", "list", "--subject", "shown@example.org", "--action", "user")
    assert shown.returncode == 0 and shown.stdout.count("\n") == 1
    assert 'command  user.added  shown@example.org  {"role":"uploader"}' in shown.stdout
    lines = server.run("audit", "list", "--json", "--limit", "7").stdout.splitlines()
    assert [json.loads(line)["id"] for line in lines] == [entry["id"] for entry in trail(admin, "limit=7")]
    assert server.run("audit", "list", "--since", "never").returncode == 1


def test_nothing_of_it_is_secret(server, admin):
    add_person(server, "typist")
    # People type their password where their name belongs.
    body = json.dumps({"credential": PASSWORD, "password": "typist@example.org"})
    assert server.api.request("POST", "/api/v2/session", JSON, body).status == 401
    assert ask(admin, "POST", "/api/v2/invites", email="guest@example.org").status in (201, 409)
    everything = json.dumps([rows.query(server.data_dir, name, "SELECT * FROM audit")
                             for name in ("accounts", "catalog")])
    for secret in (PASSWORD, "@example.org", "movio_", "hash"):
        assert secret not in everything, secret


def test_what_one_did_is_in_ones_own_data(server):
    ada = add_person(server, "doer")
    ask(ada, "PATCH", "/api/v2/me", phone_number="+4930123456")
    export = ada.json("/api/v2/me/export")
    assert [entry["action"] for entry in export["account_actions"]] == ["log_in", "user.phone_number", "user.exported"]
    assert export["video_actions"] == []


def test_a_lost_password_and_another_address_are_there(server, admin):
    ada = add_person(server, "forgetful")
    wanted = {"email": "mindful@example.org", "password": "not the password"}
    assert ask(ada, "POST", "/api/v2/me/email", **wanted).status == 403
    assert ask(ada, "POST", "/api/v2/me/email", **(wanted | {"password": PASSWORD})).status == 202
    assert ask(Person(server.api), "POST", "/api/v2/auth/password-reset", email="forgetful@example.org").status == 202
    links = {}

    def both_are_sent():
        for line in server.run("notices", "list", "--json").stdout.splitlines():
            notice = json.loads(line)
            if notice["to"] in ("forgetful@example.org", "mindful@example.org"):
                links[notice["kind"]] = server.run("notices", "show", notice["id"]).stdout.partition("#")[2].split()[0]
        return len(links) == 2

    until(both_are_sent, "the links were not sent", 20)
    token = links["password.reset"]
    done = ask(Person(server.api), "POST", "/api/v2/auth/password-reset/confirm", token=token, password="another one")
    assert done.status == 204, done
    done = ask(Person(server.api), "POST", "/api/v2/auth/email-check/confirm", token=links["email.check"])
    assert done.status == 204, done
    assert server.run("user", "reset-password", "mindful@example.org").returncode == 0
    entries = trail(admin, "subject=mindful@example.org")
    assert [(entry["actor_kind"], entry["action"], entry["outcome"]) for entry in entries[:-2]] == [
        ("command", "password_reset.made", "done"), ("stranger", "user.email_checked", "done"),
        ("stranger", "user.password", "done"), ("stranger", "password_reset.asked", "done"),
        ("user", "user.email_asked", "done"), ("user", "user.email_asked", "refused")]
    assert trail(admin, "action=command.show_notice")[0]["detail"]["kind"] in links


def test_log_outs_are_there(server, admin):
    add_person(server, "leaving")
    body = json.dumps({"credential": "leaving@example.org", "password": PASSWORD})

    def log_out(path):
        cookie = server.api.request("POST", "/api/v2/session", JSON, body).header("Set-Cookie").partition(";")[0]
        answer = server.api.request("DELETE", path, {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"})
        assert answer.status == 204, answer

    log_out("/api/v2/session")
    log_out("/api/v2/sessions")
    entries = trail(admin, "subject=leaving@example.org")
    assert [entry["action"] for entry in entries] == ["user.logged_out", "log_in", "log_in.ended", "log_in", "log_in",
                                                      "user.added"]
    assert all(entry["address"] == "127.0.0.1" for entry in entries[:-1])


def test_reports_and_decisions_are_there(server, admin, films):
    owner, viewer = add_person(server, "reported"), add_person(server, "reporter", "--role", "viewer")
    decider = add_person(server, "decider", "--role", "moderator")
    video = submit_for(server, films.film("audited", seconds=1, size="64x64", sound=0), owner)
    for person in (viewer, Person(server.api)):
        done = ask(person, "POST", f"/api/v2/videos/{video}/reports", reason="other", text="Words of a report")
        assert done.status == 204, done
    for decision in ("hide", "block"):
        words = {"decision": decision, "reason": "Words of a decision"}
        done = ask(decider, "POST", f"/api/v2/videos/{video}/decisions", **words)
        assert done.status == 201, done
    assert [told(entry) for entry in trail(admin, f"subject={video}")] == [
        ("user", "decider@example.org", "moderation.block", None, "done"),
        ("user", "decider@example.org", "moderation.hide", None, "done"),
        ("stranger", None, "report.made", None, "done"),
        ("user", "reporter@example.org", "report.made", None, "done"),
        ("command", None, "command.ingest", None, "done")]
    until(lambda: trail(admin, "subject=reported@example.org&action=user.disabled"), "the owner is not disabled")
    disabled = trail(admin, "subject=reported@example.org&action=user.disabled")[0]
    assert told(disabled)[:2] == ("user", "decider@example.org") and disabled["detail"] == {"by_decision": True}
    export = viewer.json("/api/v2/me/export")
    assert [(one["video_id"], one["text"]) for one in export["reports"]] == [(video, "Words of a report")]
    assert [entry["action"] for entry in export["video_actions"]] == ["report.made"]
    decided = decider.json("/api/v2/me/export")["decisions"]
    assert [(one["decision"], one["reason"]) for one in decided] == [("hide", "Words of a decision"),
                                                                     ("block", "Words of a decision")]
    everything = json.dumps(rows.query(server.data_dir, "catalog", "SELECT * FROM audit"))
    assert "Words" not in everything


def test_what_is_too_old_is_forgotten(workspace):
    data = workspace / "data"
    with Server(data, "--audit-days", "30") as server:
        add_person(server, "old")
        add_person(server, "young", "--role", "admin")
        old = trail(log_in(server.api, "young@example.org"), "subject=old@example.org")[0]["subject_id"]
    with contextlib.closing(sqlite3.connect(data / "accounts.db")) as database, database:
        database.execute("UPDATE audit SET at_us = at_us - 31 * 86400 * 1000000 WHERE subject = ?", (old,))
    with Server(data, "--audit-days", "30") as server:
        young = log_in(server.api, "young@example.org")
        until(lambda: not trail(young, "subject=old@example.org"), "what is too old is still there", 30)
        assert [told(entry)[1:4] for entry in trail(young)] == [
            ("young@example.org", "log_in", "young@example.org")] * 3 + [(None, "user.added", "young@example.org")]


def test_administrators_at_the_page_are_named(server, admin):
    zoe = add_person(server, "zoe")
    path = f"/api/v2/admin/users/{zoe.id}"
    for method, where, members in (
            ("PATCH", path, {"role": "moderator"}), ("PATCH", path, {"disabled": True}),
            ("PATCH", path, {"disabled": False}), ("PATCH", f"/api/v2/admin/quotas/{zoe.id}", {"minutes": "60"}),
            ("POST", f"{path}/logout", {}), ("DELETE", path, {})):
        assert ask(admin, method, where, **members).status in (200, 204), (method, where)
    entries = [entry for entry in reversed(trail(admin, "limit=100")) if entry["subject_id"] == zoe.id]
    by_page = [(entry["action"], entry["actor_email"]) for entry in entries if entry["actor_kind"] == "user"]
    wanted = ("user.role", "user.disabled", "user.enabled", "user.quota", "user.logged_out", "user.deleted")
    assert by_page[-6:] == [(action, admin.email) for action in wanted]


def test_every_kind_of_change_is_there(server, admin, films):
    eve = add_person(server, "eve")
    add_person(server, "heir")
    commands = [("user", "disable", "eve@example.org"), ("user", "enable", "eve@example.org"),
                ("user", "logout", "eve@example.org"), ("user", "quota", "eve@example.org", "--minutes", "60"),
                ("group", "add", "Optics"), ("group", "members", "Optics", "--add", "eve@example.org"),
                ("group", "members", "Optics", "--remove", "eve@example.org"), ("group", "delete", "Optics"),
                ("user", "invite"), ("keys", "rotate"), ("keys", "rotate-media"), ("search", "rebuild"),
                ("user", "resync"), ("token", "create", "eve@example.org", "--name", "T")]
    for command in commands:
        done = server.run(*command)
        assert done.returncode == 0, (command, done.stderr)
    token = json.loads(server.run("token", "list", "eve@example.org", "--json").stdout)["id"]
    invitation = json.loads(server.run("user", "invites", "--json").stdout.splitlines()[0])["id"]
    video = server.submit(films.film("audited", seconds=1, size="64x64", sound=0), "--as", "eve@example.org")
    eve = log_in(server.api, "eve@example.org")
    while eve.video(video)["status"] != "ready":
        time.sleep(0.1)
    for command in (("token", "revoke", token), ("user", "uninvite", invitation),
                    ("user", "delete", "eve@example.org", "--hand-over-to", "heir@example.org")):
        assert server.run(*command).returncode == 0, command
    wanted = ["user.disabled", "user.enabled", "user.logged_out", "user.quota", "group.made", "group.member_added",
              "group.member_removed", "group.deleted", "invitation.made", "keys.rotated", "media_keys.rotated",
              "command.rebuild_search", "command.resync", "token.made", "command.ingest", "token.revoked",
              "invitation.revoked", "user.deleted"]
    entries = [entry for entry in reversed(trail(admin, "limit=100")) if entry["actor_kind"] == "command"]
    actions = [entry["action"] for entry in entries if entry["action"] != "user.added"]
    assert actions[-len(wanted):] == wanted
    until(lambda: trail(admin, "action=video.handed_over"), "the film was not handed over")
    handed = trail(admin, "action=video.handed_over")[0]
    assert (handed["subject_id"], handed["actor_kind"], handed["detail"]["from"]) == (video, "system", eve.id)
