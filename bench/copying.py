#!/usr/bin/env python3
"""Packaging without encoding against `cp` with fsync of the same file, in alternating rounds.

The film is 2 h of H.264 and AAC, 1 GB, whose picture is the only rung (`media.rungs` has none below it) and is passed
through like its sound. It is a part of bench/inputs.md again and again, on an even clock. What counts is the span from
the first "task begins" to the last "task done" of the tasks that copy picture and sound, by the server's log; by then
each of their segments was checked and is on the disk. Upload, index, poster and what comes later are not part of it; a
poster may be made beside it. The spans of picture and sound are told apart. Both read what is in memory.

usage: bench/copying.py [--rounds N] [--loops N]
"""

import argparse
import datetime
import json
import pathlib
import subprocess
import tempfile
import time

from publish import FOLDER, Client, make_inputs
from support import TEST_DATA, WORK, foretold, ratios, report, running_server, timed

ROUNDS = 3
PART, LOOPS, PART_SECONDS = "part-h264.mp4", 720, 10
LADDER = "1080:12000"  # what is not below the source's 1080 lines is no rung beside it
AIM = 2.0
SECONDS_MAX = 600


def looped(part, loops, folder):
    """Picture and sound apart: together the longer sound would move each turn's pictures by some milliseconds, and what
    has no even clock is encoded. Raw AAC can be put end to end."""
    turn, sound, film = folder / "turn.aac", folder / "sound.aac", folder / "film.mp4"
    ffmpeg = ["ffmpeg", "-nostdin", "-loglevel", "error"]
    subprocess.run([*ffmpeg, "-i", part, "-vn", "-c", "copy", turn], check=True)
    sound.write_bytes(turn.read_bytes() * loops)
    subprocess.run([*ffmpeg, "-stream_loop", str(loops - 1), "-i", part, "-i", sound, "-map", "0:v", "-map", "1:a",
                    "-t", str(loops * PART_SECONDS), "-c", "copy", "-movflags", "+faststart", film], check=True)
    return film


def copying_spans(video_id):
    """(all, picture, sound) in seconds, each from the first begin to the last end of its tasks; None until the task
    that comes after all of them has begun."""
    times = {"v-": [], "a-": []}
    whole_lines = (WORK / "server.log").read_text().rpartition("\n")[0]
    for text in whole_lines.splitlines():
        line = json.loads(text) if video_id in text else {}
        if line.get("event") == "task begins" and line["task"] == "images":
            return [max(each) - min(each) for each in (times["v-"] + times["a-"], times["v-"], times["a-"])]
        if line.get("event") in ("task begins", "task done") and line["task"][:2] in times:
            times[line["task"][:2]].append(datetime.datetime.fromisoformat(line["time"]).timestamp())
    return None


def copied(film):
    with running_server("--log-level", "info", "--media-rungs", LADDER) as server:
        plan = foretold(server, film)
        if any(part["source"] != "passthrough" for part in plan["rungs"] + plan["audio"]):
            raise SystemExit(f"copying: not all of {film.name} is passed through: {plan['passthrough_obstacle']}")
        video_id, _ = Client(server.address).upload(film)
        deadline = time.monotonic() + SECONDS_MAX
        while time.monotonic() < deadline:
            if spans := copying_spans(video_id):
                return spans
            if server.get(f"/api/v2/videos/{video_id}")["status"] == "failed":
                raise SystemExit("copying: the film failed")
            time.sleep(0.2)
    raise SystemExit(f"copying: the film was not copied within {SECONDS_MAX} s")


def cp(film):
    """To where the servers of these measurements have their data."""
    with tempfile.TemporaryDirectory(prefix="movio-bench-cp-") as folder:
        copy = pathlib.Path(folder) / film.name
        return timed(["sh", "-c", 'cp --reflink=never "$1" "$2" && sync "$2"', "sh", film, copy])[0]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--loops", type=int, default=LOOPS, help=f"of {PART_SECONDS} s")
    options = parser.parse_args()
    if not (TEST_DATA / "media/bbb-720p-5s.mp4").exists():
        print("copying: left out, the films are not there (MOVIO_TEST_DATA)")
        return
    make_inputs([PART])
    with tempfile.TemporaryDirectory(prefix="movio-bench-copying-", dir=WORK) as folder:
        film = looped(FOLDER / PART, options.loops, pathlib.Path(folder))
        size = film.stat().st_size
        rounds = [(copied(film), cp(film)) for _ in range(options.rounds)]
    ours, theirs = [spans[0] for spans, _ in rounds], [seconds for _, seconds in rounds]
    told = [f"{whole:.2f} s (picture {picture:.2f}, sound {sound:.2f})" for (whole, picture, sound), _ in rounds]
    print(f"copying: {size / 1e6:.0f} MB: {', '.join(told)}; cp and sync "
          f"{', '.join(f'{each:.2f} s' for each in theirs)}", flush=True)
    report("copying: time against cp and sync", ratios(ours, theirs), AIM, at_most=True)


if __name__ == "__main__":
    main()
