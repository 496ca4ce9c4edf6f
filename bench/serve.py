#!/usr/bin/env python3
"""Segments served over loopback: one thread of Movio against one worker of nginx with sendfile, in alternating rounds.

The files are those of a ready film in Movio's own store, two of its segments replaced by random bytes of exactly
1 MB and 100 KB; nginx serves the very same files. wrk (one thread, 64 connections) takes one of the processors.
"""

import os
import pathlib
import re
import shutil
import subprocess
import time
import urllib.request

from support import WORK, ROOT, ratios, report, running_server

ROUNDS = 3
SECONDS = 3
SIZES = {"1 MB": 1_000_000, "100 KB": 100_000}
AIM = 1.2
NGINX_PORT = 8799
NGINX = """
daemon off;
worker_processes 1;
pid {work}/nginx.pid;
error_log {work}/nginx.log;
{user}
events {{ worker_connections 1024; }}
http {{
    access_log off;
    sendfile on;
    tcp_nopush on;
    keepalive_requests 1000000000;
    open_file_cache max=1000;
    types {{ video/iso.segment m4s; }}
    server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


def film():
    """Long enough for two segments; what it shows does not matter here."""
    path = WORK / "serve.mkv"
    if not path.exists():
        subprocess.run(["ffmpeg", "-nostdin", "-loglevel", "error", "-y", "-f", "lavfi", "-i",
                        "gradients=s=640x360:r=24:d=12", "-c:v", "libx264", "-preset", "ultrafast", path], check=True)
    return path


def replace_segments(server, video):
    """Puts files of the wanted sizes where segments are; the URL path and file of each."""
    playlist = video["playback"]["hls_url"].rsplit("/", 1)[0]
    found = {}
    for number, (name, size) in enumerate(SIZES.items(), 1):
        files = [path for path in pathlib.Path(server.data_dir).rglob(f"{number}.m4s") if "v-" in path.parent.name]
        file = files[0]
        owner = file.stat()
        file.chmod(0o644)
        file.write_bytes(os.urandom(size))
        os.chown(file, owner.st_uid, owner.st_gid)
        found[name] = (f"{playlist}/{file.parent.name}/{file.name}", file)
    return found


def start_nginx(folder):
    nginx = shutil.which("nginx", path=os.environ["PATH"] + ":/usr/sbin")
    user = "user root;" if os.geteuid() == 0 else ""
    settings = WORK / "nginx.conf"
    settings.write_text(NGINX.format(work=WORK, user=user, port=NGINX_PORT, folder=folder))
    return subprocess.Popen([nginx, "-p", WORK, "-e", WORK / "nginx.log", "-c", settings])


def requests_per_second(address):
    outcome = subprocess.run(["wrk", "-t1", "-c64", f"-d{SECONDS}s", "--latency", address],
                             check=True, capture_output=True, text=True).stdout
    if "Non-2xx" in outcome or "Socket errors" in outcome:
        raise SystemExit(f"bench: {address} did not answer rightly:\n{outcome}")
    rate = float(re.search(r"Requests/sec:\s+([\d.]+)", outcome)[1])
    late = re.search(r"99%\s+(\S+)", outcome)[1]
    return rate, late


def check_same(address, file):
    with urllib.request.urlopen(address, timeout=5) as answer:
        if answer.read() != file.read_bytes():
            raise SystemExit(f"bench: {address} is not the file {file}")


def main():
    WORK.mkdir(parents=True, exist_ok=True)
    with running_server("--server-threads", "1", "--log-level", "warn") as server:
        video = server.ingest(film(), "serve")
        places = replace_segments(server, video)
        nginx = start_nginx(server.data_dir)
        try:
            time.sleep(0.5)
            for name, (path, file) in places.items():
                ours = server.address + path
                theirs = f"http://127.0.0.1:{NGINX_PORT}/{file.relative_to(server.data_dir)}"
                check_same(ours, file)
                check_same(theirs, file)
                measured = {ours: [], theirs: []}
                for number in range(ROUNDS):
                    for address in (ours, theirs) if number % 2 else (theirs, ours):
                        measured[address].append(requests_per_second(address))
                for label, address in (("movio", ours), ("nginx", theirs)):
                    rounds = ", ".join(f"{rate:.0f}/s (p99 {late})" for rate, late in measured[address])
                    print(f"serve {name}: {label}: {rounds}")
                rates = [[rate for rate, _ in measured[address]] for address in (ours, theirs)]
                report(f"serve {name}: movio against nginx", ratios(*rates), AIM)
        finally:
            nginx.terminate()
            nginx.wait()


if __name__ == "__main__":
    main()
