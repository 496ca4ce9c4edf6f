"""Every endpoint that shows a film and every kind of media address, for every kind of person and every visibility:
allowed, or word for word what an unknown film gets. The endpoints are those of the API's own description, so that a new
one must be put into the table; what was tried is counted in access-matrix.md beside the other results."""

import collections
import json
import os
import pathlib
import re
import time

import pytest

from support.film import FetchedFilm
from support.people import (JSON, AddressKeys, Person, add_group, add_person, submit_for, wait_for_captions,
                            wait_for_group)
from support.server import ROOT, Server

UNKNOWN = "019aaaaa-0000-7000-8000-000000000000"
# What a moderator hid, whatever its owner says.
HIDDEN = "hidden"
LEVELS = ("public", "internal", "group", "shared", "unlisted", "private", HIDDEN)
WORD = "zebrafinch"
# Who sees a film by its id beside owner and admin; all but the unlisted and the hidden one it is also listed for.
LOGGED_IN = {"other", "viewer", "moderator", "named", "member"}
EVERYBODY = LOGGED_IN | {"guest", "disabled"}
SEEN_BY = {"public": EVERYBODY, "internal": LOGGED_IN, "group": {"member"}, "shared": {"named"}, "unlisted": EVERYBODY,
           "private": set(), HIDDEN: {"moderator"}}
# Shows no film: logging in, health, and what describes the server.
NO_FILM = {"/api/v1/auth/get-token/", "/api/v1/auth/login/", "/api/v1/auth/signup/", "/api/v1/common/healthcheck/",
           "/api/v2/session", "/api/v2/session/ways", "/api/v2/openid/begin", "/api/v2/openid/callback",
           "/api/v2/openid/log-out", "/api/v2/proxy/log-in",
           "/api/v2/sessions", "/api/v2/sessions/{id}", "/api/v2/signup", "/api/v2/users",
           "/api/v2/me", "/api/v2/me/export", "/api/v2/tokens", "/api/v2/tokens/refresh",
           "/api/v2/api-tokens", "/api/v2/api-tokens/{id}",
           "/api/v2/groups", "/api/v2/groups/{id}", "/api/v2/groups/{id}/members", "/api/v2/groups/{id}/members/{user}",
           "/api/v2/invite", "/api/v2/invites", "/api/v2/invites/{id}", "/api/v2/visibilities", "/api/v2/quota",
           "/api/v2/auth/password-reset", "/api/v2/auth/password-reset/confirm",
           "/api/v2/auth/email-check/confirm", "/api/v2/me/email-check", "/api/v2/me/email",
           "/api/v2/pages", "/api/v2/pages/{name}",
           "/api/v2/audit",
           # For administrators, who see every film; tests/system/test_admin.py tries all others at them.
           "/api/v2/admin/jobs", "/api/v2/admin/jobs/{id}", "/api/v2/admin/jobs/{id}/cancel",
           "/api/v2/admin/jobs/{id}/retry", "/api/v2/admin/tasks/{id}/retry", "/api/v2/admin/workers",
           "/api/v2/admin/queue", "/api/v2/admin/events", "/api/v2/admin/disk", "/api/v2/admin/settings",
           "/api/v2/admin/users", "/api/v2/admin/users/{id}", "/api/v2/admin/users/{id}/logout",
           "/api/v2/admin/quotas", "/api/v2/admin/quotas/{user}",
           "/doc/openapi.json", "/doc/postman.json", "/healthz", "/readyz", "/metrics",
           "/api/v1/app/events/video-upload/"}
LISTS = {"/api/v2/videos": "/api/v2/videos?limit=100", "/api/v2/search": f"/api/v2/search?q={WORD}",
         "/api/v1/app/stream/videos/all/": "/api/v1/app/stream/videos/all/",
         "/api/v1/app/search/video-metadata/": f"/api/v1/app/search/video-metadata/?search={WORD}",
         "/api/v1/app/search/subtitle/": "/api/v1/app/search/subtitle/?search=en"}
BY_ID = {"/api/v2/videos/{id}": "/api/v2/videos/{id}",
         "/api/v1/app/stream/video-metadata/{id}/": "/api/v1/app/stream/video-metadata/{id}/"}
STREAMS = {"/api/v2/events": "/api/v2/events?video={id}", "/api/v2/videos/{id}/events": "/api/v2/videos/{id}/events"}
CHANGES = {("patch", "/api/v2/videos/{id}"), ("delete", "/api/v2/videos/{id}"), ("post", "/api/v2/videos/{id}/restore")}
MEDIA = "/media/{path}"
LINKS = "/api/v2/videos/{id}/embed-links"
EMBEDDING = {("get", LINKS), ("post", LINKS), ("delete", LINKS + "/{link}"), ("get", "/oembed")}
REPORTS, DECISIONS = "/api/v2/videos/{id}/reports", "/api/v2/videos/{id}/decisions"
MODERATION = {("post", REPORTS), ("get", "/api/v2/reports"), ("get", DECISIONS), ("post", DECISIONS)}
MODERATORS = ("moderator", "admin")
SCHOOL = "https://school.example"

tried = collections.Counter()  # (what, level, person, "allowed" or "as unknown")


class Matrix:
    def __init__(self, server, films):
        self.server, self.api = server, server.api
        self.people = {name: add_person(server, name) for name in ("owner", "other", "named", "member", "disabled")}
        for role in ("viewer", "moderator", "admin"):
            self.people[role] = add_person(server, role, "--role", role)
        self.people["guest"] = Person(server.api)
        path = films.film("private", seconds=6, size="320x240", sound=1, subtitles=("en",))
        self.id = submit_for(server, path, self.people["owner"])
        self.foreign = submit_for(server, films.film("tiny", seconds=1, size="64x64", sound=0), self.people["other"])
        wait_for_captions(self.people["owner"], self.id)
        # The owner is in another one, by which nobody sees more.
        self.group = add_group(self.people["admin"], "Course", "owner@example.org", "member@example.org")
        add_group(self.people["admin"], "Another course", "owner@example.org", "other@example.org")
        wait_for_group(self.people["owner"], self.group)
        self.people["owner"].change(self.id, title=f"A {WORD}", shared_with=["named@example.org"], groups=[self.group])
        self.people["other"].change(self.foreign, visibility="private")
        self.keys = AddressKeys(server.data_dir)
        self.names = self.media_names()
        self.in_hand = {name: self.keys.access(self.id, person.id, int(time.time()) + 7200)
                        for name, person in self.people.items() if person.id}
        assert server.run("user", "disable", "disabled@example.org").returncode == 0
        while self.api.get(f"/media/{self.in_hand['disabled']}/{self.names[0]}").status == 200:
            time.sleep(0.05)

    def media_names(self):
        """What follows the access part, of each kind of address."""
        video = self.people["owner"].video(self.id)
        film = FetchedFilm(self.api, video)
        addresses = [value for name, value in video["playback"].items() if name.endswith("_url") and value]
        addresses.append(video["captions"][0]["url"])
        for kind in ("video", "audio", "text"):
            rendition = film.renditions(kind)[0]
            addresses += [rendition.segments[0][0]] + [rendition.init] * bool(rendition.init)
        addresses += [film.master.variants[0]["URI"],
                      video["playback"]["storyboard_url"].replace("storyboard.vtt", "storyboard-1.jpg")]
        addresses += [re.sub(r"\.m3u8$", "-iframes.m3u8", film.master.variants[0]["URI"])]
        return sorted({re.sub(r"^/media/[^/]+/", "", address) for address in addresses})

    def set_level(self, level):
        is_hidden = self.people["owner"].video(self.id)["moderation"] is not None
        if is_hidden != (level == HIDDEN):
            # What a moderator does not see they do not hide.
            self.people["owner"].change(self.id, visibility="public")
            assert self.decide("moderator", self.id, "restore" if is_hidden else "hide").status == 201
        self.people["owner"].change(self.id, visibility="public" if level == HIDDEN else level)
        self.settle(level)

    def decide(self, name, video, decision):
        body = json.dumps({"decision": decision, "reason": "because"})
        return self.ask(name, DECISIONS.format(id=video), "POST", body)

    def settle(self, level):
        """The search index follows by an event."""
        deadline = time.monotonic() + 10
        wanted = {"owner": True, "named": is_listed("named", level), "member": is_listed("member", level)}
        while {name: self.found_by_search(name) for name in wanted} != wanted:
            assert time.monotonic() < deadline, "the search index does not follow"
            time.sleep(0.05)

    def found_by_search(self, name):
        return self.ask(name, LISTS["/api/v2/search"]).text().count(self.id) > 0

    def ask(self, name, path, method="GET", body=None):
        headers = dict(self.people[name].headers) if name != "disabled" else {}
        return self.api.request(method, path, headers | (JSON if body is not None else {}), body)


@pytest.fixture(scope="module")
def matrix(module_workspace, films):
    limits = [f"--limits-{kind}-per-minute=0" for kind in ("logins", "writes", "reads", "searches")]
    limits.append("--limits-reports-per-hour=0")
    with Server(module_workspace / "data", *limits) as server:
        yield Matrix(server, films)
    write_report()


def write_report():
    folder = pathlib.Path(os.environ.get("MOVIO_TEST_RESULTS") or ROOT / "build" / "dev" / "test-results")
    folder.mkdir(parents=True, exist_ok=True)
    rows = ["# Who was tried at what, and what they got", "", f"{sum(tried.values())} requests.", "",
            "| what | visibility | person | allowed | as unknown |", "|---|---|---|---|---|"]
    for what, level, person in sorted({key[:3] for key in tried}):
        counts = [tried[(what, level, person, outcome)] for outcome in ("allowed", "as unknown")]
        rows.append(f"| {what} | {level} | {person} | {counts[0]} | {counts[1]} |")
    (folder / "access-matrix.md").write_text("\n".join(rows) + "\n")


def sees(name, level):
    return name in ("owner", "admin") or name in SEEN_BY[level]


def is_listed(name, level):
    by_level = level not in ("unlisted", HIDDEN) and name in SEEN_BY[level]
    return name == "owner" or by_level or (name == "admin" and level in ("public", "internal"))


def told(answer):
    """Everything of an answer but what is of the request alone."""
    names = ("Content-Type", "Cache-Control", "ETag", "Access-Control-Allow-Origin")
    kept = {name: answer.header(name) for name in names}
    body = re.sub(r"[0-9a-f]{8}-[0-9a-f-]{27}", "ID", answer.text())
    return answer.status, kept, body


def check(what, level, name, allowed, is_allowed, answer, unknown):
    assert is_allowed == allowed, (what, level, name, answer)
    if not allowed:
        assert told(answer) == told(unknown), (what, level, name)
    tried[(what, level, name, "allowed" if allowed else "as unknown")] += 1


def test_every_endpoint_of_the_description_is_in_the_table(matrix):
    described = {(method, path) for path, methods in matrix.api.json("/doc/openapi.json")["paths"].items()
                 for method in methods if method not in ("parameters", "summary")}
    known = {("get", path) for path in (*LISTS, *BY_ID, *STREAMS, MEDIA)} | CHANGES | EMBEDDING | MODERATION
    left = {(method, path) for method, path in described - known if path not in NO_FILM}
    assert left == set(), "say in this file who gets a film from these"
    assert known <= described, known - described


@pytest.mark.parametrize("level", LEVELS)
def test_endpoints(matrix, level):
    matrix.set_level(level)
    for name in matrix.people:
        for what, path in BY_ID.items():
            answer, unknown = (matrix.ask(name, path.format(id=video)) for video in (matrix.id, UNKNOWN))
            check(what, level, name, sees(name, level), answer.status == 200, answer, unknown)
        for what, path in LISTS.items():
            listed = matrix.ask(name, path)
            assert listed.status == 200
            assert (matrix.id in listed.text()) == is_listed(name, level), (what, level, name)
            tried[(what, level, name, "allowed" if is_listed(name, level) else "as unknown")] += 1
        check_streams(matrix, level, name)
        check_changes(matrix, level, name)


def check_streams(matrix, level, name):
    headers = {} if name == "disabled" else matrix.people[name].headers
    kind, data = next(matrix.api.events(STREAMS["/api/v2/events"].format(id=matrix.id), 10, headers))
    assert kind == ("video" if sees(name, level) else "gone"), (level, name)
    assert sees(name, level) or data == {"id": matrix.id}
    tried[("/api/v2/events", level, name, "allowed" if sees(name, level) else "as unknown")] += 1
    path = STREAMS["/api/v2/videos/{id}/events"]
    if sees(name, level):
        assert next(matrix.api.events(path.format(id=matrix.id), 10, headers))[0] == "video"
        tried[(path, level, name, "allowed")] += 1
    else:
        answer, unknown = (matrix.ask(name, path.format(id=video)) for video in (matrix.id, UNKNOWN))
        check(path, level, name, False, answer.status == 200, answer, unknown)


def check_changes(matrix, level, name):
    if name in ("owner", "admin"):
        assert matrix.ask(name, f"/api/v2/videos/{matrix.id}", "PATCH", "{}").status == 200
        tried[("changes", level, name, "allowed")] += 1
        return
    for method, path in sorted(CHANGES):
        body = json.dumps({"title": "stolen"}) if method == "patch" else None
        answer, unknown = (matrix.ask(name, path.format(id=video), method.upper(), body)
                           for video in (matrix.id, UNKNOWN))
        if name in ("guest", "disabled"):
            assert answer.status == unknown.status == 401
        elif sees(name, level):
            assert answer.status == 403, (method, path, level, name, answer)
        else:
            assert told(answer) == told(unknown), (method, path, level, name)
        tried[("changes", level, name, "as unknown")] += 1


@pytest.mark.parametrize("level", LEVELS)
def test_media(matrix, level):
    matrix.set_level(level)
    opened = level in ("public", "unlisted")
    unknown = matrix.api.get(f"/media/o/{UNKNOWN}/1/main.mpd")
    now = int(time.time())
    owner = matrix.people["owner"].id
    good = matrix.in_hand["owner"]
    refused = {"expired": matrix.keys.access(matrix.id, owner, now - 1),
               "tampered": good[:-2] + ("A" if good[-2] != "A" else "B") + good[-1],
               "of another film": matrix.keys.access(matrix.foreign, owner, now + 7200),
               "of nobody": matrix.keys.access(matrix.id, "00000000-0000-0000-0000-000000000000", now + 7200)}
    for rest in matrix.names:
        answer = matrix.api.get(f"/media/o/{rest}")
        check("media, o", level, "guest", opened, answer.status == 200, answer, unknown)
        for name, access in matrix.in_hand.items():
            allowed = sees(name, level) and name != "disabled"
            answer = matrix.api.get(f"/media/{access}/{rest}")
            check("media, a pass of theirs", level, name, allowed, answer.status == 200, answer, unknown)
        for kind, access in refused.items():
            # Nobody in particular sees what everybody sees.
            allowed = kind == "of nobody" and opened
            answer = matrix.api.get(f"/media/{access}/{rest}")
            check(f"media, pass {kind}", level, "-", allowed, answer.status == 200, answer, unknown)


@pytest.mark.parametrize("level", LEVELS)
def test_addresses_that_the_api_gives_work(matrix, level):
    matrix.set_level(level)
    for name in matrix.people:
        if not sees(name, level):
            continue
        video = matrix.ask(name, f"/api/v2/videos/{matrix.id}").json()
        access = video["playback"]["dash_url"].split("/")[2]
        assert (access == "o") == (level in ("public", "unlisted"))
        for rest in matrix.names:
            assert matrix.api.get(f"/media/{access}/{rest}").status == 200, (level, name, rest)
            tried[("media, as the API gives it", level, name, "allowed")] += 1


@pytest.mark.parametrize("level", LEVELS)
def test_pages_for_others(matrix, level):
    """What is told to pages of others, and to whoever does not run scripts, is what a stranger sees, whoever asks."""
    matrix.set_level(level)
    opened = level in ("public", "unlisted")
    for name in matrix.people:
        for what in ("/oembed?url=/watch/{id}", "/oembed?format=xml&url=/embed/{id}", "/embed/{id}"):
            answer, unknown = (matrix.ask(name, what.format(id=video)) for video in (matrix.id, UNKNOWN))
            check(what, level, name, opened, answer.status == 200, answer, unknown)
        page, unknown = (matrix.ask(name, f"/watch/{video}") for video in (matrix.id, UNKNOWN))
        check("/watch/{id}, its head", level, name, opened, "og:title" in page.text(), page, unknown)


def make_link(matrix, name, video):
    body = json.dumps({"origins": [SCHOOL], "expires_in_s": 3600})
    return matrix.ask(name, LINKS.format(id=video), "POST", body)


@pytest.mark.parametrize("level", LEVELS)
def test_links_for_embedding(matrix, level):
    matrix.set_level(level)
    made = make_link(matrix, "owner", matrix.id).json()
    for name in matrix.people:
        check_links(matrix, level, name, made["id"])
    unknown = matrix.api.get("/embed/link/" + "x" * 43)
    unknown_media = matrix.api.get(f"/media/o/{UNKNOWN}/1/main.mpd")
    path = made["url"][made["url"].index("/embed/"):]
    page = matrix.api.get(path, Sec_Fetch_Dest="iframe", Referer=SCHOOL + "/")
    check("a link's page", level, "whoever has it", level != HIDDEN, page.status == 200, page, unknown)
    elsewhere = matrix.api.get(path, Sec_Fetch_Dest="iframe", Referer="https://elsewhere.example/")
    check("a link's page, elsewhere", level, "whoever has it", False, elsewhere.status == 200, elsewhere, unknown)
    passes = {"of the link": matrix.keys.access(matrix.id, made["id"], int(time.time()) + 7200),
              "of the link, for another film": matrix.keys.access(matrix.foreign, made["id"], int(time.time()) + 7200)}
    opened = level in ("public", "unlisted")
    for revoked in (False, True):
        if revoked:
            assert matrix.ask("owner", f"{LINKS.format(id=matrix.id)}/{made['id']}", "DELETE").status == 204
            page = matrix.api.get(path, Referer=SCHOOL + "/")
            check("a link's page, taken back", level, "whoever has it", False, page.status == 200, page, unknown)
        for kind, access in passes.items():
            for rest in matrix.names:
                allowed = kind == "of the link" and (opened or not revoked) and level != HIDDEN
                answer = matrix.api.get(f"/media/{access}/{rest}")
                what = f"media, pass {kind}{', taken back' * revoked}"
                check(what, level, "-", allowed, answer.status == 200, answer, unknown_media)
        foreign = matrix.names[0].replace(matrix.id, matrix.foreign)
        answer = matrix.api.get(f"/media/{passes['of the link, for another film']}/{foreign}")
        check("media of another film, pass of the link", level, "-", False, answer.status == 200, answer, unknown_media)


def check_links(matrix, level, name, link):
    """Who may change the film makes, lists and revokes; to all others it is as with every change of it."""
    one = LINKS + "/" + link
    if name in ("owner", "admin"):
        assert matrix.ask(name, LINKS.format(id=matrix.id)).json()["items"][0]["id"] == link
        other = make_link(matrix, name, matrix.id)
        assert other.status == 201
        assert matrix.ask(name, f"{LINKS.format(id=matrix.id)}/{other.json()['id']}", "DELETE").status == 204
        tried[("links for embedding", level, name, "allowed")] += 3
        return
    for method, path in (("GET", LINKS), ("POST", LINKS), ("DELETE", one)):
        body = json.dumps({"origins": [SCHOOL], "expires_in_s": 3600}) if method == "POST" else None
        answer, unknown = (matrix.ask(name, path.format(id=video), method, body) for video in (matrix.id, UNKNOWN))
        if name in ("guest", "disabled"):
            assert answer.status == unknown.status == 401
        elif sees(name, level):
            assert answer.status == 403, (method, path, level, name, answer)
        else:
            assert told(answer) == told(unknown), (method, path, level, name)
        tried[("links for embedding", level, name, "as unknown")] += 1


@pytest.mark.parametrize("level", LEVELS)
def test_reports_and_decisions(matrix, level):
    """Whoever sees a film reports it; what was reported moderators and admins read and decide on, and nobody else."""
    matrix.set_level(level)
    report = json.dumps({"reason": "spam"})
    # What others report a moderator sees from then on.
    for name in sorted(matrix.people, key=lambda name: name != "moderator"):
        answer, unknown = (matrix.ask(name, REPORTS.format(id=video), "POST", report) for video in (matrix.id, UNKNOWN))
        check(REPORTS, level, name, sees(name, level), answer.status == 204, answer, unknown)
        assert matrix.ask("moderator", f"/api/v2/videos/{matrix.id}").status == 200 or not sees(name, level)
    for name in matrix.people:
        check_moderation(matrix, level, name)
    assert matrix.decide("moderator", matrix.id, "dismiss").status == 201
    answer = matrix.ask("moderator", f"/api/v2/videos/{matrix.id}")
    assert (answer.status == 200) == sees("moderator", level)
    body = matrix.ask("admin", "/api/v2/reports?state=open").json()
    assert [item for item in body["items"] if item["video"]["id"] == matrix.id] == []


def check_moderation(matrix, level, name):
    queue = matrix.ask(name, "/api/v2/reports?limit=100")
    lists = [matrix.ask(name, DECISIONS.format(id=video)) for video in (matrix.id, UNKNOWN)]
    if name in MODERATORS:
        assert matrix.id in queue.text() and lists[0].status == 200
    else:
        decided = [matrix.decide(name, video, "hide") for video in (matrix.id, UNKNOWN)]
        assert queue.status == lists[0].status == decided[0].status == (401 if name in ("guest", "disabled") else 403)
        assert told(lists[0]) == told(lists[1]) and told(decided[0]) == told(decided[1])
    tried[("reports and decisions", level, name, "allowed" if name in MODERATORS else "as unknown")] += 1
