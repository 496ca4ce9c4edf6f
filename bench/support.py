"""What the measurements share: rounds that alternate with a peer, medians, and a server to measure."""

import contextlib
import json
import os
import pathlib
import posixpath
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ElementTree

ROOT = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "tools"))

from movio_server import MovioServer, own_environment

WORK = ROOT / "build" / "bench"
TEST_DATA = pathlib.Path(os.environ.get("MOVIO_TEST_DATA") or ROOT.parent / "shared")
DASH = "{urn:mpeg:dash:schema:mpd:2011}"
CLOCK_TICKS = os.sysconf("SC_CLK_TCK")


@contextlib.contextmanager
def running_server(*flags, build=ROOT / "build" / "release"):
    """A server, of the release build if no other is named, on an empty data folder that every user can reach and a free
    port."""
    data = pathlib.Path(tempfile.mkdtemp(prefix="movio-bench-"))
    WORK.mkdir(parents=True, exist_ok=True)
    try:
        with MovioServer(build, data, WORK / "server.log", flags=("--accounts-signup", "open", *flags)) as server:
            yield server
    finally:
        shutil.rmtree(data, ignore_errors=True)


def foretold(server, path):
    """What `movio plan` says of a file under the server's own settings."""
    command = [server.movio, "--data-dir", server.data_dir, "plan", "--json", *server.flags, path]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True,
                                     env=own_environment()).stdout)


def media_processes(server_pid):
    """The media processes that the server has now."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[1]) == server_pid and b"movio-media" in (entry / "cmdline").read_bytes():
                found.append(int(entry.name))
        except (OSError, ValueError, IndexError):
            continue
    return found


def process_cpu_seconds(pid):
    """Of the process and of those of its children that have ended."""
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) / CLOCK_TICKS


def timed(command, **options):
    """Wall and processor seconds of a command and everything it starts."""
    before, started = os.times(), time.monotonic()
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, **options)
    wall, after = time.monotonic() - started, os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return wall, cpu


def ratios(ours, theirs):
    """Median and range of the ratios round by round: what disturbs a round disturbs both sides of it."""
    each = [mine / other for mine, other in zip(ours, theirs)]
    return statistics.median(each), min(each), max(each)


def report(name, ratio, aim=None, unit="x", at_most=False):
    """Without an aim the ratio is only told."""
    middle, low, high = ratio
    told = f"{name}: {middle:.2f}{unit} ({low:.2f}-{high:.2f} by round)"
    if aim is not None:
        reached = middle <= aim if at_most else middle >= aim
        told += f", aim {'<=' if at_most else '>='} {aim}: {'reached' if reached else 'NOT reached'}"
    print(told, flush=True)


def first_blobs(get, address):
    """What a player needs to begin: init segment and first segment of the first-listed picture and of the first-listed
    sound, by the DASH manifest at that address. `get` gives the bytes at an address."""
    blobs, kinds = [], set()
    for group in ElementTree.fromstring(get(address)).iter(DASH + "AdaptationSet"):
        template, first = group.find(DASH + "SegmentTemplate"), group.find(DASH + "Representation")
        if template is None or group.get("contentType") in kinds:
            continue
        kinds.add(group.get("contentType"))
        for pattern in (template.get("initialization"), template.get("media")):
            name = pattern.replace("$RepresentationID$", first.get("id")).replace("$Number$", "1")
            blobs.append(posixpath.join(posixpath.dirname(address), name))
    return blobs


def real_clip():
    """32 s of 1280x720 at 24 frames a second from two real films, with AAC-LC and five subtitle tracks; None where the
    test data is not. One half is native 720p, five seconds again and again; the other is enlarged, with some grain. A
    picture that stands alone comes every four seconds, so that Movio may pass it through."""
    clip = WORK / "real720-4s.mkv"
    drawn, acted = TEST_DATA / "media/bbb-720p-5s.mp4", TEST_DATA / "media/tears-of-steel-clip.webm"
    if clip.exists():
        return clip
    if not drawn.exists() or not acted.exists():
        return None
    WORK.mkdir(parents=True, exist_ok=True)
    picture = (f"[0:v]setpts=N/24/TB,fps=24,trim=end_frame=384,setsar=1,format=yuv420p[a];"
               f"[1:v]trim=duration=16,setpts=PTS-STARTPTS,scale=1280:532:flags=lanczos,pad=1280:720:0:(oh-ih)/2,"
               f"unsharp,noise=alls=3:allf=t,fps=24,setsar=1,format=yuv420p[b];[a][b]concat=n=2:v=1:a=0[v];"
               f"[0:a]atrim=duration=16,asetpts=PTS-STARTPTS,aformat=sample_rates=48000:channel_layouts=stereo[c];"
               f"[1:a]atrim=duration=16,asetpts=PTS-STARTPTS,aformat=sample_rates=48000:channel_layouts=stereo[d];"
               f"[c][d]concat=n=2:v=0:a=1,asetpts=N/SR/TB[s]")
    languages = {"en": "eng", "bn": "ben", "hi": "hin", "fr": "fra", "es": "spa"}
    stories = [part for name in languages for part in ("-i", ROOT / f"tools/demo/{name}.srt")]
    maps = [part for index in range(5) for part in ("-map", str(2 + index), f"-metadata:s:s:{index}",
                                                    f"language={list(languages.values())[index]}")]
    part = clip.with_suffix(".part.mkv")
    subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-stream_loop", "3", "-i", drawn, "-i", acted,
                    *stories, "-filter_complex", picture, "-map", "[v]", "-map", "[s]", *maps, "-t", "32",
                    "-c:v", "libx264", "-preset", "veryfast", "-crf", "19", "-g", "96", "-c:a", "aac",
                    "-b:a", "128k", "-c:s", "srt", part], check=True)
    part.rename(clip)
    return clip
