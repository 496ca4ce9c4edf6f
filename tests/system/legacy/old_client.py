"""A client of the original, written from docs/v1-api.md alone, with Python's standard library alone. It knows
nothing of how Movio is built; what it can do here, old programs can do."""

import http.client
import json
import os
import pathlib
import urllib.parse
import uuid

SECONDS_MAX = 60


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self):
        assert self.headers.get_content_type() == "application/json", f"{self.headers}\n{self.body[:300]}"
        return json.loads(self.body.decode("utf-8"))

    def __repr__(self):
        return f"{self.status} {self.body[:500]!r}"


def multipart(fields):
    """(content type, body) of multipart/form-data; `fields` are (name, text) or (name, (file name, bytes)) in order."""
    boundary = uuid.uuid4().hex
    lines = []
    for name, content in fields:
        lines.append(f"--{boundary}".encode())
        if isinstance(content, tuple):
            lines.append(f'Content-Disposition: form-data; name="{name}"; filename="{content[0]}"'.encode())
            lines.append(b"Content-Type: application/octet-stream")
            content = content[1]
        else:
            lines.append(f'Content-Disposition: form-data; name="{name}"'.encode())
        lines += [b"", content if isinstance(content, bytes) else str(content).encode()]
    lines += [f"--{boundary}--".encode(), b""]
    return f"multipart/form-data; boundary={boundary}", b"\r\n".join(lines)


class OldClient:
    AUTH = "/api/v1/auth/"
    APP = "/api/v1/app/"

    def __init__(self, address, token=None, scheme="Bearer"):
        self.address = urllib.parse.urlsplit(address)
        self.token = token
        self.scheme = scheme

    def request(self, method, path, body=None, headers=None):
        line = http.client.HTTPConnection(self.address.netloc, timeout=SECONDS_MAX)
        sent = {"Authorization": f"{self.scheme} {self.token}"} if self.token else {}
        try:
            line.request(method, path, body, sent | (headers or {}))
            return Answer(line.getresponse())
        finally:
            line.close()

    def get(self, path, **query):
        return self.request("GET", path + ("?" + urllib.parse.urlencode(query, doseq=True) if query else ""))

    def post(self, path, fields, form="json"):
        if form == "json":
            kind, body = "application/json", json.dumps(fields).encode()
        elif form == "urlencoded":
            kind, body = "application/x-www-form-urlencoded", urllib.parse.urlencode(fields).encode()
        else:
            kind, body = multipart(fields.items())
        return self.request("POST", path, body, {"Content-Type": kind})

    # Accounts.
    def sign_up(self, form="json", **fields):
        return self.post(self.AUTH + "signup/", fields, form)

    def log_in(self, form="json", **fields):
        answer = self.post(self.AUTH + "login/", fields, form)
        if answer.status == 200:
            self.token = answer.json["user"]["access"]
        return answer

    def get_token(self, form="json", **fields):
        return self.post(self.AUTH + "get-token/", fields, form)

    # Films.
    def upload(self, file=None, file_first=False, name=None, **fields):
        parts = list(fields.items())
        if file is not None:
            content = file if isinstance(file, bytes) else pathlib.Path(file).read_bytes()
            part = ("video", (name if name is not None else os.path.basename(file), content))
            parts.insert(0 if file_first else len(parts), part)
        kind, body = multipart(parts)
        return self.request("POST", self.APP + "events/video-upload/", body, {"Content-Type": kind})

    def film(self, video_id):
        return self.get(f"{self.APP}stream/video-metadata/{video_id}/")

    def films(self, **query):
        return self.get(self.APP + "stream/videos/all/", **query)

    def search_films(self, **query):
        return self.get(self.APP + "search/video-metadata/", **query)

    def search_subtitles(self, **query):
        return self.get(self.APP + "search/subtitle/", **query)
