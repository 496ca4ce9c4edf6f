"""nginx before Movio checks the addresses of films that are not public by itself, by the rules that Movio writes."""

import json
import re
import time
import urllib.parse

import pytest

from support.film import FetchedFilm
from support.nginx import Nginx
from support.people import JSON, AddressKeys, add_person, submit_for, wait_for_captions
from support.server import DONE, Server

STORED = re.compile(r"\.(m4s|mp4|vtt)$")


class Front:
    """nginx before a server with a private film."""

    def __init__(self, server, folder, films):
        self.server, self.folder = server, folder
        self.owner = add_person(server, "owner")
        path = films.film("private", seconds=6, size="320x240", sound=1, subtitles=("en",))
        self.id = submit_for(server, path, self.owner)
        wait_for_captions(self.owner, self.id)
        self.owner.change(self.id, visibility="private")
        self.keys = AddressKeys(server.data_dir, "secure-link-md5")

    def rules(self):
        written = self.server.run("keys", "nginx")
        assert written.returncode == DONE, written.stderr
        return written.stdout

    def nginx(self, name):
        return Nginx(self.folder / name, self.rules(), self.server.address)

    def make_link(self):
        """The path of its page."""
        made = self.owner.api.request("POST", f"/api/v2/videos/{self.id}/embed-links", self.owner.headers | JSON,
                                      json.dumps({"origins": ["https://school.example"], "expires_in_s": 3600}))
        assert made.status == 201, made
        return urllib.parse.urlsplit(made.json()["url"]).path

    def film(self, api):
        return FetchedFilm(api, self.owner.video(self.id))


@pytest.fixture
def front(workspace, films):
    with Server(workspace / "data", "--playback-address-mac", "secure-link-md5") as server:
        yield Front(server, workspace, films)


def stored(film):
    return [address for address in film.files if STORED.search(address)]


def test_nginx_alone_serves_whoever_has_an_address_and_nobody_else(front):
    with front.nginx("front") as nginx:
        film = front.film(nginx.api)
        direct = front.film(front.server.api)
        assert film.files == direct.files and len(stored(film)) >= 7
        playback = film.video["playback"]
        for name in ("poster_url", "storyboard_url", "preview_url"):
            assert nginx.api.get(playback[name]).body == front.server.api.get(playback[name]).body, name
        front.server.stop()
        # Nobody is there whom nginx could ask.
        for address in stored(film):
            answer = nginx.api.get(address)
            assert (answer.status, answer.body) == (200, film.files[address]), address
            assert answer.header("Cache-Control").startswith("private") and answer.header("ETag")
            assert answer.header("Access-Control-Allow-Origin") == "*"
        part = nginx.api.get(stored(film)[0], Range="bytes=2-5")
        assert (part.status, part.body) == (206, film.files[stored(film)[0]][2:6])
        check_refusals(front, nginx, stored(film))
        assert "/media/" not in (nginx.folder / "access.log").read_text()
        front.server.start()


def check_refusals(front, nginx, addresses):
    soon = int(time.time()) + 7200
    good = addresses[0].split("/")[2]
    by_us = front.keys.access(front.id, front.owner.id, soon)
    assert nginx.api.get(addresses[0].replace(good, by_us)).status == 200
    key = front.keys.keys[0]
    for name, access in {
        "expired": front.keys.access(front.id, front.owner.id, int(time.time()) - 1),
        "of another film": front.keys.access("019aaaaa-0000-7000-8000-000000000000", front.owner.id, soon),
        "longer": by_us.replace(str(soon), str(soon + 1)), "another's": by_us.replace(front.owner.id, front.id),
        "other key": front.keys.access(front.id, front.owner.id, soon, key | {"secret": "A" * 43}),
        "no key": front.keys.access(front.id, front.owner.id, soon, key | {"secret": ""}),
        "changed": by_us[:-3] + ("A" if by_us[-3] != "A" else "B") + by_us[-2:]}.items():
        assert nginx.api.get(addresses[0].replace(good, access)).status == 404, name
    # Whom nginx would ask for these is not there.
    for name in ("plan.json", "measured.json", "../1/plan.json", "main.mpd", ".m4s"):
        path = re.sub(r"/1/.*", f"/1/{name}", addresses[0])
        assert nginx.api.get(path).status in (404, 502), name


def test_open_addresses_are_always_asked_of_movio(front):
    with front.nginx("front") as nginx:
        front.owner.change(front.id, visibility="public")
        film = front.film(nginx.api)
        front.owner.change(front.id, visibility="private")
        for address in film.files:
            assert nginx.api.get(address).status == 404, address


def test_nginx_that_was_not_told_of_a_new_key_asks_movio(front):
    with front.nginx("front") as nginx:
        before = front.film(nginx.api)
        assert front.server.run("keys", "rotate-media").returncode == DONE
        after = front.film(nginx.api)
        assert set(after.files.values()) == set(before.files.values()) and after.mpd_address != before.mpd_address
        with front.nginx("told") as told:
            assert {told.api.get(address).status for film in (before, after) for address in film.files} == {200}


def test_pages_of_links_for_embedding_are_asked_of_movio_and_not_logged(front):
    link = front.make_link()
    with front.nginx("front") as nginx:
        assert nginx.api.get(link, Sec_Fetch_Dest="iframe").status == 200
        assert nginx.api.get("/healthz").status == 200
        log = (nginx.folder / "access.log").read_text()
        assert "/healthz" in log and "/embed/link/" not in log
