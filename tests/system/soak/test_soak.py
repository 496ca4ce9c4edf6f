"""A server that is kept busy: film after film, good ones and bad ones, each watched whole. What it holds must not grow."""

import dataclasses
import pathlib
import time

import pytest

from support import rows
from support.film import FetchedFilm, check_film
from support.server import Server, resident_bytes

pytestmark = pytest.mark.alone

SHORT_ROUNDS = 12
WARM_UP_ROUNDS_MAX = 50
SAY_EVERY = 250
# Caches fill for a while, and allocators keep some of what they got.
GROWTH_BYTES_MAX = 24 << 20
KEPT_BYTES_PER_ROUND = 16 << 10


@dataclasses.dataclass
class Held:
    """What the server holds while nothing is asked of it."""
    descriptors: int
    threads: int
    resident: int

    @staticmethod
    def by(server):
        process = pathlib.Path(f"/proc/{server.pid}")
        return Held(len(list((process / "fd").iterdir())), len(list((process / "task").iterdir())),
                    resident_bytes(server.pid))


def job_of(server, video_id, seconds=10):
    """The film's job: the worker makes it when it hears of the film, a moment after the film is safe."""
    deadline = time.monotonic() + seconds
    while True:
        for job in server.jobs():
            if job["subject"].startswith(video_id):
                return job
        assert time.monotonic() < deadline, f"the film {video_id} has no job after {seconds} s"
        time.sleep(0.05)


def one_round(server, good, bad, number):
    """One film made and watched, one refused; every third round one more is cancelled while it is made."""
    made = server.submit(good)
    refused = server.submit(bad)
    cancelled = server.submit(good) if number % 3 == 0 else None
    if cancelled:
        server.run("jobs", "cancel", job_of(server, cancelled)["id"])
        server.wait_for(cancelled, "failed", "ready")
    server.wait_for(refused, "failed")
    server.wait_for(made, "ready")
    check_film(FetchedFilm(server.api, server.wait_for_captions(made, 1)))


def test_a_busy_server_holds_no_more_than_at_first(workspace, films, rounds):
    good = films.film("soak", seconds=2, size="128x72", subtitles=("en",))
    bad = films.file("soak.txt", "no film at all\n" * 100)
    total = rounds or SHORT_ROUNDS
    warm_up = min(total // 3, WARM_UP_ROUNDS_MAX)
    with Server(workspace / "data", "--log-level", "warn") as server:
        first = None
        for number in range(total):
            one_round(server, good, bad, number)
            if number == warm_up:
                first = Held.by(server)
            if number % SAY_EVERY == SAY_EVERY - 1:
                print(f"\nsoak: after {number + 1} rounds: {Held.by(server)}", end="", flush=True)
        last = Held.by(server)
        print(f"\nsoak: {total} rounds; after {warm_up + 1}: {first}; at the end: {last}")
        assert server.media_processes() == [] and server.scratch_files() == []
        # A connection or two of the last answers may still be open.
        assert last.descriptors <= first.descriptors + 4
        assert last.threads <= first.threads
        assert last.resident <= first.resident + GROWTH_BYTES_MAX + KEPT_BYTES_PER_ROUND * (total - warm_up)
    rows.check_sound(workspace / "data")
