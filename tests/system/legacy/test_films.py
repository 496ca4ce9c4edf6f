"""Uploads, lists and metadata as old clients know them."""

import datetime
import os
import re
import signal
import time
import uuid

import pytest

from legacy.old_client import OldClient
from legacy.test_accounts import check_tokens, person
from support.http import Api
from support.server import Server

UUID = "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
FILM_FIELDS = {"id", "title", "description", "duration", "custom_video_title", "mp4_s3_mpd_url",
               "mp4_gcore_cdn_mpd_url"}
TIME = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)"


def member_of(server):
    client = OldClient(server.address)
    client.token = check_tokens(client.sign_up(**person()))["access"]
    return client


@pytest.fixture
def client(module_server):
    return member_of(module_server)


@pytest.fixture(scope="module")
def mkv(films):
    return films.film("old-mkv", seconds=6, size="320x180", sound=1, subtitles=("fr", "en"))


@pytest.fixture(scope="module")
def mp4(films):
    return films.film("old-mp4", seconds=3, size="320x180", sound=1, container="mp4")


def uploaded(answer):
    assert answer.status == 202, answer
    assert answer.json["status"] == "success" and answer.json["detail"] == "upload started"
    assert re.fullmatch(UUID, answer.json["video_id"])
    return answer.json["video_id"]


def detail_of(client, video_id):
    answer = client.film(video_id)
    assert answer.status == 200, answer
    assert answer.json["status_code"] == 200 and answer.json["video"]["status"] == "success"
    return answer.json["video"]["detail"]


def wait_until_it_plays(server, client, video_id):
    server.wait_for(video_id, "ready")
    return detail_of(client, video_id)


def refusal_of(answer):
    assert answer.status == 400 and answer.json["status"] == "error", answer
    return answer.json


class TestUpload:
    @pytest.mark.contract("U1", "G4")
    @pytest.mark.parametrize("file_first", [False, True], ids=["fields first", "file first"])
    def test_in_any_order(self, client, mkv, file_first):
        video_id = uploaded(client.upload(mkv, file_first, title="Any order", description="Words.",
                                          duration="00:00:06"))
        film = detail_of(client, video_id)
        assert (film["id"], film["title"], film["description"]) == (video_id, "Any order", "Words.")

    @pytest.mark.contract("U1", "M3")
    @pytest.mark.parametrize("fields", [{}, {"description": "", "duration": ""}])
    def test_description_and_duration_may_be_missing_or_empty(self, client, mp4, fields):
        film = detail_of(client, uploaded(client.upload(mp4, title="Bare", **fields)))
        assert film["description"] in (None, "") and film["duration"] is None or film["duration"]

    @pytest.mark.contract("U5")
    @pytest.mark.parametrize(("sent", "name", "extension"), [
        ("My film.v2.MKV", "My film.v2", ".MKV"), ("C:\\films\\a.mp4", "a", ".mp4"), ("/home/x/b.mkv", "b", ".mkv"),
        ("plain", "plain", ""), ("ছবি.mp4", "ছবি", ".mp4")])
    def test_name_and_extension(self, client, mp4, sent, name, extension):
        answer = client.upload(mp4, name=sent, title="Named")
        video_id = uploaded(answer)
        stem = answer.json["video_name_without_extention"]
        assert re.fullmatch(f"{UUID}__{re.escape(name)}", stem) and not stem.startswith(video_id)
        assert answer.json["video_extention"] == extension
        assert detail_of(client, video_id)["custom_video_title"] == stem

    @pytest.mark.contract("U2")
    def test_without_a_file(self, client):
        assert refusal_of(client.upload(title="Nothing"))["detail"] == "No video file provided"

    @pytest.mark.contract("U2")
    @pytest.mark.parametrize("content", [
        b"", b"Dear all,\nthis is a letter, not a film.\n" * 50, b"%PDF-1.7\n" + bytes(2000),
        b"<!DOCTYPE html><html><body>film</body></html>", b"PK\x03\x04" + bytes(2000)],
        ids=["empty", "text", "pdf", "html", "zip"])
    def test_what_is_no_video(self, client, content):
        assert refusal_of(client.upload(content, name="film.mp4", title="No film"))["detail"]

    @pytest.mark.contract("U2")
    def test_too_large_names_the_limit(self, workspace, mkv):
        with Server(workspace / "data", "--uploads-bytes-max", "100000") as server:
            detail = refusal_of(member_of(server).upload(mkv, title="Large"))["detail"]
            assert re.search(r"100[ ,.]?000|97.7|100 kB", detail), detail

    @pytest.mark.contract("U4")
    @pytest.mark.parametrize("file_first", [False, True])
    @pytest.mark.parametrize("fields", [{}, {"title": ""}, {"title": "x" * 221}], ids=["missing", "empty", "long"])
    def test_bad_title(self, client, mp4, fields, file_first):
        problem = refusal_of(client.upload(mp4, file_first, **fields))
        assert problem["error_key"] == "title" and problem["detail"] and problem["message"]

    @pytest.mark.contract("U1")
    def test_longest_title(self, client, mp4):
        title = "ক" * 220
        assert detail_of(client, uploaded(client.upload(mp4, title=title)))["title"] == title

    @pytest.mark.contract("U3", "D1")
    @pytest.mark.parametrize("file_first", [False, True])
    @pytest.mark.parametrize("duration", ["abc", "1:2:3:4:5", "12:xx"])
    def test_bad_duration(self, client, mp4, duration, file_first):
        problem = refusal_of(client.upload(mp4, file_first, title="Long?", duration=duration))
        assert problem["error_key"] == "duration" and problem["detail"]
        assert problem["message"] == "Invalid video duration. Please provide a valid duration in format: HH:MM:SS"

    @pytest.mark.contract("D1", "D2")
    @pytest.mark.parametrize(("said", "written"), [
        ("00:01:40", "00:01:40"), ("55", "00:00:55"), ("99:99", "01:40:39"), ("PT55S", "00:00:55"),
        ("12.5", "00:00:12.500000"), ("1 02:03:04", "1 02:03:04"), ("P1DT2H", "1 02:00:00")])
    def test_what_the_client_said_until_it_is_probed(self, busy_server, said, written, mp4):
        client = member_of(busy_server)
        film = detail_of(client, uploaded(client.upload(mp4, title="Said", duration=said)))
        assert film["duration"] == written

    @pytest.mark.contract("D2")
    def test_as_probed_afterwards(self, module_server, client, mp4):
        video_id = uploaded(client.upload(mp4, title="Probed", duration="5:00:00"))
        film = wait_until_it_plays(module_server, client, video_id)
        assert re.fullmatch(r"00:00:0[23](\.\d{6})?", film["duration"]), film["duration"]

    @pytest.mark.contract("G5")
    def test_wrong_method_and_type(self, client):
        path = OldClient.APP + "events/video-upload/"
        answers = [(client.get(path), 405),
                   (client.request("POST", path, b"{}", {"Content-Type": "application/json"}), 415)]
        for answer, status in answers:
            assert answer.status == status and set(answer.json) == {"detail"}, answer

    @pytest.mark.contract("V1")
    def test_a_missing_title_is_no_fault_of_the_server(self, client, mp4):
        assert client.upload(mp4).status == 400


@pytest.fixture(scope="module")
def busy_server(module_workspace, films):
    """A server whose only media process stands still: what is uploaded stays unprobed."""
    long_film = films.film("old-long", seconds=60, size="640x360", sound=0)
    with Server(module_workspace / "busy", "--media-batch-slots", "1") as server:
        server.submit(long_film)
        deadline = time.monotonic() + 30
        while not (working := server.media_processes()):
            assert time.monotonic() < deadline, server.log_end()
            time.sleep(0.01)
        os.kill(working[0], signal.SIGSTOP)
        yield server
        os.kill(working[0], signal.SIGCONT)


class TestMetadata:
    @pytest.mark.contract("M1", "M3", "M4", "M5")
    def test_a_whole_film(self, module_server, client, mkv):
        video_id = uploaded(client.upload(mkv, title="Whole", description="With words"))
        film = wait_until_it_plays(module_server, client, video_id)
        assert FILM_FIELDS | {"subtitles"} <= set(film)
        for name in ("mp4_s3_mpd_url", "mp4_gcore_cdn_mpd_url"):
            assert film[name].startswith(module_server.address + "/") and film[name].endswith(".mpd")
            manifest = client.get(film[name].removeprefix(module_server.address))
            assert manifest.status == 200 and b"<MPD" in manifest.body
        module_server.wait_for_captions(video_id, 2)
        subtitles = detail_of(client, video_id)["subtitles"]
        assert [track["language"] for track in subtitles] == ["en", "fr"]
        assert all(set(track) >= {"language", "content"} for track in subtitles)
        assert all(track["content"].startswith("WEBVTT") and "-->" in track["content"] for track in subtitles)

    @pytest.mark.contract("M3")
    def test_addresses_are_null_until_it_plays(self, busy_server, mp4):
        client = member_of(busy_server)
        film = detail_of(client, uploaded(client.upload(mp4, title="Not yet")))
        assert film["mp4_s3_mpd_url"] is None and film["mp4_gcore_cdn_mpd_url"] is None and film["subtitles"] == []

    @pytest.mark.contract("M4")
    def test_cdn_where_one_is_configured(self, workspace, mp4):
        with Server(workspace / "data", "--cdn-url", "https://cdn.example/films", "--server-public-url",
                    "https://films.example") as server:
            port = re.search(r"listens on port (\d+)", "".join(server.greeting))[1]
            server.address = f"http://127.0.0.1:{port}"
            server.api = Api(server.address)
            client = member_of(server)
            film = wait_until_it_plays(server, client, uploaded(client.upload(mp4, title="Far")))
            assert film["mp4_gcore_cdn_mpd_url"].startswith("https://cdn.example/films/media/")
            assert film["mp4_s3_mpd_url"].startswith("https://films.example/media/")

    @pytest.mark.contract("M2", "G5")
    @pytest.mark.parametrize("video_id", ["0198f1a0-0000-7000-8000-000000000000", "not-a-uuid"])
    def test_what_is_not_there(self, client, video_id):
        answer = client.film(video_id)
        assert (answer.status, answer.json) == (404, {
            "status_code": 404, "video": {"status": "error", "detail": "Video not found"}})

    @pytest.mark.contract("M2")
    def test_what_the_caller_may_not_see_is_not_there(self, module_server, client, mp4):
        video_id = uploaded(client.upload(mp4, title="Mine"))
        answer = client.request("PATCH", f"/api/v2/videos/{video_id}", b'{"visibility":"private"}',
                                {"Content-Type": "application/json"})
        assert answer.status == 200, answer
        for stranger in (OldClient(module_server.address), member_of(module_server)):
            assert stranger.film(video_id).status == 404
            assert video_id not in [film["id"] for film in stranger.films().json["videos"]["results"]]
        assert detail_of(client, video_id)["title"] == "Mine"

    @pytest.mark.contract("G5")
    def test_wrong_method(self, client):
        answer = client.request("POST", f"{OldClient.APP}stream/video-metadata/{uuid.uuid4()}/", b"")
        assert answer.status == answer.json["status_code"] == 405 and set(answer.json["video"]) == {"detail"}
        answer = client.request("POST", f"{OldClient.APP}stream/videos/all/", b"")
        assert answer.status == answer.json["status_code"] == 405 and set(answer.json["videos"]) == {"detail"}

    @pytest.mark.contract("G2", "G6")
    def test_without_the_last_slash(self, client, mp4):
        video_id = uploaded(client.upload(mp4, title="Slash"))
        without = client.get(f"{OldClient.APP}stream/video-metadata/{video_id}")
        assert without.status == 200 and without.json["video"]["detail"]["id"] == detail_of(client, video_id)["id"]


@pytest.fixture(scope="module")
def library(module_workspace, films):
    """A server with 23 films, the newest last in the list; (server, client, ids)."""
    tiny = films.film("old-tiny", seconds=1, size="64x64", sound=0)
    with Server(module_workspace / "library") as server:
        client = member_of(server)
        ids = [uploaded(client.upload(tiny, title=f"Film {number}")) for number in range(23)]
        yield server, client, ids


class TestList:
    def results(self, answer):
        assert answer.status == 200 and answer.json["status_code"] == 200, answer
        return answer.json["videos"]

    @pytest.mark.contract("L1", "L4", "M3")
    def test_pages_of_ten_newest_first(self, library):
        server, client, ids = library
        seen, page = [], self.results(client.films())
        assert page["previous"] is None and page["count"] == 23
        for number in (1, 2, 3):
            assert len(page["results"]) == (10 if number < 3 else 3)
            assert all(FILM_FIELDS <= set(film) and "subtitles" not in film for film in page["results"])
            seen += [film["id"] for film in page["results"]]
            if number == 3:
                break
            assert page["next"].startswith(server.address + OldClient.APP + "stream/videos/all/")
            page = self.results(client.get(page["next"].removeprefix(server.address)))
        assert page["next"] is None and "page=2" in page["previous"]
        assert seen == ids[::-1]

    @pytest.mark.contract("L2")
    def test_last_page_and_page_size(self, library):
        _, client, ids = library
        assert [film["id"] for film in self.results(client.films(page="last"))["results"]] == ids[:3][::-1]
        assert len(self.results(client.films(page_size=3))["results"]) == 10

    @pytest.mark.contract("L3")
    @pytest.mark.parametrize("page", ["4", "0", "-1", "x", "99999999999999999999"])
    def test_page_that_is_not_there(self, library, page):
        answer = library[1].films(page=page)
        assert (answer.status, answer.json) == (404, {"status_code": 404, "videos": {"detail": "Invalid page."}})

    @pytest.mark.contract("L1")
    def test_no_films_are_an_empty_page(self, workspace):
        with Server(workspace / "data") as server:
            page = self.results(OldClient(server.address).films())
            assert page == {"count": 0, "next": None, "previous": None, "results": []}


class TestTimes:
    @pytest.mark.contract("D3")
    def test_have_a_zone(self, client, module_server, mp4):
        video_id = uploaded(client.upload(mp4, title=f"When {uuid.uuid4().hex}"))
        deadline = time.monotonic() + 10
        while not (hits := [hit for hit in client.search_films(search="When").json if hit["id"] == video_id]):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        for name in ("created_at", "updated_at"):
            assert re.fullmatch(TIME, hits[0][name])
            when = datetime.datetime.fromisoformat(hits[0][name].replace("Z", "+00:00"))
            assert abs((datetime.datetime.now(datetime.timezone.utc) - when).total_seconds()) < 120
