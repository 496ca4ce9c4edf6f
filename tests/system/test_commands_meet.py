"""Commands and servers that meet on one data folder, and the rights with which they begin."""

import contextlib
import os
import pathlib
import re
import socket
import sqlite3
import threading

import pytest

from support.server import Movio, Server

DONE, FAILED, USAGE = 0, 1, 2
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture(scope="module")
def tiny(films):
    return films.film("tiny", seconds=1, size="64x64", sound=0)


def at_once(*calls):
    """What each call gave; they run at the same time."""
    answers = [None] * len(calls)

    def run(place):
        answers[place] = calls[place]()
    threads = [threading.Thread(target=run, args=[place]) for place in range(len(calls))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def test_a_command_waits_for_a_server_that_is_starting(workspace):
    server = Server(workspace / "data")
    server.launch()
    try:
        answers = [server.run("jobs", "list") for _ in range(5)]
        assert [answer.returncode for answer in answers] == [DONE] * 5, answers
    finally:
        server.process.terminate()
        server.process.wait(20)


def test_commands_without_a_server_do_not_cut_each_other_off(workspace, tiny, films):
    movio = Movio(workspace / "data")
    longer = films.film("longer", seconds=6, size="320x180", sound=0)
    answers = at_once(lambda: movio.run("ingest", tiny), lambda: movio.run("ingest", longer),
                      lambda: movio.run("jobs", "list"), lambda: movio.run("ingest", tiny))
    assert [answer.returncode for answer in answers] == [DONE] * 4, answers
    with Server(workspace / "data") as server:
        assert sorted(video["status"] for video in server.api.json("/api/v2/videos")["items"]) == ["ready"] * 3


def test_a_server_makes_what_its_last_life_told_nobody(workspace, tiny):
    """The program ends between the transaction that accepts a film and the worker that hears of it."""
    for _ in range(5):
        with Server(workspace / "data") as server:
            video_id = server.submit(tiny)
            server.kill()
        untold(workspace / "data")
        with Server(workspace / "data") as server:
            server.wait_for(video_id, "ready", seconds=30)


def untold(data_dir):
    """As if the event of the newest film had not been sent yet."""
    with contextlib.closing(sqlite3.connect(data_dir / "catalog.db")) as catalog, catalog:
        event, video = catalog.execute("UPDATE outbox SET sent_us = NULL WHERE id = (SELECT id FROM outbox WHERE "
                                       "type = 'video.submitted' ORDER BY created_us DESC LIMIT 1) "
                                       "RETURNING id, body ->> 'video_id'").fetchone()
        catalog.execute("UPDATE videos SET status = 'submitted' WHERE id = ?", [video])
    with contextlib.closing(sqlite3.connect(data_dir / "processing.db")) as processing, processing:
        processing.execute("PRAGMA foreign_keys = ON")
        processing.execute("DELETE FROM inbox WHERE id = ?", [event])
        processing.execute("DELETE FROM films WHERE video_id = ?", [video])
        processing.execute("DELETE FROM jobs WHERE subject LIKE ? || '%'", [video])


def test_a_server_waits_for_a_command_that_only_looks(workspace):
    movio = Movio(workspace / "data")
    for _ in range(3):
        looking = threading.Thread(target=lambda: movio.run("jobs", "list"))
        looking.start()
        with Server(workspace / "data") as server:
            assert server.api.get("/healthz").status == 200
        looking.join()


def test_a_second_server_is_refused_in_plain_words(workspace):
    with Server(workspace / "data"):
        answer = Movio(workspace / "data").run("serve", "--listen", "127.0.0.1:0", timeout=30)
        assert answer.returncode == FAILED and "another movio works on" in answer.stderr


def test_a_file_name_in_another_encoding_is_only_a_name(workspace, tiny):
    odd = os.fsencode(workspace) + b"/caf\xe9.mkv"
    pathlib.Path(os.fsdecode(odd)).write_bytes(pathlib.Path(tiny).read_bytes())
    with Server(workspace / "data") as server:
        answer = server.run("ingest", os.fsdecode(odd), timeout=60)
        assert answer.returncode == DONE, answer.stderr
        video, = server.api.json("/api/v2/videos")["items"]
        assert video["title"].startswith("caf") and video["status"] == "ready"


def test_a_description_that_is_too_long_is_refused_by_its_name(workspace, tiny):
    with Server(workspace / "data") as server:
        answer = server.run("ingest", "--description", "ক" * 1000, tiny)
        assert answer.returncode == FAILED and "--description" in answer.stderr
        assert server.run("ingest", "--description", "ক" * 500, tiny).returncode == DONE


def low_port():
    for port in range(1023, 900, -1):
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise AssertionError("no free port below 1024")


@as_root
def test_a_low_port_is_taken_before_the_rights_go(workspace):
    with Server(workspace / "data", listen=f"127.0.0.1:{low_port()}") as server:
        assert server.api.get("/healthz").status == 200
        status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
        assert "0" not in re.search(r"^Uid:\s+(\d+)\s+(\d+)\s+(\d+)", status, re.MULTILINE).groups()


@as_root
def test_an_empty_folder_of_somebody_stays_theirs(workspace):
    folder = workspace / "data"
    folder.mkdir()
    os.chown(folder, 12345, 12345)
    with Server(folder) as server:
        status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
        assert re.search(r"^Uid:\s+12345\s+12345", status, re.MULTILINE)


def test_more_connections_than_the_usual_limit_of_descriptors(workspace):
    with Server(workspace / "data") as server:
        limits = pathlib.Path(f"/proc/{server.pid}/limits").read_text()
        soft, hard = re.search(r"^Max open files\s+(\d+)\s+(\d+)", limits, re.MULTILINE).groups()
        assert int(soft) == min(int(hard), 65536)
