"""Films are read while they arrive: nothing depends on it, and little is left to do when the last byte is there."""

import random
import socket
import time

import pytest

from legacy.old_client import OldClient
from legacy.test_accounts import check_tokens, person
from support import uploads
from support.ffmpeg import ffmpeg
from support.server import Server

EARLY = "a film was indexed while it arrived"


@pytest.fixture(scope="module")
def film(module_workspace):
    """Ten seconds of Matroska, the same as MP4 with its table first, and as a file of 100 MB by copying it end to end."""
    short, long, table = (module_workspace / name for name in ("short.mkv", "long.mkv", "table.mp4"))
    ffmpeg("-f", "lavfi", "-i", "testsrc2=size=640x360:rate=25", "-f", "lavfi", "-i", "sine", "-t", "10", "-c:v",
           "libx264", "-preset", "ultrafast", "-crf", "10", "-g", "50", "-c:a", "aac", short)
    loops = 100_000_000 // short.stat().st_size
    ffmpeg("-stream_loop", loops, "-i", short, "-c", "copy", long)
    ffmpeg("-i", short, "-c", "copy", "-movflags", "+faststart", table)
    return {"short": short, "long": long, "table": table}


def early_films(server):
    return server.log_text().count(EARLY)


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def send_slowly(line, data, pieces=20, pause=0.03):
    step = len(data) // pieces + 1
    for at in range(0, len(data), step):
        line.send(data[at:at + step])
        time.sleep(pause)


def begin_admin_upload(server, length):
    line = socket.socket(socket.AF_UNIX)
    line.connect(str(next(server.data_dir.rglob("*.sock"))))
    line.sendall(f"POST /admin/uploads?filename=film.mkv&title=&description=&as= HTTP/1.1\r\nHost: movio\r\n"
                 f"Content-Length: {length}\r\n\r\n".encode())
    return line


def token_of(server):
    return check_tokens(OldClient(server.address).sign_up(**person()))["access"]


@pytest.mark.parametrize("kind", ["short", "table"])
def test_upload_by_form_is_indexed_while_it_arrives(server, film, kind):
    data = film[kind].read_bytes()
    with uploads.Line(server.address) as line:
        line.head(token_of(server), uploads.multipart_length(len(data)))
        line.send(uploads.opening())
        send_slowly(line, data)
        assert server.media_processes(), "nobody reads along"
        line.send(uploads.CLOSING)
        status, answer = line.answer()
    assert status == 202, answer
    server.wait_for(answer["video_id"], "ready")
    assert early_films(server) == 1


def test_ingest_is_indexed_while_it_arrives(server, film):
    video = server.submit(film["long"])
    server.wait_for(video, "playable", "ready")
    assert early_films(server) == 1


def test_abandoned_upload_leaves_no_process(server, film):
    data = film["short"].read_bytes()
    line = begin_admin_upload(server, len(data))
    line.sendall(data[:len(data) // 2])
    wait_until(server.media_processes)
    line.close()
    wait_until(lambda: not server.media_processes() and not server.films())
    assert server.scratch_files() == []


@pytest.mark.parametrize("moment", ["while it arrives", "at its last byte"])
def test_film_survives_a_kill(workspace, film, moment):
    data = film["short"].read_bytes()
    chance = random.Random(moment)
    for _ in range(3):
        with Server(workspace / "data") as server:
            known = {row["id"] for row in server.films()}
            line = begin_admin_upload(server, len(data))
            sent = len(data) if moment == "at its last byte" else chance.randrange(len(data) // 4, len(data) - 1)
            line.sendall(data[:sent])
            if sent == len(data):
                time.sleep(chance.uniform(0, 0.3))
            else:
                wait_until(server.media_processes)
            server.kill()
            line.close()
        with Server(workspace / "data") as server:
            left = [row["id"] for row in server.films() if row["id"] not in known]
            assert len(left) <= (1 if sent == len(data) else 0)
            for video in left:
                server.wait_for(video, "ready")
            # The same bytes again, undisturbed.
            with begin_admin_upload(server, len(data)) as again:
                again.sendall(data)
                assert b" 201 " in again.recv(1000)
            newest = server.films()[0]["id"]
            server.wait_for(newest, "ready")
