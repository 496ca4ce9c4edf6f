"""A running `movio serve` for the tools: started, asked, given films, stopped in order."""

import ctypes
import json
import os
import pathlib
import re
import signal
import subprocess
import threading
import urllib.parse
import urllib.request

READY_SECONDS_MAX = 30
STOP_SECONDS_MAX = 20
PR_SET_PDEATHSIG = 1  # prctl(2)


def own_environment():
    """Without this repository's own variables, which the program would refuse as settings that it does not know."""
    ours = ("MOVIO_CHROOT_DIR", "MOVIO_CI_BASE", "MOVIO_BINARY", "MOVIO_BUILD_DIR")
    return {name: value for name, value in os.environ.items() if name not in ours}


def end_with_parent():
    """However this tool ends, the server gets its SIGTERM."""
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


class ServerError(Exception):
    """The server did not do what was asked; the text says what and where its log is."""


class MovioServer:
    """Its own process group: Ctrl-C reaches the tool alone, which then stops the server in order."""

    def __init__(self, build, data_dir, log_path, listen="127.0.0.1:0", flags=()):
        self.movio = pathlib.Path(build) / "movio"
        self.data_dir = data_dir and pathlib.Path(data_dir)  # None: the program's own choice
        self.log_path = pathlib.Path(log_path)
        self.listen = listen
        self.flags = list(flags)
        self.address = None
        self.greeting = []  # the lines it printed once it served
        self._process = None

    def __enter__(self):
        self.log_path.parent.mkdir(parents=True, exist_ok=True)
        command = [self.movio, "serve", "--listen", self.listen, *self._at_data(), *self.flags]
        with open(self.log_path, "ab") as log:
            self._process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log,
                                             text=True, process_group=0, env=own_environment(),
                                             preexec_fn=end_with_parent)
        try:
            self._read_greeting()
        except BaseException:
            self.stop()
            raise
        return self

    def _read_greeting(self):
        give_up = threading.Timer(READY_SECONDS_MAX, self._process.kill)
        give_up.daemon = True
        give_up.start()
        for line in self._process.stdout:
            self.greeting.append(line.rstrip("\n"))
            if found := re.search(r"serves on (http://\S+)", line):
                self.address = found[1]
            if line.startswith("Stop with"):
                give_up.cancel()
                threading.Thread(target=self._drain, daemon=True).start()
                return
        give_up.cancel()
        self._process.wait()
        raise ServerError(f"movio serve did not start; the end of {self.log_path}:\n{self._log_end()}")

    def _at_data(self):
        return ["--data-dir", self.data_dir] if self.data_dir else []

    def __exit__(self, *_):
        self.stop()

    def _drain(self):
        for _ in self._process.stdout:
            pass

    def _log_end(self):
        return "\n".join(self.log_path.read_text(errors="replace").splitlines()[-20:])

    @property
    def pid(self):
        return self._process.pid

    def stop(self):
        """SIGTERM, then, if it takes too long, SIGKILL; the exit status."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGTERM)
        try:
            return self._process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            raise ServerError(f"the server did not stop within {STOP_SECONDS_MAX} s and was killed") from None

    def wait(self):
        return self._process.wait()

    def get(self, path):
        with urllib.request.urlopen(self.address + path, timeout=10) as answer:
            return json.load(answer)

    def find(self, title):
        """The newest film of that title that has not failed, as the API shows it; None if there is none."""
        # The v1 list has films that are not finished, too.
        path = "/api/v1/app/stream/videos/all/"
        while path:
            page = self.get(path)["videos"]
            for film in page["results"]:
                if film["title"] == title:
                    video = self.get(f"/api/v2/videos/{film['id']}")
                    if video["status"] != "failed":
                        return video
            following = urllib.parse.urlsplit(page["next"] or "")
            path = following.path and f"{following.path}?{following.query}"
        return None

    def ingest(self, film, title):
        """Waits until the film is ready; its progress is shown."""
        command = [self.movio, "ingest", film, "--title", title, *self._at_data()]
        if subprocess.run(command, check=False, env=own_environment()).returncode:
            raise ServerError(f"movio ingest {film} failed; its message is above, the server's log is {self.log_path}")
        return self.find(title)
