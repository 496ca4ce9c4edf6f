"""Every real file of the test data: ready and right, or failed with the reason that its description leads one to
expect. What is right is told by other programs: lengths from ffprobe's packets, shapes from its stream facts."""

from dataclasses import dataclass
from fractions import Fraction

import pytest

from support import boxes, ffmpeg
from support.film import FetchedFilm, check_film
from support.server import processes_of_group


@dataclass
class Expected:
    """`rungs` by the short side of the picture. `sound` as (language, channels) per track, `words` of the captions."""
    rungs: tuple = ()
    sound: tuple = ()
    captions: tuple = ()
    words: str = ""
    rate: Fraction = Fraction(0)
    same_picture: bool = True  # the first picture can be compared with the source's as FFmpeg shows it
    failure: tuple = ()  # codes of failure that are right; with rungs: ready is right too


UND_STEREO = ("und", 2)
FILES = {
    "bbb-480p-30s.mp4": Expected((360, 480), (UND_STEREO,), rate=Fraction(24)),
    "bbb-720p-5s.mp4": Expected((360, 480, 720), (UND_STEREO,), rate=Fraction(25)),
    "car-detection.mp4": Expected((360, 432), (("en", 2),), rate=Fraction(25, 2)),
    "decord-corrupted.mp4": Expected((360, 480, 720), rate=Fraction(10), failure=("damaged",)),
    "decord-unordered.mov": Expected((50,), rate=Fraction(32)),
    "decord-video_180.mov": Expected((320,), rate=Fraction(30)),
    "decord-video_90.mov": Expected((320,), rate=Fraction(30)),
    "exo-bbb_2500ms.ts": Expected((360, 480, 720), (UND_STEREO,), rate=Fraction(24)),
    # Tone mapping changes every value.
    "exo-hdr10-video-with-sdr-container.mp4": Expected((360, 480, 720), (("en", 2),), same_picture=False),
    "exo-sample.avi": Expected((360,), (UND_STEREO,), rate=Fraction(24000, 1001)),
    "exo-sample_eac3.mp4": Expected((), (UND_STEREO,)),
    "exo-sample_fragmented.mp4": Expected((360, 480, 720), (("und", 1),), rate=Fraction(30000, 1001)),
    "exo-sample_mdat_too_long.mp4": Expected((360, 480, 720), (("und", 1),), rate=Fraction(30000, 1001)),
    "exo-sample_with_srt.mkv": Expected((360, 480, 720), (("und", 1),), ("en",), "This is the first subtitle."),
    "exo-sample_with_ssa_subtitles.mkv": Expected((360, 480, 720), (("und", 1),), ("und",),
                                                  "This is the first subtitle."),
    "exo-sample_with_vtt_subtitles.mkv": Expected((360, 480, 720), (("und", 1),), ("und",),
                                                  "This is the first subtitle."),
    "mb-cursed-vfr.mp4": Expected((360, 480, 720)),
    "mb-edts.mp4": Expected((360, 480), (("en", 2),), rate=Fraction(25)),
    "mb-missing-keyframe-labels.ts": Expected((360, 480, 720), (UND_STEREO,), rate=Fraction(60)),
    "mb-multiple-aac-tracks.mp4": Expected((), (UND_STEREO, UND_STEREO)),
    "mb-sar_2x1.mp4": Expected((360,), rate=Fraction(30)),
    "mdn-crystal.mp4": Expected((360, 480), (("en", 2),), rate=Fraction(30)),
    "sintel-de.vtt": Expected(failure=("not-media",)),
    "sintel-en.vtt": Expected(failure=("not-media",)),
    "sintel-es.vtt": Expected(failure=("not-media",)),
    "tears-of-steel-clip.webm": Expected((332,), (UND_STEREO,), rate=Fraction(24)),
}


@pytest.fixture(scope="module")
def submitted(module_server, test_data):
    """Every file is given to the server at once; the work queues there."""
    return {name: module_server.submit(test_data / "media" / name) for name in FILES}


@pytest.mark.parametrize("name", FILES)
def test_file_is_ready_and_right_or_failed_with_its_reason(name, module_server, submitted, test_data):
    expected = FILES[name]
    video = module_server.wait_for(submitted[name], "ready", "failed", seconds=300)
    if video["status"] == "failed":
        assert expected.failure, f"should be ready: {video['failure']}"
        assert video["failure"]["code"] in expected.failure, video["failure"]
        assert len(video["failure"]["message"]) > 10 and video["playback"] is None
        return
    assert expected.rungs or expected.sound, f"should have failed with {expected.failure}"
    video = module_server.wait_for_captions(video["id"], len(expected.captions))
    film = FetchedFilm(module_server.api, video)
    check_film(film)
    check_length(test_data / "media" / name, film, expected)
    check_tracks(film, expected)
    check_pictures(test_data / "media" / name, film, expected)
    check_decodes(film)


def check_length(source, film, expected):
    truth, made = ffmpeg.true_length(source), Fraction(film.video["duration_ms"], 1000)
    rate = Fraction(1, 25)
    if film.renditions("video"):
        rung = film.renditions("video")[0]
        rate = Fraction(rung.segments[0][2], rung.timescale) / len_of_first(film, rung)
        if expected.rate:
            assert 1 / rate == expected.rate
    # One frame, and half a millisecond by which the answer's milliseconds are rounded.
    assert abs(made - truth) <= rate + Fraction(1, 2000), f"{float(made)} s made of {float(truth)} s"


def len_of_first(film, rung):
    return len(boxes.read_segment(film.files[rung.segments[0][0]]).durations)


def check_tracks(film, expected):
    assert [(sound.language, sound.channels) for sound in film.renditions("audio")] == list(expected.sound)
    listed = [(sound["language"], sound["channels"]) for sound in film.video["audio"]]
    assert listed == list(expected.sound)
    assert [text.language for text in film.renditions("text")] == list(expected.captions)
    assert [text["language"] for text in film.video["captions"]] == list(expected.captions)
    in_hls = [entry["LANGUAGE"] for entry in film.master.media if entry["TYPE"] == "SUBTITLES"]
    assert in_hls == list(expected.captions)
    if expected.words:
        text = film.caption_text()
        assert text.startswith("WEBVTT") and expected.words in text
        assert "X-TIMESTAMP-MAP=MPEGTS:0" in text or "X-TIMESTAMP-MAP=LOCAL" in text


def check_pictures(source, film, expected):
    rungs = film.renditions("video")
    assert [min(rung.width, rung.height) for rung in rungs] == list(expected.rungs)
    if not rungs:
        return
    assert [(rung["width"], rung["height"]) for rung in film.video["rungs"]] == \
        [(rung.width, rung.height) for rung in rungs]
    truth = ffmpeg.display_aspect(source)
    for rung in rungs:
        # Sides are even, so a width may be one off in each direction, and one more for an odd source.
        assert abs(rung.width - truth * rung.height) <= 2, f"{rung.width} x {rung.height} of {float(truth)}"
        assert (rung.width < rung.height) == (truth < 1)
    if expected.same_picture:
        rung = rungs[-1]
        assert ffmpeg.similarity(film.whole(rung), source, rung.width, rung.height) > 0.85
    poster = film.api.get(film.video["playback"]["poster_url"])
    assert poster.status == 200 and poster.body.startswith(b"\xff\xd8\xff")


def check_decodes(film):
    for rendition in film.renditions("video") + film.renditions("audio"):
        frames, complaints = ffmpeg.decode(film.whole(rendition))
        assert complaints == [], rendition.name
        if rendition.kind == "video":
            assert frames == sum(len_of(film, entry) for entry in rendition.segments), rendition.name


def len_of(film, entry):
    return len(boxes.read_segment(film.files[entry[0]]).durations)


def test_every_file_of_the_folder_has_its_expectation(test_data):
    present = {path.name for path in (test_data / "media").iterdir() if path.suffix != ".md"}
    assert present == set(FILES)


def test_nothing_is_left_behind(module_server, submitted):
    for video_id in submitted.values():
        module_server.wait_for(video_id, "ready", "failed", seconds=300)
    assert module_server.scratch_files() == []
    others = [command for pid, command in processes_of_group(module_server.pid) if pid != module_server.pid]
    assert others == []
