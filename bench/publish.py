#!/usr/bin/env python3
"""How soon an upload plays: from its last byte until a client has the init segment, the first segment of picture and
the first of sound, by the address that the API gives and the first-listed variant of its manifest.

usage: bench/publish.py [--runs N] [--only INPUT]…

The twelve inputs of bench/inputs.md, each sent by HTTP to a new server with an empty data folder, N times (5).
"""

import argparse
import http.client
import json
import math
import os
import re
import shlex
import socket
import statistics
import subprocess
import time
import urllib.parse

from support import ROOT, TEST_DATA, WORK, first_blobs, running_server

FOLDER = WORK / "inputs"
RUNS = 5
MEDIAN_MAX, P95_MAX = 2.0, 3.0
SECONDS_MAX = 120
POLL_SECONDS = 0.01
PASSWORD = "a long enough password"
BOUNDARY = "publish"


def commands():
    """(file, command) of bench/inputs.md, in their order."""
    text = (ROOT / "bench/inputs.md").read_text()
    lines = [line for block in re.findall(r"```sh\n(.*?)```", text, re.DOTALL) for line in block.splitlines()]
    return [(shlex.split(line)[-1], line) for line in lines if line.startswith("ffmpeg ")]


def make_inputs(names):
    """Those of these files that are not there yet, and the parts that they are made of."""
    all_commands = dict(commands())
    environment = os.environ | {"MEDIA": str(TEST_DATA / "media"), "STORIES": str(ROOT / "tools/demo")}
    FOLDER.mkdir(parents=True, exist_ok=True)

    def make(name):
        if (FOLDER / name).exists():
            return
        command = all_commands[name]
        for part in set(re.findall(r"part-[a-z0-9.]+", command)) - {name}:
            make(part)
        started = time.monotonic()
        unfinished = f"unfinished-{name}"
        quiet = command.replace("ffmpeg ", "ffmpeg -nostdin -loglevel error -y ", 1)
        subprocess.run(quiet[:-len(name)] + unfinished, shell=True, check=True, cwd=FOLDER, env=environment)
        (FOLDER / unfinished).rename(FOLDER / name)
        print(f"publish: made {name}, {(FOLDER / name).stat().st_size / 1e6:.1f} MB, in "
              f"{time.monotonic() - started:.0f} s", flush=True)

    for name in names:
        make(name)


class Client:
    """One user of a server, over one connection that stays open."""

    def __init__(self, address):
        parts = urllib.parse.urlsplit(address)
        self.host, self.port = parts.hostname, parts.port
        self.connection = http.client.HTTPConnection(self.host, self.port, timeout=SECONDS_MAX)
        body = {"first_name": "Bench", "last_name": "Bench", "email": "bench@example.org", "password": PASSWORD,
                "password2": PASSWORD}
        self.headers = {}
        answer = self.request("POST", "/api/v1/auth/signup/", json.dumps(body), {"Content-Type": "application/json"})
        self.headers = {"Authorization": f"Bearer {json.loads(answer)['user']['access']}"}

    def request(self, method, path, body=None, headers=None):
        self.connection.request(method, path, body, self.headers | (headers or {}))
        answer = self.connection.getresponse()
        content = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"publish: {method} {path} answered {answer.status}: {content[:300]!r}")
        return content

    def get(self, path):
        return self.request("GET", path)

    def upload(self, file):
        """The film's id, and when the last byte was sent."""
        opening = (f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"title\"\r\n\r\n{file.name}\r\n"
                   f"--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"video\"; filename=\"{file.name}\"\r\n"
                   "Content-Type: application/octet-stream\r\n\r\n").encode()
        closing = f"\r\n--{BOUNDARY}--\r\n".encode()
        head = (f"POST /api/v1/app/events/video-upload/ HTTP/1.1\r\nHost: {self.host}:{self.port}\r\n"
                f"Authorization: {self.headers['Authorization']}\r\n"
                f"Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n"
                f"Content-Length: {len(opening) + file.stat().st_size + len(closing)}\r\n\r\n").encode()
        with socket.create_connection((self.host, self.port), timeout=SECONDS_MAX) as line, open(file, "rb") as source:
            line.sendall(head + opening)
            line.sendfile(source)
            line.sendall(closing)
            sent = time.monotonic()
            answer = http.client.HTTPResponse(line)
            answer.begin()
            content = answer.read()
            if answer.status != 202:
                raise SystemExit(f"publish: the upload of {file.name} answered {answer.status}: {content[:300]!r}")
        return json.loads(content)["video_id"], sent


def publish(file):
    """Seconds from the last byte: until the upload was accepted, until it was said to play, until it was fetched."""
    with running_server("--log-level", "warn") as server:
        client = Client(server.address)
        video_id, sent = client.upload(file)
        accepted = time.monotonic() - sent
        while True:
            video = json.loads(client.get(f"/api/v2/videos/{video_id}"))
            if video["playback"]:
                break
            if video["status"] == "failed" or time.monotonic() - sent > SECONDS_MAX:
                raise SystemExit(f"publish: {file.name} does not play: {video['status']} {video['failure']}")
            time.sleep(POLL_SECONDS)
        playable = time.monotonic() - sent
        for address in first_blobs(client.get, video["playback"]["dash_url"]):
            client.get(address)
        return accepted, playable, time.monotonic() - sent


def p95(values):
    return sorted(values)[math.ceil(len(values) * 0.95) - 1]


def verdict(values):
    middle, high = statistics.median(values), p95(values)
    reached = middle <= MEDIAN_MAX and high <= P95_MAX
    return f"median {middle:.2f} s, p95 {high:.2f} s: {'reached' if reached else 'NOT reached'}"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=RUNS)
    parser.add_argument("--only", action="append", help="only these inputs")
    options = parser.parse_args()
    if not (TEST_DATA / "media/bbb-720p-5s.mp4").exists():
        print("publish: left out, the films are not there (MOVIO_TEST_DATA)")
        return
    names = [name for name, _ in commands() if not name.startswith("part-")]
    names = [name for name in names if name in (options.only or names)]
    make_inputs(names)
    print(f"publish: {len(names)} inputs, {options.runs} runs each; aims: median <= {MEDIAN_MAX:.0f} s, p95 <= "
          f"{P95_MAX:.0f} s", flush=True)
    whole = []
    for name in names:
        runs = [publish(FOLDER / name) for _ in range(options.runs)]
        seconds = [fetched for _, _, fetched in runs]
        whole += seconds
        accepted = statistics.median(run[0] for run in runs)
        print(f"publish: {name} ({(FOLDER / name).stat().st_size / 1e6:.0f} MB): {verdict(seconds)} "
              f"({', '.join(f'{value:.2f}' for value in seconds)}; accepted after {accepted:.2f} s)", flush=True)
    print(f"publish: all: {verdict(whole)}")


if __name__ == "__main__":
    main()
