"""Half a day of film, of which only a little is made, and a film whose clock does not begin at zero."""

import re

import pytest

from support import boxes, ffmpeg
from support.film import FetchedFilm, FetchedManifests, check_film
from support.server import Server

HALF_A_DAY = 12 * 3600
PART = 60
RATE = "60000/1001"  # the finest clock of a usual rate


@pytest.fixture(scope="module")
def half_a_day(films):
    part = films.folder / "still.mkv"
    ffmpeg.ffmpeg("-f", "lavfi", "-i", f"color=navy:size=64x64:rate={RATE}:duration={PART}", "-c:v", "libx264",
                  "-preset", "ultrafast", "-g", "600", "-level", "5.2", part)
    path = films.folder / "half-a-day.mkv"
    ffmpeg.ffmpeg("-stream_loop", str(HALF_A_DAY // PART - 1), "-i", part, "-c", "copy", path)
    return path


def test_the_last_segment_of_half_a_day_lies_where_the_manifest_says(workspace, half_a_day):
    with Server(workspace / "data", "--media-batch-slots", "1") as server:
        video_id = server.submit(half_a_day)
        manifests = FetchedManifests(server.api, server.wait_for(video_id, "playable"))
        told = float(ffmpeg.probe(half_a_day, "-show_entries", "format=duration")["format"]["duration"])
        assert told >= HALF_A_DAY and abs(float(manifests.mpd.duration) - told) < 0.1
        rung, = manifests.renditions("video")
        address, start, duration = rung.segments[-1]
        for _ in range(10):
            answer = server.api.get(address)
            if answer.status != 503:
                break
        assert answer.status == 200, answer
        segment = boxes.read_segment(answer.body)
        assert (segment.decode_time, segment.duration) == (start, duration)
        assert start > 2 ** 31, "the test is too short to show anything"
        assert boxes.find(boxes.tree(answer.body), b"moof", b"traf", b"tfdt")[0] == 1, "64 bits"
        assert sum(seconds for _, seconds in manifests.playlist(rung).segments) == \
            pytest.approx(float(manifests.mpd.duration), abs=0.02)
        server.run("jobs", "cancel", server.jobs("running")[0]["id"])


@pytest.mark.parametrize("offset", ["1.4", "3600"])
def test_cues_of_a_film_that_starts_late_come_with_its_pictures(module_server, films, offset):
    """Time zero is the first picture, for cues as for pictures and sound."""
    plain = films.film("late-cues", seconds=10, size="128x96", subtitles=("en",))
    path = films.folder / f"late-cues-{offset}.mkv"
    ffmpeg.ffmpeg("-i", plain, "-map", "0", "-c", "copy", "-output_ts_offset", offset, path)
    begins = float(ffmpeg.probe(path, "-show_entries", "format=start_time")["format"]["start_time"])
    assert begins >= float(offset) - 0.1, "the container does not start late"
    video_id = module_server.submit(path)
    module_server.wait_for(video_id, "ready")
    film = FetchedFilm(module_server.api, module_server.wait_for_captions(video_id, 1))
    check_film(film)
    starts = re.findall(r"^(\d\d):(\d\d):(\d\d\.\d{3}) -->", film.caption_text(), re.MULTILINE)
    seconds = [int(hours) * 3600 + int(minutes) * 60 + float(rest) for hours, minutes, rest in starts]
    assert seconds == pytest.approx([0, 2, 4, 6, 8], abs=0.05)
