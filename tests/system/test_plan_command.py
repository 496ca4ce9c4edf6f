"""`movio plan`: what it foretells is what is made."""

import json

import pytest

from support.ffmpeg import ffmpeg
from support.server import Movio


@pytest.fixture(scope="module")
def film(films):
    return films.film("foretold", seconds=20, size="1280x720", sound=2)


@pytest.fixture
def plan(movio):
    def run(path, *flags):
        answer = movio.run("plan", "--json", path, *flags)
        assert answer.returncode == 0, answer.stderr
        return json.loads(answer.stdout)
    return run


def test_it_needs_no_server_and_makes_nothing(movio, film):
    answer = movio.run("plan", film)
    assert answer.returncode == 0, answer.stderr
    assert not movio.data_dir.exists()
    for word in ("v-h264-360", "v-h264-720", "1280 x 720", "playable after", "complete after", "processor time", "MB"):
        assert word in answer.stdout


def test_json_is_what_the_api_shows_once_the_film_is_there(plan, module_server, film):
    foretold = plan(film)
    video_id = module_server.submit(film)
    module_server.wait_for(video_id, "ready")
    video = module_server.api.video(video_id)
    assert video["estimate"] == foretold["estimate"]
    assert [(rung["width"], rung["height"], rung["codec"]) for rung in foretold["rungs"]] == \
        [(rung["width"], rung["height"], rung["codec"]) for rung in video["rungs"]]
    made = {rendition["name"] for rendition in video["actual"]["renditions"]}
    assert made == {rendition["name"] for rendition in foretold["estimate"]["renditions"]}


def test_actual_is_what_was_made(module_server, film):
    video_id = module_server.submit(film)
    assert module_server.api.video(video_id)["actual"] is None
    module_server.wait_for(video_id, "ready")
    video = module_server.api.video(video_id)
    actual = video["actual"]
    assert 0 < actual["playable_ms"] <= actual["complete_ms"]
    assert actual["cpu_ms"] > 0
    folder = module_server.data_dir / "blobs" / "media" / video_id / "1"
    stored = {rendition.name: sum(file.stat().st_size for file in rendition.glob("*.m4s"))
              for rendition in folder.iterdir() if list(rendition.glob("*.m4s"))}
    assert {rendition["name"]: rendition["bytes"] for rendition in actual["renditions"]} == stored
    assert actual["bytes"] == sum(stored.values())


def test_estimate_is_there_while_the_film_is_made(module_server, films):
    video_id = module_server.submit(films.film("long", seconds=90, size="854x480"))
    module_server.wait_for(video_id, "playable")
    video = module_server.api.video(video_id)
    assert video["estimate"]["complete_ms"] >= video["estimate"]["playable_ms"] > 0
    assert video["status"] == "ready" or video["actual"] is None


def test_settings_count(plan, film):
    usual, small = plan(film), plan(film, "--media-rungs", "240:400")
    assert [rung["height"] for rung in small["rungs"]][0] == 240
    assert small["estimate"]["cpu_ms"] < usual["estimate"]["cpu_ms"]
    slow = plan(film, "--media-preset", "medium")
    assert slow["estimate"]["cpu_ms"] > usual["estimate"]["cpu_ms"]


def test_rungs_that_are_left_out_say_why(plan, film):
    rejected = plan(film, "--media-rungs", "360:800,480:850,1080:4000")["rejected"]
    assert {rung["height"] for rung in rejected} == {480, 1080}
    reasons = {rung["height"]: rung["reason"] for rung in rejected}
    assert "gains nothing" in reasons[480] and "only 720 lines" in reasons[1080]


def test_caps_follow_a_source_that_spends_little(plan, films):
    path = films.folder / "poor.mp4"
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=8", "-c:v", "libx264", "-preset", "veryfast",
           "-b:v", "700k", "-maxrate", "700k", "-bufsize", "700k", path)
    caps = [rung["cap_kbps"] for rung in plan(path)["rungs"]]
    assert caps[-1] < 1400 and caps == sorted(caps) and len(caps) == 3


def test_more_film_takes_longer(plan, films):
    short, long = plan(films.film("foretold", seconds=20, size="1280x720", sound=2)), \
        plan(films.film("foretold-long", seconds=60, size="1280x720", sound=2))
    assert 2 < long["estimate"]["cpu_ms"] / short["estimate"]["cpu_ms"] < 4
    assert long["estimate"]["playable_ms"] < 2 * short["estimate"]["playable_ms"]


def test_what_is_no_film_is_refused_with_the_reason(movio: Movio, films):
    answer = movio.run("plan", films.file("words.mp4", "These are words."))
    assert answer.returncode == 1 and answer.stdout == ""
    assert "words.mp4: " in answer.stderr
    assert movio.run("plan", "/no/such/file").returncode == 2
