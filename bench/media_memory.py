#!/usr/bin/env python3
"""The most memory that a media process took (VmHWM: its resident pages at their highest, shared ones included) while
1080p films were made: the clips of bench/inputs.md whole, the films of 2 h, whose index is large and whose pieces are
of full length, for their first minute after the upload. Every process is looked at each 10 ms or so while it lives.

usage: bench/media_memory.py [--seconds N] [--only INPUT]…
"""

import argparse
import contextlib
import json
import pathlib
import re
import threading
import time

from publish import FOLDER, Client, make_inputs
from support import TEST_DATA, media_processes, running_server

INPUTS = ("clip-h264.mp4", "clip-hevc.mp4", "clip-vp9.webm", "film-h264.mp4", "film-hevc.mkv", "film-vp9.webm")
SECONDS = 60
SECONDS_MAX = 300
POLL_SECONDS = 0.01
AIM_MIB = 400


def peak_mib(pid):
    """None when it has ended."""
    try:
        found = re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{pid}/status").read_text())
    except OSError:
        return None
    return int(found[1]) / 1024 if found else None


def watch(server_pid, peaks, done):
    """Peaks by process, until `done`. The last look at a process that ends counts; a peak only rises."""
    while not done.wait(POLL_SECONDS):
        for pid in media_processes(server_pid):
            peaks[pid] = max(peak_mib(pid) or 0, peaks.get(pid, 0))


@contextlib.contextmanager
def watched(server, peaks):
    done = threading.Event()
    watcher = threading.Thread(target=watch, args=(server.pid, peaks, done))
    watcher.start()
    try:
        yield
    finally:
        done.set()
        watcher.join()


def wait_until_ready(client, video_id, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        video = json.loads(client.get(f"/api/v2/videos/{video_id}"))
        if video["status"] == "failed":
            raise SystemExit(f"media_memory: the film failed: {video['failure']}")
        if video["status"] == "ready":
            return True
        time.sleep(0.2)
    return False


def highest_peak(name, seconds):
    """In MiB, of all media processes of one film."""
    peaks = {}
    with running_server("--log-level", "warn") as server:
        client = Client(server.address)
        with watched(server, peaks):
            video_id, _ = client.upload(FOLDER / name)
            whole = wait_until_ready(client, video_id, seconds)
    print(f"media_memory: {name}, {'whole' if whole else f'its first {seconds:.0f} s'}: {len(peaks)} media processes, "
          f"at most {max(peaks.values()):.0f} MiB", flush=True)
    return max(peaks.values())


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--seconds", type=float, default=SECONDS, help="for films of 2 h, after the upload")
    parser.add_argument("--only", action="append", help="only these inputs")
    options = parser.parse_args()
    if not (TEST_DATA / "media/bbb-720p-5s.mp4").exists():
        print("media_memory: left out, the films are not there (MOVIO_TEST_DATA)")
        return
    names = [name for name in INPUTS if name in (options.only or INPUTS)]
    make_inputs(names)
    highest = max(highest_peak(name, options.seconds if name.startswith("film") else SECONDS_MAX) for name in names)
    print(f"media_memory: the highest of a media process for 1080p: {highest:.0f} MiB, aim <= {AIM_MIB} MiB: "
          f"{'reached' if highest <= AIM_MIB else 'NOT reached'}")


if __name__ == "__main__":
    main()
