"""Segments that are asked for before they are made: how much of that there may be at once, and what becomes of it when
nobody waits any longer."""

import re
import threading
import time

import pytest

from support import rows
from support.ffmpeg import ffmpeg
from support.manifests import read_mpd
from support.server import Server

pytestmark = pytest.mark.alone

PROXY = ["--server-trusted-proxies", "127.0.0.1"]


@pytest.fixture(scope="module")
def long_film(films):
    part = films.film("on-demand-part", seconds=20, size="854x480", sound=0)
    path = part.with_name("on-demand.mkv")
    ffmpeg("-stream_loop", "29", "-i", part, "-c", "copy", path)
    return path


@pytest.fixture(scope="module")
def film(module_workspace, long_film):
    """A long film of which only the beginning is made: (server, addresses of the lowest rung's segments, its id). Its
    media processes share one processor, so that there is time to look. Each test has a stretch of the film for
    itself."""
    flags = ["--media-on-demand-slots", "1", "--media-batch-slots", "1", "--media-max-cpus", "1"]
    with Server(module_workspace / "data", *flags, *PROXY) as server:
        video_id = server.submit(long_film)
        video = server.wait_for(video_id, "playable")
        address = video["playback"]["dash_url"]
        rung = read_mpd(server.api.bytes(address).decode(), address).of("video")[0]
        yield server, [segment[0] for segment in rung.segments], video_id
        server.run("jobs", "cancel", server.jobs("running")[0]["id"])


class Viewer(threading.Thread):
    """Somebody at an address of their own who asks for one segment."""

    def __init__(self, server, name, address):
        super().__init__()
        self.server, self.name_, self.address, self.answer, self.seconds = server, name, address, None, None
        self.start()

    def run(self):
        started = time.monotonic()
        self.answer = self.server.api.get(self.address, X_Forwarded_For=self.name_)
        self.seconds = time.monotonic() - started

    def status_at_end(self):
        self.join()
        return self.answer.status


def refused_at_once(viewer):
    return viewer.answer.status == 503 and viewer.answer.header("Retry-After") == "1" and viewer.seconds < 2


def number_of(address):
    return int(address.rpartition("/")[2].removesuffix(".m4s"))


def wishes(server, addresses):
    """The tasks by which these segments are made, by number."""
    numbers = {number_of(address) for address in addresses}
    tasks = {int(task["key"].rpartition("/")[2]): task for task in rows.tasks_of(server.data_dir)
             if task["kind"] == "segment"}
    return {number: tasks[number] for number in numbers & set(tasks)}


def refusals(server):
    found = re.search(r"^movio_segment_wishes_refused_total (\d+)", server.api.get("/metrics").text(), re.MULTILINE)
    return int(found[1]) if found else 0


def test_time_until_a_film_plays_is_a_figure(film):
    server, _, video_id = film
    after_ms = server.api.video(video_id)["playable_after_ms"]
    assert 0 < after_ms < 60_000
    text = server.api.get("/metrics").text()
    found = re.search(r'^movio_playable_seconds_sum\{codec="h264",length="long"\} (\S+)', text, re.MULTILINE)
    assert found and abs(float(found[1]) * 1000 - after_ms) <= 1
    assert 'movio_playable_seconds_count{codec="h264",length="long"} 1' in text


def test_media_processes_keep_to_their_processors(film):
    server, _, _ = film
    seen = set()
    deadline = time.monotonic() + 10
    while not seen and time.monotonic() < deadline:
        for pid in server.media_processes():
            try:
                with open(f"/proc/{pid}/status", encoding="ascii") as status:
                    seen.add(re.search(r"^Cpus_allowed_list:\t(.*)", status.read(), re.MULTILINE)[1])
            except OSError:
                continue
    assert len(seen) == 1 and seen.pop().isdigit()


def test_what_nobody_waits_for_any_longer_is_not_made(film):
    server, segments, _ = film
    wanted = segments[120:136]
    lines = []
    for n, address in enumerate(wanted):
        line = server.api.connection()
        line.request("GET", address, headers={"X-Forwarded-For": f"10.0.2.{n}"})
        lines.append(line)
    time.sleep(0.5)
    for line in lines:
        line.close()
    time.sleep(4)  # longer than a wish lives
    deadline = time.monotonic() + 20
    while any(task["state"] != "done" for task in wishes(server, wanted).values()):
        assert time.monotonic() < deadline, "a wish still waits"
        time.sleep(0.05)
    assert len(wishes(server, wanted)) < len(wanted), "every wish was worked on"


def test_one_viewer_may_not_ask_for_a_whole_film_and_harms_nobody(film):
    server, segments, _ = film
    before = refusals(server)
    greedy = [Viewer(server, "10.0.0.1", address) for address in segments[80:100]]
    time.sleep(0.5)
    modest = Viewer(server, "10.0.0.2", segments[105])
    for viewer in [*greedy, modest]:
        viewer.join()
    refused = sum(refused_at_once(viewer) for viewer in greedy)
    assert refused >= 8, "eight at once, and a few more as those are made"
    assert refusals(server) >= before + refused
    assert {viewer.answer.status for viewer in greedy} <= {200, 503}
    assert not refused_at_once(modest)


def test_one_film_may_not_take_all_of_the_machine_however_many_watch(film):
    server, segments, _ = film
    viewers = [Viewer(server, f"10.0.1.{n}", segments[20 + 2 * n]) for n in range(30)]
    for viewer in viewers:
        viewer.join()
    assert sum(refused_at_once(viewer) for viewer in viewers) >= 8, "sixteen at once, and a few more"
    assert any(viewer.answer.status == 200 for viewer in viewers)


def test_leaving_takes_nothing_from_those_who_stay(film):
    server, segments, _ = film
    first = server.api.connection()
    first.request("GET", segments[110], headers={"X-Forwarded-For": "10.0.4.1"})
    time.sleep(0.1)
    second = Viewer(server, "10.0.4.2", segments[110])
    time.sleep(0.1)
    first.close()
    while second.status_at_end() == 503:
        assert second.seconds > 5, "refused before its time"
        second = Viewer(server, "10.0.4.2", segments[110])
    assert second.answer.status == 200
    assert len(wishes(server, [segments[110]])) == 1


def test_batch_work_goes_on_from_where_somebody_watches(film):
    server, segments, video_id = film
    place = 141
    viewer = Viewer(server, "10.0.3.1", segments[place])
    while viewer.status_at_end() == 503:
        viewer = Viewer(server, "10.0.3.1", segments[place])
    assert viewer.answer.status == 200
    deadline = time.monotonic() + 240
    while True:
        stored = {row["n"] for row in rows.artefacts_of(server.data_dir, video_id)}
        if stored >= {place + 2, place + 3, place + 4}:
            break
        assert time.monotonic() < deadline, sorted(stored)
        time.sleep(0.2)
    assert len(stored) < place, "it was made because everything before it was"

