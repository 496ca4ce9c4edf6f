"""A source whose H.264 picture fits is handed on as it is, through the real program: payload, times, manifests, API."""

import subprocess
from fractions import Fraction

import pytest

from support import boxes, ffmpeg
from support.film import FetchedFilm, check_film
from support.server import Server

# A ladder below the small pictures of these tests.
LADDER = {"MOVIO_MEDIA_RUNGS": "180:400,240:600"}
PICTURE = ["-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25:duration=24"]
SOUND = ["-f", "lavfi", "-i", "sine=frequency=440:sample_rate=48000:duration=24"]
X264 = ["-pix_fmt", "yuv420p", "-c:v", "libx264", "-preset", "veryfast", "-crf", "27", "-bf", "3"]
# Groups of 0.8 to 5 seconds, B-frames.
UNEVEN = ["-g", "125", "-sc_threshold", "0", "-force_key_frames", "0.8,3,3.4,7.5,12,13,16.6,20"]


@pytest.fixture(scope="module")
def passing_server(module_workspace):
    with Server(module_workspace / "passing", environment=LADDER) as running:
        yield running


def payload(source, data=None):
    """Every NAL unit of the picture but parameter sets and delimiters."""
    arguments = ["-i", source, "-map", "0:v:0", "-c", "copy", "-bsf:v",
                 "h264_mp4toannexb,filter_units=remove_types=7|8|9", "-f", "h264", "-"]
    return subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", *arguments], input=data,
                          capture_output=True, timeout=120, check=True).stdout


@pytest.mark.parametrize("container", ["mp4", "mkv", "ts"])
def test_picture_is_handed_on_byte_by_byte(container, passing_server, films):
    source = films.folder / f"uneven-groups.{container}"
    ffmpeg.ffmpeg(*PICTURE, *SOUND, *X264, *UNEVEN, "-c:a", "aac", source)
    video = passing_server.wait_for(passing_server.submit(source), "ready")
    assert [(min(rung["width"], rung["height"]), rung["source"]) for rung in video["rungs"]] == \
        [(180, "encoded"), (240, "encoded"), (360, "passthrough")]
    film = FetchedFilm(passing_server.api, video)
    check_film(film)
    top = film.renditions("video")[-1]
    assert film.passes(top)
    assert payload("pipe:0", film.whole(top)) == payload(str(source))
    lengths = [Fraction(entry[2], top.timescale) for entry in top.segments]
    assert len(set(lengths)) > 2 and max(lengths) <= 6, [float(length) for length in lengths]
    key_times = {Fraction(25 * time, 25) for time, _ in key_packets(source)}
    for _, start, _ in top.segments:
        assert Fraction(start, top.timescale) in key_times, "a segment does not begin with a keyframe of the source"
    for rendition in film.renditions("video") + film.renditions("audio"):
        frames, complaints = ffmpeg.decode(film.whole(rendition))
        assert complaints == [], rendition.name
        if rendition.kind == "video":
            assert frames == 600, rendition.name
    check_bandwidths(film)


def key_packets(source):
    """(time from the first picture, to the frame; flags) of the picture's keyframes."""
    packets = ffmpeg.probe(source, "-select_streams", "v:0", "-show_entries", "packet=pts_time,flags")["packets"]
    first = min(Fraction(packet["pts_time"]) for packet in packets)
    return [(Fraction(round((Fraction(packet["pts_time"]) - first) * 25), 25), packet["flags"]) for packet in packets
            if "K" in packet["flags"]]


def check_bandwidths(film):
    """No segment comes faster than its rung is announced."""
    for rendition in film.renditions("video"):
        for address, _, duration in rendition.segments[:-1]:
            rate = len(film.files[address]) * 8 / Fraction(duration, rendition.timescale)
            assert rate <= rendition.bandwidth * 1.5, f"{address}: {float(rate)} of {rendition.bandwidth}"
        total = sum(len(film.files[entry[0]]) for entry in rendition.segments) * 8
        assert total / film.mpd.duration <= rendition.bandwidth


def test_picture_alone_plays_from_the_first_seconds_on(module_server, films):
    """A small source has no rung below its own: nothing at all is encoded but the poster."""
    source = films.folder / "alone.mp4"
    ffmpeg.ffmpeg(*PICTURE, *X264, "-g", "50", source)
    video = module_server.wait_for(module_server.submit(source), "ready")
    assert [rung["source"] for rung in video["rungs"]] == ["passthrough"]
    film = FetchedFilm(module_server.api, video)
    check_film(film)
    assert payload("pipe:0", film.whole(film.renditions("video")[0])) == payload(str(source))
    poster = module_server.api.get(video["playback"]["poster_url"])
    assert poster.status == 200


def test_further_idr_pictures_in_a_segment_are_marked(passing_server, films):
    source = films.folder / "short-groups.mp4"
    ffmpeg.ffmpeg(*PICTURE, *X264, "-g", "25", "-sc_threshold", "0", source)
    video = passing_server.wait_for(passing_server.submit(source), "ready")
    film = FetchedFilm(passing_server.api, video)
    check_film(film)
    top = film.renditions("video")[-1]
    assert film.passes(top)
    for address, _, _ in top.segments:
        segment = boxes.read_segment(film.files[address])
        sync = [number for number, flags in enumerate(segment.flags) if not flags & 0x10000]
        assert sync == list(range(0, len(segment.durations), 25))


def test_setting_turns_it_off(workspace, films):
    source = films.film("off", seconds=6, size="640x360", passes=True)
    with Server(workspace / "data", environment={"MOVIO_MEDIA_PASSTHROUGH": "false"}) as server:
        video = server.wait_for(server.submit(source), "ready")
        assert {rung["source"] for rung in video["rungs"]} == {"encoded"}
        check_film(FetchedFilm(server.api, video))
