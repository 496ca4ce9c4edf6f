"""A film fetched whole by its manifests, and what must hold of every film."""

from fractions import Fraction

from support import boxes
from support.manifests import beside, read_master, read_media_playlist, read_mpd


class FetchedManifests:
    """Every manifest of a film that plays, whether it is ready or not."""

    def __init__(self, api, video):
        self.api, self.video = api, video
        self.mpd_address, self.hls_address = video["playback"]["dash_url"], video["playback"]["hls_url"]
        self.mpd_text = api.bytes(self.mpd_address).decode()
        self.mpd = read_mpd(self.mpd_text, self.mpd_address)
        self.hls_text = api.bytes(self.hls_address).decode()
        self.master = read_master(self.hls_text, self.hls_address)
        self.playlists = {}
        for entry in self.master.media + self.master.variants:
            if entry["URI"] not in self.playlists:
                text = api.bytes(entry["URI"]).decode()
                self.playlists[entry["URI"]] = read_media_playlist(text, entry["URI"])

    def renditions(self, kind):
        return self.mpd.of(kind)

    def playlist(self, rendition):
        return self.playlists[beside(self.hls_address, rendition.name + ".m3u8")]


class FetchedFilm(FetchedManifests):
    """Manifests and every init segment, segment and caption file of a film, by address."""

    def __init__(self, api, video):
        super().__init__(api, video)
        self.files = {}
        for rendition in self.mpd.renditions:
            for address in [rendition.init] * bool(rendition.init) + [entry[0] for entry in rendition.segments]:
                self.files[address] = api.bytes(address)

    def passes(self, rendition):
        """The source's own picture, handed on as it is."""
        return any(rung["source"] == "passthrough" for rung in self.video["rungs"]
                   if (rung["width"], rung["height"]) == (rendition.width, rendition.height))

    def whole(self, rendition):
        """Init and segments in one, as a player feeds them."""
        return self.files[rendition.init] + b"".join(self.files[entry[0]] for entry in rendition.segments)

    def caption_text(self, index=0):
        return self.files[self.renditions("text")[index].segments[0][0]].decode()


def check_film(film):
    """Times of manifests and segments are the same, gapless, and the same in DASH and HLS."""
    media = film.renditions("video") + film.renditions("audio")
    assert media, "the manifest has neither picture nor sound"
    inits = {rendition.name: boxes.read_init(film.files[rendition.init]) for rendition in media}
    for rendition in media:
        init = inits[rendition.name]
        assert init.timescale == rendition.timescale, rendition.name
        if rendition.kind == "video":
            assert (init.handler, init.width, init.height) == (b"vide", rendition.width, rendition.height)
        else:
            assert init.handler == b"soun"
        check_times(film, rendition)
        check_playlist(film, rendition, init)
    grids = {tuple(entry[1:] for entry in rendition.segments) for rendition in film.renditions("video")}
    assert len(grids) <= 1, "the rungs are not aligned"
    heights = [rendition.height for rendition in film.renditions("video")]
    assert heights == sorted(heights), "the lowest rung is listed first"
    check_length(film, media, inits)


def check_times(film, rendition):
    time = rendition.segments[0][1]
    for number, (address, start, duration) in enumerate(rendition.segments, 1):
        segment = boxes.read_segment(film.files[address])
        where = f"{rendition.name} segment {number}"
        assert start == time, f"{where}: the manifest leaves a gap"
        assert segment.decode_time == start, f"{where}: tfdt {segment.decode_time}, manifest {start}"
        assert segment.duration == duration, f"{where}: {segment.duration} ticks, manifest {duration}"
        # Sample flags: 0x10000 says that the sample is no sync sample.
        assert segment.flags[0] & 0x10000 == 0, f"{where} does not begin with a sync sample"
        if rendition.kind == "video":
            assert 5 in boxes.first_picture_units(film.files[address]), f"{where} does not begin with an IDR picture"
            if not film.passes(rendition):
                assert all(flags & 0x10000 for flags in segment.flags[1:]), f"{where} has a second sync sample"
            shown = sorted(when + offset for when, offset in
                           zip([sum(segment.durations[:i]) for i in range(len(segment.durations))], segment.offsets))
            assert shown == [sum(segment.durations[:i]) for i in range(len(shown))], f"{where}: pictures overlap"
        time += duration


def check_playlist(film, rendition, init):
    playlist = film.playlist(rendition)
    assert playlist.init == rendition.init
    assert [address for address, _ in playlist.segments] == [entry[0] for entry in rendition.segments]
    lengths = [seconds for _, seconds in playlist.segments]
    assert max(round(seconds) for seconds in lengths) <= playlist.target, rendition.name
    # By HLS the priming of sound is no part of the film. Each end is that of DASH to a fraction of a sample.
    for number, (_, start, duration) in enumerate(rendition.segments, 1):
        end = Fraction(start + duration - rendition.segments[0][1] - init.media_time, rendition.timescale)
        assert abs(sum(lengths[:number]) - end) <= Fraction(1, 500_000), f"{rendition.name} segment {number}"


def check_length(film, media, inits):
    whole = Fraction(film.video["duration_ms"], 1000)
    ends = []
    for rendition in media:
        init = inits[rendition.name]
        content = Fraction(sum(entry[2] for entry in rendition.segments) - init.media_time, rendition.timescale)
        # Sound ends with a whole AAC frame; passed through, it may lack 100 ms. Pictures: rounding to milliseconds.
        late = Fraction(1024, rendition.timescale) if rendition.kind == "audio" else Fraction(1, 1000)
        early = Fraction(1, 10) if rendition.kind == "audio" else Fraction(1, 1000)
        assert -early <= content - whole <= late, f"{rendition.name} lasts {float(content)} s of {float(whole)} s"
        ends.append(content)
    # No player is to find itself behind the end that it was told.
    assert max(ends) <= film.mpd.duration <= max(whole, *ends) + Fraction(1, 1000)
