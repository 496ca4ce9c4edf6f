"""What DASH-IF's interoperability points (v5) and CMAF (ISO/IEC 23000-19) ask of a manifest and its files, as code.
Each rule takes a film fetched whole and says nothing when it holds."""

import re
import xml.etree.ElementTree as ElementTree
from fractions import Fraction

from support import boxes
from support.manifests import DASH

NUMBER_MAX = 2 ** 53
CHANNELS = "urn:mpeg:mpegB:cicp:ChannelConfiguration"
# Primaries, transfer and matrix of BT.709, or of BT.601 for small pictures that do not say theirs; limited range
# (ISO/IEC 23091-2).
COLOURS = [b"nclx" + bytes([0, number, 0, number, 0, number, 0]) for number in (1, 6)]
TILES = "http://dashif.org/guidelines/thumbnail_tile"


def sets_of(film, kind):
    return [group for group in ElementTree.fromstring(film.mpd_text).iter(DASH + "AdaptationSet")
            if group.get("contentType") == kind]


def at_one_level(group, name):
    """The value of an attribute that stands at the set or at each representation, never at both."""
    values = {item.get(name) for item in group.findall(DASH + "Representation")}
    if group.get(name) is not None:
        assert values == {None}, f"@{name} stands at two levels"
        return {group.get(name)}
    assert None not in values, f"@{name} is missing"
    return values


def check_document(film):
    root = ElementTree.fromstring(film.mpd_text)
    assert root.get("type") == "static"
    assert "urn:mpeg:dash:profile:isoff-live:2011" in root.get("profiles").split(",")
    for name in ("mediaPresentationDuration", "minBufferTime"):
        assert re.fullmatch(r"PT\d+(\.\d+)?S", root.get(name)), f"{name} is not in seconds"
    assert len(root.findall(DASH + "Period")) == 1
    for item in root.iter():
        for value in item.attrib.values():
            assert not value.isdigit() or int(value) <= NUMBER_MAX, value
    assert root.findall(f".//{DASH}S[@n]") == []


def check_addressing(film):
    for kind in ("video", "audio"):
        for group in sets_of(film, kind):
            template, = group.findall(DASH + "SegmentTemplate")
            assert int(template.get("timescale")) > 0 and template.get("startNumber") == "1"
            assert template.find(DASH + "SegmentTimeline") is not None and template.get("duration") is None
            for name in ("media", "initialization"):
                left = template.get(name).replace("$RepresentationID$", "")
                assert re.fullmatch(r"[^$]*(\$Number(%0\d+d)?\$)?[^$]*", left), left
            assert group.get("segmentAlignment") == "true" and group.get("startWithSAP") == "1"
            assert group.get("subsegmentAlignment") is None


def check_period_is_covered(film):
    for kind in ("video", "audio"):
        for rendition in film.renditions(kind):
            first, last = rendition.segments[0], rendition.segments[-1]
            assert first[1] == 0, "the first segment overlaps the start"
            assert Fraction(last[1], rendition.timescale) < film.mpd.duration, "the last one lies behind the end"
            # CMAF players ignore what the period leaves out; the priming of sound counts in the decode times.
            end = Fraction(last[1] + last[2], rendition.timescale)
            assert abs(end - film.mpd.duration) <= Fraction(1, 10), rendition.name


def check_pictures(film):
    for group in sets_of(film, "video"):
        assert group.get("mimeType") == "video/mp4" and group.get("scanType") in (None, "progressive")
        (par,), (sar,), rates = (at_one_level(group, name) for name in ("par", "sar", "frameRate"))
        sample, picture = (Fraction(*map(int, ratio.split(":"))) for ratio in (sar, par))
        assert len(rates) == 1 and sample == 1
        at_one_level(group, "width"), at_one_level(group, "height")
        for rendition in film.renditions("video"):
            # Sides are even, so each may be one off.
            assert abs(rendition.width * sample - picture * rendition.height) <= 2, rendition.name
            assert re.fullmatch(r"avc1\.(42|4d|64)[0-9a-f]{4}", rendition.codecs)
            ticks = boxes.read_segment(film.files[rendition.segments[0][0]]).durations[0]
            assert Fraction(rates.copy().pop()) == Fraction(rendition.timescale, ticks), rendition.name


def check_sounds(film):
    for group, rendition in zip(sets_of(film, "audio"), film.renditions("audio"), strict=True):
        assert group.get("mimeType") == "audio/mp4" and re.fullmatch(r"[a-z]{2,3}(-\w+)*", group.get("lang") or "")
        rate, = at_one_level(group, "audioSamplingRate")
        channels, = group.findall(DASH + "AudioChannelConfiguration")
        assert channels.get("schemeIdUri") == CHANNELS
        entry = sample_entry(film, rendition)
        # ISO/IEC 14496-12 §12.2.3: channels at 16, the rate as 16.16 at 24, behind the head of SampleEntry.
        assert int.from_bytes(entry[16:18], "big") == int(channels.get("value"))
        assert int.from_bytes(entry[24:26], "big") == int(rate) == rendition.timescale


def check_texts(film):
    for group in sets_of(film, "text"):
        item, = group.findall(DASH + "Representation")
        assert group.get("mimeType") == "text/vtt" and group.get("lang")
        assert item.find(DASH + "BaseURL").text.endswith(".vtt")
        assert group.find(DASH + "SegmentTemplate") is None and item.find(DASH + "SegmentTemplate") is None


def check_thumbnails(film):
    group, = sets_of(film, "image")
    item, = group.findall(DASH + "Representation")
    assert group.get("mimeType") == "image/jpeg"
    tiles, = item.findall(DASH + "EssentialProperty")
    assert tiles.get("schemeIdUri") == TILES and re.fullmatch(r"[1-9]\d*x[1-9]\d*", tiles.get("value"))


def sample_entry(film, rendition):
    stsd = boxes.find(boxes.tree(film.files[rendition.init]), b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
    (_, at, until), = boxes.boxes(stsd, 8)
    return stsd[at:until]


def child_of_entry(film, rendition, kind):
    """A box within the sample entry of a picture: the fixed part takes 78 bytes (§12.1.3)."""
    entry = sample_entry(film, rendition)
    found = [entry[at:until] for name, at, until in boxes.boxes(entry, 78) if name == kind]
    assert len(found) == 1, f"{len(found)} boxes {kind} in {rendition.name}"
    return found[0]


def check_switching(film):
    """A switching set shares timescale, track, handler, edit list and colour; `cmf2` has no edit list."""
    facts = set()
    for rendition in film.renditions("video"):
        nodes = boxes.tree(film.files[rendition.init])
        init = boxes.read_init(film.files[rendition.init])
        track = boxes.find(nodes, b"moov", b"trak", b"tkhd")
        number = int.from_bytes(track[20:24] if track[0] == 1 else track[12:16], "big")
        assert boxes.find(nodes, b"moov", b"trak", b"edts") is None, "a picture needs no edit list"
        colour = child_of_entry(film, rendition, b"colr")
        assert colour in COLOURS, colour
        across, down = (int.from_bytes(child_of_entry(film, rendition, b"pasp")[at:at + 4], "big") for at in (0, 4))
        assert across == down > 0, "pixels are square"
        facts.add((init.timescale, init.handler, init.sample_entry, number, colour))
    assert len(facts) == 1, facts


def check_fragments(film):
    for rendition in film.renditions("video") + film.renditions("audio"):
        for number, (address, _, _) in enumerate(rendition.segments, 1):
            data = film.files[address]
            boxes.read_segment(data)  # one traf, one trun
            kinds = [kind for kind, _, _ in boxes.boxes(data)]
            assert kinds.count(b"sidx") <= 1 and b"sidx" not in kinds[kinds.index(b"moof"):], address
            moof = boxes.find(boxes.tree(data), b"moof")
            tfhd = boxes.find(moof, b"traf", b"tfhd")
            flags = int.from_bytes(tfhd[1:4], "big")
            assert flags & 0x20000 and not flags & 0x1, f"{address}: default-base-is-moof"
            assert boxes.find(moof, b"traf", b"tfdt")[0] == 1, f"{address}: 64 bits of decode time"
            assert int.from_bytes(boxes.find(moof, b"mfhd")[4:8], "big") == number, address
            if rendition.kind == "video":
                assert boxes.find(moof, b"traf", b"trun")[0] == 1, f"{address}: signed composition offsets"


RULES = [check_document, check_addressing, check_period_is_covered, check_pictures, check_sounds, check_texts,
         check_thumbnails, check_switching, check_fragments]
