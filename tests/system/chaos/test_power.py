"""The power fails at random moments, and whatever was not synced is gone: what was acknowledged is there afterwards."""

import os
import pathlib
import random
import subprocess
import threading
import time

import pytest

from chaos.watch import check_whole_film, settle
from support import rows
from support.compiler import compile_c
from support.server import Server, make_folder, remove_folder

pytestmark = pytest.mark.alone

SHORT_SECONDS = 32
SHORT_SEEDS_MAX = 8
SHIM = pathlib.Path(__file__).with_name("power.c")


@pytest.fixture(scope="module")
def shim():
    folder = make_folder()
    yield compile_c(SHIM, folder / "power.so", "-shared", "-fPIC", "-ldl", "-lpthread")
    remove_folder(folder)


@pytest.fixture(scope="module")
def short_film(films):
    return films.film("power", seconds=12, size="640x480", subtitles=("en",))


class PoweredServer(Server):
    """A server whose power can be cut."""

    def __init__(self, workspace, shim, seed):
        self.switch, keep = workspace / "switch", workspace / "keep"
        keep.mkdir(exist_ok=True)
        keep.chmod(0o777)
        workspace.chmod(0o777)
        super().__init__(workspace / "data", environment={
            "LD_PRELOAD": str(shim), "MOVIO_TEST_POWER": str(self.switch), "MOVIO_TEST_POWER_KEEP": str(keep),
            "MOVIO_TEST_POWER_DATA": str(workspace / "data"), "MOVIO_TEST_POWER_SEED": str(seed)})

    def run(self, *arguments, **options):
        # Only the server is on this power line.
        plain = Server(self.data_dir)
        return plain.run(*arguments, **options)

    def cut_power(self, film):
        self.switch.touch()
        # The shim looks at the switch when the server writes; one that is idle is given something to write.
        deadline = time.monotonic() + 60
        while self.process.poll() is None and time.monotonic() < deadline:
            try:
                self.process.wait(2)
            except subprocess.TimeoutExpired:
                self.run("ingest", "--no-wait", film)
        self.kill()
        assert pathlib.Path(f"{self.switch}.done").exists(), f"the server ended by itself:\n{self.log_end()}"
        self.switch.unlink()
        os.unlink(f"{self.switch}.done")


def seeds_of(rounds):
    started = time.monotonic()
    for seed in range(rounds or SHORT_SEEDS_MAX):
        if rounds is None and time.monotonic() - started > SHORT_SECONDS:
            assert seed >= 3, "too slow to say anything"
            return
        yield seed


def test_what_was_acknowledged_survives_a_loss_of_power(shim, short_film, rounds):
    for seed in seeds_of(rounds and rounds * 2):
        workspace = make_folder()
        try:
            one_loss(workspace, shim, short_film, seed)
        finally:
            remove_folder(workspace)


def one_loss(workspace, shim, film, seed):
    dice = random.Random(seed)
    acknowledged = []

    def submit():
        for _ in range(2):
            answer = server.run("ingest", "--no-wait", film)
            if answer.returncode == 0:
                acknowledged.append(answer.stdout.split()[0])

    # Odd seeds: the disk wrote some of what nobody synced.
    server = PoweredServer(workspace, shim, seed if seed % 2 else 0).start()
    client = threading.Thread(target=submit)
    client.start()
    # Half of the losses come while the files are taken in, half while the films are made.
    time.sleep(dice.uniform(0.0, 0.6) if dice.random() < 0.5 else dice.uniform(0.6, 4.0))
    server.cut_power(film)
    client.join()
    check_what_is_left(server.data_dir)
    with Server(workspace / "data") as again:
        known = {row["id"] for row in rows.query(again.data_dir, "catalog", "SELECT id FROM videos")}
        assert set(acknowledged) <= known, f"seed {seed}: an acknowledged film is gone"
        for video_id in known:
            again.wait_for(video_id, "ready")
        settle(again)
        for video_id in known:
            check_whole_film(again, video_id, captions=1)
    rows.check_sound(workspace / "data")


def check_what_is_left(data_dir):
    """Sound databases, and no row without its blob."""
    rows.check_sound(data_dir)
    files = rows.blob_files(data_dir)
    for row in rows.query(data_dir, "processing", "SELECT * FROM artefacts"):
        key = rows.artefact_key(row)
        assert key in files and files[key].stat().st_size == row["bytes"], f"the row of '{key}' is durable, it is not"


PROGRAM = """
import os, sys
folder = sys.argv[1]
def write(name, text, sync):
    with open(os.path.join(folder, name), "r+" if os.path.exists(os.path.join(folder, name)) else "w") as file:
        file.write(text); file.flush()
        if sync: os.fsync(file.fileno())
def sync_folder(name):
    handle = os.open(name, os.O_RDONLY); os.fsync(handle); os.close(handle)
write("kept", "kept", True); write("old", "old", True); write("moved", "moved", True); write("removed", "here", True)
sync_folder(folder)
write("kept", "KEPT", True); write("old", "new", False); write("nameless", "gone", True)
os.rename(folder + "/moved", folder + "/elsewhere"); os.unlink(folder + "/removed")
os.mkdir(folder + "/sub"); write("sub/inside", "gone", True); sync_folder(folder + "/sub")
open(sys.argv[2], "w").close()
write("trigger", "x", False)
"""


def test_the_shim_itself_drops_what_was_not_synced_and_nothing_else(shim, workspace):
    """Without this the test above might pass because nothing was dropped."""
    folder, keep, switch = workspace / "data", workspace / "keep", workspace / "switch"
    folder.mkdir()
    keep.mkdir()
    outcome = subprocess.run(["/usr/bin/python3", "-c", PROGRAM, folder, switch], process_group=0, timeout=20,
                             check=False, env={"LD_PRELOAD": str(shim), "MOVIO_TEST_POWER": str(switch),
                                               "MOVIO_TEST_POWER_KEEP": str(keep),
                                               "MOVIO_TEST_POWER_DATA": str(folder)})
    assert outcome.returncode == -9
    assert {path.name: path.read_text() for path in folder.iterdir()} == {
        "kept": "KEPT", "old": "old", "moved": "moved", "removed": "here"}
