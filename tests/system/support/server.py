"""The real program: `movio serve` started, asked, given films, stopped or killed; and its other commands."""

import json
import os
import pathlib
import re
import shutil
import signal
import subprocess
import tempfile
import threading
import time

from support import rows
from support.http import Api

ROOT = pathlib.Path(__file__).resolve().parents[3]
START_SECONDS_MAX = 30
STOP_SECONDS_MAX = 20
DONE, FAILED, USAGE = 0, 1, 2  # exit codes
# Settings of whoever runs the tests must not change what is tested.
CLEAN_ENVIRONMENT = {name: value for name, value in os.environ.items() if not name.startswith("MOVIO_")}


def find_binary():
    named = os.environ.get("MOVIO_BINARY")
    choices = [pathlib.Path(named)] if named else [ROOT / "build/release/movio", ROOT / "build/dev/movio"]
    present = [choice for choice in choices if choice.exists()]
    if not present:
        raise FileNotFoundError(f"build Movio first: none of {[str(choice) for choice in choices]} is there")
    return max(present, key=lambda choice: choice.stat().st_mtime).resolve()


def make_folder():
    """A folder that every user can reach: as root the server becomes another user."""
    folder = pathlib.Path(tempfile.mkdtemp(prefix="movio-test-", dir="/tmp"))
    folder.chmod(0o755)
    return folder


def processes_of_group(group):
    """(id, command line) of the living processes of a process group."""
    found = []
    for entry in pathlib.Path("/proc").iterdir():
        if not entry.name.isdigit():
            continue
        try:
            fields = (entry / "stat").read_text().rpartition(")")[2].split()
            if int(fields[2]) == group and fields[0] not in "ZX":
                command = (entry / "cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
                found.append((int(entry.name), command))
        except (OSError, IndexError):
            continue
    return found


def resident_bytes(pid):
    for line in pathlib.Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


class Movio:
    """One data folder and the commands that work on it."""

    def __init__(self, data_dir, binary=None, environment=None):
        self.data_dir = pathlib.Path(data_dir)
        self.binary = binary or find_binary()
        self.environment = CLEAN_ENVIRONMENT | (environment or {})

    def run(self, *arguments, timeout=60, environment=None, data_dir=True, cwd=None):
        """A command to its end; never raises for its exit code."""
        command = [self.binary, *(["--data-dir", self.data_dir] if data_dir else []), *arguments]
        return subprocess.run([str(part) for part in command], capture_output=True, text=True, timeout=timeout,
                              stdin=subprocess.DEVNULL, env=self.environment | (environment or {}), check=False,
                              cwd=cwd)

    def jobs(self, state=None):
        answer = self.run("jobs", "list", "--json", *(["--state", state] if state else []))
        assert answer.returncode == 0, answer.stderr
        return [json.loads(line) for line in answer.stdout.splitlines()]


    def films(self):
        """The rows of all films, newest first, whoever may see them."""
        return rows.query(self.data_dir, "catalog", "SELECT * FROM videos ORDER BY created_us DESC, id DESC")


class Server(Movio):
    """`movio serve` in a process group of its own, on a free port."""

    def __init__(self, data_dir, *arguments, environment=None, log=None, binary=None, listen="127.0.0.1:0"):
        # Tests make accounts as they need them.
        super().__init__(data_dir, binary, {"MOVIO_ACCOUNTS_SIGNUP": "open"} | (environment or {}))
        self.arguments = [str(argument) for argument in arguments]
        self.listen = listen
        self.log_path = pathlib.Path(log or self.data_dir.with_name(self.data_dir.name + ".log"))
        self.process = self.api = self.address = None
        self.greeting = []  # the lines it printed once it served

    def __enter__(self):
        return self.start()

    def __exit__(self, kind, *_):
        if self.process is None or self.process.poll() is not None:
            return
        if kind is None:
            self.stop()
        else:
            self.kill()

    def launch(self, stdout=subprocess.PIPE):
        command = [str(self.binary), "serve", "--listen", self.listen, "--data-dir", str(self.data_dir)]
        with open(self.log_path, "ab") as log:
            self.process = subprocess.Popen(command + self.arguments, stdin=subprocess.DEVNULL, stdout=stdout,
                                            stderr=log, text=True, env=self.environment, process_group=0)

    def start(self):
        self.launch()
        self.greeting = []
        give_up = threading.Timer(START_SECONDS_MAX, self.process.kill)
        give_up.start()
        try:
            for line in self.process.stdout:
                self.greeting.append(line)
                if found := re.search(r"serves on (https?://\S+)", line):
                    self.address = found[1]
                    self.api = Api(self.address)
                if line.startswith("Stop with"):
                    threading.Thread(target=self._drain, args=[self.process.stdout], daemon=True).start()
                    return self
        finally:
            give_up.cancel()
        raise AssertionError(f"movio serve ended with {self.process.wait()}; its log:\n{self.log_end()}")

    @staticmethod
    def _drain(stream):
        for _ in stream:
            pass

    def log_text(self):
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    def log_end(self, lines=25):
        return "\n".join(self.log_text().splitlines()[-lines:])

    def log_lines(self):
        """The JSON lines of the log."""
        lines = []
        for line in self.log_text().splitlines():
            if line.startswith("{"):
                lines.append(json.loads(line))
        return lines

    @property
    def pid(self):
        return self.process.pid

    def media_processes(self):
        return [pid for pid, command in processes_of_group(self.pid) if "movio-media" in command]

    def stop(self):
        """In order: exit code 0, no process and no scratch file left."""
        self.process.send_signal(signal.SIGTERM)
        try:
            code = self.process.wait(STOP_SECONDS_MAX)
        except subprocess.TimeoutExpired:
            self.kill()
            raise AssertionError(f"the server did not stop in {STOP_SECONDS_MAX} s; its log:\n{self.log_end()}") from None
        assert code == 0, f"the server ended with {code}; its log:\n{self.log_end()}"
        assert processes_of_group(self.process.pid) == [], "processes were left behind"
        assert self.scratch_files() == [], "scratch files were left behind"

    def kill(self):
        """As the kernel does it when memory is short: all at once, with no warning."""
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
        deadline = time.monotonic() + 5
        while processes_of_group(self.process.pid) and time.monotonic() < deadline:
            time.sleep(0.01)

    def scratch_files(self):
        scratch = [self.data_dir / "blobs" / ".tmp", self.data_dir / "blobs" / "staging"]
        return [str(path) for folder in scratch for path in folder.rglob("*") if path.is_file()]

    def ingest(self, *files, arguments=(), timeout=300):
        """Adds files by the command line and waits; the finished process."""
        return self.run("ingest", *arguments, *files, timeout=timeout)

    def submit(self, file, *arguments):
        """Adds one file and does not wait; its id."""
        answer = self.run("ingest", "--no-wait", *arguments, file)
        assert answer.returncode == 0, f"{answer.stderr}\n{self.log_end()}"
        return answer.stdout.split()[0]

    def wait_for(self, video_id, *statuses, seconds=180):
        """The film once it has one of these statuses."""
        deadline = time.monotonic() + seconds
        while True:
            video = self.api.video(video_id)
            if video["status"] in statuses:
                return video
            assert video["status"] not in ("ready", "failed"), f"ended otherwise: {video}\n{self.log_end()}"
            assert time.monotonic() < deadline, f"after {seconds} s still: {video}\n{self.log_end()}"
            time.sleep(0.05)

    def wait_for_captions(self, video_id, count, seconds=20):
        deadline = time.monotonic() + seconds
        while len(video := self.api.video(video_id)) and len(video["captions"]) < count:
            assert time.monotonic() < deadline, f"the captions are missing: {video}\n{self.log_end()}"
            time.sleep(0.05)
        return video


def remove_folder(folder):
    shutil.rmtree(folder, ignore_errors=True)
