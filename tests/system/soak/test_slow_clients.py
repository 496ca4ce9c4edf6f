"""Thousands of clients that send and take next to nothing, and what an ordinary one has of it."""

import dataclasses
import http.client
import re
import resource
import socket
import statistics
import threading
import time
import urllib.parse

import pytest

from support.server import Server, resident_bytes

pytestmark = pytest.mark.alone

SHORT = 300
PER_ROUND = 10
CONNECTIONS_MAX = 9_900  # the server takes 10,000
ASKS = 400
# Every wait for a client ends within 30 s; the rest is for machines that are busy.
CUT_SECONDS_MAX = 75
SLOWEST_SECONDS_MAX = 1.0
BYTES_PER_CONNECTION_MAX = 32 << 10
HEAD = b"GET / HTTP/1.1\r\nHost: localhost\r\nX: "
BODY = (b"POST /api/v2/session HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        b"Content-Length: 60000\r\n\r\n{")
# Answers to as many as this fill the buffers of both sides, some megabytes, so unread lines are few.
UNREAD = b"GET /doc/openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n" * 150
UNREAD_LINES_MAX = 100
DROP = b"x"
DROP_SECONDS = 2


@dataclasses.dataclass
class Figures:
    """Of an ordinary client's answers, in seconds."""
    median: float
    p99: float

    def __str__(self):
        return f"median {self.median * 1000:.1f} ms, p99 {self.p99 * 1000:.1f} ms"


def ordinary_client(server):
    """Lists films on one connection and on new ones, in turns."""
    seconds = []
    kept = server.api.connection()
    for number in range(ASKS):
        line = kept if number % 2 else server.api.connection()
        began = time.monotonic()
        line.request("GET", "/api/v2/videos")
        answer = line.getresponse()
        answer.read()
        seconds.append(time.monotonic() - began)
        assert answer.status == 200
        if line is not kept:
            line.close()
        time.sleep(0.002)
    kept.close()
    return Figures(statistics.median(seconds), sorted(seconds)[ASKS * 99 // 100])


def connect(address, receive_buffer=None):
    line = socket.socket()
    line.settimeout(20)
    if receive_buffer:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
    line.connect(address)
    return line


def idle_line(address):
    """One request, then nothing."""
    line = connect(address)
    line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
    answer = http.client.HTTPResponse(line)
    answer.begin()
    assert answer.status == 200 and answer.read()
    return line


def connections(server):
    return int(float(re.search(r"^movio_http_connections (\S+)", server.api.get("/metrics").text(), re.MULTILINE)[1]))


def wait_for_connections(server, most, seconds):
    began = time.monotonic()
    while (left := connections(server)) > most:
        assert time.monotonic() - began < seconds, f"{left} connections are still open after {seconds} s"
        time.sleep(0.25)
    return time.monotonic() - began


class Slow:
    """Lines of four kinds: silent ones, heads and bodies in drops, and readers that read nothing."""

    def __init__(self, address, count):
        self.lines, self.dropping = [], []
        self._over = threading.Event()
        self._drops = threading.Thread(target=self._send_drops, daemon=True)
        self._drops.start()
        unread = min(count // 4, UNREAD_LINES_MAX)
        for _ in range(unread):
            self.lines.append(connect(address, receive_buffer=4096))
            self.lines[-1].sendall(UNREAD)
        for number in range(count - unread):
            opening = (b"", HEAD, BODY)[number % 3]
            line = connect(address)
            line.sendall(opening)
            self.lines.append(line)
            if opening:
                line.setblocking(False)
                self.dropping.append(line)

    def _send_drops(self):
        while not self._over.wait(DROP_SECONDS):
            for line in list(self.dropping):
                try:
                    line.send(DROP)
                except OSError:
                    self.dropping.remove(line)

    def close(self):
        self._over.set()
        self._drops.join()
        for line in self.lines:
            line.close()


def test_slow_clients_are_cut_off_and_nobody_else_notices(workspace, rounds):
    count = min(rounds * PER_ROUND, CONNECTIONS_MAX) if rounds else SHORT
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))
    limits = [f"--limits-{kind}-per-minute=0" for kind in ("logins", "reads")]
    with Server(workspace / "data", *limits, "--log-level", "warn") as server:
        parts = urllib.parse.urlsplit(server.address)
        address = (parts.hostname, parts.port)
        alone = ordinary_client(server)

        before = resident_bytes(server.pid)
        idle = [idle_line(address) for _ in range(count)]
        assert connections(server) >= count
        each = (resident_bytes(server.pid) - before) / count
        beside_idle = ordinary_client(server)
        for line in idle:
            line.close()
        wait_for_connections(server, 2, 20)

        slow = Slow(address, count)
        try:
            beside_slow = ordinary_client(server)
            cut_after = wait_for_connections(server, 2, CUT_SECONDS_MAX)
        finally:
            slow.close()
        print(f"\nslow clients: {count} lines; an ordinary client alone: {alone}; beside idle ones: {beside_idle} "
              f"({each / 1024:.1f} KiB each); beside slow ones: {beside_slow}; all cut off {cut_after:.0f} s later")
        assert max(beside_idle.p99, beside_slow.p99) < SLOWEST_SECONDS_MAX
        assert each < BYTES_PER_CONNECTION_MAX
