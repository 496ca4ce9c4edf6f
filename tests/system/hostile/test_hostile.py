"""Files made to do harm: refused with a reason or limited, nothing else read, nobody called, memory and time bounded."""

import os
import pathlib
import random
import re
import socket
import struct
import threading
import time

import pytest

from support import ffmpeg, rows
from support.film import FetchedFilm, check_film
from support.server import resident_bytes
from support.watcher import Watcher

pytestmark = pytest.mark.alone

ADDRESS_SPACE_MAX = 4 << 30  # of a media process: MediaProcessOptions in src/sandbox/media_process.hpp
SERVER_GROWTH_MAX = 128 << 20
SECRET = "canary-7f3a-secret-words-of-a-file"


class Canary:
    """A file that must not be read and a port that must not be called."""

    def __init__(self, folder):
        self.file = folder / "canary.txt"
        self.file.write_text(SECRET + "\n")
        self.file.chmod(0o644)
        self.calls = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.url = f"http://127.0.0.1:{self.port}/canary"
        threading.Thread(target=self._listen, daemon=True).start()
        # A read moves a time of access that is older than the last change; a file beside it shows that it does here.
        control = folder / "control.txt"
        control.write_text("x")
        for path in (control, self.file):
            os.utime(path, (1, path.stat().st_mtime))
        control.read_text()
        assert control.stat().st_atime > 1, "this file system does not tell of reads"

    def _listen(self):
        while True:
            try:
                line, who = self.listener.accept()
            except OSError:
                return
            self.calls.append(who)
            line.close()

    def check(self):
        assert self.calls == [], "the network was used"
        assert int(self.file.stat().st_atime) == 1, "the canary file was read"


@pytest.fixture(scope="module")
def server(module_server):
    return module_server


@pytest.fixture(scope="module")
def canary(module_workspace):
    watched = Canary(module_workspace)
    yield watched
    watched.listener.close()


def box(kind, *content):
    payload = b"".join(content)
    return struct.pack(">I4s", len(payload) + 8, kind) + payload


def chunk(kind, *content):
    payload = b"".join(content)
    return struct.pack("<4sI", kind, len(payload)) + payload + b"\0" * (len(payload) % 2)


def avi_with_gab2(playlist):
    """An AVI whose subtitle track is a GAB2 block that holds a playlist (the attack on FFmpeg of 2017)."""
    def header(kind, scale, rate, width, height):
        return chunk(b"strh", kind, b"\0" * 4, struct.pack("<IHHIIIIIIII4H", 0, 0, 0, 0, scale, rate, 0, 10, 0, 0, 0, 0,
                                                            0, width, height))

    bitmap = struct.pack("<IiiHH4sIiiII", 40, 16, 16, 1, 24, b"MJPG", 768, 0, 0, 0, 0)
    video = chunk(b"LIST", b"strl", header(b"vids", 1, 25, 16, 16), chunk(b"strf", bitmap))
    text = chunk(b"LIST", b"strl", header(b"txts", 1, 25, 0, 0), chunk(b"strf", b""))
    main = chunk(b"avih", struct.pack("<14I", 40000, 0, 0, 0, 10, 0, 2, 0, 16, 16, 0, 0, 0, 0))
    name = "x".encode("utf-16-le") + b"\0\0"
    gab2 = b"GAB2\0" + struct.pack("<HI", 2, len(name)) + name + struct.pack("<HI", 4, len(playlist)) + playlist
    return chunk(b"RIFF", b"AVI ", chunk(b"LIST", b"hdrl", main, video, text),
                 chunk(b"LIST", b"movi", chunk(b"01tx", gab2), chunk(b"00dc", b"\xff\xd8\xff\xd9")))


def mov_with_external_data(target):
    """A MOV whose sound lies in another file, by path (dref of kind alis and url)."""
    location = target.encode()
    dref = box(b"dref", struct.pack(">II", 0, 2), box(b"url ", struct.pack(">I", 0), location + b"\0"),
               box(b"alis", struct.pack(">I", 0), b"\0" * 150, struct.pack(">HH", 2, len(location)), location,
                   struct.pack(">HH", 0xFFFF, 0)))
    entry = box(b"sowt", b"\0" * 6, struct.pack(">H", 1), b"\0" * 8, struct.pack(">HHHHI", 1, 16, 0, 0, 8000 << 16))
    table = box(b"stbl", box(b"stsd", struct.pack(">II", 0, 1), entry),
                box(b"stts", struct.pack(">IIII", 0, 1, 16, 1)),
                box(b"stsc", struct.pack(">IIIII", 0, 1, 1, 16, 1)), box(b"stsz", struct.pack(">III", 0, 2, 16)),
                box(b"stco", struct.pack(">III", 0, 1, 0)))
    media = box(b"mdia", box(b"mdhd", struct.pack(">IIIIIHH", 0, 0, 0, 8000, 16, 0x55C4, 0)),
                box(b"hdlr", struct.pack(">II4s", 0, 0, b"soun"), b"\0" * 13),
                box(b"minf", box(b"smhd", b"\0" * 8), box(b"dinf", dref), table))
    track = box(b"trak", box(b"tkhd", struct.pack(">IIIIII", 7, 0, 0, 1, 0, 16), b"\0" * 60), media)
    movie = box(b"mvhd", struct.pack(">IIIII", 0, 0, 0, 8000, 16), struct.pack(">IH", 0x10000, 0x100), b"\0" * 70,
                struct.pack(">I", 2))
    return box(b"ftyp", b"qt  \0\0\0\0qt  ") + box(b"moov", movie, track)


def references(canary):
    path, url = canary.file, canary.url
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:9\n#EXTINF:9,\nfile://{path}\n#EXTINF:9,\n{url}\n#EXT-X-ENDLIST\n"
    concat = f"ffconcat version 1.0\nfile '{path}'\nfile '{url}'\n"
    sdp = f"v=0\no=- 0 0 IN IP4 127.0.0.1\ns=x\nc=IN IP4 127.0.0.1\nt=0 0\nm=video {canary.port} RTP/AVP 96\n" \
          "a=rtpmap:96 H264/90000\n"
    mpd = f'<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011" type="static" ' \
          f'mediaPresentationDuration="PT9S"><Period><AdaptationSet mimeType="video/mp4"><Representation id="1" ' \
          f'bandwidth="1"><BaseURL>{url}</BaseURL><SegmentList><SegmentURL media="file://{path}"/></SegmentList>' \
          f'</Representation></AdaptationSet></Period></MPD>'
    return {
        "playlist.m3u8": playlist, "playlist.mp4": playlist, "list.ffconcat": concat, "list.mp4": concat,
        "session.sdp": sdp, "manifest.mpd": mpd, "gab2.avi": avi_with_gab2(playlist.encode()),
        "external-file.mov": mov_with_external_data(str(path)), "external-url.mov": mov_with_external_data(url),
        "playlist-behind-id3.mp3": b"ID3\x04\x00\x00\x00\x00\x00\x00" + playlist.encode(),
        "reference.asx": f'<asx version="3.0"><entry><ref href="{url}"/></entry></asx>',
        "smil.xml": f'<?xml version="1.0"?><smil><body><video src="{url}"/></body></smil>',
        "picture.svg": f'<svg xmlns="http://www.w3.org/2000/svg"><image href="{url}"/></svg>',
        "tty.ans": "\x1b[2J" + SECRET[::-1] * 40, "image.%d.png": b"\x89PNG\r\n\x1a\n" + b"\0" * 200,
    }


REFERENCES = ["playlist.m3u8", "playlist.mp4", "list.ffconcat", "list.mp4", "session.sdp", "manifest.mpd", "gab2.avi",
              "external-file.mov", "external-url.mov", "playlist-behind-id3.mp3", "reference.asx", "smil.xml",
              "picture.svg", "tty.ans", "image.%d.png"]


class MediaCost(Watcher):
    """The most memory and processor time that a media process took while this watched, and the limits that the
    processes ran under."""

    def __init__(self, server):
        super().__init__(every_seconds=0.005)
        self.server, self.resident, self.ticks, self.limits, self.looks = server, 0, 0, set(), 0

    def check(self, resident_max, cpu_seconds_max):
        assert self.looks > 0, "no media process was seen"
        assert self.limits == {str(ADDRESS_SPACE_MAX)}, "a media process ran without its limit"
        assert 0 < self.resident < resident_max
        assert self.ticks / os.sysconf("SC_CLK_TCK") < cpu_seconds_max

    def look(self):
        for pid in self.server.media_processes():
            try:
                self._look_at(pathlib.Path(f"/proc/{pid}"))
            except (OSError, IndexError):
                continue  # it ended meanwhile

    def _look_at(self, process):
        # The high-water mark is of its whole life, so a peak between two looks counts.
        peak = re.search(r"^VmHWM:\s+(\d+) kB", (process / "status").read_text(), re.MULTILINE)
        limit = re.search(r"^Max address space\s+(\S+)", (process / "limits").read_text(), re.MULTILINE)
        user, kernel = (process / "stat").read_text().rpartition(")")[2].split()[11:13]
        if peak and limit:
            self.ticks = max(self.ticks, int(user) + int(kernel))
            self.resident = max(self.resident, int(peak[1]) * 1024)
            self.limits.add(limit[1])
            self.looks += 1


class ServerMemory(Watcher):
    """The most memory that the server itself held while this watched."""

    def __init__(self, server):
        super().__init__(every_seconds=0.02)
        self.server, self.most = server, resident_bytes(server.pid)

    def look(self):
        self.most = max(self.most, resident_bytes(self.server.pid))


def outcome_of(server, path, seconds=120):
    """Adds a file and gives (film, seconds it took)."""
    started = time.monotonic()
    video_id = server.submit(path)
    while (video := server.api.video(video_id))["status"] not in ("ready", "failed"):
        assert time.monotonic() - started < seconds, f"{path.name}: {video}\n{server.log_end()}"
        time.sleep(0.02)
    return video, time.monotonic() - started


def check_refused(video, *codes):
    assert video["status"] == "failed", video
    assert video["failure"]["code"] in codes, video["failure"]
    assert len(video["failure"]["message"]) > 10 and SECRET not in str(video)


@pytest.mark.parametrize("name", REFERENCES)
def test_file_that_points_elsewhere_is_refused(server, canary, films, name):
    content = references(canary)[name]
    video, seconds = outcome_of(server, films.file(name, content))
    check_refused(video, "not-media", "damaged", "codec-unsupported")
    assert seconds < 30
    canary.check()


def test_the_list_of_references_is_whole(canary):
    assert list(references(canary)) == REFERENCES


def test_subtitles_do_not_bring_in_files_or_scripts(server, canary, films):
    cues = films.file("evil.srt", f"1\n00:00:00,000 --> 00:00:01,000\n<script>alert(1)</script><img src={canary.url}>"
                      f"<b onclick=x>bold</b> {{\\an8}}<font face='file://{canary.file}'>face</font>\n\n"
                      "2\n00:00:01,000 --> 00:00:02,000\nNOTE --> STYLE\n::cue{background:url(http://x)}\n")
    path = films.folder / "evil-cues.mkv"
    ffmpeg.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x64:rate=25:duration=2", "-i", cues, "-c:v", "libx264", "-c:s",
                  "srt", path)
    video, _ = outcome_of(server, path)
    assert video["status"] == "ready", video
    video = server.wait_for_captions(video["id"], 1)
    text = FetchedFilm(server.api, video).caption_text()
    assert "<script" not in text and "<img" not in text and "onclick" not in text and "<font" not in text
    assert text.count("-->") == 2 and "\nSTYLE" not in text
    canary.check()


class TestBombs:
    """Refused or limited, while the server itself stays small and answers."""

    @pytest.fixture(autouse=True)
    def memory_is_flat(self, server):
        before = resident_bytes(server.pid)
        with ServerMemory(server) as memory:
            yield
        assert memory.most - before < SERVER_GROWTH_MAX
        started = time.monotonic()
        assert server.api.json("/healthz") == {"status": "OK"} and time.monotonic() - started < 2

    def test_picture_that_is_too_large(self, server, films):
        path = films.folder / "pixels.mp4"
        # 10,240 x 8,192 of one colour: 126 MB a picture, a few kilobytes in the file.
        ffmpeg.ffmpeg("-f", "lavfi", "-i", "color=black:size=10240x8192:rate=25:duration=0.08", "-c:v", "libx264",
                      "-preset", "ultrafast", "-threads", "1", path)
        with MediaCost(server) as cost:
            video, seconds = outcome_of(server, path)
        cost.check(256 << 20, 30)
        check_refused(video, "too-large")
        assert seconds < 30

    def test_largest_picture_that_is_allowed_fits_into_the_limit(self, server, films):
        path = films.folder / "largest.mp4"
        ffmpeg.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=8192x4320:rate=25:duration=0.2", "-c:v", "libx264",
                      "-preset", "ultrafast", "-refs", "4", "-threads", "1", path)
        with MediaCost(server) as cost:
            video, _ = outcome_of(server, path)
        assert video["status"] == "ready", video
        cost.check(ADDRESS_SPACE_MAX, 60)

    def test_two_pictures_a_million_seconds_apart(self, server, films):
        path = films.folder / "apart.mkv"
        ffmpeg.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x64:rate=1:duration=2", "-vf", "setpts=N*1000000/TB",
                      "-vsync", "vfr", "-c:v", "libx264", path)
        with MediaCost(server) as cost:
            video, seconds = outcome_of(server, path)
        cost.check(256 << 20, 10)
        check_refused(video, "too-long", "damaged")
        assert seconds < 30

    def test_a_hole_of_an_hour_between_two_pictures(self, server, films):
        path = films.folder / "hole.mkv"
        ffmpeg.ffmpeg("-f", "lavfi", "-i", "testsrc2=size=64x64:rate=25:duration=2", "-vf",
                      "setpts='if(lt(N,25),N,N+90000)/25/TB'", "-vsync", "vfr", "-c:v", "libx264", path)
        with MediaCost(server) as cost:
            video, seconds = outcome_of(server, path)
        cost.check(256 << 20, 10)
        check_refused(video, "damaged", "too-long")
        assert seconds < 30

    def test_a_million_cues(self, server, films):
        cues = films.folder / "million.srt"
        with open(cues, "w") as file:
            for number in range(1_000_000):
                at = number * 5
                stamp = f"{at // 3600000:02}:{at // 60000 % 60:02}:{at // 1000 % 60:02},{at % 1000:03}"
                file.write(f"{number + 1}\n{stamp} --> 02:00:00,000\nline {number}\n\n")
        path = films.folder / "million.mkv"
        ffmpeg.ffmpeg("-f", "lavfi", "-i", "color=black:size=64x64:rate=1:duration=4", "-i", cues, "-map", "0", "-map",
                      "1", "-c:v", "libx264", "-c:s", "srt", path)
        with MediaCost(server) as cost:
            video, seconds = outcome_of(server, path)
        cost.check(256 << 20, 30)
        assert seconds < 90
        if video["status"] == "failed":
            check_refused(video, "too-large")
            return
        count, = rows.query(server.data_dir, "catalog", "SELECT COUNT(*) AS n FROM cues c JOIN tracks t ON "
                            "t.id = c.track_id WHERE t.video_id = ?", video["id"])
        assert count["n"] <= 50_000

    def test_a_hundred_streams(self, server, films):
        path = films.folder / "streams.mkv"
        ffmpeg.ffmpeg("-f", "lavfi", "-i", "sine=duration=0.3", *["-map", "0"] * 100, "-c:a", "flac", path)
        with MediaCost(server) as cost:
            video, seconds = outcome_of(server, path)
        cost.check(256 << 20, 30)
        assert seconds < 60
        if video["status"] == "failed":
            check_refused(video, "too-large", "not-media", "damaged")
        else:
            assert len(video["audio"]) <= 16

    def test_thousands_of_tracks_in_a_few_kilobytes(self, server, films):
        one = mov_with_external_data("/nowhere")
        track = one[one.index(b"trak") - 4:]
        header = one[:one.index(b"moov") + 4]
        movie = one[one.index(b"moov") + 4:one.index(b"trak") - 4] + track * 5000
        data = header[:-8] + box(b"moov", movie)
        with MediaCost(server) as cost:
            video, seconds = outcome_of(server, films.file("tracks.mov", data))
        cost.check(256 << 20, 30)
        check_refused(video, "too-large", "damaged", "not-media")
        assert seconds < 60

    def test_header_that_claims_a_year(self, server, films):
        good = films.film("year-base", seconds=2, size="64x64", sound=0)
        path = films.folder / "year.mp4"
        ffmpeg.ffmpeg("-i", good, "-c", "copy", path)
        data = bytearray(path.read_bytes())
        at = data.index(b"mvhd") + 4 + 16
        data[at:at + 4] = struct.pack(">I", 0x7FFFFFFF)
        path.write_bytes(data)
        video, _ = outcome_of(server, path)
        assert video["status"] == "ready" and video["duration_ms"] == 2000

    def test_boxes_that_claim_more_than_there_is(self, server, films):
        nested = b"".join(struct.pack(">I4s", 0x7FFFFFFF, kind) for kind in [b"moov", b"trak", b"mdia", b"minf"] * 500)
        table = box(b"ftyp", b"isom\0\0\0\0isom") + box(b"moov", box(b"trak", box(b"mdia", box(b"minf", box(
            b"stbl", struct.pack(">I4sIII", 24, b"stsz", 0, 0, 0x7FFFFFFF))))))
        for name, data in (("nested.mp4", box(b"ftyp", b"isom\0\0\0\0isom") + nested), ("table.mp4", table)):
            with MediaCost(server) as cost:
                video, seconds = outcome_of(server, films.file(name, data))
            cost.check(256 << 20, 10)
            check_refused(video, "not-media", "damaged", "too-large")
            assert seconds < 30


class TestDamaged:
    """Never a hang, never a crash of the server; ready with the right length, or failed with a reason."""

    @pytest.fixture(scope="class")
    def whole(self, films):
        path = films.folder / "whole.mp4"
        base = films.film("damage-base", seconds=8, size="320x240")
        ffmpeg.ffmpeg("-i", base, "-c", "copy", "-movflags", "+faststart", path)
        return path.read_bytes()

    @pytest.mark.parametrize("part", [0.01, 0.1, 0.3, 0.5, 0.9, 0.999])
    def test_cut_short(self, server, films, whole, part):
        data = whole[:int(len(whole) * part)]
        video, seconds = outcome_of(server, films.file(f"cut-{part}.mp4", data))
        assert seconds < 60
        if video["status"] == "failed":
            check_refused(video, "not-media", "damaged")
        else:
            check_film(FetchedFilm(server.api, video))

    @pytest.mark.parametrize("seed", range(6))
    def test_bytes_changed_at_random(self, server, films, whole, seed):
        dice, data = random.Random(seed), bytearray(whole)
        for _ in range(3 ** (seed + 1)):
            data[dice.randrange(len(data))] = dice.randrange(256)
        video, seconds = outcome_of(server, films.file(f"changed-{seed}.mp4", bytes(data)))
        assert seconds < 60
        if video["status"] == "failed":
            check_refused(video, "not-media", "damaged", "too-large", "too-long", "codec-unsupported")
        else:
            check_film(FetchedFilm(server.api, video))

    def test_no_keyframe_at_the_beginning(self, server, films):
        source = films.film("keyless-base", seconds=6, size="320x240")
        path = films.folder / "keyless.ts"
        ffmpeg.ffmpeg("-i", source, "-c", "copy", "-f", "mpegts", path)
        data = path.read_bytes()
        video, _ = outcome_of(server, films.file("keyless-cut.ts", data[188 * 400:]))
        if video["status"] == "failed":
            check_refused(video, "damaged")
        else:
            check_film(FetchedFilm(server.api, video))


def test_nothing_of_all_that_is_left(server, canary):
    assert server.media_processes() == [] and server.scratch_files() == []
    assert "canary" not in server.log_text() or SECRET not in server.log_text()
    canary.check()
    # What is left of refused files: the source, for whoever wants to try again.
    rows.check_sound(server.data_dir)
