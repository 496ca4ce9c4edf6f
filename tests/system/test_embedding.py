"""Films inside of other people's pages: the page of a link, who gets it, and when its media end."""

import json
import re
import time
import urllib.parse
import xml.etree.ElementTree as ElementTree

import pytest

from support.film import FetchedFilm
from support.people import JSON, Person, add_person, submit_for, wait_for_captions
from support.server import Server

SCHOOL = "https://school.example"
FRAMED = {"Sec-Fetch-Dest": "iframe", "Sec-Fetch-Site": "cross-site", "Referer": SCHOOL + "/"}


class Scene:
    def __init__(self, server, path):
        self.server, self.api = server, server.api
        self.owner, self.guest = add_person(server, "owner"), Person(server.api)
        self.id = submit_for(server, path, self.owner)
        wait_for_captions(self.owner, self.id)

    def send(self, method, path, body=None):
        return self.api.request(method, f"/api/v2/videos/{self.id}/embed-links{path}", self.owner.headers | JSON,
                                json.dumps(body) if body is not None else None)

    def make_link(self, seconds=3600):
        answer = self.send("POST", "", {"origins": [SCHOOL], "expires_in_s": seconds})
        assert answer.status == 201, answer
        return answer.json()

    def open(self, link, **headers):
        return self.api.request("GET", urllib.parse.urlsplit(link["url"]).path, headers or FRAMED)


def film_in(page):
    return json.loads(re.search(r'<script type="application/json" id="film">(.*?)</script>', page.text(), re.S)[1])


@pytest.fixture(scope="module")
def scene(module_workspace, films):
    arguments = ("--limits-writes-per-minute", "0", "--log-requests", "true")
    with Server(module_workspace / "data", *arguments) as server:
        yield Scene(server, films.film("embedded", seconds=6, size="320x240", sound=1, subtitles=("en",)))


def test_link_plays_a_private_film_without_cookies_until_it_is_taken_back(scene):
    scene.owner.change(scene.id, visibility="private")
    link = scene.make_link()
    page = scene.open(link)
    assert page.status == 200 and page.header("Set-Cookie") is None
    assert page.header("Content-Security-Policy").endswith(f"; frame-ancestors {SCHOOL}")
    video = film_in(page)
    assert (video["id"], video["mine"], video["shared_with"]) == (scene.id, False, None)
    film = FetchedFilm(scene.api, video)
    assert film.files and all(address.startswith("/media/t-") for address in film.files)
    assert scene.api.get(video["captions"][0]["url"]).status == 200
    assert scene.api.get(f"/api/v2/videos/{scene.id}").status == 404
    assert scene.send("DELETE", f"/{link['id']}").status == 204
    unknown = scene.api.get("/embed/link/" + "x" * 43)
    ended = scene.open(link)
    assert (ended.status, ended.body) == (unknown.status, unknown.body) == (404, unknown.body)
    for address in (video["playback"]["dash_url"], *film.files):
        assert scene.api.get(address).status == 404, address


def test_link_that_runs_out_begins_nothing_and_carries_on(scene):
    scene.owner.change(scene.id, visibility="private")
    link = scene.make_link(60)
    video = film_in(scene.open(link))
    begins_until = video["playback"]["expires_at"]
    assert begins_until <= link["expires_at"]
    access = int(video["playback"]["dash_url"].split("/")[2].split("-")[1])
    # What was begun goes on for an hour at least.
    assert 3500 <= access - time.time() <= 3600 + 61


def test_only_frames_of_the_named_origins_get_the_page(scene):
    scene.owner.change(scene.id, visibility="private")
    link = scene.make_link()
    unknown = scene.api.get("/embed/link/" + "x" * 43)
    for headers in ({"Sec-Fetch-Dest": "document"}, {"Referer": "https://elsewhere.example/"},
                    FRAMED | {"Referer": "https://school.example.evil.example/"}):
        answer = scene.open(link, **headers)
        assert (answer.status, answer.body) == (404, unknown.body), headers
    assert scene.open(link, Referer=SCHOOL + "/course/1").status == 200


def test_secrets_of_links_are_in_no_log_and_no_row(scene):
    scene.owner.change(scene.id, visibility="private")
    link = scene.make_link()
    token = link["url"].rsplit("/", 1)[1]
    video = film_in(scene.open(link))
    assert scene.api.get(video["playback"]["dash_url"]).status == 200
    log = scene.server.log_text()
    assert '"/embed/link/-"' in log
    assert token not in log and video["playback"]["dash_url"].split("/")[2] not in log
    for file in scene.server.data_dir.glob("catalog.db*"):
        assert token.encode() not in file.read_bytes(), file


def test_open_films_are_framed_everywhere_and_told_of(scene):
    title = 'Cats & "dogs" </title><b>'
    scene.owner.change(scene.id, visibility="unlisted", title=title)
    page = scene.api.get(f"/embed/{scene.id}")
    assert page.status == 200 and page.header("Content-Security-Policy").endswith("; frame-ancestors *")
    assert film_in(page)["title"] == title and "<b>" not in page.text()
    watch = scene.api.get(f"/watch/{scene.id}").text()
    assert '<meta property="og:title" content="Cats &amp; &quot;dogs&quot; &lt;/title&gt;&lt;b&gt;">' in watch
    assert '<meta name="robots" content="noindex">' in watch
    image = re.search(r'property="og:image" content="([^"]+)"', watch)[1]
    assert scene.api.get(urllib.parse.urlsplit(image).path).header("Content-Type") == "image/jpeg"
    found = re.findall(r'type="(\S+)\+oembed" href="([^"]+)"', watch)
    assert [kind for kind, _ in found] == ["application/json", "text/xml"]
    parts = [urllib.parse.urlsplit(address.replace("&amp;", "&")) for _, address in found]
    told, xml = (scene.api.get(f"{part.path}?{part.query}") for part in parts)
    assert told.json()["title"] == title and f"/embed/{scene.id}" in told.json()["html"]
    assert told.header("Access-Control-Allow-Origin") == "*"
    root = ElementTree.fromstring(xml.text())
    assert {member.tag: member.text for member in root} == {name: str(value) for name, value in told.json().items()}


def test_what_strangers_may_not_see_is_told_to_nobody(scene):
    scene.owner.change(scene.id, visibility="private")
    watch, unknown = (scene.api.request("GET", f"/watch/{video}", scene.owner.headers)
                      for video in (scene.id, "019aaaaa-0000-7000-8000-000000000000"))
    assert (watch.status, watch.body) == (unknown.status, unknown.body) and "og:" not in watch.text()
    assert watch.header("ETag") == unknown.header("ETag")
    assert scene.api.get(f"/oembed?url=/watch/{scene.id}").status == 404
    for path in ("/", "/login", f"/watch/{scene.id}", "/doc/", "/examples/player.html"):
        assert scene.api.get(path).header("Content-Security-Policy").endswith("; frame-ancestors 'none'"), path
