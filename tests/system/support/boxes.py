"""A reader of ISO BMFF boxes (ISO/IEC 14496-12), written for the tests alone and from the standard alone."""

import struct
from dataclasses import dataclass

CONTAINERS = {b"moov", b"trak", b"mdia", b"minf", b"stbl", b"edts", b"mvex", b"moof", b"traf"}


class BoxError(AssertionError):
    """The bytes are not whole boxes, or not what a CMAF file holds."""


def boxes(data, start=0, end=None):
    """(type, start of the payload, end) of each box on one level; raises unless they fill the range exactly."""
    end = len(data) if end is None else end
    while start < end:
        if end - start < 8:
            raise BoxError(f"{end - start} bytes at {start} are no box")
        size, kind = struct.unpack_from(">I4s", data, start)
        header = 8
        if size == 1:
            size, = struct.unpack_from(">Q", data, start + 8)
            header = 16
        if size < header or start + size > end:
            raise BoxError(f"box {kind!r} at {start} has {size} bytes, {end - start} are there")
        yield kind, start + header, start + size
        start += size


def tree(data, start=0, end=None):
    """The boxes as a list of (type, payload or children)."""
    return [(kind, tree(data, at, until) if kind in CONTAINERS else data[at:until])
            for kind, at, until in boxes(data, start, end)]


def find(nodes, *path):
    for kind, content in nodes:
        if kind == path[0]:
            return content if len(path) == 1 else find(content, *path[1:])
    return None


@dataclass
class Segment:
    decode_time: int
    durations: list
    sizes: list
    flags: list
    offsets: list
    track: int

    @property
    def duration(self):
        return sum(self.durations)


@dataclass
class Init:
    timescale: int
    handler: bytes
    language: str
    sample_entry: bytes
    width: int = 0
    height: int = 0
    media_time: int = 0


def read_init(data):
    nodes = tree(data)
    kinds = [kind for kind, _ in nodes]
    if kinds[:1] != [b"ftyp"] or b"moov" not in kinds or b"mdat" in kinds:
        raise BoxError(f"an init segment has ftyp and moov, not {kinds}")
    mdhd = find(nodes, b"moov", b"trak", b"mdia", b"mdhd")
    at = 20 if mdhd[0] == 1 else 12
    timescale, = struct.unpack_from(">I", mdhd, at)
    letters, = struct.unpack_from(">H", mdhd, at + (12 if mdhd[0] == 1 else 8))
    language = "".join(chr(0x60 + (letters >> shift & 0x1F)) for shift in (10, 5, 0))
    handler = find(nodes, b"moov", b"trak", b"mdia", b"hdlr")[8:12]
    stsd = find(nodes, b"moov", b"trak", b"mdia", b"minf", b"stbl", b"stsd")
    init = Init(timescale, handler, language, stsd[12:16])
    if handler == b"vide":
        init.width, init.height = struct.unpack_from(">HH", stsd, 16 + 24)
    elst = find(nodes, b"moov", b"trak", b"edts", b"elst")
    if elst:
        init.media_time, = struct.unpack_from(">q", elst, 16) if elst[0] == 1 else struct.unpack_from(">i", elst, 12)
    return init


def read_segment(data):
    """One moof, one traf, one trun; every sample lies in the mdat, which holds nothing else."""
    nodes = tree(data)
    kinds = [kind for kind, _ in nodes]
    if kinds.count(b"moof") != 1 or kinds.count(b"mdat") != 1 or kinds[-1] != b"mdat":
        raise BoxError(f"a segment has one moof and one mdat, not {kinds}")
    moof = find(nodes, b"moof")
    traf = find(moof, b"traf")
    if [kind for kind, _ in moof].count(b"traf") != 1 or [kind for kind, _ in traf].count(b"trun") != 1:
        raise BoxError("a segment has one traf with one trun")
    track, default = read_tfhd(find(traf, b"tfhd"))
    tfdt = find(traf, b"tfdt")
    decode_time, = struct.unpack_from(">Q" if tfdt[0] == 1 else ">I", tfdt, 4)
    segment = Segment(decode_time, [], [], [], [], track)
    data_offset = read_trun(find(traf, b"trun"), default, segment)
    start = next(at - 8 for kind, at, _ in boxes(data) if kind == b"moof")
    mdat = next((at, until) for kind, at, until in boxes(data) if kind == b"mdat")
    if (start + data_offset, start + data_offset + sum(segment.sizes)) != mdat:
        raise BoxError("the samples do not fill the mdat")
    return segment


def first_picture_units(data):
    """The types of the NAL units of an H.264 segment's first sample (ISO/IEC 14496-10 §7.4.1), with lengths of 4 bytes."""
    at, until = next((at, until) for kind, at, until in boxes(data) if kind == b"mdat")
    until = min(until, at + read_segment(data).sizes[0])
    types = []
    while at < until:
        length, = struct.unpack_from(">I", data, at)
        if length < 1 or at + 4 + length > until:
            raise BoxError(f"a NAL unit of {length} bytes at {at} leads out of its sample")
        types.append(data[at + 4] & 0x1F)
        at += 4 + length
    return types


def read_tfhd(tfhd):
    flags = int.from_bytes(tfhd[1:4], "big")
    track, = struct.unpack_from(">I", tfhd, 4)
    at, default = 8, {"duration": 0, "size": 0, "flags": 0}
    at += 8 if flags & 0x1 else 0
    at += 4 if flags & 0x2 else 0
    for bit, name in ((0x8, "duration"), (0x10, "size"), (0x20, "flags")):
        if flags & bit:
            default[name], = struct.unpack_from(">I", tfhd, at)
            at += 4
    return track, default


def read_trun(trun, default, segment):
    flags = int.from_bytes(trun[1:4], "big")
    count, = struct.unpack_from(">I", trun, 4)
    at, data_offset, first_flags = 8, 0, None
    if flags & 0x1:
        data_offset, = struct.unpack_from(">i", trun, at)
        at += 4
    if flags & 0x4:
        first_flags, = struct.unpack_from(">I", trun, at)
        at += 4
    for number in range(count):
        values = dict(default)
        for bit, name in ((0x100, "duration"), (0x200, "size"), (0x400, "flags"), (0x800, "offset")):
            if flags & bit:
                values[name], = struct.unpack_from(">i" if name == "offset" else ">I", trun, at)
                at += 4
        if number == 0 and first_flags is not None:
            values["flags"] = first_flags
        segment.durations.append(values["duration"])
        segment.sizes.append(values["size"])
        segment.flags.append(values["flags"])
        segment.offsets.append(values.get("offset", 0))
    if at != len(trun):
        raise BoxError("the trun has bytes left over")
    return data_offset
