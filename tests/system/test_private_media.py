"""Media of films that not everybody may see: who gets a byte of it, by which addresses, and for how long."""

import datetime
import os
import re
import stat
import time

import pytest

from support.film import FetchedFilm
from support.people import AddressKeys, Person, add_person, log_in, submit_for, wait_for_captions
from support.server import FAILED, Server

UNKNOWN = "019aaaaa-0000-7000-8000-000000000000"


class Scene:
    """A server, its people and a film of the owner's with everything that a film can have."""

    def __init__(self, server, path):
        self.server, self.api = server, server.api
        self.owner, self.other = add_person(server, "owner"), add_person(server, "other")
        self.admin = add_person(server, "admin", "--role", "admin")
        self.guest = Person(server.api)
        self.id = submit_for(server, path, self.owner)
        wait_for_captions(self.owner, self.id)
        self.keys = AddressKeys(server.data_dir)

    def addresses(self, viewer=None):
        """One address of each kind, by the manifests and the API as the viewer gets them."""
        video = (viewer or self.owner).video(self.id)
        film = FetchedFilm(self.api, video)
        playback = video["playback"]
        found = {name: playback[name] for name in playback if name.endswith("_url") and playback[name]}
        found["caption"] = video["captions"][0]["url"]
        for kind in ("video", "audio", "text"):
            rendition = film.renditions(kind)[0]
            found[f"{kind} segment"] = rendition.segments[0][0]
            if rendition.init:
                found[f"{kind} init"] = rendition.init
        found["playlist"] = film.master.variants[0]["URI"]
        found["sheet"] = playback["storyboard_url"].rsplit("/", 1)[0] + "/" + self.sheet_name(playback)
        return found

    def sheet_name(self, playback):
        return re.search(r"^(storyboard-\S+?)#", self.api.bytes(playback["storyboard_url"]).decode(), re.M)[1]

    def by(self, access):
        """The same addresses by another access part."""
        return {kind: re.sub(r"/media/[^/]+/", f"/media/{access}/", address)
                for kind, address in self.addresses().items()}


def statuses(api, addresses):
    return {kind: api.get(address).status for kind, address in addresses.items()}


def assert_unknown(api, addresses):
    """Each answer is word for word what the same address of a film that is not there gets."""
    for kind, address in addresses.items():
        answer = api.get(address)
        unknown = api.get(re.sub(r"/[0-9a-f-]{36}/", f"/{UNKNOWN}/", address, count=1)
                          if "/media/o/" in address else f"/media/o/{UNKNOWN}/1/main.mpd")
        assert (answer.status, plain(answer)) == (404, plain(unknown)), kind
        same = ("Content-Type", "Cache-Control", "ETag", "Access-Control-Allow-Origin")
        assert [answer.header(name) for name in same] == [unknown.header(name) for name in same], kind


def wait_until(holds):
    """What auth says of a user comes by an event."""
    deadline = time.monotonic() + 5
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def plain(answer):
    return {name: value for name, value in answer.json().items() if name not in ("instance", "request_id")}


@pytest.fixture(scope="module")
def scene(module_workspace, films):
    with Server(module_workspace / "data", "--log-requests", "true", "--log-level", "debug") as server:
        yield Scene(server, films.film("private", seconds=6, size="320x240", sound=1, subtitles=("en",)))


@pytest.fixture
def private(scene):
    scene.owner.change(scene.id, visibility="private")
    yield scene
    scene.owner.change(scene.id, visibility="public")


def test_open_addresses_end_at_once_when_a_film_becomes_private(scene):
    scene.owner.change(scene.id, visibility="unlisted")
    opened = scene.addresses(scene.guest)
    assert len(opened) >= 11 and all("/media/o/" in address for address in opened.values())
    assert set(statuses(scene.api, opened).values()) == {200}
    scene.owner.change(scene.id, visibility="private")
    assert_unknown(scene.api, opened)
    assert scene.guest.get(f"/api/v2/videos/{scene.id}").status == 404
    scene.owner.change(scene.id, visibility="public")
    assert set(statuses(scene.api, opened).values()) == {200}


def test_whoever_may_see_gets_addresses_that_work_without_logging_in(private):
    for viewer in (private.owner, private.admin):
        addresses = private.addresses(viewer)
        assert all("/media/t-" in address for address in addresses.values()), addresses
        assert set(statuses(private.api, addresses).values()) == {200}
        for kind, address in addresses.items():
            assert private.api.get(address).header("Cache-Control").startswith("private, "), kind
    assert private.addresses() == private.addresses(), "they stay the same for a while"
    expires = private.owner.video(private.id)["playback"]["expires_at"]
    left = datetime.datetime.fromisoformat(expires.replace("Z", "+00:00")).timestamp() - time.time()
    assert 12 * 3600 - 1 <= left <= 15 * 3600


def test_lists_events_and_v1_give_such_addresses_to_the_owner_alone(private):
    listed = private.owner.json("/api/v2/videos?owner=me")["items"][0]
    _, told = next(private.api.events(f"/api/v2/videos/{private.id}/events", 10, private.owner.headers))
    metadata = f"/api/v1/app/stream/video-metadata/{private.id}/"
    v1 = private.owner.json(metadata)["video"]["detail"]
    v1_listed = private.owner.json("/api/v1/app/stream/videos/all/")["videos"]["results"][0]
    for address in (listed["playback"]["dash_url"], told["playback"]["dash_url"], v1["mp4_s3_mpd_url"],
                    v1["mp4_gcore_cdn_mpd_url"], v1_listed["mp4_gcore_cdn_mpd_url"]):
        assert "/media/t-" in address
        assert private.api.get("/media/" + address.partition("/media/")[2]).status == 200
    # Each gets an address of their own, however soon they ask after each other.
    theirs = private.admin.json(metadata)["video"]["detail"]["mp4_s3_mpd_url"]
    assert private.admin.id in theirs and private.owner.id in v1["mp4_s3_mpd_url"]
    assert private.other.get(metadata).status == private.guest.get(metadata).status == 404
    assert private.owner.json(metadata)["video"]["detail"]["mp4_s3_mpd_url"] == v1["mp4_s3_mpd_url"]


def test_every_other_access_gets_what_an_unknown_film_gets(private):
    soon = int(time.time()) + 7200
    good = private.keys.access(private.id, private.owner.id, soon)
    assert set(statuses(private.api, private.by(good)).values()) == {200}
    for name, access in {
        "open": "o", "empty mac": good.rpartition(".")[0] + ".", "none": "t-", "older form": f"t-{soon}-abc",
        "expired": private.keys.access(private.id, private.owner.id, int(time.time()) - 1),
        "of another film": private.keys.access(UNKNOWN, private.owner.id, soon),
        "for who may not see": private.keys.access(private.id, private.other.id, soon),
        "for nobody": private.keys.access(private.id, "00000000-0000-0000-0000-000000000000", soon),
        "longer": good.replace(str(soon), str(soon + 1)), "another's": good.replace(private.owner.id, private.admin.id),
        "other key": private.keys.access(private.id, private.owner.id, soon,
                                         private.keys.keys[0] | {"secret": "A" * 43}),
        "unknown key": private.keys.access(private.id, private.owner.id, soon,
                                           private.keys.keys[0] | {"id": "AAAAAAAAAAA"}),
        "other case": good.replace(private.owner.id, private.owner.id.upper()),
        "zero before": good.replace("t-", "t-0"),
        "twice": good + good[-44:], "md5": AddressKeys(private.server.data_dir, "secure-link-md5").access(
            private.id, private.owner.id, soon)}.items():
        assert access != good, name
        assert_unknown(private.api, private.by(access))
    mpd = private.by(good)["dash_url"]
    for place in range(mpd.index("t-"), mpd.index("t-") + len(good)):
        changed = mpd[:place] + ("A" if mpd[place] != "A" else "B") + mpd[place + 1:]
        assert private.api.get(changed).status == 404, changed
    assert private.api.get(private.by(good)["dash_url"].replace("main.mpd", "plan.json")).status == 404


def test_address_of_a_user_who_is_disabled_ends_within_5_s(private):
    addresses = private.addresses(private.admin)
    assert private.server.run("user", "disable", private.admin.email).returncode == 0
    wait_until(lambda: private.api.get(addresses["dash_url"]).status == 404)
    assert_unknown(private.api, addresses)
    assert private.server.run("user", "enable", private.admin.email).returncode == 0
    wait_until(lambda: set(statuses(private.api, addresses).values()) == {200})
    private.admin = log_in(private.api, private.admin.email)


def test_nothing_is_left_of_the_access_part_in_the_log(private):
    address = private.addresses()["dash_url"]
    secret = address.split("/")[2]
    for method in ("GET", "HEAD", "OPTIONS", "POST"):
        private.api.request(method, address, {"Access-Control-Request-Method": "GET", "Origin": "http://a.example"})
        private.api.request(method, address)
    private.api.get(f"/media/{secret}")
    private.api.get(address.replace("t-", "%74-", 1))
    private.api.get(f"/media/{secret}/nonsense")
    log = private.server.log_text()
    assert f"/media/-/{private.id}/1/main.mpd" in log
    assert secret[-20:] not in log and secret[:13] not in log and "%74-" not in log
    metrics = private.api.bytes("/metrics").decode()
    assert secret[-20:] not in metrics


def test_new_key_signs_and_the_old_one_counts(private):
    before = private.addresses()
    mode = os.stat(private.keys.file).st_mode
    assert stat.S_IMODE(mode) == 0o600 and len(private.keys.keys) == 1
    done = private.server.run("keys", "rotate-media")
    assert done.returncode == 0 and private.keys.keys[0]["id"] in done.stdout, done.stderr
    after = private.addresses()
    assert len(private.keys.keys) == 2 and before["dash_url"] != after["dash_url"]
    assert private.keys.keys[0]["id"] in after["dash_url"] and private.keys.keys[1]["id"] in before["dash_url"]
    assert set(statuses(private.api, before).values()) == set(statuses(private.api, after).values()) == {200}
    refused = private.server.run("keys", "nginx")
    assert refused.returncode == FAILED and "secure-link-md5" in refused.stderr


def test_film_that_was_begun_goes_on_after_its_address_begins_none(workspace, films):
    with Server(workspace / "data", "--playback-address-seconds", "1") as server:
        owner = add_person(server, "owner")
        path = films.film("private", seconds=6, size="320x240", sound=1, subtitles=("en",))
        video_id = submit_for(server, path, owner)
        owner.change(video_id, visibility="private")
        film = FetchedFilm(server.api, owner.video(video_id))
        deadline = time.monotonic() + 10
        while server.api.get(film.mpd_address).status == 200:
            assert time.monotonic() < deadline, "the address begins the film for ever"
            time.sleep(0.1)
        assert server.api.get(film.hls_address).status == 404
        for address, bytes_before in film.files.items():
            assert server.api.get(address).body == bytes_before, address
        for address in film.playlists:
            assert server.api.get(address).status == 200, address
        assert FetchedFilm(server.api, owner.video(video_id)).mpd_text == film.mpd_text, "a new address begins it"


def test_addresses_by_keys_of_the_settings_are_the_same_on_every_server(workspace, films):
    key = "k" * 32
    with Server(workspace / "data", environment={"MOVIO_PLAYBACK_ADDRESS_KEY": key}) as server:
        owner = add_person(server, "owner")
        video_id = submit_for(server, films.film("tiny", seconds=1, size="64x64", sound=0), owner)
        owner.change(video_id, visibility="private")
        address = owner.video(video_id)["playback"]["dash_url"]
        assert not (workspace / "data" / "media-keys.json").exists()
        refused = server.run("keys", "rotate-media", environment={"MOVIO_PLAYBACK_ADDRESS_KEY": key})
        assert refused.returncode == FAILED and "playback.old_address_keys" in refused.stderr
    settings = {"MOVIO_PLAYBACK_ADDRESS_KEY": "n" * 32, "MOVIO_PLAYBACK_OLD_ADDRESS_KEYS": key}
    with Server(workspace / "data", environment=settings) as server:
        assert server.api.get(address).status == 200
    with Server(workspace / "data", environment={"MOVIO_PLAYBACK_ADDRESS_KEY": "n" * 32}) as server:
        assert server.api.get(address).status == 404
