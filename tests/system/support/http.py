"""Requests as a plain HTTP/1.1 client sends them, one connection each."""

import http.client
import json
import urllib.parse


class Answer:
    def __init__(self, status, headers, body):
        self.status = status
        self.headers = headers
        self.body = body

    def header(self, name):
        return self.headers.get(name)

    def json(self):
        return json.loads(self.body)

    def text(self):
        return self.body.decode()

    def __repr__(self):
        return f"<{self.status} {dict(self.headers)} {self.body[:300]!r}>"


class Api:
    """The public side of a server."""

    def __init__(self, base, timeout=20):
        parts = urllib.parse.urlsplit(base)
        self.host, self.port, self.timeout = parts.hostname, parts.port, timeout

    def connection(self):
        return http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)

    def request(self, method, path, headers=None, body=None):
        connection = self.connection()
        try:
            connection.request(method, path, body=body, headers=headers or {})
            answer = connection.getresponse()
            return Answer(answer.status, answer.headers, answer.read())
        finally:
            connection.close()

    def get(self, path, **headers):
        return self.request("GET", path, {name.replace("_", "-"): value for name, value in headers.items()})

    def json(self, path):
        answer = self.get(path)
        assert answer.status == 200, f"GET {path}: {answer}"
        return answer.json()

    def bytes(self, path):
        answer = self.get(path)
        assert answer.status == 200, f"GET {path}: {answer}"
        return answer.body

    def video(self, video_id):
        return self.json(f"/api/v2/videos/{video_id}")

    def events(self, path, seconds, headers=None):
        """The server-sent events of a stream until it ends or `seconds` have gone by: (name, data)."""
        connection = http.client.HTTPConnection(self.host, self.port, timeout=seconds)
        try:
            connection.request("GET", path, headers={"Accept": "text/event-stream"} | (headers or {}))
            answer = connection.getresponse()
            assert answer.status == 200, answer.read()
            assert answer.getheader("Content-Type").startswith("text/event-stream")
            name, data = "message", []
            for raw in answer:
                line = raw.decode().rstrip("\r\n")
                if line.startswith("event:"):
                    name = line[6:].strip()
                elif line.startswith("data:"):
                    data.append(line[5:].strip())
                elif not line and data:
                    yield name, json.loads("\n".join(data))
                    name, data = "message", []
        finally:
            connection.close()
