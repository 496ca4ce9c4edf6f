#!/usr/bin/env python3
"""What `movio plan` foretells of 20 films against what making them takes, one after the other on a server that does
nothing else. Prints each film's figures and the median error of each.

  bench/plan.py                       the 20 films
  bench/plan.py --calibrate FILE      other films; writes the processor time of every task, which the model's figures
                                      are fitted to, as JSON lines
"""

import argparse
import json
import pathlib
import statistics
import subprocess
import sys

from support import ROOT, TEST_DATA, WORK, foretold, running_server

MEDIA = TEST_DATA / "media"
FILMS = WORK / "plan"
FFMPEG = ["ffmpeg", "-nostdin", "-loglevel", "error", "-y"]
AIM_PERCENT = 25
FIGURES = ("playable_ms", "complete_ms", "cpu_ms", "bytes")

BUNNY, BUNNY_LARGE = MEDIA / "bbb-480p-30s.mp4", MEDIA / "bbb-720p-5s.mp4"
STEEL, CAR, CRYSTAL = MEDIA / "tears-of-steel-clip.webm", MEDIA / "car-detection.mp4", MEDIA / "mdn-crystal.mp4"
X264 = ("-c:v", "libx264", "-preset", "veryfast")
X265 = ("-c:v", "libx265", "-preset", "ultrafast", "-x265-params", "log-level=error")
VP9 = ("-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8", "-row-mt", "1")
AV1 = ("-c:v", "libsvtav1", "-preset", "12")
AAC, FLAC, AC3 = ("-c:a", "aac", "-b:a", "128k"), ("-c:a", "flac"), ("-c:a", "ac3", "-b:a", "192k")

# Made from real films, since the cost of test patterns is that of no film: (name, seconds, source, arguments).
TESTED = (
    ("drawn-h264-720.mkv", 32, BUNNY_LARGE, ("-vf", "scale=1280:720", "-r", "24", *X264, "-crf", "20", *AAC)),
    ("drawn-h264-1080.mp4", 16, BUNNY_LARGE, ("-vf", "scale=1920:1080", *X264, "-crf", "21", *AAC)),
    ("acted-h264-480.mp4", 60, STEEL, ("-vf", "scale=1156:480", *X264, "-crf", "24", *AAC)),
    ("acted-hevc-720.mp4", 24, STEEL, ("-vf", "scale=1280:532", *X265, "-crf", "24", *AAC)),
    ("drawn-hevc-1080.mkv", 12, BUNNY_LARGE, ("-vf", "scale=1920:1080", *X265, "-crf", "26", *AC3)),
    ("drawn-vp9-480.webm", 30, BUNNY, (*VP9, "-b:v", "1M", "-c:a", "libopus")),
    ("street-vp9-432.webm", 30, CAR, (*VP9, "-b:v", "700k", "-an")),
    ("acted-mpeg2-576.ts", 24, STEEL,
     ("-vf", "scale=1024:576", "-r", "25", "-c:v", "mpeg2video", "-b:v", "5M", "-c:a", "mp2")),
    ("drawn-mpeg4-480.avi", 30, BUNNY, ("-c:v", "mpeg4", "-b:v", "1500k", "-c:a", "libmp3lame")),
    ("drawn-av1-480.mkv", 20, BUNNY, (*AV1, "-crf", "40", "-c:a", "libopus")),
    ("drawn-60-720.mp4", 12, BUNNY_LARGE, ("-vf", "scale=1280:720", "-r", "60", *X264, "-crf", "22", *AAC)),
    ("upright-h264-720.mp4", 16, BUNNY_LARGE, ("-vf", "crop=406:720,scale=720:1280", *X264, "-crf", "22", *AAC)),
    ("sound-flac.mka", 300, BUNNY, ("-vn", *FLAC)),
    ("drawn-long-480.mp4", 180, BUNNY, ("-c", "copy")),
)
CALIBRATED = (
    ("c-h264-360.mp4", 40, BUNNY, ("-vf", "scale=640:360", *X264, "-crf", "22", *AAC)),
    ("c-h264-480.mkv", 40, STEEL, ("-vf", "scale=854:354", *X264, "-crf", "20", *FLAC)),
    ("c-h264-720.mp4", 24, STEEL, ("-vf", "scale=1734:720", *X264, "-crf", "22", *AAC)),
    ("c-h264-1080.mp4", 12, BUNNY_LARGE, ("-vf", "scale=1920:1080", *X264, "-crf", "18", "-an")),
    ("c-h264-poor.mp4", 24, BUNNY_LARGE, (*X264, "-crf", "32", *AAC)),
    ("c-hevc-480.mkv", 24, BUNNY, (*X265, "-crf", "24", "-an")),
    ("c-hevc-1080.mkv", 12, STEEL, ("-vf", "scale=1920:798", *X265, "-crf", "24", *AAC)),
    ("c-vp9-720.webm", 20, BUNNY_LARGE, (*VP9, "-b:v", "2M", "-an")),
    ("c-vp9-360.webm", 30, STEEL, ("-vf", "scale=868:360", *VP9, "-b:v", "600k", "-c:a", "libopus")),
    ("c-av1-720.mkv", 16, BUNNY_LARGE, (*AV1, "-crf", "38", "-an")),
    ("c-mpeg2-480.ts", 30, BUNNY, ("-c:v", "mpeg2video", "-b:v", "3M", "-c:a", "mp2")),
    ("c-mpeg2-1080.ts", 10, BUNNY_LARGE, ("-vf", "scale=1920:1080", "-c:v", "mpeg2video", "-b:v", "12M", "-an")),
    ("c-mpeg4-432.avi", 30, CAR, ("-r", "25", "-c:v", "mpeg4", "-b:v", "1200k", "-an")),
    ("c-sound-ac3.mka", 300, STEEL, ("-vn", *AC3)),
    ("c-sound-aac.m4a", 300, BUNNY, ("-vn", *AAC)),
)
REAL = (BUNNY, CAR, CRYSTAL, STEEL, MEDIA / "mb-cursed-vfr.mp4", MEDIA / "exo-bbb_2500ms.ts")


def make(name, seconds, source, arguments):
    path = FILMS / name
    if not path.exists():
        FILMS.mkdir(parents=True, exist_ok=True)
        part = path.with_name("part-" + name)
        subprocess.run([*FFMPEG, "-stream_loop", "-1", "-i", source, "-t", str(seconds), *arguments, "-sn", part],
                       check=True)
        part.rename(path)
    return path


def error_percent(plan, actual, figure):
    if actual[figure] == 0:
        return 0.0
    return abs(plan[figure] - actual[figure]) * 100 / actual[figure]


def tasks_of(video_id):
    """Processor time by task, from the server's log."""
    lines = [json.loads(line) for line in (WORK / "server.log").read_text().splitlines() if video_id in line]
    return {line["task"]: line["cpu_ms"] for line in lines if line.get("event") == "task done"}


def keep(file, server, path, video):
    plan = pathlib.Path(server.data_dir) / "blobs" / "media" / video["id"] / "1" / "plan.json"
    line = {"film": path.name, "plan": json.loads(plan.read_text()), "actual": video["actual"],
            "tasks": tasks_of(video["id"])}
    with open(file, "a", encoding="utf-8") as out:
        print(json.dumps(line), file=out)


def run_film(server, path):
    plan = foretold(server, path)
    video = server.ingest(path, path.stem)
    return plan, video


def show(path, plan, actual):
    parts = [f"{figure.removesuffix('_ms')} {plan[figure] / 1000:.1f}/{actual[figure] / 1000:.1f} "
             f"{'kB' if figure == 'bytes' else 's'}" for figure in FIGURES]
    print(f"plan: {path.name}: foretold/actual {', '.join(parts)}", flush=True)


def report(errors):
    for figure, each in errors.items():
        middle = statistics.median(each)
        verdict = "reached" if middle <= AIM_PERCENT else "NOT reached"
        print(f"plan: error of {figure}: median {middle:.0f} % of {len(each)} films (worst {max(each):.0f} %), "
              f"aim <= {AIM_PERCENT} %: {verdict}", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--calibrate", type=pathlib.Path, metavar="FILE")
    parser.add_argument("--build", type=pathlib.Path, default=ROOT / "build" / "release")
    arguments = parser.parse_args()
    if not all(path.exists() for path in REAL):
        print("plan: left out, the films are not there (MOVIO_TEST_DATA)")
        return
    recipes = CALIBRATED if arguments.calibrate else TESTED
    films = [make(*recipe) for recipe in recipes] + ([] if arguments.calibrate else list(REAL))
    errors = {figure: [] for figure in FIGURES}
    with running_server("--log-level", "info", build=arguments.build) as server:
        for path in films:
            plan, video = run_film(server, path)
            show(path, plan["estimate"], video["actual"])
            for figure in FIGURES:
                errors[figure].append(error_percent(plan["estimate"], video["actual"], figure))
            if arguments.calibrate:
                keep(arguments.calibrate, server, path, video)
    report(errors)


if __name__ == "__main__":
    sys.exit(main())
