"""Pictures for scanning through a film: every byte range of the I-frame playlists is one picture, whole."""

import struct

import pytest

from support import boxes, ffmpeg
from support.film import FetchedFilm
from support.manifests import read_media_playlist

MDAT_HEADER_BYTES = 8


@pytest.fixture(scope="module")
def film(module_server, films):
    path = films.film("scanned", seconds=18, size="1280x720", sound=1)
    video_id = module_server.submit(path)
    module_server.wait_for(video_id, "ready")
    return FetchedFilm(module_server.api, module_server.api.video(video_id))


@pytest.fixture(scope="module")
def playlists(film):
    """By rendition, in the order of the rungs: (rendition, what the main playlist says, the playlist)."""
    found = []
    for rendition, entry in zip(film.renditions("video"), film.master.iframes, strict=True):
        text = film.api.bytes(entry["URI"]).decode()
        found.append((rendition, entry, read_media_playlist(text, entry["URI"])))
    return found


def test_each_rung_has_one_that_says_what_apple_asks_for(film, playlists):
    """Authoring rules 6.1, 6.8, 9.3 and 9.4; RFC 8216 §4.3.3.6 for the list itself."""
    assert [entry["RESOLUTION"] for _, entry, _ in playlists] == ["640x360", "854x480", "1280x720"]
    for rendition, entry, playlist in playlists:
        assert entry["CODECS"] == rendition.codecs
        assert "#EXT-X-I-FRAMES-ONLY\n" in playlist.text and playlist.init == rendition.init
        assert [address for address, _ in playlist.segments] == [segment[0] for segment in rendition.segments]
        assert playlist.segments == film.playlist(rendition).segments, "a picture is shown until the next one"
        assert max(round(seconds) for _, seconds in playlist.segments) <= playlist.target


def test_declared_bandwidth_is_that_of_the_pictures(playlists):
    for rendition, entry, playlist in playlists:
        sizes = [length for length, _ in playlist.ranges]
        lengths = [seconds for _, seconds in playlist.segments]
        average = sum(sizes) * 8 / sum(lengths)
        # The rate of a segment counts from half the target duration on (RFC 8216 §4.1).
        peak = max(size * 8 / seconds for size, seconds in zip(sizes, lengths) if seconds * 2 >= playlist.target)
        assert 0.9 * peak <= int(entry["BANDWIDTH"]) <= 1.1 * peak, rendition.name
        assert 0.9 * average <= int(entry["AVERAGE-BANDWIDTH"]) <= 1.1 * average, rendition.name


def test_every_range_is_moof_and_first_sample(film, playlists):
    for rendition, _, playlist in playlists:
        assert len(playlist.ranges) == len(rendition.segments)
        for (address, _), (length, offset) in zip(playlist.segments, playlist.ranges):
            part = fetch_range(film.api, address, length, offset)
            size, kind = struct.unpack_from(">I4s", part)
            assert kind == b"moof"
            assert struct.unpack_from(">I4s", part, size)[1] == b"mdat"
            first, *_ = boxes.read_segment(film.files[address]).sizes
            assert len(part) == size + MDAT_HEADER_BYTES + first, address


def test_every_range_decodes_to_the_first_picture_of_its_segment(film, playlists):
    for rendition, _, playlist in playlists:
        init = film.files[rendition.init]
        for (address, _), (length, offset) in zip(playlist.segments, playlist.ranges):
            part = fetch_range(film.api, address, length, offset)
            assert pictures(init + part) == pictures(init + film.files[address])[:1], address


def fetch_range(api, address, length, offset):
    answer = api.get(address, Range=f"bytes={offset}-{offset + length - 1}")
    assert answer.status == 206 and len(answer.body) == length
    return answer.body


def pictures(data):
    """The MD5 of each picture. The range's mdat says more than there is, of which the demuxer may complain; the decoder
    may not."""
    outcome = ffmpeg.run("ffmpeg", "-nostdin", "-v", "error", "-i", "pipe:0", "-map", "0:v", "-f", "framemd5", "-",
                         data=data)
    assert b"h264" not in outcome.stderr, outcome.stderr
    return [line.split(",")[-1].strip() for line in outcome.stdout.decode().splitlines() if not line.startswith("#")]
