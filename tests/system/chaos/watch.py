"""What is looked at from outside while a server lives and dies."""

import hashlib
import http.client
import time

from support import boxes, rows
from support.film import FetchedFilm, check_film
from support.manifests import read_mpd
from support.watcher import Watcher


class BlobWatch:
    """Remembers every stored segment: once seen it may never change, nor become another file."""

    def __init__(self, data_dir):
        self.data_dir = data_dir
        self.seen = {}

    def look(self):
        files = rows.blob_files(self.data_dir)
        for key, path in files.items():
            if not key.startswith("media/"):
                continue
            facts = path.stat()
            now = (facts.st_ino, facts.st_mtime_ns, hashlib.sha256(path.read_bytes()).hexdigest())
            if key.endswith(".m4s"):
                boxes.read_segment(path.read_bytes())
            assert self.seen.setdefault(key, now) == now, f"'{key}' was replaced"
        missing = [key for key in self.seen if key not in files]
        assert missing == [], "stored blobs are gone"


class TaskWatch:
    """Remembers every task that was done, in both ledgers: it stays done by the same attempt at the same time."""

    def __init__(self, data_dir):
        self.data_dir = data_dir
        self.done = {}

    def look(self):
        now = {(name, task["id"]): task for name in ("catalog", "processing")
               for task in rows.tasks_of(self.data_dir, name)}
        for known, facts in self.done.items():
            assert known in now, f"{facts} is gone"
            assert self._facts(now[known]) == facts, "a task that was done was done again"
        self.done |= {key: self._facts(task) for key, task in now.items() if task["state"] == "done"}

    @staticmethod
    def _facts(task):
        return {name: task[name] for name in ("subject", "key", "state", "attempt", "ended_us")}


class Reader(Watcher):
    """A player that asks for segments all the time and looks at each that it gets."""

    def __init__(self, api):
        super().__init__(every_seconds=0.01)
        self.api, self.films, self.failures, self.read = api, [], [], 0
        self._first = {}

    def follow(self, video_id):
        self.films.append(video_id)

    def check(self):
        """Nothing was wrong; how many segments were read, for the caller to see that there was something to be wrong."""
        assert self.failures == []
        return self.read

    def look(self):
        try:
            for video_id in list(self.films):
                self._read(video_id)
        except (OSError, http.client.HTTPException):
            pass  # the server is killed while it answers
        except Exception as error:  # noqa: BLE001 - the test fails by it, not this thread
            self.failures.append(repr(error))

    def _read(self, video_id):
        address = f"/media/o/{video_id}/1/main.mpd"
        answer = self.api.get(address)
        if answer.status != 200:
            return
        for rendition in read_mpd(answer.body.decode(), address).renditions:
            for segment, start, _ in rendition.segments[:4] if rendition.kind in ("video", "audio") else []:
                if self.stopping:
                    return
                answer = self.api.get(segment)
                assert answer.status in (200, 503), f"{segment}: {answer}"  # 503: not made yet, ask again
                if answer.status == 200:
                    if boxes.read_segment(answer.body).decode_time != start:
                        raise boxes.BoxError(f"{segment} has another time than the manifest")
                    digest = hashlib.sha256(answer.body).digest()
                    if self._first.setdefault(segment, digest) != digest:
                        raise boxes.BoxError(f"{segment} changed")
                    self.read += 1


def settle(server, seconds=20):
    """Waits until no job runs, so that rows and blobs can be compared."""
    deadline = time.monotonic() + seconds
    while any(rows.query(server.data_dir, name, "SELECT id FROM jobs WHERE state = 'running' UNION ALL "
                         "SELECT id FROM outbox WHERE sent_us IS NULL") for name in ("catalog", "processing")):
        assert time.monotonic() < deadline, server.log_end()
        time.sleep(0.05)


def check_whole_film(server, video_id, captions=0):
    video = server.wait_for_captions(video_id, captions)
    assert video["status"] == "ready"
    check_film(FetchedFilm(server.api, video))
    settle(server)
    rows.check_nothing_orphaned(server.data_dir)
