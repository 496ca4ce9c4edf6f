#!/usr/bin/env python3
"""The v1 list and metadata against Django REST framework (gunicorn, two workers, PostgreSQL, persistent connections)
and the metadata against nginx's `return 200` of the same bytes, in alternating rounds; and how fast people can log in.

100 films with a caption track each, on both sides. wrk has one thread; Movio, gunicorn and nginx share the machine
with it in the same way. Two answers are asked of each: the first page of the list, and one film's metadata.
"""

import contextlib
import http.client
import json
import os
import pathlib
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
import uuid

from serve import requests_per_second
from support import ROOT, WORK, MovioServer, ratios, report

ROUNDS = 3
FILMS = 100
PORTS = {"gunicorn": 8797, "nginx": 8798, "postgres": 8796}
LIST, METADATA = "/api/v1/app/stream/videos/all/", "/api/v1/app/stream/video-metadata/{}/"
LOGIN_SECONDS = 5
CUES = "".join(f"{n + 1}\n00:00:{n:02},000 --> 00:00:{n:02},900\nLine {n} of the film\n\n" for n in range(20))


def postgres_folder():
    found = sorted(pathlib.Path("/usr/lib/postgresql").glob("*/bin")) + \
        sorted((ROOT / "build/peers/usr/lib/postgresql").glob("*/bin"))
    return found[-1]


@contextlib.contextmanager
def postgres():
    """A cluster of its own in /tmp; as root it runs as the user nobody, because PostgreSQL refuses root."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="movio-bench-pg-"))
    as_other = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] if os.geteuid() == 0 else []
    if as_other:
        os.chown(folder, 65534, 65534)
    quiet = {"stdout": subprocess.DEVNULL, "cwd": "/"}
    subprocess.run([*as_other, postgres_folder() / "initdb", "-U", "movio", "-A", "trust", "-D", folder / "data"],
                   check=True, **quiet)
    command = [*as_other, postgres_folder() / "postgres", "-D", folder / "data", "-k", folder, "-p",
               str(PORTS["postgres"]), "-c", "listen_addresses=", "-c", "shared_buffers=256MB"]
    log = open(WORK / "postgres.log", "wb")
    process = subprocess.Popen(command, stderr=log, **quiet)
    try:
        deadline = time.monotonic() + 20
        while not (folder / f".s.PGSQL.{PORTS['postgres']}").exists():
            if time.monotonic() > deadline:
                raise SystemExit(f"bench: PostgreSQL did not start; see {WORK / 'postgres.log'}")
            time.sleep(0.1)
        yield {"MOVIO_TEST_POSTGRES_SOCKET": str(folder), "MOVIO_TEST_POSTGRES_PORT": str(PORTS["postgres"])}
    finally:
        process.terminate()
        process.wait()
        log.close()
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def django_peer():
    """gunicorn with the peer's list and metadata; gives its address and the id of a film."""
    with postgres() as at_postgres:
        environment = os.environ | at_postgres | {"DJANGO_SETTINGS_MODULE": "django_peer.settings",
                                                  "PYTHONPATH": str(ROOT / "bench")}
        filled = subprocess.run(["/usr/bin/python3", ROOT / "bench/django_peer/fill.py"], check=True, env=environment,
                                capture_output=True, text=True).stdout.strip()
        command = ["/usr/bin/gunicorn", "--workers=2", f"--bind=127.0.0.1:{PORTS['gunicorn']}", "--keep-alive=60",
                   "--worker-class=gthread", "--threads=1", "--worker-connections=256", "--log-level=warning",
                   "django.core.wsgi:get_wsgi_application()"]
        process = subprocess.Popen(command, env=environment)
        try:
            yield f"http://127.0.0.1:{PORTS['gunicorn']}", filled
        finally:
            process.terminate()
            process.wait()


def copy_film(data_dir, count):
    """The one film's rows again and again, under new ids: lists and metadata do not look at its files."""
    with contextlib.closing(sqlite3.connect(data_dir / "catalog.db")) as database:
        tables = {table: [row[1] for row in database.execute(f"PRAGMA table_info({table})")]
                  for table in ("videos", "tracks", "cues")}
        first = {table: database.execute(f"SELECT * FROM {table}").fetchall() for table in tables}
        for number in range(count):
            names = {}
            for table, columns in tables.items():
                for row in first[table]:
                    new = [rename(names, value, number) if column in ("id", "video_id", "track_id") else value
                           for column, value in zip(columns, row)]
                    database.execute(f"INSERT INTO {table} VALUES ({','.join('?' * len(new))})", new)
        database.commit()


def rename(names, value, number):
    return names.setdefault(value, f"{value[:24]}{number:012x}")


@contextlib.contextmanager
def movio():
    """A release server with the films; gives its address and the id of one."""
    data = pathlib.Path(tempfile.mkdtemp(prefix="movio-bench-"))
    data.chmod(0o755)
    subtitles = WORK / "api.srt"
    subtitles.write_text(CUES)
    film = WORK / "api.mkv"
    subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i", "color=s=64x64:d=20:r=10",
                    "-i", subtitles, "-map", "0", "-map", "1", "-c:v", "libx264", "-preset", "ultrafast", "-c:s", "srt",
                    "-metadata:s:s:0", "language=eng", film], check=True)
    limits = (f"--limits-{kind}-per-minute=0" for kind in ("logins", "reads", "searches"))
    flags = ("--log-level", "warn", *limits, "--accounts-signup", "open")
    try:
        with MovioServer(ROOT / "build/release", data / "data", WORK / "server.log", flags=flags) as server:
            video = server.ingest(film, "Film")
        time.sleep(1)
        copy_film(data / "data", FILMS - 1)
        with MovioServer(ROOT / "build/release", data / "data", WORK / "server.log", flags=flags) as server:
            yield server, video["id"]
    finally:
        shutil.rmtree(data, ignore_errors=True)


@contextlib.contextmanager
def nginx(bodies):
    """nginx that returns these texts, by path."""
    settings = WORK / "return.conf"
    places = "\n".join(f"location = {path} {{ default_type application/json; return 200 '{quoted(body)}'; }}"
                       for path, body in bodies.items())
    settings.write_text(f"daemon off; worker_processes 1; pid {WORK}/return.pid; error_log {WORK}/return.log;\n"
                        "events { worker_connections 1024; }\nhttp { access_log off; keepalive_requests 1000000000;\n"
                        f"server {{ listen 127.0.0.1:{PORTS['nginx']}; {places} }} }}\n")
    program = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    process = subprocess.Popen([program, "-p", WORK, "-e", WORK / "return.log", "-c", settings])
    try:
        time.sleep(0.5)
        yield f"http://127.0.0.1:{PORTS['nginx']}"
    finally:
        process.terminate()
        process.wait()


def quoted(text):
    return text.replace("\\", "\\\\").replace("'", "\\'").replace("$", "")


def fetch(address):
    with urllib.request.urlopen(address, timeout=10) as answer:
        return answer.read().decode()


def compare(name, ours, peers):
    measured = {address: [] for address in (ours, *(address for address, _ in peers.values()))}
    for number in range(ROUNDS):
        for address in list(measured) if number % 2 else reversed(list(measured)):
            measured[address].append(requests_per_second(address)[0])
    print(f"api {name}: movio: {', '.join(f'{rate:.0f}/s' for rate in measured[ours])}")
    for peer, (address, aim) in peers.items():
        print(f"api {name}: {peer}: {', '.join(f'{rate:.0f}/s' for rate in measured[address])}")
        report(f"api {name}: movio against {peer}", ratios(measured[ours], measured[address]), aim)


def log_in_again_and_again(server, body, until, counts):
    host = server.address.removeprefix("http://")
    line, count = http.client.HTTPConnection(host, timeout=30), 0
    while time.monotonic() < until:
        line.request("POST", "/api/v1/auth/login/", body, {"Content-Type": "application/json"})
        answer = line.getresponse()
        answer.read()
        if answer.status == 200:
            count += 1
        elif answer.status != 503:
            raise SystemExit(f"bench: a log-in was answered with {answer.status}")
    counts.append(count)


def peak_mebibytes(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    return 0


def measure_log_ins(server):
    name = uuid.uuid4().hex[:10]
    person = {"first_name": "A", "last_name": "B", "email": f"{name}@example.org", "password": "secret 1",
              "password2": "secret 1"}
    request = urllib.request.Request(server.address + "/api/v1/auth/signup/", json.dumps(person).encode(),
                                     {"Content-Type": "application/json"})
    urllib.request.urlopen(request, timeout=10).close()
    body, counts = json.dumps({"credential": person["email"], "password": "secret 1"}), []
    until = time.monotonic() + LOGIN_SECONDS
    threads = [threading.Thread(target=log_in_again_and_again, args=[server, body, until, counts]) for _ in range(32)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"api log-in: {sum(counts) / LOGIN_SECONDS:.1f}/s by 32 at once; most memory of the server "
          f"{peak_mebibytes(server.pid):.0f} MiB (its setting for passwords: 512 MiB)")


def measure_refusal(server):
    """An upload of 5 GiB that is announced with a dead token: how long until the answer."""
    times = []
    for _ in range(20):
        line = http.client.HTTPConnection(server.address.removeprefix("http://"), timeout=10)
        began = time.monotonic()
        line.putrequest("POST", "/api/v1/app/events/video-upload/")
        for header in (("Content-Length", str(5 << 30)), ("Content-Type", "multipart/form-data; boundary=x"),
                       ("Authorization", "Bearer dead")):
            line.putheader(*header)
        line.endheaders()
        if line.getresponse().status != 401:
            raise SystemExit("bench: a dead token was not refused")
        times.append((time.monotonic() - began) * 1000)
        line.close()
    verdict = "reached" if max(times) <= 100 else "NOT reached"
    print(f"api refusal of a dead token: {statistics.median(times):.1f} ms, at most {max(times):.1f} ms, aim <= 100: "
          f"{verdict}")


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    with movio() as (server, ours_id), django_peer() as (django, theirs_id):
        ours = {"list": server.address + LIST, "metadata": server.address + METADATA.format(ours_id)}
        theirs = {"list": django + LIST, "metadata": django + METADATA.format(theirs_id)}
        bodies = {address.removeprefix(server.address): fetch(address) for address in ours.values()}
        with nginx(bodies) as still:
            for name, address in ours.items():
                path = address.removeprefix(server.address)
                if json.loads(fetch(theirs[name])).keys() != json.loads(bodies[path]).keys():
                    raise SystemExit("bench: the two sides do not answer alike")
                peers = {"Django": (theirs[name], 30)}
                if name == "metadata":
                    peers["nginx return 200"] = (still + path, 0.6)
                compare(name, address, peers)
        measure_refusal(server)
        measure_log_ins(server)


if __name__ == "__main__":
    sys.exit(main())
