"""The command line as a person uses it: what it says, what it refuses, and with which exit code."""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import subprocess
import threading
import time

import pytest

from support import rows
from support.film import FetchedFilm, check_film
from support.server import DONE, FAILED, ROOT, USAGE, Movio, Server, make_folder, remove_folder

COMMANDS = [["serve"], ["ingest"], ["plan"], ["migrate"], ["jobs"], ["jobs", "list"], ["jobs", "show"],
            ["jobs", "retry"], ["jobs", "cancel"], ["jobs", "priority"], ["tasks"], ["tasks", "retry"],
            ["user"], ["user", "add"], ["user", "list"], ["user", "role"],
            ["user", "quota"], ["user", "invite"], ["user", "invites"], ["user", "uninvite"], ["user", "password"],
            ["user", "disable"], ["user", "enable"], ["user", "delete"], ["user", "resync"], ["user", "logout"],
            ["user", "reset-password"], ["notices"], ["notices", "list"], ["notices", "show"],
            ["group"], ["group", "add"], ["group", "list"], ["group", "set"], ["group", "delete"], ["group", "members"],
            ["group", "import"], ["token"], ["token", "create"], ["token", "list"], ["token", "revoke"], ["keys"],
            ["keys", "rotate"], ["keys", "rotate-media"], ["keys", "nginx"], ["search"], ["search", "rebuild"],
            ["config"], ["config", "show"], ["config", "check"], ["version"]]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="needs root")


@pytest.fixture(scope="module")
def tiny(films):
    """A film that is made in a moment."""
    return films.film("tiny", seconds=1, size="64x64", sound=0)


def long_film(films):
    """A film whose work takes some seconds."""
    return films.film("long", seconds=90, size="854x480")


def until_ready(server, video_id, seconds=120):
    """Also when it is failed yet, because it was told to go on a moment ago."""
    deadline = time.monotonic() + seconds
    while (video := server.api.video(video_id))["status"] != "ready":
        assert time.monotonic() < deadline, f"{video}\n{server.log_end()}"
        time.sleep(0.1)
    return video


class TestHelp:
    def test_no_command_is_wrong_and_shows_the_commands(self, movio):
        answer = movio.run(data_dir=False)
        assert answer.returncode == USAGE and "--help" in answer.stdout + answer.stderr

    def test_help_lists_every_command_with_examples(self, movio):
        answer = movio.run("--help", data_dir=False)
        assert answer.returncode == DONE and "Examples:" in answer.stdout
        for command in COMMANDS:
            assert command[0] in answer.stdout

    @pytest.mark.parametrize("command", COMMANDS, ids=" ".join)
    def test_each_command_has_help_and_examples(self, movio, command):
        answer = movio.run(*command, "--help", data_dir=False)
        assert answer.returncode == DONE and answer.stderr == ""
        assert f"movio {' '.join(command)}" in answer.stdout and "Example" in answer.stdout

    def test_the_manual_names_every_command_and_setting(self, movio):
        manual = (ROOT / "docs" / "command-line.md").read_text()
        for command in COMMANDS:
            assert f"`movio {' '.join(command)}" in manual
        shown = movio.run("config", "show", data_dir=False).stdout
        settings = set(re.findall(r"^([a-z_]+\.[a-z_\d]+) = ", shown, re.MULTILINE))
        told = set(re.findall(r"^\| `([a-z_]+\.[a-z_\d]+)` \|", manual, re.MULTILINE))
        assert len(settings) > 10 and settings == told

    def test_unknown_command_flag_and_choice_are_refused(self, movio):
        for arguments in (["nonsense"], ["serve", "--nonsense"], ["jobs", "list", "--state", "odd"], ["jobs", "show"]):
            answer = movio.run(*arguments, data_dir=False)
            assert answer.returncode == USAGE and answer.stderr, arguments

    def test_version_names_the_program_and_its_libraries(self, movio):
        answer = movio.run("version", data_dir=False)
        assert answer.returncode == DONE and re.match(r"movio \d+\.\d+", answer.stdout)
        assert "libavcodec" in answer.stdout

    def test_nothing_is_made_by_looking(self, movio):
        for arguments in (["--help"], ["version"], ["config", "show"], ["config", "check"]):
            movio.run(*arguments)
        assert not movio.data_dir.exists()


class TestMigrate:
    def test_makes_the_databases_and_the_second_run_does_nothing(self, movio):
        first, second = movio.run("migrate"), movio.run("migrate")
        assert first.returncode == DONE and "applied" in first.stdout, first.stderr
        assert second.returncode == DONE and second.stdout.count("nothing to do") == 4
        rows.check_sound(movio.data_dir)

    def test_refuses_while_a_server_works_there(self, server):
        answer = server.run("migrate")
        assert answer.returncode == FAILED and "stop the server" in answer.stderr


class TestIngest:
    def test_without_a_server_the_command_does_the_work(self, movio, tiny, workspace):
        answer = movio.run("ingest", tiny, "--title", "Made alone")
        assert answer.returncode == DONE, answer.stderr
        video_id = answer.stdout.split()[0]
        with Server(workspace / "data") as server:
            video = server.api.video(video_id)
            assert (video["status"], video["title"]) == ("ready", "Made alone")
            check_film(FetchedFilm(server.api, video))

    def test_with_a_server_the_server_does_the_work(self, server, tiny):
        answer = server.ingest(tiny)
        assert answer.returncode == DONE, answer.stderr
        video_id = answer.stdout.split()[0]
        assert f"{server.address}/watch/{video_id}" in answer.stdout and "main.mpd" in answer.stdout
        assert server.api.video(video_id)["status"] == "ready"

    def test_several_files_are_added_in_order(self, server, tiny, films):
        other = films.film("tiny-two", seconds=1, size="80x64", sound=1)
        answer = server.ingest(tiny, other)
        assert answer.returncode == DONE, answer.stderr
        assert [video["title"] for video in server.api.json("/api/v2/videos")["items"]] == ["tiny-two", "tiny"]

    def test_commands_at_the_same_time_share_one_server(self, server, tiny):
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(server.ingest(tiny))) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [answer.returncode for answer in answers] == [DONE] * 4, [answer.stderr for answer in answers]
        assert len(server.api.json("/api/v2/videos")["items"]) == 4

    def test_no_wait_returns_when_the_file_is_safe(self, server, films):
        video_id = server.submit(long_film(films))
        assert server.api.video(video_id)["status"] in ("submitted", "processing", "playable")
        key, = [row["source_key"] for row in rows.query(server.data_dir, "catalog", "SELECT source_key FROM videos")]
        assert (server.data_dir / "blobs" / key).exists()
        server.wait_for(video_id, "processing", "playable")
        assert server.run("jobs", "cancel", server.jobs("running")[0]["id"]).returncode == DONE

    def test_one_bad_file_does_not_stop_the_others(self, server, tiny, films):
        answer = server.ingest(films.file("words.mp4", "no film at all\n" * 50), tiny)
        assert answer.returncode == FAILED and "words.mp4: failed:" in answer.stderr
        assert "tiny.mkv" in answer.stdout

    @pytest.mark.parametrize("name", ["with spaces.mkv", "line\nbreak.mkv", "--title.mkv", "-", "ünïcödé ✓ 日本.mkv",
                                      "a" * 250 + ".mkv", "%d%s%n.mkv", "..mkv", "quote'\"`$(id).mkv",
                                      "..%2F..%2Fx.mp4", "no-ending", ".mkv"])
    def test_odd_names_are_only_names(self, server, tiny, workspace, name):
        path = workspace / name
        shutil.copy(tiny, path)
        answer = server.run("ingest", "--", f"{workspace}/{name}" if name != "-" else path)
        assert answer.returncode == DONE, answer.stderr
        video = server.api.json("/api/v2/videos")["items"][0]
        assert video["status"] == "ready" and video["title"]
        assert not re.search(r"[\x00-\x1f]", video["title"])
        assert sorted(path.name for path in workspace.iterdir() if path.suffix != ".log") == sorted([name, "data"])

    def test_relative_name_with_a_leading_dash(self, server, tiny, workspace):
        shutil.copy(tiny, workspace / "-dash.mkv")
        assert server.run("ingest", "--", "-dash.mkv", cwd=workspace).returncode == DONE

    @pytest.mark.parametrize("name", ["..%2F..%2F..%2Fx.mp4", "%2Fetc%2Fpasswd", "..%5C..%5Cx.mp4", "%00", "", "..",
                                      "a%2F..%2F..%2Fb", "x" * 4000, "%ff%fe.mp4"])
    def test_name_sent_by_a_client_never_becomes_a_path(self, server, tiny, name):
        status, body = admin_post(server, f"/admin/uploads?filename={name}", tiny.read_bytes())
        if status == 400:
            # A byte that is no text is refused with the request.
            assert name in ("%00", "%ff%fe.mp4") and rows.blob_files(server.data_dir) == {}
            return
        assert status == 201, body
        row, = rows.query(server.data_dir, "catalog", "SELECT * FROM videos")
        assert "/" not in row["filename"] and "\\" not in row["filename"] and len(row["filename"].encode()) <= 255
        assert row["source_key"] == f"source/{row['id']}/1"
        outside = [path.name for path in server.data_dir.parent.iterdir()]
        assert sorted(outside) == ["data", "data.log"]
        server.wait_for(row["id"], "ready")

    @pytest.mark.parametrize("make, code, words", [
        (lambda folder: folder / "absent.mp4", USAGE, "absent.mp4"),
        (lambda folder: folder, USAGE, ""),
        (lambda folder: folder / "empty.mp4", FAILED, "empty"),
    ], ids=["missing", "folder", "empty"])
    def test_what_is_no_file_is_refused(self, server, workspace, make, code, words):
        (workspace / "empty.mp4").touch()
        answer = server.ingest(make(workspace))
        assert answer.returncode == code and words in answer.stderr, answer.stderr
        assert server.films() == []

    def test_title_for_several_files_is_refused(self, server, tiny):
        assert server.ingest(tiny, tiny, arguments=["--title", "One"]).returncode == USAGE

    def test_file_above_the_limit_is_refused_before_it_is_sent(self, workspace, films):
        with Server(workspace / "data", "--uploads-bytes-max", "1000") as server:
            answer = server.ingest(films.film("tiny", seconds=1, size="64x64", sound=0))
            assert answer.returncode == FAILED and "uploads.bytes_max" in answer.stderr
            assert server.films() == [] and rows.blob_files(server.data_dir) == {}

    def test_upload_cut_off_leaves_nothing(self, server, tiny):
        with socket.socket(socket.AF_UNIX) as line:
            line.connect(str(server.data_dir / "admin.sock"))
            line.sendall(b"POST /admin/uploads?filename=x.mp4 HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"
                         + tiny.read_bytes()[:2000])
            time.sleep(0.3)
        deadline = time.monotonic() + 10
        while (rows.query(server.data_dir, "catalog", "SELECT id FROM videos") or server.scratch_files()) \
                and time.monotonic() < deadline:
            time.sleep(0.1)
        assert rows.query(server.data_dir, "catalog", "SELECT id FROM videos") == []
        assert server.scratch_files() == [] and rows.blob_files(server.data_dir) == {}


def admin_post(server, target, body=b""):
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(30)
        line.connect(str(server.data_dir / "admin.sock"))
        line.sendall(f"POST {target} HTTP/1.1\r\nHost: admin\r\nContent-Length: {len(body)}\r\n"
                     "Connection: close\r\n\r\n".encode() + body)
        answer = b""
        while piece := line.recv(65536):
            answer += piece
    return int(answer.split()[1]), answer.partition(b"\r\n\r\n")[2]


class TestJobs:
    def test_list_and_show_tell_of_a_failed_film(self, server, films):
        server.ingest(films.file("words.mp4", "no film at all\n" * 50))
        job, = server.jobs("failed")
        assert job["state"] == "failed" and job["failure"]["code"] == "not-media"
        shown = server.run("jobs", "show", job["id"])
        assert shown.returncode == DONE and "index" in shown.stdout and "not-media" in shown.stdout
        listed = server.run("jobs", "list")
        assert job["id"] in listed.stdout and "failed" in listed.stdout
        assert server.run("jobs", "list", "--state", "running").stdout == "No jobs.\n"

    def test_cancelled_film_fails_so_and_goes_on_when_retried(self, server, films):
        video_id = server.submit(long_film(films))
        server.wait_for(video_id, "playable")
        job, = server.jobs("running")
        assert server.run("jobs", "cancel", job["id"]).returncode == DONE
        video = server.wait_for(video_id, "failed", seconds=10)
        assert video["failure"]["code"] == "cancelled" and video["playback"] is None
        deadline = time.monotonic() + 10
        while server.media_processes() and time.monotonic() < deadline:
            time.sleep(0.1)
        assert server.media_processes() == []
        again = server.run("jobs", "cancel", job["id"])
        assert again.returncode == FAILED and "ended" in again.stderr
        before = rows.artefacts_of(server.data_dir, video_id)
        assert server.run("jobs", "retry", job["id"]).returncode == DONE
        video = until_ready(server, video_id)
        assert video["failure"] is None
        after = rows.artefacts_of(server.data_dir, video_id)
        assert all(row in after for row in before), "what was stored stays"
        check_film(FetchedFilm(server.api, video))

    def test_unknown_and_finished_jobs_are_refused(self, server, tiny):
        server.ingest(tiny)
        job, = server.jobs("done")
        for action in ("retry", "cancel"):
            assert server.run("jobs", action, job["id"]).returncode == FAILED
            for unknown in ("019aaaaa-0000-7000-8000-000000000000", "nonsense"):
                answer = server.run("jobs", action, unknown)
                assert answer.returncode == FAILED and "There is no" in answer.stderr

    def test_jobs_are_seen_without_a_server_and_nothing_is_started(self, movio, films, workspace):
        with Server(workspace / "data") as server:
            server.submit(long_film(films))
            time.sleep(1)
        job, = movio.jobs("running")
        time.sleep(2)
        assert movio.jobs("running") == [job]
        assert movio.run("jobs", "cancel", job["id"]).returncode == DONE
        assert [one["id"] for one in movio.jobs("cancelled")] == [job["id"]]


class TestStart:
    def test_port_in_use_is_said(self, workspace, movio):
        with socket.create_server(("127.0.0.1", 0)) as taken:
            address = f"127.0.0.1:{taken.getsockname()[1]}"
            answer = movio.run("serve", "--listen", address, timeout=20)
        assert answer.returncode == FAILED and address in answer.stderr and "in use" in answer.stderr.lower()

    def test_second_server_on_the_same_folder_is_refused(self, server):
        answer = server.run("serve", "--listen", "127.0.0.1:0", timeout=20)
        assert answer.returncode == FAILED and "another movio" in answer.stderr
        assert str(server.data_dir) in answer.stderr

    def test_folder_below_a_file_is_refused(self, workspace):
        (workspace / "file").touch()
        answer = Movio(workspace / "file" / "data").run("serve", "--listen", "127.0.0.1:0", timeout=20)
        assert answer.returncode == FAILED and "data folder" in answer.stderr

    @as_root
    def test_root_becomes_the_owner_of_the_folder(self, server):
        status = pathlib.Path(f"/proc/{server.pid}/status").read_text()
        users = re.search(r"^Uid:\s+(\d+)\s+(\d+)\s+(\d+)", status, re.M).groups()
        assert set(users) == {str(server.data_dir.stat().st_uid)} != {"0"}
        assert re.search(r"^Groups:[ \t]*$", status, re.M)

    @as_root
    def test_folder_of_root_with_something_in_it_is_refused(self, movio):
        movio.data_dir.mkdir()
        (movio.data_dir / "precious").touch()
        answer = movio.run("serve", "--listen", "127.0.0.1:0", timeout=20)
        assert answer.returncode == FAILED and "chown" in answer.stderr
        assert [path.name for path in movio.data_dir.iterdir()] == ["precious"]

    @as_root
    def test_folder_that_the_other_user_cannot_reach_is_refused(self, workspace):
        (workspace / "closed").mkdir(mode=0o700)
        answer = Movio(workspace / "closed" / "data").run("serve", "--listen", "127.0.0.1:0", timeout=20)
        assert answer.returncode == FAILED and "--data-dir" in answer.stderr

    @as_root
    def test_folder_of_another_user_is_refused_to_an_ordinary_one(self, workspace):
        folder = workspace / "theirs"
        folder.mkdir(mode=0o755)
        os.chown(folder, 1, 1)
        # Copies: the tree may lie where that user cannot go, such as below /root.
        for program in ("movio", "movio-media"):
            shutil.copy(pathlib.Path(Movio(folder).binary).with_name(program), workspace)
        answer = subprocess.run([workspace / "movio", "serve", "--listen", "127.0.0.1:0", "--data-dir", folder],
                                capture_output=True, text=True, user=65534, group=65534, extra_groups=[], timeout=20,
                                check=False, env={"PATH": "/usr/bin:/bin"})
        assert answer.returncode == FAILED and str(folder) in answer.stderr

    def test_media_process_missing_is_said(self, workspace, movio):
        lonely = workspace / "movio"
        shutil.copy(movio.binary, lonely)
        answer = Movio(workspace / "data", binary=lonely).run("serve", "--listen", "127.0.0.1:0", timeout=20)
        assert answer.returncode == FAILED and "movio-media" in answer.stderr

    def test_interrupt_stops_in_order_too(self, workspace):
        import signal
        server = Server(workspace / "data").start()
        server.process.send_signal(signal.SIGINT)
        assert server.process.wait(20) == 0

    def test_second_start_is_quick(self, workspace):
        with Server(workspace / "data"):
            pass
        started = time.monotonic()
        with Server(workspace / "data"):
            assert time.monotonic() - started < 5


@as_root
class TestFullDisk:
    MEBI = 1 << 20

    @pytest.fixture
    def small_disk(self):
        folder = make_folder()
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=200m,mode=0755", "tmpfs", folder], check=False,
                                 capture_output=True)
        if mounted.returncode:
            remove_folder(folder)
            pytest.skip("this system lets nobody mount a small disk")
        yield folder
        subprocess.run(["umount", "-l", folder], check=True)
        remove_folder(folder)

    def fill(self, folder, leave):
        with open(folder / "ballast", "wb") as ballast:
            # The server writes meanwhile: what was free a moment ago may be taken.
            for _ in range(1000):
                disk = os.statvfs(folder)
                with contextlib.suppress(OSError):
                    os.posix_fallocate(ballast.fileno(), 0, max(1, disk.f_bavail * disk.f_frsize - leave))
                    return
        raise AssertionError("the disk could not be filled")

    def test_no_room_for_the_file_is_said_and_later_there_is(self, small_disk, tiny):
        with Server(small_disk / "data", log=f"{small_disk}.log") as server:
            self.fill(small_disk, 10 * self.MEBI)
            answer = server.ingest(tiny)
            assert answer.returncode == FAILED and "space" in answer.stderr, answer.stderr
            assert server.films() == [] and server.scratch_files() == []
            (small_disk / "ballast").unlink()
            assert server.ingest(tiny).returncode == DONE
        os.unlink(f"{small_disk}.log")

    def test_disk_full_in_the_middle_fails_with_the_reason_and_goes_on_when_retried(self, small_disk, films):
        with Server(small_disk / "data", log=f"{small_disk}.log") as server:
            video_id = server.submit(long_film(films))
            server.wait_for(video_id, "playable")
            self.fill(small_disk, 32 * self.MEBI)  # less than what the store leaves to the databases
            video = server.wait_for(video_id, "failed", seconds=120)
            assert video["failure"]["code"] == "no-space" and "room" in video["failure"]["message"]
            (small_disk / "ballast").unlink()
            job, = server.jobs("failed")
            assert server.run("jobs", "retry", job["id"]).returncode == DONE
            check_film(FetchedFilm(server.api, until_ready(server, video_id)))
            rows.check_nothing_orphaned(server.data_dir)
        os.unlink(f"{small_disk}.log")

    def test_not_a_byte_left_is_survived(self, small_disk, films):
        """Then not even the databases can write."""
        with Server(small_disk / "data", log=f"{small_disk}.log") as server:
            video_id = server.submit(long_film(films))
            server.wait_for(video_id, "playable")
            self.fill(small_disk, 0)
            time.sleep(6)
            assert server.api.json("/healthz") == {"status": "OK"}
            assert server.api.video(video_id)["id"] == video_id
            (small_disk / "ballast").unlink()
            time.sleep(3)
            for job in server.jobs("failed"):
                assert job["failure"]["code"] == "no-space"
                assert server.run("jobs", "retry", job["id"]).returncode == DONE
            check_film(FetchedFilm(server.api, until_ready(server, video_id)))
            rows.check_nothing_orphaned(server.data_dir)
            rows.check_sound(server.data_dir)
        os.unlink(f"{small_disk}.log")
