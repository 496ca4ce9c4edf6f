#!/usr/bin/env python3
"""The index pass over films of 2 h, against `cat` of the same file, in alternating rounds.

`movio plan` runs the index pass in a media process, as the server does. What the command takes beside it (its start,
the proof that the media process is confined) is what it takes for the clip of 10 s of the same kind, and is taken off.
The page cache is emptied before each (/proc/sys/vm/drop_caches), which takes root; without it both read from memory,
and the output says so.

usage: bench/index_pass.py [--rounds N] [--only INPUT]…
"""

import argparse
import os
import pathlib
import statistics
import tempfile

from publish import FOLDER, make_inputs
from support import ROOT, TEST_DATA, own_environment, ratios, report, timed

ROUNDS = 3
SPEED_MIN = 0.7
SECONDS_MAX = 0.3
# Film and clip of the same container and codec. Those of MP4 are read by their sample tables, so time is their aim.
READ = {"film-hevc.mkv": "clip-subtitles.mkv", "film-subtitles.mkv": "clip-subtitles.mkv",
        "film-mpeg2.ts": "clip-mpeg2.ts", "film-vp9.webm": "clip-vp9.webm"}
BY_TABLE = {"film-h264.mp4": "clip-h264.mp4", "film-h264-end.mp4": "clip-h264-end.mp4"}
CACHES = pathlib.Path("/proc/sys/vm/drop_caches")


def forget_files():
    """Whether the next read comes from the disk."""
    if os.geteuid() != 0 or not os.access(CACHES, os.W_OK):
        return False
    os.sync()
    try:
        CACHES.write_text("1")
    except OSError:
        return False
    return True


def seconds_of(command, cold, **options):
    if cold:
        forget_files()
    return timed(command, **options)[0]


def plan(path, cold):
    with tempfile.TemporaryDirectory(prefix="movio-bench-plan-") as data, open(os.devnull, "wb") as nowhere:
        return seconds_of([ROOT / "build/release/movio", "--data-dir", data, "plan", "--json", path], cold,
                          stdout=nowhere, env=own_environment())


def cat(path, cold):
    with open(os.devnull, "wb") as nowhere:
        return seconds_of(["cat", path], cold, stdout=nowhere)


def measure(film, clip, rounds, cold):
    """Seconds of `movio plan` of the film, of the clip, and of `cat` of the film, by round."""
    if not cold:
        cat(FOLDER / film, cold)  # so that the first round is as warm as the others
    each = [(plan(FOLDER / film, cold), plan(FOLDER / clip, cold), cat(FOLDER / film, cold)) for _ in range(rounds)]
    return zip(*each)


def show(film, clip, rounds, cold):
    whole, beside, peer = map(list, measure(film, clip, rounds, cold))
    own = [max(0.001, one - other) for one, other in zip(whole, beside)]
    size = (FOLDER / film).stat().st_size
    print(f"index_pass: {film} ({size / 1e6:.0f} MB): movio plan {statistics.median(whole):.2f} s, of which "
          f"{statistics.median(beside):.2f} s are not the film's; cat {statistics.median(peer):.2f} s", flush=True)
    if film in READ:
        report(f"index_pass: {film}, speed against cat", ratios(peer, own), SPEED_MIN)
    else:
        report(f"index_pass: {film}", (statistics.median(own), min(own), max(own)), SECONDS_MAX, " s", at_most=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--only", action="append", help="only these films")
    options = parser.parse_args()
    if not (TEST_DATA / "media/bbb-720p-5s.mp4").exists():
        print("index_pass: left out, the films are not there (MOVIO_TEST_DATA)")
        return
    films = {film: clip for film, clip in (READ | BY_TABLE).items() if film in (options.only or READ | BY_TABLE)}
    make_inputs([*films, *films.values()])
    cold = forget_files()
    print("index_pass: " + ("the page cache is emptied before each" if cold else
                            "WARM: the page cache can be emptied by root alone; cold figures would differ"), flush=True)
    for film, clip in films.items():
        show(film, clip, options.rounds, cold)


if __name__ == "__main__":
    main()
