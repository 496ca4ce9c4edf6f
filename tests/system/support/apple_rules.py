"""Apple's authoring rules for HLS and RFC 8216, as code: each rule takes a film's manifests, provisional or final, and
says nothing when it holds. The numbers are those of the authoring rules."""

import itertools
import re
from fractions import Fraction

from support.manifests import beside

GZIP_BYTES_MIN = 1024  # smaller ones fit into a packet as they are: kGzipBytesMin


def media_playlists(film):
    return [film.playlist(rendition) for rendition in film.renditions("video") + film.renditions("audio")]


def ratio(text):
    across, down = text.split("x")
    return int(across), int(down)


def check_variants(film):
    """9.1, 9.2, 9.9, 9.11, 9.14, 9.15: what every variant says."""
    assert "#EXT-X-INDEPENDENT-SEGMENTS\n" in film.hls_text
    assert len(film.master.variants) == len(film.renditions("video")) > 1
    for variant, rendition in zip(film.master.variants, film.renditions("video")):
        assert 0 < int(variant["AVERAGE-BANDWIDTH"]) <= int(variant["BANDWIDTH"])
        assert variant["RESOLUTION"] == f"{rendition.width}x{rendition.height}"
        assert re.fullmatch(r"\d+\.\d{3}", variant["FRAME-RATE"]) and Fraction(variant["FRAME-RATE"]) <= 60
        codecs = variant["CODECS"].split(",")
        assert codecs == [rendition.codecs, "mp4a.40.2"]
        # 1.x: at most High; a level that players of the rules' time have. BT.709 is the only range (9.16).
        profile, level = codecs[0][5:7], int(codecs[0][9:11], 16)
        assert profile in ("42", "4d", "64") and level <= 52
        assert variant.get("VIDEO-RANGE", "SDR") == "SDR"


def check_shape(film):
    """1.33: one aspect ratio. Sides are even, so each may be one off."""
    width, height = ratio(film.master.variants[-1]["RESOLUTION"])
    for variant in film.master.variants:
        across, down = ratio(variant["RESOLUTION"])
        assert abs(across - Fraction(width * down, height)) <= 2, variant["RESOLUTION"]


def check_groups(film):
    """8.9, 8.10, 2.3, 4.5, 4.6: sound and subtitles beside the picture, each with its language."""
    by_kind = {}
    for entry in film.master.media:
        assert entry["LANGUAGE"] and entry["NAME"] and entry["URI"]
        by_kind.setdefault(entry["TYPE"], []).append(entry)
    sounds = by_kind["AUDIO"]
    assert any(entry["CHANNELS"] == "2" for entry in sounds), "there is stereo"
    for entries in by_kind.values():
        assert len({entry["GROUP-ID"] for entry in entries}) == 1
        assert len({entry["NAME"] for entry in entries}) == len(entries)
        assert sum(entry["DEFAULT"] == "YES" for entry in entries) <= 1
    for entry in by_kind.get("SUBTITLES", []):
        if "transcribes-spoken-dialog" in entry.get("CHARACTERISTICS", ""):
            assert entry["AUTOSELECT"] == "YES"


def check_playlists(film):
    """8.2, 8.6, 8.20; RFC 8216 §4.3.3: one target for all, complete, with a map."""
    playlists = media_playlists(film)
    assert len({playlist.target for playlist in playlists}) == 1
    for playlist in playlists:
        assert "#EXT-X-PLAYLIST-TYPE:VOD\n" in playlist.text and playlist.init.endswith("/init.mp4")
        assert playlist.text.count("#EXT-X-MAP:") == 1 and "#EXT-X-DISCONTINUITY" not in playlist.text
        # At least six decimals, so that rounding stays below a sample.
        assert all(re.fullmatch(r"\d+\.\d{6,}", seconds) for seconds in re.findall(r"#EXTINF:([^,]*),", playlist.text))


def check_durations(film):
    """7.5, 7.6, 7.7 and RFC 8216 §4.3.3.1: about six seconds or less, none far above the target."""
    for playlist in media_playlists(film):
        assert playlist.target <= 6
        for _, seconds in playlist.segments:
            assert 0 < seconds <= playlist.target + Fraction(1, 2) and round(seconds) <= playlist.target


def check_sums(film):
    """8.1: any run of segments is as long as its pictures or sounds are, to far less than a frame: DASH has the exact
    times. By HLS the priming of sound is no part of its first segment."""
    for rendition in film.renditions("video") + film.renditions("audio"):
        lengths = [seconds for _, seconds in film.playlist(rendition).segments]
        exact = [Fraction(duration, rendition.timescale) for _, _, duration in rendition.segments]
        primed = exact[0] - lengths[0]
        most = Fraction(1, 10) if rendition.kind == "audio" else Fraction(1, 1_000_000)
        assert -Fraction(1, 1_000_000) <= primed <= most, rendition.name
        for first, end in itertools.combinations(range(1, len(lengths) + 1), 2):
            assert abs(sum(lengths[first:end]) - sum(exact[first:end])) <= Fraction(1, 500_000), rendition.name


def check_ranges(film):
    """8.3, 8.7, 8.22: sound and picture are cut at the same times, to half a frame of sound, and end together, to one
    of sound where it is encoded; passed through, it may lack a tenth of a second."""
    picture = film.renditions("video")[0]
    ends = [Fraction(start + duration, picture.timescale) for _, start, duration in picture.segments]
    for sound in film.renditions("audio"):
        wrong = [-end for end in ends]
        for number, (_, seconds) in enumerate(film.playlist(sound).segments):
            for later in range(number, len(wrong)):
                wrong[later] += seconds
        half = Fraction(512, sound.timescale) + Fraction(1, 500_000)
        assert all(abs(one) <= half for one in wrong[:-1]), sound.name
        assert -Fraction(1, 10) <= wrong[-1] <= 2 * half, f"{sound.name} ends {float(wrong[-1])} s after the picture"


def check_subtitles(film):
    """5.3, 5.5, 5.7: one file for the whole film, on the clock of the pictures."""
    for entry in film.master.media:
        if entry["TYPE"] != "SUBTITLES":
            continue
        playlist = film.playlists[entry["URI"]]
        (address, seconds), = playlist.segments
        assert abs(seconds - film.mpd.duration) <= Fraction(1, 1000) and round(seconds) <= playlist.target
        head = film.api.get(address)
        assert head.header("Content-Type").startswith("text/vtt")
        lines = head.text().split("\n\n")[0].splitlines()
        assert lines[0].startswith("WEBVTT")
        assert any(re.fullmatch(r"X-TIMESTAMP-MAP=(MPEGTS:0,LOCAL:00:00:00\.000|LOCAL:00:00:00\.000,MPEGTS:0)", line)
                   for line in lines), lines


def check_delivery(film):
    """10.1, 10.4, 8.18: playlists by gzip, the right types, and no address that leads on to another."""
    for address in [film.hls_address, *film.playlists]:
        answer = film.api.get(address, Accept_Encoding="gzip")
        coding = "gzip" if len(film.api.bytes(address)) >= GZIP_BYTES_MIN else None
        assert (answer.status, answer.header("Content-Encoding")) == (200, coding), address
        assert answer.header("Content-Type").startswith("application/vnd.apple.mpegurl")
    for rendition in film.renditions("video") + film.renditions("audio"):
        for address, kind in ((rendition.init, "video/mp4"), (rendition.segments[0][0], "video/iso.segment")):
            answer = film.api.get(address)
            assert (answer.status, answer.header("Location")) == (200, None), address
            assert answer.header("Content-Type") == kind, address


def check_iframes(film):
    """6.1, 9.3, 9.4 of a film that is finished: as many lists of pictures as rungs, with codec and size."""
    assert len(film.master.iframes) == len(film.renditions("video"))
    for entry, rendition in zip(film.master.iframes, film.renditions("video")):
        assert (entry["CODECS"], entry["RESOLUTION"]) == (rendition.codecs, f"{rendition.width}x{rendition.height}")
        assert entry["URI"] == beside(film.hls_address, rendition.name + "-iframes.m3u8")


RULES = [check_variants, check_shape, check_groups, check_playlists, check_durations, check_sums, check_ranges,
         check_subtitles, check_delivery]
