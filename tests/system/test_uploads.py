"""Uploads: any size in little memory, refused from their head, cut off anywhere, and the program killed under them."""

import hashlib
import os
import pathlib
import random
import threading
import time

import pytest

from legacy.old_client import OldClient
from legacy.test_accounts import check_tokens, person
from support import uploads
from support.server import Server, resident_bytes

GIB = 1 << 30


def token_of(server):
    client = OldClient(server.address)
    return check_tokens(client.sign_up(**person()))["access"]


def films_of(server):
    """(id, status, source key) of every row there is, of no matter whom."""
    return [(row["id"], row["status"], row["source_key"]) for row in server.films()]


def sources_of(server):
    folder = server.data_dir / "blobs" / "source"
    return sorted(str(path.relative_to(server.data_dir / "blobs")) for path in folder.rglob("*") if path.is_file())


def wait_until_nothing_is_left(server, seconds=10):
    deadline = time.monotonic() + seconds
    while (left := films_of(server) + sources_of(server) + server.scratch_files()):
        assert time.monotonic() < deadline, f"left behind: {left}"
        time.sleep(0.05)


@pytest.mark.alone
class TestSize:
    def test_five_gibibytes_in_little_memory(self, workspace):
        with Server(workspace / "data", "--media-source-retention", "keep") as server:
            token = token_of(server)
            before, most = resident_bytes(server.pid), 0
            with uploads.Line(server.address, seconds=300) as line:
                line.head(token, uploads.multipart_length(5 * GIB))
                line.send(uploads.opening())
                for number in range(5 * GIB // len(uploads.PIECE)):
                    line.send(uploads.PIECE)
                    if number % 64 == 0:
                        most = max(most, resident_bytes(server.pid))
                line.send(uploads.CLOSING)
                status, answer = line.answer(seconds=300)
            assert status == 202, answer
            assert most - before <= 32 << 20, f"{(most - before) / 2**20:.1f} MiB more"
            server.wait_for(answer["video_id"], "failed")  # zeros are no film
            assert (server.data_dir / "blobs" / films_of(server)[0][2]).stat().st_size == 5 * GIB

    def test_announced_length_that_the_disk_cannot_hold(self, server):
        token = token_of(server)
        with uploads.Line(server.address) as line:
            line.head(token, 1 << 43)
            status, answer = line.answer()
        assert status in (400, 507) and answer["detail"]
        wait_until_nothing_is_left(server)

    def test_no_room_is_told_with_the_reason(self, workspace):
        with Server(workspace / "data", "--uploads-bytes-max", str(1 << 44)) as server:
            token = token_of(server)
            with uploads.Line(server.address) as line:
                line.head(token, 1 << 43)
                status, answer = line.answer()
            assert status == 507 and "room" in answer["detail"]


class TestDeadToken:
    @pytest.mark.parametrize("token", [None, "nonsense"])
    @pytest.mark.parametrize("greedy", [False, True], ids=["waits", "sends on"])
    def test_is_answered_from_the_head(self, server, token, greedy):
        with uploads.Line(server.address) as line:
            line.head(token, 5 * GIB)
            if greedy:
                # What the kernels on both ends hold comes on top of what the server reads.
                sent = line.send_as_long_as_it_is_taken(seconds=1, bytes_max=64 << 20)
                assert sent < 24 << 20, f"{sent >> 20} MiB were taken"
            status, answer = line.answer(seconds=5)
        assert status == 401 and answer["detail"].startswith("jwt-")
        wait_until_nothing_is_left(server)


class TestCut:
    def test_at_random_bytes_leaves_nothing(self, server, films):
        content = films.film("cut", seconds=4, size="320x180").read_bytes()
        body = uploads.opening() + content + uploads.CLOSING
        token, dice = token_of(server), random.Random(os.environ.get("MOVIO_TEST_SEED", "cut"))
        for _ in range(40):
            with uploads.Line(server.address) as line:
                line.head(token, len(body))
                line.send(body[:dice.randrange(len(body))])
        wait_until_nothing_is_left(server)

    def test_a_line_that_stalls_is_given_up(self, workspace):
        """Nothing comes for longer than a body may stand still: its place and its bytes are free again."""
        with Server(workspace / "data") as server:
            token = token_of(server)
            with uploads.Line(server.address) as line:
                line.head(token, 1 << 20)
                line.send(uploads.opening() + bytes(1000))
                status, _ = line.answer(seconds=60)
            assert status == 408
            wait_until_nothing_is_left(server)


class TestKill:
    def test_nothing_acknowledged_is_lost_and_nothing_else_is_left(self, workspace, films, rounds):
        content = films.film("killed", seconds=4, size="320x180").read_bytes()
        digest, dice = hashlib.sha256(content).hexdigest(), random.Random(os.environ.get("MOVIO_TEST_SEED", "kill"))
        acknowledged = set()
        server = Server(workspace / "data").start()
        token = token_of(server)
        for _ in range(rounds or 6):
            arguments = [server.address, token, content, acknowledged]
            threads = [threading.Thread(target=upload_again_and_again, args=arguments, daemon=True) for _ in range(3)]
            for thread in threads:
                thread.start()
            time.sleep(dice.uniform(0.1, 0.8))
            server.kill()
            for thread in threads:
                thread.join()
            server.start()
            check_what_is_there(server, acknowledged, digest)
        assert acknowledged, "every round was killed before an upload was through"
        server.stop()


def upload_again_and_again(address, token, content, acknowledged):
    body = uploads.opening(name="killed.mkv") + content + uploads.CLOSING
    while True:
        try:
            with uploads.Line(address) as line:
                line.head(token, len(body))
                line.send(body)
                status, answer = line.answer()
        except (OSError, ValueError, IndexError):
            return
        assert status == 202, answer
        acknowledged.add(answer["video_id"])


def check_what_is_there(server, acknowledged, digest):
    rows = {video_id: (status, key) for video_id, status, key in films_of(server)}
    assert acknowledged <= set(rows), "an acknowledged film is gone"
    assert all(status != "uploading" for status, _ in rows.values()), rows
    for status, key in rows.values():
        content = pathlib.Path(server.data_dir / "blobs" / key).read_bytes()
        assert hashlib.sha256(content).hexdigest() == digest
    assert sources_of(server) == sorted(key for _, key in rows.values())
    # What was acknowledged is being made already; that is no leftover.
    left = [path for path in server.scratch_files() if not pathlib.Path(path).name.startswith(f"{server.process.pid}-")]
    assert left == []
