"""Something that looks at a server again and again in the background, while a test does something else."""

import threading


class Watcher:
    """Within `with` it calls `look()` every `every_seconds`, on a thread of its own. Subclasses have `look`, which
    raises nothing, and may ask `stopping` in long looks."""

    def __init__(self, every_seconds):
        self._every_seconds = every_seconds
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._work)

    def __enter__(self):
        self._thread.start()
        return self

    def __exit__(self, *_):
        self._stop.set()
        self._thread.join()

    @property
    def stopping(self):
        return self._stop.is_set()

    def _work(self):
        while not self._stop.wait(self._every_seconds):
            self.look()
