#!/usr/bin/env python3
"""All rungs of one film: Movio from `ingest` to ready, once with every rung encoded (media.passthrough=false) and once
with its own settings, by which the source's picture is the top rung as it is. Against, in alternating rounds: one
ffmpeg process that decodes once and encodes every rung with the same settings; one ffmpeg process for each rung; and
the original's sequence of commands.

The rungs and their caps are those that `movio plan` says without passthrough. SSIM of each rung against the source,
scaled to the rung, and the bytes of each rung are measured in the first round.

usage: bench/encode.py [--rounds N]
"""

import argparse
import os
import pathlib
import re
import statistics
import subprocess
import tempfile
import time
import urllib.request
from typing import NamedTuple

from support import WORK, foretold, process_cpu_seconds, ratios, real_clip, report, running_server, timed

ROUNDS = 3
ORIGINAL = ((640, 360, 800), (854, 480, 1200), (1280, 720, 2400))
FFMPEG = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y"]
ENCODED, PASSED, ONE, EACH, ORIGINALS = ("movio", "movio with passthrough", "one ffmpeg", "one ffmpeg for each rung",
                                         "the original's commands")
SSIM_APART_MAX = 0.002
CLIP_SECONDS = 32


class Rung(NamedTuple):
    width: int
    height: int
    cap_kbps: int
    profile: str


def rungs_of(plan):
    return [Rung(rung["width"], rung["height"], rung["cap_kbps"],
                 "high" if rung["codec"].startswith("avc1.64") else "main") for rung in plan["rungs"]]


def encoder(rungs):
    """x264 as Movio sets it, and 4-second DASH."""
    each = []
    for n, rung in enumerate(rungs):
        each += [f"-profile:v:{n}", rung.profile, f"-maxrate:v:{n}", f"{rung.cap_kbps}k",
                 f"-bufsize:v:{n}", f"{rung.cap_kbps}k"]
    return [*each, "-c:v", "libx264", "-preset", "veryfast", "-crf", "23", "-g", "96", "-keyint_min", "96",
            "-sc_threshold", "0", "-x264-params", "vbv-init=0.6:stitchable=1", "-c:a", "copy", "-seg_duration", "4",
            "-f", "dash"]


def one_ffmpeg(clip, folder, rungs):
    """Split once, scale each; AAC passed through."""
    split = f"[0:v]split={len(rungs)}" + "".join(f"[i{n}]" for n in range(len(rungs)))
    scale = ";".join(f"[i{n}]scale={rung.width}:{rung.height}[o{n}]" for n, rung in enumerate(rungs))
    maps = [part for n in range(len(rungs)) for part in ("-map", f"[o{n}]")]
    return [[*FFMPEG, "-i", clip, "-filter_complex", f"{split};{scale}", *maps, "-map", "0:a", *encoder(rungs),
             folder / "main.mpd"]]


def ffmpeg_for_each(clip, folder, rungs):
    """One after the other, the sound with the first."""
    commands = []
    for n, rung in enumerate(rungs):
        own = folder / str(n)
        own.mkdir()
        commands.append([*FFMPEG, "-i", clip, "-map", "0:v", *(["-map", "0:a"] if n == 0 else []), "-vf",
                         f"scale={rung.width}:{rung.height}", *encoder([rung]), own / "main.mpd"])
    return commands


def original(clip, folder, _):
    """Subtitles, a 360p file, and three DASH renditions of that 360p file."""
    small = folder / "small.mp4"
    outputs = []
    for n, (width, height, rate) in enumerate(ORIGINAL):
        outputs += ["-map", "0:v", f"-b:v:{n}", f"{rate}k", f"-s:v:{n}", f"{width}x{height}"]
    return [[*FFMPEG, "-i", clip, "-map", "0:s:0", folder / "captions.vtt"],
            [*FFMPEG, "-i", clip, "-c:v", "libx264", "-b:v", "800k", "-s", "640x360", "-c:a", "aac", "-b:a", "128k",
             small],
            [*FFMPEG, "-i", small, *outputs, "-map", "0:a", "-c:v", "libx264", "-c:a", "aac", "-b:a", "128k",
             "-seg_duration", "4", "-f", "dash", folder / "main.mpd"]]


PEERS = {ONE: one_ffmpeg, EACH: ffmpeg_for_each, ORIGINALS: original}


class Figures:
    """What the rounds of one way to make the film gave; quality and bytes are by height of the rung."""

    def __init__(self):
        self.walls, self.cpus, self.quality, self.bytes = [], [], {}, {}

    def add(self, wall, cpu):
        self.walls.append(wall)
        self.cpus.append(cpu)

    def look_at(self, files, clip, rungs):
        for rung in rungs:
            self.quality[rung.height] = ssim(files[rung.height], clip, rung)
            self.bytes[rung.height] = files[rung.height].stat().st_size

    def show(self, name):
        shown = ", ".join(f"{height}p {self.quality[height]:.4f} in {self.bytes[height] / 1e6:.2f} MB"
                          for height in self.quality)
        print(f"encode: {name}: wall {', '.join(f'{wall:.1f}' for wall in self.walls)} s, cpu "
              f"{statistics.median(self.cpus):.1f} s{'; SSIM ' + shown if shown else ''}", flush=True)


def run_peer(commands, clip, folder, rungs):
    walls, cpus = zip(*(timed(command) for command in commands(clip, folder, rungs)))
    return sum(walls), sum(cpus)


def joined(folder, rungs):
    """Each rendition as one file, for measuring its picture."""
    files = {}
    for n, rung in enumerate(rungs):
        files[rung.height] = folder / f"whole-{n}.mp4"
        parts = [folder / f"init-stream{n}.m4s", *sorted(folder.glob(f"chunk-stream{n}-*.m4s"))]
        files[rung.height].write_bytes(b"".join(part.read_bytes() for part in parts))
    return files


def run_movio(server, clip, title):
    before, started = process_cpu_seconds(server.pid), time.monotonic()
    video = server.ingest(clip, title)
    return time.monotonic() - started, process_cpu_seconds(server.pid) - before, video


def fetched(server, video, folder, rungs):
    """Each rung as one file, by way of its playlist, as a player gets it."""
    main = server.address + video["playback"]["hls_url"]

    def get(address):
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.read()

    lines, files = get(main).decode().splitlines(), {}
    for rung in rungs:
        size = rf"RESOLUTION={rung.width}x{rung.height}\b"
        playlist = next(lines[i + 1] for i, line in enumerate(lines)
                        if line.startswith("#EXT-X-STREAM-INF") and re.search(size, line))
        address = main.rsplit("/", 1)[0] + "/" + playlist
        content = get(address).decode()
        names = re.findall(r'URI="([^"]+)"', content)[:1] + re.findall(r"^[^#\s].*$", content, re.MULTILINE)
        files[rung.height] = folder / f"movio-{rung.height}.mp4"
        files[rung.height].write_bytes(b"".join(get(address.rsplit("/", 1)[0] + "/" + name) for name in names))
    return files


def ssim(whole, clip, rung):
    """Frame against frame. ffmpeg may repeat frames at the start of what it writes, so the best of three shifts counts."""
    return max(ssim_shifted(whole, clip, rung, shift) for shift in range(3))


def ssim_shifted(whole, clip, rung, shift):
    # An even clock on both sides: Matroska rounds times to milliseconds.
    compare = (f"[0:v]trim=start_frame={shift},setpts=PTS-STARTPTS,fps=24[a];[1:v]setpts=PTS-STARTPTS,fps=24,"
               f"scale={rung.width}:{rung.height}[b];[a][b]ssim=shortest=1")
    outcome = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-i", whole, "-i", clip, "-filter_complex", compare,
                              "-f", "null", "-"], check=True, capture_output=True, text=True).stderr
    return float(re.search(r"SSIM.*All:([\d.]+)", outcome)[1])


def run_round(servers, clip, rungs, figures, number):
    with tempfile.TemporaryDirectory(prefix="movio-bench-round-", dir=WORK) as name:
        top = pathlib.Path(name)
        for way, server in servers.items():
            wall, cpu, video = run_movio(server, clip, f"encode {number}")
            figures[way].add(wall, cpu)
            if number == 0:
                figures[way].look_at(fetched(server, video, top, rungs), clip, rungs)
        for way, commands in PEERS.items():
            folder = top / re.sub(r"\W", "-", way)
            folder.mkdir()
            figures[way].add(*run_peer(commands, clip, folder, rungs))
            if number == 0 and way != EACH:  # its files are those of one process
                figures[way].look_at(joined(folder, rungs), clip, rungs)


def show_speeds(figures):
    def against(peer, ours=ENCODED):
        return ratios(figures[peer].walls, figures[ours].walls)

    report("encode: every rung encoded, speed against one ffmpeg", against(ONE), 1.0)
    report("encode: with passthrough, speed against one ffmpeg that encodes all", against(ONE, PASSED), 1.5)
    report("encode: every rung encoded, speed against one ffmpeg for each rung", against(EACH))
    report("encode: one ffmpeg, speed against one ffmpeg for each rung", against(EACH, ONE))
    report("encode: every rung encoded, speed against the original", against(ORIGINALS), 2.5)


def show_quality(figures, rungs):
    ours, one = figures[ENCODED], figures[ONE]
    apart = {rung.height: ours.quality[rung.height] - one.quality[rung.height] for rung in rungs}
    told = ", ".join(f"{height}p {value:+.4f}" for height, value in apart.items())
    reached = "reached" if max(map(abs, apart.values())) <= SSIM_APART_MAX else "NOT reached"
    print(f"encode: SSIM above one ffmpeg's: {told}, aim within {SSIM_APART_MAX}: {reached}")
    gain = ours.quality[720] - figures[ORIGINALS].quality[720]
    print(f"encode: SSIM above the original's at 720p {gain:+.4f}, aim >= 0.01: "
          f"{'reached' if gain >= 0.01 else 'NOT reached'}")
    told = ", ".join(f"{height}p {ours.bytes[height] / one.bytes[height]:.3f}x" for height in apart)
    print(f"encode: bytes of pieces that are encoded apart, against those of one ffmpeg: {told}, together "
          f"{sum(ours.bytes.values()) / sum(one.bytes.values()):.3f}x")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    clip = real_clip()
    if clip is None:
        print("encode: left out, the films are not there (MOVIO_TEST_DATA)")
        return
    figures = {way: Figures() for way in (ENCODED, PASSED, *PEERS)}
    with running_server("--log-level", "warn", "--media-passthrough", "false") as encoding, \
            running_server("--log-level", "warn") as passing:
        rungs = rungs_of(foretold(encoding, clip))
        if obstacle := foretold(passing, clip)["passthrough_obstacle"]:
            raise SystemExit(f"encode: the film is not passed through: {obstacle}")
        for number in range(options.rounds):
            run_round({ENCODED: encoding, PASSED: passing}, clip, rungs, figures, number)
        stored = sum(path.stat().st_size for path in encoding.data_dir.rglob("*.m4s")) / options.rounds
    for way, each in figures.items():
        each.show(way)
    hour = 3600 / CLIP_SECONDS
    print(f"encode: on {os.cpu_count()} processors; caps {', '.join(str(rung.cap_kbps) for rung in rungs)} kb/s; "
          f"segments of the {CLIP_SECONDS} s take {stored / 1e6:.1f} MB, an hour of such film {stored * hour / 1e9:.2f} "
          f"GB and {statistics.median(figures[ENCODED].walls) * hour / 60:.0f} minutes")
    show_speeds(figures)
    show_quality(figures, rungs)


if __name__ == "__main__":
    main()
