"""kill -9 at random moments of a job, as often as asked for: the film becomes whole, nothing is made twice, nothing
that was stored changes, nothing half-made is ever read."""

import collections
import json
import os
import random
import signal
import threading
import time

import pytest

from chaos.watch import BlobWatch, Reader, TaskWatch, check_whole_film, settle
from support import rows
from support.server import Server

pytestmark = pytest.mark.alone

STORED_TOGETHER = 32  # limits::kStoreTogetherMax
AUDIO_BLOCK = 16  # limits::kAudioBlockSegments
SHORT_SECONDS = 30
SHORT_ROUNDS_MAX = 6


@pytest.fixture(scope="module")
def long_film(films):
    return films.film("chaos", seconds=60, size="854x480", subtitles=("en",))


def rounds_of(rounds):
    """Numbers of rounds: as many as asked for, or those that fit into the time of the short form."""
    started, number = time.monotonic(), 0
    while number < (rounds or SHORT_ROUNDS_MAX):
        if rounds is None and time.monotonic() - started > SHORT_SECONDS:
            assert number >= 2, "too slow to say anything"
            return
        yield number
        number += 1


def test_whole_program_killed_at_random_moments(workspace, long_film, rounds):
    """Each round is one more kill. When a film is ready before its kill came, the next film begins."""
    dice, blobs = random.Random(os.environ.get("MOVIO_TEST_SEED", "kill")), BlobWatch(workspace / "data")
    tasks, video_id, made, segments_read = TaskWatch(workspace / "data"), None, [], 0
    for _ in rounds_of(rounds):
        server = Server(workspace / "data").start()
        blobs.look()
        with Reader(server.api) as reader:
            if video_id is None:
                video_id = server.submit(long_film)
                made.append(video_id)
            reader.follow(video_id)
            end_of_life = time.monotonic() + dice.uniform(0.05, 4.0)
            while time.monotonic() < end_of_life:
                if server.api.video(video_id)["status"] == "ready":
                    video_id = None
                    break
                time.sleep(0.02)
            server.kill()
        segments_read += reader.check()
        blobs.look()
        tasks.look()
        check_what_the_dead_left(server)
    assert segments_read > 0 and tasks.done, "the kills came too early to show anything"
    with Server(workspace / "data") as server:
        for film in made:
            server.wait_for(film, "ready", seconds=240)
        settle(server)
        for film in made:
            check_whole_film(server, film, captions=1)
        blobs.look()
        tasks.look()
        check_all_tasks_done(server, made)
    rows.check_sound(workspace / "data")


def check_what_the_dead_left(server):
    """Every stored segment is whole; what is stored but not recorded belongs to a task that was at work."""
    rows.check_sound(server.data_dir)
    known = {rows.artefact_key(row) for row in rows.query(server.data_dir, "processing", "SELECT * FROM artefacts")}
    files = rows.blob_files(server.data_dir)
    assert known <= set(files), "a recorded segment is not there"
    unrecorded = [key for key in files if key.endswith((".m4s", "init.mp4")) and key not in known]
    at_work = [task for task in rows.tasks_of(server.data_dir) if task["attempt"] > 0 and task["state"] != "done"]
    assert [key for key in unrecorded if not any(makes(task, key) for task in at_work)] == []
    # What comes while the disk is busy is stored together, then recorded.
    assert len(unrecorded) <= STORED_TOGETHER * len(at_work), unrecorded


def makes(task, key):
    """Whether the segment or init segment is one that the task makes."""
    _, video, revision, rendition, name = key.split("/")
    work = json.loads(task["args"])
    if task["subject"] != f"{video}/{revision}" or "rendition" not in work:
        return False
    if work["rendition"] != rendition and not (task["kind"] == "video" and rendition.startswith("v-")):
        return False
    first, end = work["first"], work["end"]
    if task["kind"] == "segment" and rendition.startswith("a-"):  # a wish for encoded sound is one for its block
        first, end = first - first % AUDIO_BLOCK, first - first % AUDIO_BLOCK + AUDIO_BLOCK
    return name == "init.mp4" or first < int(name.removesuffix(".m4s")) <= end


def check_all_tasks_done(server, films):
    tasks = [task for task in rows.tasks_of(server.data_dir) if task["job_kind"] == "film"]
    assert {task["state"] for task in tasks} == {"done"} and {task["job_state"] for task in tasks} == {"done"}
    assert len({task["job_id"] for task in tasks}) == len({task["subject"] for task in tasks}) == len(films), \
        "one job for each film"


def test_killed_worker_redoes_only_what_it_had_open(workspace, long_film):
    """Killed again and again: no segment that is in the store is encoded again, and only what was at work is begun
    again."""
    video_id, begun_again = None, collections.Counter()
    for kills_left in (3, 2, 1, 0):
        stored = segments_stored(workspace / "data")
        with Server(workspace / "data", "--log-level", "debug", log=workspace / f"{kills_left}.log") as server:
            video_id = video_id or server.submit(long_film)
            if kills_left:
                wait_for_segments(server, len(stored) + 8)
                server.kill()
                leased = [task["id"] for task in rows.tasks_of(server.data_dir) if task["state"] == "leased"]
                assert leased, "the kill came too late"
                begun_again.update(leased)
            else:
                server.wait_for(video_id, "ready")
                check_whole_film(server, video_id, captions=1)
        made = segments_made(server)
        assert made and len(made) == len(set(made)), "a segment was made twice"
        assert stored.isdisjoint(made), "a segment was made that was there already"
    attempts = {task["id"]: task["attempt"] for task in rows.tasks_of(workspace / "data")}
    assert attempts == {task: 1 + begun_again[task] for task in attempts}


def segments_stored(data_dir):
    return {key for key in rows.blob_files(data_dir) if key.endswith(".m4s")}


def segments_made(server):
    """What the media processes handed over, in this order, as the log tells it at level debug."""
    keys = [line["key"] for line in server.log_lines() if line["event"] == "segment made"]
    return [key for key in keys if key.endswith(".m4s")]


def wait_for_segments(server, count, seconds=60):
    """Those on record: files are there, and told of in the log, before that."""
    deadline = time.monotonic() + seconds
    while segments_recorded(server.data_dir) < count:
        assert time.monotonic() < deadline, server.log_end()
        time.sleep(0.02)


def segments_recorded(data_dir):
    return rows.query(data_dir, "processing", "SELECT count(*) AS known FROM artefacts WHERE n > 0")[0]["known"]


def test_media_processes_killed_at_random(workspace, long_film, rounds):
    """The kernel takes the media process when memory is short: the task is tried again, the film becomes whole."""
    dice = random.Random(os.environ.get("MOVIO_TEST_SEED", "media"))
    with Server(workspace / "data") as server:
        blobs, tasks = BlobWatch(workspace / "data"), TaskWatch(workspace / "data")
        stop, killed = threading.Event(), []

        def kill_some():
            while not stop.wait(dice.uniform(0.5, 1.5)):
                # A task may lose some of its attempts, not all: then the film fails, as it should.
                attempts = [task["attempt"] for task in rows.tasks_of(server.data_dir) if task["state"] == "leased"]
                if max(attempts, default=9) > 3:
                    continue
                for pid in server.media_processes()[:1]:
                    try:
                        os.kill(pid, signal.SIGKILL)
                        killed.append(pid)
                    except ProcessLookupError:
                        pass
                if len(killed) >= (rounds or 3):
                    return

        films = 1 + (rounds or 0) // 3
        with Reader(server.api) as reader:
            killer = threading.Thread(target=kill_some)
            killer.start()
            try:
                for _ in range(films):
                    video_id = server.submit(long_film)
                    reader.follow(video_id)
                    server.wait_for(video_id, "ready", seconds=240)
                    blobs.look()
                    tasks.look()
                    check_whole_film(server, video_id, captions=1)
            finally:
                stop.set()
                killer.join()
        assert reader.check() > 0, "nothing was read"
        assert killed, "nothing was killed"
        settle(server)
        assert server.media_processes() == [] and server.scratch_files() == []
