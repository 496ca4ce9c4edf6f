#!/usr/bin/env python3
"""Two single-core workers against one, by the wall time of the same film from `ingest` to ready, every rung encoded.

What works on films is part of `movio serve`, so a worker is a batch slot and a processor here: one is a server and all
its media processes confined to one processor with `media.batch_slots` 1, two are the same on two processors with 2.
Serving, checking and storing of segments share these processors. Media processes are not tied to one of the two.

usage: bench/workers.py [--rounds N] [--loops N]
"""

import argparse
import contextlib
import os
import pathlib
import subprocess
import tempfile
import time

from support import WORK, ratios, real_clip, report, running_server

ROUNDS = 3
LOOPS = 3  # of the 32 s, so that the ends of a film, where a worker may have nothing to do, count little
AIM = 1.9


@contextlib.contextmanager
def confined_to(processors):
    """This process and what it starts."""
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, processors)
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def looped(clip, loops, folder):
    """The clip again and again without encoding it anew."""
    film = folder / "workers.mkv"
    subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-stream_loop", str(loops - 1), "-i", clip, "-map",
                    "0:v", "-map", "0:a", "-c", "copy", film], check=True)
    return film


def seconds_to_make(film, processors):
    flags = ("--log-level", "warn", "--media-passthrough", "false", "--media-batch-slots", str(len(processors)))
    with confined_to(processors), running_server(*flags) as server:
        started = time.monotonic()
        server.ingest(film, film.stem)
        return time.monotonic() - started


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    parser.add_argument("--loops", type=int, default=LOOPS)
    options = parser.parse_args()
    clip = real_clip()
    if clip is None:
        print("workers: left out, the films are not there (MOVIO_TEST_DATA)")
        return
    processors = sorted(os.sched_getaffinity(0))[:2]
    if len(processors) < 2:
        print("workers: left out, there is one processor only")
        return
    one, two = [], []
    with tempfile.TemporaryDirectory(prefix="movio-bench-workers-", dir=WORK) as folder:
        film = looped(clip, options.loops, pathlib.Path(folder))
        for _ in range(options.rounds):
            one.append(seconds_to_make(film, processors[:1]))
            two.append(seconds_to_make(film, processors))
    print(f"workers: one takes {', '.join(f'{wall:.1f}' for wall in one)} s, two take "
          f"{', '.join(f'{wall:.1f}' for wall in two)} s", flush=True)
    report("workers: speed of two against one", ratios(one, two), AIM)


if __name__ == "__main__":
    main()
