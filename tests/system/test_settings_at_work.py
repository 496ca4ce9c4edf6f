"""Settings that change what a film becomes or what happens around it."""

import pathlib
import re
import shutil
import time

import pytest

from support import rows
from support.compiler import compile_c
from support.film import FetchedFilm, check_film
from support.server import ROOT, Server, find_binary

pytestmark = pytest.mark.alone

UNCONFINED_MEDIA = pathlib.Path(__file__).with_name("unconfined_media.c")


@pytest.fixture(scope="module")
def tiny(films):
    return films.film("tiny", seconds=1, size="64x64", sound=0)


def ready_film(server, path):
    return FetchedFilm(server.api, server.wait_for(server.submit(path), "ready"))


def test_rungs_and_the_highest_one_are_settings(workspace, films):
    path = films.film("full-hd", seconds=4, size="1920x1080")
    flags = ["--media-rungs", "240:400,720:2000", "--media-height-max", "1080"]
    with Server(workspace / "data", *flags) as server:
        film = ready_film(server, path)
        check_film(film)
        assert [(rung.width, rung.height) for rung in film.renditions("video")] == [(426, 240), (1280, 720),
                                                                                    (1920, 1080)]


def test_a_film_keeps_the_plan_that_it_began_with(workspace, films):
    path = films.film("plan-kept", seconds=30, size="854x480")
    with Server(workspace / "data", "--media-crf", "30") as server:
        video_id = server.submit(path)
        server.wait_for(video_id, "playable")
    with Server(workspace / "data", "--media-crf", "20", "--media-rungs", "240:400") as server:
        film = FetchedFilm(server.api, server.wait_for(video_id, "ready"))
        check_film(film)
        assert [rung.height for rung in film.renditions("video")] == [360, 480]


@pytest.mark.parametrize("retention, is_kept", [("keep", True), ("delete", False), ("days:0", False), ("days:1", True)])
def test_the_source_follows_its_retention(workspace, tiny, retention, is_kept):
    with Server(workspace / "data", "--media-source-retention", retention) as server:
        video_id = server.submit(tiny)
        server.wait_for(video_id, "ready")
    with Server(workspace / "data") as server:  # sources are looked at when a server starts
        key = f"source/{video_id}/1"
        deadline = time.monotonic() + 5
        while (key in rows.blob_files(server.data_dir)) != is_kept and time.monotonic() < deadline:
            time.sleep(0.1)
        assert (key in rows.blob_files(server.data_dir)) == is_kept
        check_film(FetchedFilm(server.api, server.api.video(video_id)))


def test_a_failed_film_keeps_its_source(workspace, films):
    with Server(workspace / "data", "--media-source-retention", "delete") as server:
        video_id = server.submit(films.file("words.mp4", "no film at all\n" * 50))
        server.wait_for(video_id, "failed")
    with Server(workspace / "data") as server:
        time.sleep(1)
        assert f"source/{video_id}/1" in rows.blob_files(server.data_dir)


def test_work_that_takes_too_long_is_ended(workspace, films):
    path = films.film("long-720", seconds=40, size="1280x720")
    with Server(workspace / "data", "--media-wall-limit", "10", "--media-preset", "slow") as server:
        video = server.wait_for(server.submit(path), "failed", seconds=120)
        assert video["failure"]["code"] == "timeout" and len(video["failure"]["message"]) > 10
        # The film's other media process is told to end when the film has failed.
        deadline = time.monotonic() + 10
        while server.media_processes() or server.scratch_files():
            assert time.monotonic() < deadline, (server.media_processes(), server.scratch_files())
            time.sleep(0.05)


def test_addresses_lead_to_the_cdn_when_there_is_one(workspace, tiny):
    with Server(workspace / "data", "--cdn-url", "https://cdn.example") as server:
        video = server.wait_for(server.submit(tiny), "ready")
        assert video["playback"]["hls_url"].startswith("https://cdn.example/media/o/")
        policy = server.api.get("/").header("Content-Security-Policy")
        assert "https://cdn.example" in policy


def test_public_url_is_what_commands_print(workspace, tiny):
    with Server(workspace / "data", "--server-public-url", "https://films.example") as server:
        assert server.address == "https://films.example"
        assert re.fullmatch(r"It listens on port [1-9]\d*\n", server.greeting[1])
        answer = server.ingest(tiny)
        assert "https://films.example/watch/" in answer.stdout, answer.stderr


def test_log_as_text_for_a_terminal(workspace):
    with Server(workspace / "data", "--log-format", "text", "--log-level", "debug") as server:
        server.api.json("/healthz")
        lines = [line for line in server.log_text().splitlines() if line.strip()]
        assert lines and not any(line.startswith("{") for line in lines)


def test_requests_are_logged_with_the_address_that_a_trusted_proxy_tells(workspace):
    with Server(workspace / "data", "--log-requests", "true", "--server-trusted-proxies", "127.0.0.1") as server:
        headers = {"X-Forwarded-For": "203.0.113.9", "X-Request-Id": "told-by-the-proxy"}
        server.api.request("GET", "/api/v2/videos", headers)
        deadline, lines = time.monotonic() + 5, []
        while not lines and time.monotonic() < deadline:  # the line is written when the answer is out
            lines = [line for line in server.log_lines() if line.get("request_id") == "told-by-the-proxy"]
        assert [(line["remote"], line["path"], line["status"]) for line in lines] == [
            ("203.0.113.9", "/api/v2/videos", 200)]


def test_the_api_is_open_to_the_origins_that_are_named(workspace):
    with Server(workspace / "data", "--server-api-origins", "https://films.example") as server:
        ours = server.api.request("GET", "/api/v2/videos", {"Origin": "https://films.example"})
        assert ours.header("Access-Control-Allow-Origin") == "https://films.example"
        other = server.api.request("GET", "/api/v2/videos", {"Origin": "https://other.example"})
        assert other.header("Access-Control-Allow-Origin") is None


class TestSandbox:
    """A copy of movio with something else beside it in the place of the media process."""

    @pytest.fixture
    def movio_copy(self, workspace):
        return shutil.copy(find_binary(), workspace / "movio")

    @pytest.fixture
    def unconfined(self, workspace, movio_copy):
        protocol = re.search(r"kProtocolVersion = (\d+)", (ROOT / "src/sandbox/protocol/messages.hpp").read_text())[1]
        compile_c(UNCONFINED_MEDIA, workspace / "movio-media", f"-DPROTOCOL={protocol}")
        return movio_copy

    def test_a_media_process_that_can_do_harm_is_refused(self, workspace, unconfined):
        server = Server(workspace / "data", binary=unconfined)
        answer = server.run("serve", "--listen", "127.0.0.1:0", timeout=30)
        assert answer.returncode == 1, answer.stderr
        assert "open /etc/passwd (allowed)" in answer.stderr, "the log says what it could do"
        said = answer.stderr.splitlines()[-1]
        assert said.startswith("movio: the media process") and 'media.sandbox = "best-effort"' in said

    def test_best_effort_warns_and_serves(self, workspace, unconfined):
        with Server(workspace / "data", "--media-sandbox", "best-effort", binary=unconfined) as server:
            assert server.api.json("/healthz") == {"status": "OK"}
            warned = [line["event"] for line in server.log_lines() if line["level"] == "warn"]
            assert "the media process is not fully confined: hostile files may do harm" in warned

    @pytest.mark.parametrize("level", ["required", "best-effort"])
    def test_a_media_process_that_ends_at_once_is_refused(self, workspace, movio_copy, level):
        """Without it no film can be made, however much is allowed."""
        shutil.copy("/bin/false", workspace / "movio-media")
        server = Server(workspace / "data", binary=movio_copy)
        answer = server.run("serve", "--listen", "127.0.0.1:0", "--media-sandbox", level, timeout=30)
        assert answer.returncode == 1, answer.stderr
        said = answer.stderr.splitlines()[-1]
        assert said.startswith("movio: A media process ended before it began: exit code 1")
        assert "install movio and movio-media from the same build" in said
        assert server.run("config", "check").returncode == 0, "the data folder is free again"
