#!/usr/bin/env python3
"""What batch work costs those who wait: a segment that somebody asks for before it is made, and the metadata of a film.

Two films of 2 h are being made all the while. In each round their media processes are frozen and thawed (SIGSTOP,
SIGCONT), so that the same server on the same machine is measured idle and at work in turns. Nothing is passed through:
so every segment is of 4 s, and both films are encoded, not copied.
"""

import json
import math
import os
import signal
import statistics
import time

from publish import FOLDER, Client, make_inputs
from support import TEST_DATA, media_processes, ratios, running_server

FILMS = ("film-h264.mp4", "film-hevc.mkv")
ROUNDS = 9
SEGMENT = "/media/o/{}/1/v-h264-360/{}.m4s"
FIRST_SEGMENT, SEGMENTS_APART = 200, 70  # far from each other and from what the batch makes
API_ROUNDS, API_SECONDS, API_PER_SECOND = 3, 5, 200
METADATA = "/api/v1/app/stream/video-metadata/{}/"


def tell(server, number):
    for pid in media_processes(server):
        try:
            os.kill(pid, number)
        except ProcessLookupError:
            pass


def fetch(client, path):
    """Seconds until the segment is there; a 503 is asked again, as players do."""
    started = time.monotonic()
    while True:
        client.connection.request("GET", path)
        answer = client.connection.getresponse()
        answer.read()
        if answer.status == 200:
            return time.monotonic() - started
        if answer.status != 503:
            raise SystemExit(f"on_demand: {path} answered {answer.status}")
        time.sleep(float(answer.getheader("Retry-After")))


def p99_of_metadata(client, path):
    """Milliseconds, of requests that come evenly."""
    times, due = [], time.monotonic()
    end = due + API_SECONDS
    while due < end:
        time.sleep(max(0.0, due - time.monotonic()))
        started = time.monotonic()
        client.get(path)
        times.append(time.monotonic() - started)
        due = max(due + 1 / API_PER_SECOND, started)
    return sorted(times)[math.ceil(len(times) * 0.99) - 1] * 1000


def wait_until_both_are_made(client, server, ids):
    deadline = time.monotonic() + 120
    while any(json.loads(client.get(f"/api/v2/videos/{one}"))["status"] != "playable" for one in ids) \
            or len(media_processes(server.pid)) < 2:
        if time.monotonic() > deadline:
            raise SystemExit("on_demand: the films were not begun")
        time.sleep(0.2)
    time.sleep(3)  # what comes once, like posters


def in_turns(server, measure):
    """What `measure(round)` gives while nothing else is made, and while both films are."""
    tell(server.pid, signal.SIGSTOP)
    try:
        time.sleep(0.3)
        idle = measure(0)
    finally:
        tell(server.pid, signal.SIGCONT)
    time.sleep(0.7)
    return idle, measure(1)


def measure_segments(server, client, video_id):
    place = iter(range(FIRST_SEGMENT, 1800, SEGMENTS_APART))
    rounds = [in_turns(server, lambda _: fetch(client, SEGMENT.format(video_id, next(place)))) for _ in range(ROUNDS)]
    idle, busy = zip(*rounds)
    middle, low, high = ratios(busy, idle)
    print(f"on_demand: 4 s of 360p from 1080p H.264, idle: median {statistics.median(idle):.2f} s "
          f"({min(idle):.2f}-{max(idle):.2f})")
    reached = "reached" if statistics.median(busy) <= 1.3 else "NOT reached"
    print(f"on_demand: the same while two films are made: median {statistics.median(busy):.2f} s "
          f"({min(busy):.2f}-{max(busy):.2f}), aim <= 1.3 s: {reached}")
    reached = "reached" if middle <= 1.3 else "NOT reached"
    print(f"on_demand: against idle {middle:.2f}x ({low:.2f}-{high:.2f} by round), aim <= 1.3: {reached}", flush=True)


def measure_metadata(server, client, video_id):
    rounds = [in_turns(server, lambda _: p99_of_metadata(client, METADATA.format(video_id))) for _ in range(API_ROUNDS)]
    idle, busy = zip(*rounds)
    middle, low, high = ratios(busy, idle)
    reached = "reached" if middle <= 3 else "NOT reached"
    print(f"on_demand: metadata, {API_PER_SECOND} requests a second, p99 {statistics.median(busy):.2f} ms while two films "
          f"are made, {statistics.median(idle):.2f} ms idle: {middle:.2f}x ({low:.2f}-{high:.2f} by round), aim <= 3: "
          f"{reached}", flush=True)


def main():
    if not (TEST_DATA / "media/bbb-720p-5s.mp4").exists():
        print("on_demand: left out, the films are not there (MOVIO_TEST_DATA)")
        return
    make_inputs(FILMS)
    limits = (f"--limits-{kind}-per-minute=0" for kind in ("reads", "segments"))
    flags = ("--log-level", "warn", *limits, "--media-passthrough", "false")
    with running_server(*flags) as server:
        client = Client(server.address)
        ids = [client.upload(FOLDER / name)[0] for name in FILMS]
        wait_until_both_are_made(client, server, ids)
        measure_metadata(server, client, ids[0])
        measure_segments(server, client, ids[0])


if __name__ == "__main__":
    main()
