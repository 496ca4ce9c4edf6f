"""Uploads by the v1 endpoint in ways that no client library offers: endless, cut off, with a dead token."""

import json
import socket
import urllib.parse

PATH = "/api/v1/app/events/video-upload/"
BOUNDARY = "uploadboundary"
PIECE = bytes(1 << 20)


def opening(title="Large", name="large.mkv"):
    return (f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="title"\r\n\r\n{title}\r\n--{BOUNDARY}\r\n'
            f'Content-Disposition: form-data; name="video"; filename="{name}"\r\n'
            "Content-Type: video/x-matroska\r\n\r\n").encode()


CLOSING = f"\r\n--{BOUNDARY}--\r\n".encode()


class Line:
    """One connection that sends an upload by hand."""

    def __init__(self, address, seconds=60):
        parts = urllib.parse.urlsplit(address)
        self.socket = socket.create_connection((parts.hostname, parts.port), timeout=seconds)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def head(self, token, length, *more):
        lines = [f"POST {PATH} HTTP/1.1", "Host: localhost", f"Content-Length: {length}",
                 f"Content-Type: multipart/form-data; boundary={BOUNDARY}"]
        if token:
            lines.append(f"Authorization: Bearer {token}")
        self.socket.sendall("\r\n".join([*lines, *more, "", ""]).encode())

    def send(self, data):
        self.socket.sendall(data)

    def send_as_long_as_it_is_taken(self, seconds, bytes_max):
        """How many bytes went into the line until nobody took more for so long, or the other side ended it."""
        sent = 0
        self.socket.settimeout(seconds)
        try:
            while sent < bytes_max:
                sent += self.socket.send(PIECE)
        except OSError:
            pass
        return sent

    def answer(self, seconds=60):
        """(status, JSON) of the answer."""
        self.socket.settimeout(seconds)
        with self.socket.makefile("rb") as lines:
            status = int(lines.readline().split()[1])
            length = 0
            while (line := lines.readline().strip()):
                name, _, value = line.decode().partition(":")
                if name.lower() == "content-length":
                    length = int(value)
            return status, json.loads(lines.read(length))


def multipart_length(file_bytes):
    return len(opening()) + file_bytes + len(CLOSING)
