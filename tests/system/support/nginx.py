"""nginx before a server, on a free port: the system's, or the one that tools/setup unpacks below build/."""

import os
import pathlib
import shutil
import socket
import subprocess
import time

from support.http import Api
from support.server import ROOT, find_binary

SETTINGS = """
daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
{user}
events {{ worker_connections 64; }}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder};
    proxy_temp_path {folder};
    fastcgi_temp_path {folder};
    uwsgi_temp_path {folder};
    scgi_temp_path {folder};
    server {{
        listen 127.0.0.1:{port};
        include {folder}/movio.conf;
        location / {{ proxy_pass {upstream}; proxy_buffering off; }}
    }}
}}
"""


def find_nginx():
    build = find_binary().parent
    places = [os.environ["PATH"], "/usr/sbin", str(ROOT / "build/peers/usr/sbin"), str(build.parent / "peers/usr/sbin")]
    return shutil.which("nginx", path=":".join(places))


class Nginx:
    """Serves what `rules` say and asks the server at `upstream` for all else."""

    def __init__(self, folder, rules, upstream):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir()
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        (self.folder / "movio.conf").write_text(rules)
        user = "user root;" if os.geteuid() == 0 else ""
        self.settings = self.folder / "nginx.conf"
        self.settings.write_text(SETTINGS.format(folder=self.folder, port=self.port, upstream=upstream, user=user))
        self.api = Api(f"http://127.0.0.1:{self.port}")

    def __enter__(self):
        program = find_nginx()
        assert program, "no nginx: run tools/setup test"
        command = [program, "-p", self.folder, "-e", self.folder / "error.log", "-c", self.settings]
        self.process = subprocess.Popen([str(part) for part in command])
        deadline = time.monotonic() + 10
        while True:
            assert self.process.poll() is None and time.monotonic() < deadline, self.errors()
            try:
                socket.create_connection(("127.0.0.1", self.port), timeout=1).close()
                return self
            except OSError:
                time.sleep(0.05)

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)

    def errors(self):
        log = self.folder / "error.log"
        return log.read_text(errors="replace") if log.exists() else ""
