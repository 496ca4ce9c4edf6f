"""Films made for tests, and facts about media by FFmpeg's own programs."""

import array
import json
import pathlib
import re
import subprocess
from fractions import Fraction


def run(*arguments, data=None, timeout=300):
    outcome = subprocess.run([str(argument) for argument in arguments], input=data, capture_output=True,
                             timeout=timeout, check=False)
    assert outcome.returncode == 0, f"{arguments}: {outcome.stderr.decode(errors='replace')[-2000:]}"
    return outcome


def ffmpeg(*arguments, **options):
    return run("ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-y", *arguments, **options)


def probe(file, *arguments):
    return json.loads(run("ffprobe", "-v", "error", "-of", "json", *arguments, file).stdout)


def packets_of(file):
    """By stream index: (kind, [(pts, duration)] in seconds). Packets that a decoder is told to drop are left out."""
    facts = probe(file, "-show_entries", "stream=index,codec_type,r_frame_rate:packet=stream_index,pts,dts,duration,flags"
                  ":stream=time_base")
    streams = {stream["index"]: (stream["codec_type"], []) for stream in facts["streams"]}
    bases = {stream["index"]: Fraction(stream["time_base"]) for stream in facts["streams"]}
    for packet in facts["packets"]:
        if "D" in packet.get("flags", ""):
            continue
        index, pts = packet["stream_index"], packet.get("pts", packet.get("dts"))
        if pts is not None:
            streams[index][1].append((pts * bases[index], int(packet.get("duration", 0)) * bases[index]))
    return streams


def true_length(file):
    """Seconds from the first shown picture (or sound) to the end of the longer of picture and sound."""
    streams = [content for content in packets_of(file).values() if content[1]]
    pictures = [packets for kind, packets in streams if kind == "video"]
    sounds = [packets for kind, packets in streams if kind == "audio"]
    zero = min(pts for pts, _ in (pictures or sounds)[0])
    return max([end_of(packets) for packets in pictures] + [end_of(packets, True) for packets in sounds]) - zero


def end_of(packets, is_sound=False):
    """The end of the last packet. Without a duration it lasts as long as the usual distance; so does one of E-AC-3, of
    whose packets FFmpeg tells the length of one block instead of six."""
    packets = sorted(packets)
    pts, duration = packets[-1]
    if len(packets) > 1:
        distances = sorted(after[0] - before[0] for before, after in zip(packets, packets[1:]))
        usual = distances[len(distances) // 2]
        told = sorted(packet[1] for packet in packets)[len(packets) // 2]
        if duration == 0 or (is_sound and told * 2 < usual):
            duration = usual
    return pts + duration


def display_aspect(file):
    """Width by height of the upright picture, by its stream's size, sample aspect and rotation."""
    stream = probe(file, "-select_streams", "v:0", "-show_entries",
                   "stream=width,height,sample_aspect_ratio:stream_side_data=rotation")["streams"][0]
    sample = stream.get("sample_aspect_ratio", "1:1").split(":")
    across = Fraction(stream["width"]) * (Fraction(int(sample[0]), int(sample[1])) if int(sample[0]) else 1)
    rotation = next((int(data["rotation"]) for data in stream.get("side_data_list", []) if "rotation" in data), 0)
    return stream["height"] / across if rotation % 180 else across / stream["height"]


def decode(data, *arguments):
    """Decodes every frame of a file in memory: (frames, what the decoder complained of)."""
    outcome = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "warning", "-i", "pipe:0", *arguments,
                              "-f", "framemd5", "-"], input=data, capture_output=True, timeout=300, check=False)
    frames = [line for line in outcome.stdout.decode().splitlines() if not line.startswith("#")]
    complaints = [line for line in outcome.stderr.decode(errors="replace").splitlines() if line.strip()]
    if outcome.returncode:
        complaints.append(f"exit code {outcome.returncode}")
    return len(frames), complaints


def similarity(made, source, width, height, at_seconds=0.0):
    """SSIM of one picture of a made film (bytes) and of its source, upright and scaled to the same size."""
    scale = f"scale={width}:{height}:flags=bicubic,setsar=1,format=yuv420p,setpts=PTS-STARTPTS"
    outcome = subprocess.run(["ffmpeg", "-nostdin", "-hide_banner", "-i", "pipe:0", "-ss", str(at_seconds), "-i",
                              source, "-filter_complex",
                              f"[0:v]trim=start={at_seconds},{scale}[a];[1:v:0]{scale}[b];[a][b]ssim=shortest=1",
                              "-frames:v", "1", "-f", "null", "-"], input=made, capture_output=True, timeout=120,
                             check=False)
    found = re.search(r"SSIM .*All:([\d.]+)", outcome.stderr.decode(errors="replace"))
    assert found, outcome.stderr.decode(errors="replace")[-1500:]
    return float(found[1])


class Maker:
    """Makes films once each in a folder of its own."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)

    def film(self, name, *, seconds=20, size="640x360", rate=25, sound=1, subtitles=(), moving=True,
             container="mkv", passes=False):
        """Test pictures with sound tracks and, in Matroska, SubRip tracks (by language). Only where it `passes` is the
        picture handed on as it is; else it claims a level that players do not take, so that it is encoded."""
        path = self.folder / f"{name}{'-passes' if passes else ''}.{container}"
        if path.exists():
            return path
        picture = f"testsrc2=size={size}:rate={rate}:duration={seconds}" if moving else \
            f"color=c=navy:size={size}:rate={rate}:duration={seconds}"
        inputs = ["-f", "lavfi", "-i", picture]
        for track in range(sound):
            inputs += ["-f", "lavfi", "-i", f"sine=frequency={330 * (track + 1)}:sample_rate=48000:duration={seconds}"]
        for language in subtitles:
            inputs += ["-i", self.subtitles(language, seconds)]
        maps = [part for index in range(1 + sound + len(subtitles)) for part in ("-map", str(index))]
        names = [part for index, language in enumerate(subtitles)
                 for part in (f"-metadata:s:s:{index}", f"language={language}")]
        level = [] if passes else ["-level", "5.2"]
        ffmpeg(*inputs, *maps, "-c:v", "libx264", "-preset", "ultrafast", "-crf", "28", "-g", "50", *level, "-c:a",
               "aac", "-b:a", "96k", "-c:s", "srt", *names, path)
        return path

    def subtitles(self, language, seconds):
        """A cue every two seconds that says its language and number."""
        path = self.folder / f"{language}-{seconds}.srt"
        cues = []
        for number, start in enumerate(range(0, max(1, int(seconds) - 1), 2), 1):
            cues.append(f"{number}\n{stamp(start)} --> {stamp(start + 1.5)}\n{language} line {number}\n")
        path.write_text("\n".join(cues))
        return path

    def file(self, name, data):
        path = self.folder / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return path


def picture_hashes(data):
    """The MD5 of each decoded picture of a file in memory, in the order they are shown."""
    outcome = run("ffmpeg", "-nostdin", "-hide_banner", "-loglevel", "error", "-i", "pipe:0", "-map", "0:v", "-f",
                  "framemd5", "-", data=data)
    return [line.split(",")[-1].strip() for line in outcome.stdout.decode().splitlines() if not line.startswith("#")]


def picture_means(data):
    """How bright each picture of a file in memory is, 0 to 255."""
    return run("ffmpeg", "-nostdin", "-loglevel", "error", "-i", "pipe:0", "-map", "0:v", "-vf",
               "scale=16:16:flags=area,scale=1:1:flags=area,format=gray", "-f", "rawvideo", "-", data=data).stdout


def picture_similarities(made, source):
    """SSIM of each picture of a made film (bytes) to the source's picture of the same number and size."""
    graph = "[0:v]setpts=N/25/TB[a];[1:v:0]setpts=N/25/TB[b];[a][b]ssim=stats_file=-"
    outcome = run("ffmpeg", "-nostdin", "-loglevel", "error", "-i", "pipe:0", "-i", source, "-lavfi", graph, "-f",
                  "null", "-", data=made)
    return [float(value) for value in re.findall(r"All:([\d.]+)", outcome.stdout.decode())]


def samples(file, rate, channels=1, data=None, skip=0):
    """The sound as 16-bit samples, interleaved. Of our own files `skip` says what a player leaves out at the beginning:
    releases of ffmpeg differ in whether they do what an edit list of a fragmented file says."""
    whole = ["-ignore_editlist", "1"] if data is not None else []
    outcome = run("ffmpeg", "-nostdin", "-loglevel", "error", *whole, "-i", file, "-map", "0:a:0", "-f", "s16le", "-ar",
                  rate, "-ac", channels, "-", data=data)
    return array.array("h", outcome.stdout)[skip * channels:]


def stamp(seconds):
    milliseconds = round(seconds * 1000)
    return f"{milliseconds // 3600000:02}:{milliseconds // 60000 % 60:02}:{milliseconds // 1000 % 60:02}," \
           f"{milliseconds % 1000:03}"
