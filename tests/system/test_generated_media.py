"""Kinds of films that are rare in test collections, made by FFmpeg: each becomes ready and right, or is refused in
plain words."""

import struct
from fractions import Fraction

import pytest

from support import boxes, ffmpeg
from support.film import FetchedFilm, check_film

X264 = ["-c:v", "libx264", "-preset", "ultrafast"]


def picture(seconds, size="128x96", rate=25):
    return ["-f", "lavfi", "-i", f"testsrc2=size={size}:rate={rate}:duration={seconds}"]


def sound(seconds, rate=48000, channels="stereo", frequency=440):
    return ["-f", "lavfi", "-i", f"sine=frequency={frequency}:sample_rate={rate}:duration={seconds},"
                                 f"aformat=channel_layouts={channels}"]


# name: (file ending, arguments, rungs by short side, (language, channels) of the sound tracks)
STEREO, MONO = ("und", 2), ("und", 1)
FILMS = {
    "one-frame": ("mp4", [*picture(0.04), *X264], (96,), ()),
    "half-a-second": ("mp4", [*picture(0.5), *sound(0.5), *X264, "-c:a", "aac"], (96,), (STEREO,)),
    "exactly-two-segments": ("mp4", [*picture(8), *X264], (96,), ()),
    "two-segments-and-a-frame": ("mp4", [*picture(8.04), *X264], (96,), ()),
    "sixteen-pixels": ("mp4", [*picture(1, "16x16"), *X264], (16,), ()),
    "odd-sides": ("mkv", [*picture(1, "853x481"), "-c:v", "ffv1"], (360, 480), ()),
    "tall": ("mp4", [*picture(1, "90x640"), *X264], (90,), ()),
    "interlaced": ("ts", [*picture(2, "352x288", 50), "-vf", "interlace", "-c:v", "mpeg2video", "-flags",
                          "+ildct+ilme"], (288,), ()),
    "sound-7.1": ("mkv", [*picture(2), *sound(2, channels="7.1"), *X264, "-c:a", "pcm_s16le"], (96,), (STEREO,)),
    "sound-5.1-ac3": ("mkv", [*picture(2), *sound(2, channels="5.1"), *X264, "-c:a", "ac3"], (96,), (STEREO,)),
    "sound-mono-8k": ("mkv", [*picture(2), *sound(2, 8000, "mono"), *X264, "-c:a", "pcm_s16le"], (96,), (MONO,)),
    "sound-96k-flac": ("mkv", [*picture(2), *sound(2, 96000), *X264, "-c:a", "flac"], (96,), (STEREO,)),
    "sound-passed-through": ("mp4", [*picture(6), *sound(6), *X264, "-c:a", "aac"], (96,), (STEREO,)),
    "sound-longer": ("mkv", [*picture(2), *sound(5), *X264, "-c:a", "aac"], (96,), (STEREO,)),
    "sound-shorter": ("mkv", [*picture(5), *sound(2), *X264, "-c:a", "aac"], (96,), (STEREO,)),
    "three-languages": ("mkv", [*picture(2), *sound(2), *sound(2, frequency=550), *sound(2, frequency=660), "-map", "0",
                                "-map", "1", "-map", "2", "-map", "3", *X264, "-c:a", "aac", "-metadata:s:a:0",
                                "language=eng", "-metadata:s:a:1", "language=ger", "-metadata:s:a:2", "language=ben"],
                        (96,), (("en", 2), ("de", 2), ("bn", 2))),
    "only-mp3": ("mp3", [*sound(3), "-c:a", "libmp3lame"], (), (STEREO,)),
    "only-flac": ("flac", [*sound(3, channels="mono"), "-c:a", "flac"], (), (MONO,)),
    "only-vorbis": ("ogg", [*sound(3), "-c:a", "libvorbis"], (), (STEREO,)),
    "only-opus": ("webm", [*sound(3), "-c:a", "libopus"], (), (STEREO,)),
    "only-wav": ("wav", [*sound(3)], (), (STEREO,)),
    "cover-art": ("mp3", [*sound(3), *picture(0.04), "-map", "0", "-map", "1", "-c:a", "libmp3lame", "-c:v", "mjpeg",
                          "-disposition:v", "attached_pic"], (), (STEREO,)),
    "vp9-opus": ("webm", [*picture(2), *sound(2), "-c:v", "libvpx-vp9", "-deadline", "realtime", "-cpu-used", "8",
                          "-c:a", "libopus"], (96,), (STEREO,)),
    "hevc-10-bit": ("mkv", [*picture(2), "-c:v", "libx265", "-preset", "ultrafast", "-pix_fmt", "yuv420p10le",
                            "-x265-params", "log-level=error"], (96,), ()),
    "full-range-444": ("mkv", [*picture(2), *X264, "-pix_fmt", "yuvj444p"], (96,), ()),
    "open-gop-b-pyramid": ("mp4", [*picture(6), "-c:v", "libx264", "-x264-params", "open-gop=1:bframes=5:b-pyramid=2"],
                           (96,), ()),
    "mjpeg-avi": ("avi", [*picture(2), "-c:v", "mjpeg", "-pix_fmt", "yuvj420p"], (96,), ()),
    "flv": ("flv", [*picture(2), *sound(2, 44100), *X264, "-c:a", "aac"], (96,), (STEREO,)),
    "clock-wraps": ("ts", [*picture(6), *sound(6), *X264, "-c:a", "aac", "-output_ts_offset", "95440"], (96,),
                    (STEREO,)),
    "starts-late": ("mkv", [*picture(3), *sound(3), *X264, "-c:a", "aac", "-output_ts_offset", "1000"], (96,),
                    (STEREO,)),
    "uneven-rate": ("mp4", [*picture(6), "-vf", "select='not(mod(n\\,3))+not(mod(n\\,7))'", "-vsync", "vfr", *X264],
                    (96,), ()),
    "sixty-frames": ("mp4", [*picture(3, rate=60), *X264], (96,), ()),
    "hundred-and-twenty-frames": ("mp4", [*picture(3, rate=120), *X264], (96,), ()),
    "five-frames": ("mp4", [*picture(6, rate=5), *X264], (96,), ()),
    "ntsc": ("mp4", [*picture(6, rate="30000/1001"), *sound(6), *X264, "-c:a", "aac"], (96,), (STEREO,)),
}


@pytest.fixture(scope="module")
def submitted(module_server, films):
    ids = {}
    for name, (ending, arguments, _, _) in FILMS.items():
        path = films.folder / f"{name}.{ending}"
        ffmpeg.ffmpeg(*arguments, path)
        ids[name] = (path, module_server.submit(path))
    return ids


@pytest.mark.parametrize("name", FILMS)
def test_film_is_ready_and_right(name, module_server, submitted):
    source, video_id = submitted[name]
    _, _, rungs, tracks = FILMS[name]
    video = module_server.wait_for(video_id, "ready", seconds=120)
    film = FetchedFilm(module_server.api, video)
    check_film(film)
    assert [min(rung.width, rung.height) for rung in film.renditions("video")] == list(rungs)
    assert [(track.language, track.channels) for track in film.renditions("audio")] == list(tracks)
    rate = Fraction(25)
    for rung in film.renditions("video"):
        first = boxes.read_segment(film.files[rung.segments[0][0]])
        rate = Fraction(rung.timescale, first.durations[0])
        assert rate <= 60
    made, truth = Fraction(video["duration_ms"], 1000), ffmpeg.true_length(source)
    if name != "clock-wraps":  # ffprobe does not unroll the clock
        assert abs(made - truth) <= 1 / rate + Fraction(1, 2000), f"{float(made)} s made of {float(truth)} s"
    else:
        assert abs(made - 6) <= Fraction(1, 10)
    for rendition in film.renditions("video") + film.renditions("audio"):
        frames, complaints = ffmpeg.decode(film.whole(rendition))
        assert frames > 0 and complaints == [], rendition.name


def test_size_that_changes_in_the_middle(module_server, films):
    """The first size rules; nothing is lost."""
    parts = []
    for number, size in enumerate(("320x240", "160x120")):
        part = films.folder / f"part-{size}.ts"
        ffmpeg.ffmpeg(*picture(3, size), *X264, "-output_ts_offset", str(3 * number), part)
        parts.append(part.read_bytes())
    video = module_server.wait_for(module_server.submit(films.file("sizes.ts", b"".join(parts))), "ready")
    film = FetchedFilm(module_server.api, video)
    check_film(film)
    assert abs(video["duration_ms"] - 6000) <= 200
    frames, complaints = ffmpeg.decode(film.whole(film.renditions("video")[0]))
    assert complaints == [] and abs(frames - 150) <= 5


def test_subtitles_of_every_kind_say_the_same(module_server, films):
    cues = films.subtitles("en", 6)
    texts = {}
    for name, ending, codec in (("srt", "mkv", "srt"), ("ass", "mkv", "ass"), ("webvtt", "webm", "webvtt"),
                                ("mov_text", "mp4", "mov_text")):
        path = films.folder / f"kind-{name}.{ending}"
        video = ["-c:v", "libvpx", "-deadline", "realtime", "-cpu-used", "8"] if ending == "webm" else X264
        ffmpeg.ffmpeg(*picture(6), "-i", cues, *video, "-c:s", codec, "-metadata:s:s:0", "language=eng", path)
        video_id = module_server.submit(path)
        module_server.wait_for(video_id, "ready")
        film = FetchedFilm(module_server.api, module_server.wait_for_captions(video_id, 1))
        assert [text.language for text in film.renditions("text")] == ["en"], name
        texts[name] = [line for line in film.caption_text().splitlines() if "-->" in line or "en line" in line]
    assert texts["srt"][:2] == ["00:00:00.000 --> 00:00:01.500", "en line 1"] and len(texts["srt"]) == 6
    assert texts["ass"] == texts["webvtt"] == texts["mov_text"] == texts["srt"]


def turned(base, path, degrees, width, height):
    """A copy whose track header says that it is to be turned: releases of ffmpeg differ in how they are asked for it."""
    across, down, right, bottom = {90: (0, 1, height, 0), 180: (-1, 0, width, height), 270: (0, -1, 0, width)}[degrees]
    one, last = 1 << 16, 1 << 30  # ISO/IEC 14496-12 §8.3.2: 16.16, the third column 2.30
    matrix = (across * one, down * one, 0, -down * one, across * one, 0, right * one, bottom * one, last)
    content = bytearray(base.read_bytes())
    struct.pack_into(">9i", content, content.index(b"tkhd") + 44, *matrix)
    path.write_bytes(content)


def test_quarter_turn_and_mirror_come_out_upright(module_server, films):
    base = films.folder / "turn-base.mp4"
    ffmpeg.ffmpeg(*picture(1, "320x180"), *X264, base)
    for degrees in (90, 180, 270):
        path = films.folder / f"turned-{degrees}.mp4"
        turned(base, path, degrees, 320, 180)
        video = module_server.wait_for(module_server.submit(path), "ready")
        film = FetchedFilm(module_server.api, video)
        rung = film.renditions("video")[0]
        assert (rung.width < rung.height) == (degrees != 180)
        assert ffmpeg.similarity(film.whole(rung), path, rung.width, rung.height) > 0.85, degrees


@pytest.mark.parametrize("name, content", [
    ("picture.png", b"\x89PNG\r\n\x1a\n" + b"\0" * 64), ("photo.jpg", b"\xff\xd8\xff\xe0" + b"\0" * 64),
    ("words.txt", b"Only words.\n" * 20), ("paper.pdf", b"%PDF-1.7\n" + b"x" * 200),
    ("pack.zip", b"PK\3\4" + b"\0" * 200), ("program", b"\x7fELF" + b"\0" * 200), ("zeros.mp4", b"\0" * 100_000),
    ("one-byte.mp4", b"x"),
    ("head-only.mp4", b"\0\0\0\x18ftypisom\0\0\0\0isomiso2"),
])
def test_what_is_no_film_is_refused_in_plain_words(module_server, films, name, content):
    video = module_server.wait_for(module_server.submit(films.file(name, content)), "failed")
    assert video["failure"]["code"] in ("not-media", "damaged"), video["failure"]
    assert len(video["failure"]["message"]) > 15 and video["playback"] is None
