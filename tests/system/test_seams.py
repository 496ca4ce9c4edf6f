"""Segments that several processes made, in any order, as one film: nothing is seen or heard where they meet."""

import random
import statistics
import threading
from fractions import Fraction

import pytest

from support import boxes, ffmpeg, rows
from support.film import FetchedFilm, FetchedManifests, check_film
from support.server import Server

SECONDS, RATE = 40, 25
# Of the same difficulty everywhere, so that what a joint costs stands out; the tone rises all the time.
PICTURE = f"testsrc2=size=1280x720:rate={RATE}:duration={SECONDS},noise=alls=4:allf=t:all_seed=7"
SWEEP = f"aevalsrc=0.5*sin(2*PI*(100+40*t)*t):s=48000:d={SECONDS}"
SLOW = ["--media-on-demand-slots", "1", "--media-batch-slots", "1", "--media-max-cpus", "1"]
NEAR = 5  # frames on each side of a joint
SSIM_DROP_MAX = 0.03  # between frames of one kind it differs by twice that
JUMP_MAX = 1.25


@pytest.fixture(scope="module")
def source(films):
    path = films.folder / "seams.mkv"
    ffmpeg.ffmpeg("-f", "lavfi", "-i", PICTURE, "-f", "lavfi", "-i", SWEEP, "-c:v", "libx264", "-preset", "ultrafast",
                  "-crf", "18", "-g", "70", "-level", "5.2", "-pix_fmt", "yuv420p", "-c:a", "flac", path)
    return path


@pytest.fixture(scope="module")
def made(module_workspace, source):
    """The film once it is ready, and what was asked for before its turn, in random order: {address: bytes}."""
    with Server(module_workspace / "seams", *SLOW) as server:
        video_id = server.submit(source)
        young = FetchedManifests(server.api, server.wait_for(video_id, "playable"))
        dice = random.Random(4)
        wanted = [young.renditions("video")[-1].segments[n][0] for n in (3, 5, 6, 8)]
        wanted += [young.renditions("audio")[0].segments[n][0] for n in (4, 7)]
        early = ask_in_any_order(server.api, dice.sample(wanted, len(wanted)))
        server.wait_for(video_id, "ready", seconds=240)
        made_early = [task for task in rows.tasks_of(server.data_dir) if task["kind"] == "segment"]
        assert len(made_early) >= 3 and {task["state"] for task in made_early} == {"done"}, "all was made in its turn"
        yield FetchedFilm(server.api, server.api.video(video_id)), early


def ask_in_any_order(api, addresses):
    answers = {}

    def ask(address):
        for _ in range(20):
            answer = api.get(address)
            if answer.status != 503:
                break
        answers[address] = answer.body if answer.status == 200 else answer

    threads = [threading.Thread(target=ask, args=[address]) for address in addresses]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def top_of(film):
    return film.renditions("video")[-1]


def joints_of(film):
    """The first frame of each segment but the first of the top rung, and the number of frames of all."""
    rung, firsts = top_of(film), [0]
    for address, _, _ in rung.segments:
        firsts.append(firsts[-1] + len(boxes.read_segment(film.files[address]).durations))
    return firsts[1:-1], firsts[-1]


def test_what_was_asked_for_early_is_what_the_film_has(made):
    film, early = made
    for address, body in early.items():
        assert body == film.files[address], address
    check_film(film)


def test_the_whole_decodes_and_no_picture_depends_on_another_segment(made):
    film, _ = made
    for rung in film.renditions("video"):
        frames, complaints = ffmpeg.decode(film.whole(rung))
        assert (frames, complaints) == (SECONDS * RATE, []), rung.name
        whole = ffmpeg.picture_hashes(film.whole(rung))
        for address, _, _ in rung.segments:
            alone = ffmpeg.picture_hashes(film.files[rung.init] + film.files[address])
            assert len(alone) == len(boxes.read_segment(film.files[address]).durations)
            assert alone == whole[:len(alone)], f"{address} looks otherwise alone"
            whole = whole[len(alone):]
        assert whole == []


def test_pictures_at_the_joints_are_as_good_as_elsewhere(made, source):
    film, _ = made
    joints, count = joints_of(film)
    similar = ffmpeg.picture_similarities(film.whole(top_of(film)), source)
    assert len(similar) == count
    for joint, following in zip(joints, joints[1:] + [count]):
        near, elsewhere = similar[joint - NEAR:joint + NEAR], similar[joint + 2 * NEAR:following - 2 * NEAR]
        usual, worst = statistics.mean(elsewhere), min(elsewhere)
        assert usual > 0.9, "the comparison itself is wrong"
        assert statistics.mean(near) > usual - SSIM_DROP_MAX, f"frame {joint}: {near}, elsewhere {usual}"
        assert min(near) > worst - SSIM_DROP_MAX, f"frame {joint}: {near}, elsewhere at worst {worst}"


def test_the_rate_does_not_jump_where_segments_meet(made):
    """Of a film as difficult everywhere: neighbours are about as large, and no stretch of a segment's length, wherever
    it begins, comes faster than was declared (Apple's authoring rule 1.27: within 10 %)."""
    film, _ = made
    for rung in film.renditions("video"):
        segments = [boxes.read_segment(film.files[address]) for address, _, _ in rung.segments]
        rates = [Fraction(sum(segment.sizes) * 8 * rung.timescale, segment.duration) for segment in segments]
        for number, (one, other) in enumerate(zip(rates, rates[1:]), 1):
            assert max(one, other) <= JUMP_MAX * min(one, other), f"{rung.name} {number}: {float(one)}, {float(other)}"
        sizes = [size for segment in segments for size in segment.sizes]
        length = len(segments[0].sizes)
        most = max(sum(sizes[at:at + length]) for at in range(len(sizes) - length + 1))
        assert Fraction(most * 8 * RATE, length) <= Fraction(11, 10) * rung.bandwidth, rung.name


def test_nothing_is_heard_where_blocks_of_sound_meet(made, source):
    film, _ = made
    sound = film.renditions("audio")[0]
    init = boxes.read_init(film.files[sound.init])
    assert init.media_time > 0 and sound.segments[0][1] == 0, "the priming comes once, at the head of the track"
    total = sum(entry[2] for entry in sound.segments) - init.media_time
    ours = ffmpeg.samples("pipe:0", sound.timescale, data=film.whole(sound), skip=init.media_time)
    original = ffmpeg.samples(source, sound.timescale)
    assert len(ours) == total, "samples are missing or were put in"
    assert 0 <= len(ours) - len(original) < 1024

    def noise(first, end):
        return max(abs(one - other) for one, other in zip(ours[first:end], original[first:end]))

    assert max(original) > 15000 and noise(48000, 96000) < 2500
    for (_, start, duration), (_, joint, _) in zip(sound.segments, sound.segments[1:]):
        at, middle = joint - init.media_time, start + duration // 2
        usual = noise(middle - 24000, middle + 24000)
        assert noise(at - 4096, at + 4096) < usual * 1.5 + 100, f"a click at {at / sound.timescale} s"


FLASHES = (0, 100, 200, 300, 380)  # frames: the start, each boundary of segments, near the end
FLASH_FRAMES, SYNC_SECONDS = 5, 16


@pytest.mark.parametrize("name, arguments", [
    ("sync-passed.mp4", ["-c:a", "aac"]), ("sync-encoded.mkv", ["-level", "5.2", "-c:a", "flac"]),
    ("sync-late.ts", ["-level", "5.2", "-c:a", "mp2", "-muxdelay", "1.4"])])
def test_flash_and_beep_meet_everywhere(module_server, films, name, arguments):
    """At the start, at each boundary and at the end, within half an audio frame."""
    shown = "+".join(f"between(n,{first},{first + FLASH_FRAMES - 1})" for first in FLASHES)
    heard = "+".join(f"gte(t,{first / RATE})*lt(t,{(first + FLASH_FRAMES) / RATE})" for first in FLASHES)
    path = films.folder / name
    ffmpeg.ffmpeg("-f", "lavfi", "-i", f"color=black:s=320x240:r={RATE}:d={SYNC_SECONDS},drawbox=t=fill:c=white:"
                  f"enable='{shown}'", "-f", "lavfi", "-i", f"aevalsrc='0.5*sin(2*PI*1000*t)*({heard})':s=48000:"
                  f"d={SYNC_SECONDS}", "-c:v", "libx264", "-pix_fmt", "yuv420p", "-g", "50",
                  "-sc_threshold", "0", "-ac", "2", *arguments, path)
    film = FetchedFilm(module_server.api, module_server.wait_for(module_server.submit(path), "ready"))
    check_film(film)
    rung, sound = film.renditions("video")[0], film.renditions("audio")[0]
    assert [entry[1] * RATE // rung.timescale for entry in rung.segments] == [0, 100, 200, 300]
    bright = [mean > 128 for mean in ffmpeg.picture_means(film.whole(rung))]
    flashes = [n for n, light in enumerate(bright) if light and (n == 0 or not bright[n - 1])]
    assert flashes == list(FLASHES)
    skip = boxes.read_init(film.files[sound.init]).media_time
    mono = ffmpeg.samples("pipe:0", sound.timescale, 2, film.whole(sound), skip)[::2]
    for flash in flashes:
        begin = max(0, (flash - 5) * sound.timescale // RATE)
        beep = next(n for n in range(begin, len(mono)) if abs(mono[n]) > 3000)
        offset = Fraction(beep, sound.timescale) - Fraction(flash, RATE)
        assert abs(offset) <= Fraction(512, sound.timescale) + Fraction(1, 20_000), f"{float(offset)} s at {flash}"
