"""Manifests against the tables of rules that players go by, while the film is made and when it is ready."""

import itertools
from fractions import Fraction

import pytest

from support import apple_rules, dash_rules, ffmpeg
from support.film import FetchedFilm, FetchedManifests
from support.server import Server

SLOW = ["--media-batch-slots", "1", "--media-max-cpus", "1"]
SECONDS = 41


@pytest.fixture(scope="module")
def film(module_workspace, films):
    """(provisional manifests, the film when it is ready): three rungs, two sound tracks of unlike weight, subtitles, a
    last segment of about a second."""
    path = films.folder / "rules.mkv"
    sounds = [part for text in ("sine=440", "anoisesrc=a=0.3") for part in
              ("-f", "lavfi", "-i", f"{text}:r=48000:d={SECONDS},aformat=channel_layouts=stereo")]
    ffmpeg.ffmpeg("-f", "lavfi", "-i", f"testsrc2=size=1280x720:rate=24000/1001:duration={SECONDS}", *sounds, "-i",
                  films.subtitles("en", SECONDS), "-map", "0", "-map", "1", "-map", "2", "-map", "3", "-c:v", "libx264",
                  "-preset", "ultrafast", "-g", "50", "-level", "5.2", "-pix_fmt", "yuv420p", "-c:a:0", "aac", "-c:a:1",
                  "flac", "-c:s", "srt", "-metadata:s:a:0", "language=eng", "-metadata:s:a:1", "language=ger",
                  "-metadata:s:s:0", "language=eng", path)
    with Server(module_workspace / "data", *SLOW) as server:
        video_id = server.submit(path)
        server.wait_for(video_id, "playable")
        video = server.wait_for_captions(video_id, 1)
        young = FetchedManifests(server.api, video)
        assert server.api.video(video_id)["status"] == "playable", "the film was made too fast to be looked at"
        checked = CheckedManifests(young)
        server.wait_for(video_id, "ready")
        yield checked, FetchedFilm(server.api, server.api.video(video_id))


class CheckedManifests:
    """Provisional manifests, and which rules did not hold while they were served."""

    def __init__(self, manifests):
        self.manifests, self.faults = manifests, {}
        for rule in apple_rules.RULES:
            try:
                rule(manifests)
            except AssertionError as error:
                self.faults[rule.__name__] = str(error) or "does not hold"


@pytest.mark.parametrize("rule", apple_rules.RULES, ids=lambda rule: rule.__name__)
def test_provisional_playlists_are_as_apple_asks(film, rule):
    young, _ = film
    assert rule.__name__ not in young.faults, young.faults[rule.__name__]


@pytest.mark.parametrize("rule", [*apple_rules.RULES, apple_rules.check_iframes], ids=lambda rule: rule.__name__)
def test_final_playlists_are_as_apple_asks(film, rule):
    rule(film[1])


def test_pictures_for_scanning_come_with_the_final_playlists_alone(film):
    assert film[0].manifests.master.iframes == []


@pytest.mark.parametrize("rule", dash_rules.RULES, ids=lambda rule: rule.__name__)
def test_dash_is_as_its_interoperability_points_ask(film, rule):
    rule(film[1])


def test_provisional_and_final_manifests_name_the_same_segments(film):
    young, ready = film
    for kind in ("video", "audio", "text"):
        assert [rendition.segments for rendition in young.manifests.renditions(kind)] == \
            [rendition.segments for rendition in ready.renditions(kind)]


def rates(film, renditions):
    """(peak, average) of these renditions played together. The peak is that of any run of segments that lasts between
    half and one and a half of the target duration (RFC 8216 §4.1)."""
    sizes = [sum(len(film.files[rendition.segments[n][0]]) * 8 for rendition in renditions)
             for n in range(len(renditions[0].segments))]
    playlist = film.playlist(renditions[0])
    lengths = [seconds for _, seconds in playlist.segments]
    peak = Fraction(0)
    for first, end in itertools.combinations(range(len(sizes) + 1), 2):
        seconds = sum(lengths[first:end])
        if Fraction(1, 2) <= seconds / playlist.target <= Fraction(3, 2):
            peak = max(peak, sum(sizes[first:end]) / seconds)
    return peak, sum(sizes) / sum(lengths)


def test_declared_rates_of_every_combination(film):
    """Apple's 1.26, 1.27 and 9.13: the heaviest combination within 10 % of what is declared, no other one above; before
    the film is measured, never below what comes."""
    young, ready = film
    sounds = ready.renditions("audio")
    assert len(sounds) == 2 and len(ready.renditions("video")) == 3
    for number, picture in enumerate(ready.renditions("video")):
        combined = [rates(ready, [picture, sound]) for sound in sounds]
        peak, average = (max(values) for values in zip(*combined))
        final, early = ready.master.variants[number], young.manifests.master.variants[number]
        assert Fraction(9, 10) * peak <= int(final["BANDWIDTH"]) <= Fraction(11, 10) * peak, picture.name
        assert Fraction(9, 10) * average <= int(final["AVERAGE-BANDWIDTH"]) <= Fraction(11, 10) * average, picture.name
        assert int(early["BANDWIDTH"]) >= peak and int(early["AVERAGE-BANDWIDTH"]) >= average, picture.name


def test_declared_rates_of_each_representation(film):
    young, ready = film
    for kind in ("video", "audio"):
        for rendition, early in zip(ready.renditions(kind), young.manifests.renditions(kind), strict=True):
            peak, _ = rates(ready, [rendition])
            assert Fraction(9, 10) * peak <= rendition.bandwidth <= Fraction(11, 10) * peak, rendition.name
            assert early.bandwidth >= peak, rendition.name
