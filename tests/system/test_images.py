"""Storyboard, posters, preview, chapters and what is measured, of films that FFmpeg makes: they come with a film that
is ready, say what is in it, and never stand in its way."""

import re
import subprocess
from fractions import Fraction
from xml.etree import ElementTree

import pytest

from support import ffmpeg

# Never passed through, so every frame is seen.
MPEG4 = ["-c:v", "mpeg4", "-q:v", "2"]
DASH = "{urn:mpeg:dash:schema:mpd:2011}"
CHAPTERS = """;FFMETADATA1
[CHAPTER]
TIMEBASE=1/1000
START=0
END=10000
title=Dark & quiet
[CHAPTER]
TIMEBASE=1/1000
START=10000
END=24000
title=Bright
"""


def dark_then_bright(films):
    """Ten seconds of black and silence, then a picture and a tone of -23 LUFS."""
    path = films.folder / "dark-then-bright.mkv"
    chapters = films.file("chapters.txt", CHAPTERS.encode())
    ffmpeg.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=24", "-f", "lavfi", "-i",
                  "sine=frequency=997:sample_rate=48000:duration=24", "-i", chapters, "-map_chapters", "2",
                  "-vf", "drawbox=color=black:t=fill:enable='lt(t,10)'",
                  # FFmpeg's sine has an amplitude of 1/8; in both channels that is -18.06 LUFS.
                  "-af", "volume=-4.94dB,volume=0:enable='lt(t,10)',pan=stereo|c0=c0|c1=c0",
                  *MPEG4, "-g", "50", "-c:a", "flac", path)
    return path


def picture_size(content):
    probe = subprocess.run(["ffprobe", "-v", "error", "-show_entries", "stream=codec_name,width,height", "-of",
                            "csv=p=0", "-"], input=content, capture_output=True, check=True)
    return probe.stdout.decode().strip()


def mean_luma(content, crop=None):
    frames = ["-vf", f"crop={crop}"] if crop else []
    grey = subprocess.run(["ffmpeg", "-v", "error", "-i", "-", *frames, "-f", "rawvideo", "-pix_fmt", "gray", "-"],
                          input=content, capture_output=True, check=True).stdout
    return sum(grey) / len(grey)


def cues_of(text):
    """(start ms, end ms, text) of a WebVTT file."""
    def ms(clock):
        hours, minutes, seconds = clock.split(":")
        return (int(hours) * 60 + int(minutes)) * 60_000 + round(float(seconds) * 1000)
    assert text.startswith("WEBVTT\n")
    found = re.findall(r"(\S+) --> (\S+)\n(.+)", text)
    return [(ms(start), ms(end), words) for start, end, words in found]


@pytest.fixture(scope="module")
def film(module_server, films):
    return module_server.wait_for(module_server.submit(dark_then_bright(films)), "ready")


def test_storyboard_shows_the_film(module_server, film):
    address = film["playback"]["storyboard_url"]
    answer = module_server.api.get(address)
    assert answer.header("Content-Type").startswith("text/vtt")
    cues = cues_of(answer.body.decode())
    assert [(start, end) for start, end, _ in cues] == [(4000 * n, 4000 * n + 4000) for n in range(6)]
    folder = address.rsplit("/", 1)[0]
    for number, (_, _, place) in enumerate(cues):
        name, x, y, width, height = re.fullmatch(r"(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)", place).groups()
        assert (width, height) == ("160", "90")
        sheet = module_server.api.get(f"{folder}/{name}")
        assert sheet.header("Content-Type") == "image/jpeg" and "immutable" in sheet.header("Cache-Control")
        assert (mean_luma(sheet.body, f"160:90:{x}:{y}") > 40) == (number >= 3), f"tile {number}"


def test_dash_names_the_sheets(module_server, film):
    address = film["playback"]["dash_url"]
    mpd = ElementTree.fromstring(module_server.api.bytes(address))
    sets = [node for node in mpd.iter(DASH + "AdaptationSet") if node.get("contentType") == "image"]
    assert len(sets) == 1
    representation = sets[0].find(DASH + "Representation")
    tiles = representation.find(DASH + "EssentialProperty")
    assert tiles.get("schemeIdUri") == "http://dashif.org/guidelines/thumbnail_tile" and tiles.get("value") == "5x2"
    template = sets[0].find(DASH + "SegmentTemplate")
    segment = template.find(f"{DASH}SegmentTimeline/{DASH}S")
    assert Fraction(int(segment.get("d")), int(template.get("timescale"))) == 40, "ten tiles of four seconds"
    sheet = module_server.api.bytes(address.rsplit("/", 1)[0] + "/" + template.get("media").replace("$Number$", "1"))
    assert picture_size(sheet) == f"mjpeg,{representation.get('width')},{representation.get('height')}"


def test_poster_is_not_black(module_server, film):
    poster = module_server.api.get(film["playback"]["poster_url"])
    assert picture_size(poster.body) == "mjpeg,640,360" and mean_luma(poster.body) > 60


def test_preview_is_animated(module_server, film):
    preview = module_server.api.get(film["playback"]["preview_url"])
    assert preview.header("Content-Type") == "image/webp"
    assert preview.body[:4] == b"RIFF" and preview.body[8:12] == b"WEBP" and preview.body.count(b"ANMF") >= 2


def test_chapters_are_told(module_server, film):
    assert film["chapters"] == [{"start_ms": 0, "end_ms": 10000, "title": "Dark & quiet"},
                                {"start_ms": 10000, "end_ms": 24000, "title": "Bright"}]
    text = module_server.api.get(film["playback"]["chapters_url"])
    assert text.header("Content-Type").startswith("text/vtt")
    assert cues_of(text.body.decode()) == [(0, 10000, "Dark &amp; quiet"), (10000, 24000, "Bright")]


def test_black_silence_and_loudness_are_measured(film):
    analysis = film["analysis"]
    assert abs(analysis["loudness_lufs"] + 23) <= 0.15, analysis
    (black,), (silence,) = analysis["black"], analysis["silence"]
    assert black == {"start_ms": 0, "end_ms": 10000}
    assert silence["start_ms"] == 0 and abs(silence["end_ms"] - 10000) <= 200


def test_nothing_of_the_work_is_left_or_public(module_server, film):
    left = [path.name for path in (module_server.data_dir / "blobs" / "work").rglob("*") if path.is_file()]
    assert [name for name in left if not name.startswith("cues-")] == []
    folder = film["playback"]["storyboard_url"].rsplit("/", 2)[0]
    for name in ("look-0.json", "strip-0.jpg", "image/storyboard-2.jpg", "chapter.vtt"):
        assert module_server.api.get(f"{folder}/{name}").status == 404


# name: (ending, arguments, has thumbnails, has loudness)
FILMS = {
    "a-frame": ("mp4", ["-f", "lavfi", "-i", "testsrc2=size=128x96:rate=25:duration=0.04", *MPEG4], True, False),
    "one-segment": ("mp4", ["-f", "lavfi", "-i", "testsrc2=size=128x96:rate=25:duration=3", *MPEG4], True, False),
    "all-black": ("mp4", ["-f", "lavfi", "-i", "color=black:size=320x240:rate=25:duration=9", *MPEG4], True, False),
    "no-picture": ("flac", ["-f", "lavfi", "-i", "sine=duration=9", "-c:a", "flac"], False, True),
    "only-aac": ("m4a", ["-f", "lavfi", "-i", "sine=duration=9", "-c:a", "aac"], False, True),
    "ten-bits": ("mkv", ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=9", "-c:v", "ffv1", "-pix_fmt",
                         "yuv420p10le"], True, False),
    "rgb": ("mkv", ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=25:duration=9", "-c:v", "ffv1", "-pix_fmt",
                    "gbrp"], True, False),
    "palette": ("avi", ["-f", "lavfi", "-i", "testsrc2=size=320x180:rate=5:duration=9", "-c:v", "png", "-pix_fmt",
                        "pal8"], True, False),
    "very-wide": ("mp4", ["-f", "lavfi", "-i", "testsrc2=size=2048x16:rate=25:duration=5", *MPEG4], True, False),
}


@pytest.mark.parametrize("name", FILMS)
def test_film_of_every_kind_is_ready_with_what_it_has(name, module_server, films):
    ending, arguments, pictured, heard = FILMS[name]
    path = films.folder / f"{name}.{ending}"
    ffmpeg.ffmpeg(*arguments, path)
    video = module_server.wait_for(module_server.submit(path), "ready", seconds=120)
    links = video["playback"]
    assert (links["storyboard_url"] is not None) == pictured
    assert (links["poster_url"] is not None) == pictured
    assert links["chapters_url"] is None and video["chapters"] == []
    assert (video["analysis"]["loudness_lufs"] is not None) == heard
    assert (video["analysis"]["black"] is not None) == pictured
    if name == "all-black":
        assert video["analysis"]["black"] == [{"start_ms": 0, "end_ms": 9000}] and links["preview_url"] is None
    if pictured:
        count = -(-video["duration_ms"] // 4000)
        assert len(cues_of(module_server.api.bytes(links["storyboard_url"]).decode())) == count
