#!/usr/bin/env python3
"""All rungs of one film: Movio from `ingest` to ready, against one ffmpeg process with the same settings, and against
the original's sequence of commands, in alternating rounds. SSIM of the 720p rung against the source is measured too.
"""

import os
import pathlib
import re
import shutil
import statistics
import subprocess
import tempfile
import time
import urllib.request

from support import WORK, process_cpu_seconds, ratios, real_clip, report, running_server, timed

ROUNDS = 3
RUNGS = ((640, 360, 800), (854, 480, 1200), (1280, 720, 2400))
FFMPEG = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y"]


def one_ffmpeg(clip, folder):
    """Split once, scale each, x264 as Movio sets it, AAC passed through, 4-second DASH."""
    split = f"[0:v]split={len(RUNGS)}" + "".join(f"[i{n}]" for n in range(len(RUNGS)))
    scale = ";".join(f"[i{n}]scale={width}:{height}[o{n}]" for n, (width, height, _) in enumerate(RUNGS))
    outputs = []
    for n, (_, _, cap) in enumerate(RUNGS):
        outputs += ["-map", f"[o{n}]", f"-maxrate:v:{n}", f"{cap}k", f"-bufsize:v:{n}", f"{cap}k"]
    return [[*FFMPEG, "-i", clip, "-filter_complex", f"{split};{scale}", *outputs, "-map", "0:a", "-c:v", "libx264",
             "-preset", "veryfast", "-crf", "23", "-g", "96", "-keyint_min", "96", "-sc_threshold", "0",
             "-x264-params", "vbv-init=0.6:stitchable=1", "-c:a", "copy", "-seg_duration", "4", "-f", "dash",
             folder / "main.mpd"]]


def original(clip, folder):
    """Subtitles, a 360p file, and three DASH renditions of that 360p file."""
    small = folder / "small.mp4"
    outputs = []
    for n, (width, height, rate) in enumerate(RUNGS):
        outputs += ["-map", "0:v", f"-b:v:{n}", f"{rate}k", f"-s:v:{n}", f"{width}x{height}"]
    return [[*FFMPEG, "-i", clip, "-map", "0:s:0", folder / "captions.vtt"],
            [*FFMPEG, "-i", clip, "-c:v", "libx264", "-b:v", "800k", "-s", "640x360", "-c:a", "aac", "-b:a", "128k",
             small],
            [*FFMPEG, "-i", small, *outputs, "-map", "0:a", "-c:v", "libx264", "-c:a", "aac", "-b:a", "128k",
             "-seg_duration", "4", "-f", "dash", folder / "main.mpd"]]


def run_peer(commands, clip):
    folder = pathlib.Path(tempfile.mkdtemp(prefix="movio-bench-peer-", dir=WORK))
    walls, cpus = zip(*(timed(command) for command in commands(clip, folder)))
    whole = joined(folder, "init-stream2.m4s", "chunk-stream2-*.m4s")
    return sum(walls), sum(cpus), whole, folder


def joined(folder, init, pattern):
    """One rendition as one file, for measuring its picture."""
    whole = folder / "whole.mp4"
    with open(whole, "wb") as out:
        for path in [folder / init, *sorted(folder.glob(pattern))]:
            out.write(path.read_bytes())
    return whole


def run_movio(server, clip, number):
    before, started = process_cpu_seconds(server.pid), time.monotonic()
    video = server.ingest(clip, f"encode {number}")
    wall, cpu = time.monotonic() - started, process_cpu_seconds(server.pid) - before
    return wall, cpu, video


def fetch_rung(server, video, height):
    """The rung as one file, by way of its playlist, as a player gets it."""
    main = server.address + video["playback"]["hls_url"]
    base = main.rsplit("/", 1)[0] + "/"

    def text(address):
        with urllib.request.urlopen(address, timeout=10) as answer:
            return answer.read()

    lines = text(main).decode().splitlines()
    playlist = next(lines[i + 1] for i, line in enumerate(lines) if re.search(rf"RESOLUTION=\d+x{height}\b", line))
    address = base + playlist
    content = text(address).decode()
    names = re.findall(r'URI="([^"]+)"', content)[:1] + re.findall(r"^[^#\s].*$", content, re.MULTILINE)
    whole = WORK / f"movio-{height}.mp4"
    whole.write_bytes(b"".join(text(address.rsplit("/", 1)[0] + "/" + name) for name in names))
    return whole


def ssim(whole, clip):
    """Frame against frame. ffmpeg may repeat frames at the start of what it writes, so the best of three shifts counts."""
    return max(ssim_shifted(whole, clip, shift) for shift in range(3))


def ssim_shifted(whole, clip, shift):
    # An even clock on both sides: Matroska rounds times to milliseconds.
    compare = (f"[0:v]trim=start_frame={shift},setpts=PTS-STARTPTS,fps=24[a];"
               "[1:v]setpts=PTS-STARTPTS,fps=24[b];[a][b]ssim=shortest=1")
    outcome = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-i", whole, "-i", clip, "-filter_complex", compare,
                              "-f", "null", "-"], check=True, capture_output=True, text=True).stderr
    return float(re.search(r"SSIM.*All:([\d.]+)", outcome)[1])


def show(name, walls, cpus, quality):
    print(f"encode: {name}: wall {', '.join(f'{wall:.1f}' for wall in walls)} s, "
          f"cpu {statistics.median(cpus):.1f} s, SSIM at 720p {quality:.4f}", flush=True)


def main():
    clip = real_clip()
    if clip is None:
        print("encode: left out, the films are not there (MOVIO_TEST_DATA)")
        return
    peers = {"one ffmpeg": one_ffmpeg, "the original's commands": original}
    walls, cpus, quality = ({name: [] for name in ("movio", *peers)} for _ in range(3))
    with running_server("--log-level", "warn", "--media-passthrough", "false") as server:
        for number in range(ROUNDS):
            wall, cpu, video = run_movio(server, clip, number)
            walls["movio"].append(wall)
            cpus["movio"].append(cpu)
            if number == 0:
                quality["movio"] = ssim(fetch_rung(server, video, 720), clip)
            for name, commands in peers.items():
                wall, cpu, whole, folder = run_peer(commands, clip)
                walls[name].append(wall)
                cpus[name].append(cpu)
                if number == 0:
                    quality[name] = ssim(whole, clip)
                shutil.rmtree(folder)
        stored = sum(path.stat().st_size for path in pathlib.Path(server.data_dir).rglob("*.m4s")) / ROUNDS
    for name in walls:
        show(name, walls[name], cpus[name], quality[name])
    print(f"encode: on {os.cpu_count()} processors; segments of the 32 s take {stored / 1e6:.1f} MB, "
          f"an hour of such film {stored * 3600 / 32 / 1e9:.2f} GB and "
          f"{statistics.median(walls['movio']) * 3600 / 32 / 60:.0f} minutes")
    report("encode: speed against one ffmpeg", ratios(walls["one ffmpeg"], walls["movio"]), 1.0)
    report("encode: speed against the original", ratios(walls["the original's commands"], walls["movio"]), 2.5)
    gain = quality["movio"] - quality["the original's commands"]
    print(f"encode: SSIM above the original's {gain:+.4f}, aim >= 0.01; above one ffmpeg's "
          f"{quality['movio'] - quality['one ffmpeg']:+.4f}")


if __name__ == "__main__":
    main()
