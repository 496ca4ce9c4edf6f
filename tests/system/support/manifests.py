"""Manifests read as players read them: every address, every time."""

import posixpath
import re
import xml.etree.ElementTree as ElementTree
from dataclasses import dataclass, field
from fractions import Fraction

DASH = "{urn:mpeg:dash:schema:mpd:2011}"


@dataclass
class Rendition:
    name: str
    kind: str  # video, audio or text
    init: str = ""
    timescale: int = 1
    segments: list = field(default_factory=list)  # (address, start, duration), in the timescale
    width: int = 0
    height: int = 0
    language: str = ""
    bandwidth: int = 0
    channels: int = 0
    codecs: str = ""


@dataclass
class Mpd:
    duration: Fraction
    renditions: list

    def of(self, kind):
        return [rendition for rendition in self.renditions if rendition.kind == kind]


def beside(address, relative):
    return posixpath.normpath(posixpath.join(posixpath.dirname(address), relative))


def seconds_of(text):
    found = re.fullmatch(r"PT(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?", text)
    assert found, f"'{text}' is no duration"
    hours, minutes, seconds = found.groups()
    return Fraction(hours or 0) * 3600 + Fraction(minutes or 0) * 60 + Fraction(seconds or 0)


def read_mpd(text, address):
    root = ElementTree.fromstring(text)
    renditions = []
    for group in root.iter(DASH + "AdaptationSet"):
        for item in group.findall(DASH + "Representation"):
            rendition = Rendition(item.get("id"), group.get("contentType"), language=group.get("lang") or "",
                                  bandwidth=int(item.get("bandwidth")), width=int(item.get("width") or 0),
                                  height=int(item.get("height") or 0), codecs=item.get("codecs") or "")
            channels = group.find(DASH + "AudioChannelConfiguration")
            rendition.channels = int(channels.get("value")) if channels is not None else 0
            if rendition.kind == "text":
                rendition.segments = [(beside(address, item.find(DASH + "BaseURL").text), 0, 0)]
            else:
                read_template(rendition, group.find(DASH + "SegmentTemplate"), address)
            renditions.append(rendition)
    return Mpd(seconds_of(root.get("mediaPresentationDuration")), renditions)


def read_template(rendition, template, address):
    def fill(pattern, number=0):
        return beside(address, pattern.replace("$RepresentationID$", rendition.name).replace("$Number$", str(number)))

    rendition.timescale = int(template.get("timescale"))
    if template.get("initialization"):
        rendition.init = fill(template.get("initialization"))
    number, time = int(template.get("startNumber")), None
    for entry in template.find(DASH + "SegmentTimeline"):
        time = int(entry.get("t")) if entry.get("t") is not None else time or 0
        for _ in range(int(entry.get("r") or 0) + 1):
            rendition.segments.append((fill(template.get("media"), number), time, int(entry.get("d"))))
            time += int(entry.get("d"))
            number += 1


@dataclass
class MediaPlaylist:
    target: int
    init: str
    segments: list  # (address, seconds as Fraction)
    text: str
    ranges: list = field(default_factory=list)  # (bytes, offset) where segments are parts of files


@dataclass
class MasterPlaylist:
    variants: list  # attributes with URI
    media: list
    iframes: list = field(default_factory=list)


def attributes(line):
    found = re.findall(r'([A-Z0-9-]+)=("[^"]*"|[^,]*)', line.partition(":")[2])
    return {name: value.strip('"') for name, value in found}


def read_master(text, address):
    assert text.startswith("#EXTM3U\n")
    master, pending = MasterPlaylist([], []), None
    for line in text.splitlines():
        if line.startswith("#EXT-X-MEDIA:"):
            master.media.append(attributes(line))
            master.media[-1]["URI"] = beside(address, master.media[-1]["URI"])
        elif line.startswith("#EXT-X-I-FRAME-STREAM-INF:"):
            master.iframes.append(attributes(line))
            master.iframes[-1]["URI"] = beside(address, master.iframes[-1]["URI"])
        elif line.startswith("#EXT-X-STREAM-INF:"):
            pending = attributes(line)
        elif line and not line.startswith("#"):
            master.variants.append(pending | {"URI": beside(address, line)})
    return master


def read_media_playlist(text, address):
    assert text.startswith("#EXTM3U\n") and text.rstrip().endswith("#EXT-X-ENDLIST")
    playlist, seconds = MediaPlaylist(0, "", [], text), None
    for line in text.splitlines():
        if line.startswith("#EXT-X-TARGETDURATION:"):
            playlist.target = int(line.partition(":")[2])
        elif line.startswith("#EXT-X-MAP:"):
            playlist.init = beside(address, attributes(line)["URI"])
        elif line.startswith("#EXTINF:"):
            seconds = Fraction(line.partition(":")[2].rstrip(","))
        elif line.startswith("#EXT-X-BYTERANGE:"):
            length, _, offset = line.partition(":")[2].partition("@")
            playlist.ranges.append((int(length), int(offset)))
        elif line and not line.startswith("#"):
            playlist.segments.append((beside(address, line), seconds))
    return playlist
