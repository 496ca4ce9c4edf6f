"""What a running server answers: the API's films, live progress, manifests, segments, and how they are cached."""

import gzip
import http.client
import re
import subprocess
import threading

import pytest

from support import boxes, ffmpeg, rows
from support.film import FetchedFilm, check_film

CUES = ("en", "bn")


@pytest.fixture(scope="module")
def film(module_server, films):
    """A ready film of 20 s, three rungs, two sound tracks and two subtitle tracks."""
    path = films.film("surface", seconds=20, size="1280x720", sound=2, subtitles=CUES)
    video_id = module_server.submit(path, "--title", "A title with <b> & \"quotes\"", "--description", "Words.")
    module_server.wait_for(video_id, "ready")
    module_server.wait_for_captions(video_id, len(CUES))
    return FetchedFilm(module_server.api, module_server.api.video(video_id))


@pytest.fixture
def api(module_server):
    return module_server.api


def problem_of(answer, status, code):
    assert answer.status == status, answer
    assert answer.header("Content-Type").startswith("application/problem+json")
    problem = answer.json()
    assert problem["type"] == f"/doc/problems/{code}" and problem["status"] == status
    assert problem["title"] and problem["detail"]
    return problem


class TestVideos:
    def test_film_has_every_field_of_the_contract(self, film):
        video = film.video
        assert set(video) == {"id", "title", "description", "status", "failure", "duration_ms", "created_at",
                              "progress", "playback", "rungs", "audio", "chapters", "analysis", "captions",
                              "visibility", "licence", "attribution", "mine", "moderation", "shared_with",
                              "groups", "deleted_at", "purge_at", "playable_after_ms", "estimate", "actual"}
        assert (video["shared_with"], video["groups"]) == (None, None)
        assert (video["licence"], video["attribution"], video["moderation"]) == ("", "", None)
        assert (video["visibility"], video["mine"], video["deleted_at"], video["purge_at"]) == (
            "public", False, None, None)
        assert video["title"] == 'A title with <b> & "quotes"' and video["description"] == "Words."
        assert (video["status"], video["failure"], video["progress"]) == ("ready", None, None)
        assert abs(video["duration_ms"] - 20_000) <= 40
        assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", video["created_at"])
        assert re.fullmatch(r"[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}", video["id"])
        assert [(rung["width"], rung["height"]) for rung in video["rungs"]] == [(640, 360), (854, 480), (1280, 720)]
        assert all(rung["codec"].startswith("avc1.") and rung["bandwidth"] > 0 for rung in video["rungs"])
        assert [track["language"] for track in video["captions"]] == sorted(CUES)
        assert all(track["source"] == "embedded" for track in video["captions"])
        assert len(video["audio"]) == 2
        for name in ("dash_url", "hls_url", "poster_url", "storyboard_url", "preview_url"):
            assert video["playback"][name].startswith("/media/o/")
        assert video["playback"]["chapters_url"] is None and video["chapters"] == []

    def test_list_pages_by_cursor_newest_first_and_stays_stable(self, module_server, film, films, api):
        path = films.film("tiny", seconds=1, size="64x64", sound=0)
        added = [module_server.submit(path) for _ in range(4)]
        for video_id in added:
            module_server.wait_for(video_id, "ready")
        first = api.json("/api/v2/videos?limit=2")
        assert [video["id"] for video in first["items"]] == [added[3], added[2]]
        late = module_server.submit(path)  # inserted between two pages
        module_server.wait_for(late, "ready")
        seen, cursor = [], first["next"]
        while cursor:
            page = api.json(f"/api/v2/videos?limit=2&cursor={cursor}")
            seen += [video["id"] for video in page["items"]]
            cursor = page["next"]
        assert late not in seen and seen[:2] == [added[1], added[0]] and film.video["id"] in seen
        assert len(seen) == len(set(seen))

    @pytest.mark.parametrize("path", ["/api/v2/videos?limit=0", "/api/v2/videos?limit=101", "/api/v2/videos?limit=x",
                                      "/api/v2/videos?cursor=nonsense"])
    def test_bad_parameter_is_a_problem(self, api, path):
        problem_of(api.get(path), 400, "invalid")

    def test_unknown_id_is_not_found(self, api):
        problem_of(api.get("/api/v2/videos/019aaaaa-0000-7000-8000-000000000000"), 404, "not-found")
        assert api.get("/api/v2/videos/nonsense").status in (400, 404)

    def test_unknown_api_path_is_a_problem_and_not_the_page(self, api):
        problem_of(api.get("/api/v2/nothing"), 404, "not-found")

    def test_wrong_method_names_the_right_ones(self, api, film):
        answer = api.request("DELETE", "/api/v2/videos")
        problem_of(answer, 405, "method-not-allowed")
        assert {"GET", "HEAD"} <= {name.strip() for name in answer.header("Allow").split(",")}

    def test_head_has_the_headers_of_get_and_no_body(self, api, film):
        for path in (f"/api/v2/videos/{film.video['id']}", film.mpd_address, film.renditions("video")[0].init):
            get, head = api.get(path), api.request("HEAD", path)
            assert (head.status, head.body) == (200, b"")
            for name in ("Content-Type", "Content-Length", "ETag", "Cache-Control"):
                assert head.header(name) == get.header(name), name

    def test_every_answer_has_a_request_id(self, api):
        ids = {api.get(path).header("X-Request-Id") for path in ("/api/v2/videos", "/api/v2/nothing", "/healthz")}
        assert len(ids) == 3 and None not in ids

    def test_json_is_compressed_when_asked_for(self, api, film):
        plain, packed = api.get("/api/v2/videos"), api.get("/api/v2/videos", Accept_Encoding="gzip")
        assert packed.header("Content-Encoding") == "gzip" and "Accept-Encoding" in packed.header("Vary")
        assert gzip.decompress(packed.body) == plain.body and len(packed.body) < len(plain.body)

    def test_keep_alive_and_pipelining_answer_in_order(self, api, film):
        import socket
        paths = [f"/api/v2/videos/{film.video['id']}", "/healthz", film.mpd_address]
        request = "".join(f"GET {path} HTTP/1.1\r\nHost: test\r\n\r\n" for path in paths)
        with socket.create_connection((api.host, api.port), timeout=10) as line:
            line.sendall(request.encode())
            reader = line.makefile("rb")
            bodies = []
            for _ in paths:
                assert reader.readline().startswith(b"HTTP/1.1 200")
                headers = http.client.parse_headers(reader)
                bodies.append(reader.read(int(headers["Content-Length"])))
        assert bodies == [api.bytes(path) for path in paths]


class TestManifests:
    def test_times_agree_in_dash_hls_and_segments(self, film):
        check_film(film)

    def test_mpd_is_valid_by_the_schema(self, film, test_data, tmp_path):
        schema = test_data / "fixtures" / "dash-schema"
        path = tmp_path / "main.mpd"
        path.write_text(film.mpd_text)
        outcome = subprocess.run(["xmllint", "--noout", "--nonet", "--schema", schema / "DASH-MPD.xsd", path],
                                 capture_output=True, text=True, check=False, cwd=schema,
                                 env={"XML_CATALOG_FILES": str(schema / "catalog.xml"), "PATH": "/usr/bin:/bin"})
        assert outcome.returncode == 0, outcome.stderr

    def test_captions_and_sound_are_in_both_manifests(self, film):
        assert sorted(track.language for track in film.renditions("text")) == sorted(CUES)
        assert len(film.renditions("audio")) == 2
        kinds = [(entry["TYPE"], entry["LANGUAGE"]) for entry in film.master.media]
        assert sorted(kinds) == sorted([("AUDIO", "und")] * 2 + [("SUBTITLES", language) for language in CUES])
        groups = {entry["TYPE"]: entry["GROUP-ID"] for entry in film.master.media}
        for variant in film.master.variants:
            assert (variant["AUDIO"], variant["SUBTITLES"]) == (groups["AUDIO"], groups["SUBTITLES"])

    def test_variants_say_what_apple_asks_for(self, film):
        assert [variant["RESOLUTION"] for variant in film.master.variants] == ["640x360", "854x480", "1280x720"]
        for variant in film.master.variants:
            assert variant["FRAME-RATE"] == "25.000" and variant["CODECS"].startswith("avc1.")
            assert "mp4a.40.2" in variant["CODECS"]
            assert 0 < int(variant["AVERAGE-BANDWIDTH"]) <= int(variant["BANDWIDTH"])

    def test_declared_bandwidth_is_the_measured_peak(self, film):
        """Within 10 %, as Apple's authoring rules 1.26 and 9.13 ask; the heaviest sound is part of it."""
        def peak(rendition):
            return max(len(film.files[address]) * 8 * rendition.timescale / ticks
                       for address, _, ticks in rendition.segments)

        sound = max(peak(rendition) for rendition in film.renditions("audio"))
        for rendition, variant in zip(film.renditions("video"), film.master.variants):
            measured = peak(rendition) + sound
            assert 0.9 * measured <= int(variant["BANDWIDTH"]) <= 1.1 * measured, rendition.name

    def test_captions_are_whole(self, film):
        for index, track in enumerate(film.renditions("text")):
            text = film.caption_text(index)
            assert text.startswith("WEBVTT")
            assert re.findall(r"line \d+", text) == [f"line {number}" for number in range(1, 11)]
            assert f"{track.language} line 1" in text and "00:00:02.000 --> 00:00:03.500" in text

    def test_playlists_are_compressed_and_short_lived(self, api, film):
        for address, kind in ((film.mpd_address, "application/dash+xml"),
                              (film.hls_address, "application/vnd.apple.mpegurl")):
            answer = api.get(address, Accept_Encoding="gzip")
            assert answer.header("Content-Encoding") == "gzip"
            assert answer.header("Content-Type").startswith(kind)
            assert "max-age=5" in answer.header("Cache-Control") and "immutable" not in answer.header("Cache-Control")
            again = api.get(address, If_None_Match=api.get(address).header("ETag"))
            assert (again.status, again.body) == (304, b"")

    def test_addresses_are_relative(self, film):
        assert "http://" not in re.sub(r'xmlns(:\w+)?="[^"]*"|schemeIdUri="[^"]*"', "", film.mpd_text)
        assert all("://" not in playlist.text for playlist in film.playlists.values())

    def test_every_rendition_decodes_without_a_complaint(self, film):
        for rendition in film.renditions("video") + film.renditions("audio"):
            frames, complaints = ffmpeg.decode(film.whole(rendition))
            assert complaints == [] and frames > 0, rendition.name


class TestMediaAnswers:
    @pytest.fixture
    def segment(self, film):
        return film.renditions("video")[-1].segments[1][0]

    def test_segment_is_cached_for_ever(self, api, film, segment):
        for address, kind in ((segment, "video/iso.segment"), (film.renditions("video")[0].init, "video/mp4")):
            answer = api.get(address)
            assert answer.header("Content-Type") == kind
            assert "immutable" in answer.header("Cache-Control") and "31536000" in answer.header("Cache-Control")
            assert answer.header("Accept-Ranges") == "bytes"

    def test_etag_is_the_documented_one_and_saves_the_body(self, api, film, segment):
        answer = api.get(segment)
        rendition = film.renditions("video")[-1].name
        assert answer.header("ETag") == f'"1-{rendition}-2-{len(answer.body)}"'
        again = api.get(segment, If_None_Match=answer.header("ETag"))
        assert (again.status, again.body) == (304, b"") and again.header("ETag") == answer.header("ETag")
        assert api.get(segment, If_None_Match='"other"').status == 200

    @pytest.mark.parametrize("asked, first, last", [("bytes=0-99", 0, 99), ("bytes=100-", 100, None),
                                                    ("bytes=-50", -50, None), ("bytes=0-99999999", 0, None)])
    def test_range_gives_that_part(self, api, segment, asked, first, last):
        whole = api.bytes(segment)
        begin = len(whole) + first if first < 0 else first
        end = len(whole) if last is None else last + 1
        answer = api.get(segment, Range=asked)
        assert answer.status == 206 and answer.body == whole[begin:end]
        assert answer.header("Content-Range") == f"bytes {begin}-{end - 1}/{len(whole)}"

    def test_range_outside_is_refused_with_the_length(self, api, segment):
        answer = api.get(segment, Range="bytes=99999999-")
        assert answer.status == 416
        assert answer.header("Content-Range") == f"bytes */{len(api.bytes(segment))}"

    def test_if_range_of_another_file_gives_all_of_this_one(self, api, segment):
        etag = api.get(segment).header("ETag")
        assert api.get(segment, Range="bytes=0-9", If_Range=etag).status == 206
        assert api.get(segment, Range="bytes=0-9", If_Range='"other"').status == 200

    def test_every_origin_may_read_media(self, api, film, segment):
        for address in (segment, film.mpd_address, film.hls_address):
            answer = api.get(address, Origin="https://elsewhere.example")
            assert answer.header("Access-Control-Allow-Origin") == "*"
        asked = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "GET",
                 "Access-Control-Request-Headers": "range"}
        preflight = api.request("OPTIONS", segment, asked)
        assert preflight.status in (200, 204)
        assert preflight.header("Access-Control-Allow-Origin") == "*"
        assert "range" in preflight.header("Access-Control-Allow-Headers").lower()

    def test_what_is_not_there_is_not_found_at_once(self, api, film):
        folder = film.mpd_address.rpartition("/")[0]
        rendition = film.renditions("video")[0].name
        for name in (f"{rendition}/999.m4s", f"{rendition}/0.m4s", f"{rendition}/01.m4s", "v-h264-999/1.m4s",
                     "other.mpd", "nothing.m3u8", "plan.json", "measured.json", f"{rendition}/"):
            answer = api.get(f"{folder}/{name}")
            assert answer.status == 404, name
            assert "immutable" not in (answer.header("Cache-Control") or "")

    @pytest.mark.parametrize("path", ["/media/o/../../catalog.db", "/media/o/%2e%2e/%2e%2e/catalog.db",
                                      "/media/o/..%2f..%2fcatalog.db", "/media/../catalog.db", "/../../etc/passwd",
                                      "/assets/../../../etc/passwd", "/media/o/{id}/../../../catalog.db",
                                      "/media/o/{id}/1/../../../../catalog.db", "/media//etc/passwd",
                                      "/media/o/{id}/1/%00", "/media/o/{id}/1/v-h264-360/1.m4s%00.mp4"])
    def test_no_path_leads_out_of_the_store(self, api, film, path):
        answer = api.get(path.format(id=film.video["id"]))
        assert answer.status in (200, 400, 404)
        assert b"SQLite" not in answer.body and b"root:" not in answer.body
        assert answer.status != 200 or answer.header("Content-Type").startswith("text/html")

    def test_source_is_never_served(self, api, film, module_server):
        row, = rows.query(module_server.data_dir, "catalog", "SELECT source_key FROM videos WHERE id = ?",
                          film.video["id"])
        for path in (f"/{row['source_key']}", f"/media/o/{row['source_key']}", f"/media/{row['source_key']}"):
            answer = api.get(path)
            assert answer.status == 404 or answer.header("Content-Type").startswith("text/html"), path


class TestSystem:
    def test_health_and_readiness(self, api):
        assert api.json("/healthz") == {"status": "OK"} and api.json("/readyz") == {"status": "OK"}

    def test_metrics_are_in_the_text_format(self, api, film):
        answer = api.get("/metrics")
        assert answer.status == 200 and answer.header("Content-Type").startswith("text/plain; version=0.0.4")
        samples = [line for line in answer.text().splitlines() if line and not line.startswith("#")]
        assert samples and all(re.fullmatch(r'[a-z_:]+(\{.*\})? [-+0-9.eNaIinf]+', line) for line in samples)
        assert any(line.startswith("movio_http") for line in samples)

    def test_log_is_json_and_shares_the_films_id(self, module_server, film):
        lines = module_server.log_lines()
        assert len(lines) == len([line for line in module_server.log_text().splitlines() if line.strip()])
        about = [line for line in lines if line.get("video_id") == film.video["id"]]
        assert len(about) >= 5 and {"time", "level", "event"} <= set(about[0])

    def test_page_is_served_with_a_policy(self, api):
        answer = api.get("/")
        assert answer.status == 200 and answer.header("Content-Type").startswith("text/html")
        assert "default-src 'self'" in answer.header("Content-Security-Policy")


@pytest.mark.alone
class TestWhileItIsMade:
    def test_events_show_the_way_from_submitted_to_ready(self, server, films):
        path = films.film("events", seconds=30, size="854x480")
        video_id = server.submit(path)
        seen = []
        for name, data in server.api.events(f"/api/v2/events?video={video_id}", 120):
            assert name == "video" and data["id"] == video_id
            seen.append(data)
            if data["status"] in ("ready", "failed"):
                break
        order = ["submitted", "processing", "playable", "ready"]
        places = [order.index(data["status"]) for data in seen]
        assert places == sorted(places) and places[-1] == 3 and 2 in places
        percents = [data["progress"]["percent"] for data in seen if data["progress"]]
        assert percents == sorted(percents) and len(set(percents)) >= 3, percents
        assert all(data["progress"]["stage"] for data in seen if data["progress"])
        assert all((data["playback"] is not None) == (data["status"] in ("playable", "ready")) for data in seen)

    def test_one_stream_tells_of_several_films(self, server, films):
        path = films.film("tiny", seconds=1, size="64x64", sound=0)
        wanted = {server.submit(path) for _ in range(3)}
        ready = set()
        for _, data in server.api.events("/api/v2/events?" + "&".join(f"video={one}" for one in wanted), 60):
            if data["status"] == "ready":
                ready.add(data["id"])
            if ready == wanted:
                break
        assert ready == wanted

    def test_segment_is_made_before_its_turn_and_never_changes(self, server, films):
        path = films.film("long", seconds=90, size="854x480")
        video_id = server.submit(path)
        video = server.wait_for(video_id, "playable")
        api = server.api
        mpd = FetchedManifest(api, video)
        rendition, sound = mpd.top, mpd.sound
        address, last = rendition.segments[-1][0], len(rendition.segments)
        early = {}
        for wanted in (address, sound.segments[-1][0]):
            answer = api.get(wanted)
            tries = 0
            while answer.status == 503 and tries < 5:
                assert answer.header("Retry-After") == "1"
                answer, tries = api.get(wanted), tries + 1
            assert answer.status == 200, answer
            early[wanted] = (answer.body, answer.header("ETag"))
        assert api.video(video_id)["status"] == "playable", "the rest is still being made"
        stored = {(row["rendition"], row["n"]) for row in rows.artefacts_of(server.data_dir, video_id)}
        assert (rendition.name, last) in stored and len(stored) < 3 * last
        assert boxes.read_segment(early[address][0]).decode_time == rendition.segments[-1][1]
        video = server.wait_for(video_id, "ready")
        check_film(FetchedFilm(api, video))
        for wanted, (body, etag) in early.items():
            again = api.get(wanted)
            assert (again.body, again.header("ETag")) == (body, etag)

    def test_many_players_asking_for_one_segment_make_it_once(self, server, films):
        path = films.film("long", seconds=90, size="854x480")
        video_id = server.submit(path)
        mpd = FetchedManifest(server.api, server.wait_for(video_id, "playable"))
        address = mpd.top.segments[-3][0]
        answers = []
        threads = [threading.Thread(target=lambda: answers.append(server.api.get(address))) for _ in range(12)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        bodies = {answer.body for answer in answers if answer.status == 200}
        assert len(bodies) == 1 and {answer.status for answer in answers} <= {200, 503}
        tasks = [task for task in rows.tasks_of(server.data_dir) if task["kind"] == "segment"]
        assert len(tasks) == 1
        cancelled = server.run("jobs", "cancel", server.jobs("running")[0]["id"])
        assert cancelled.returncode == 0, cancelled.stderr

    def test_stop_under_load_is_in_order_and_the_next_start_goes_on(self, workspace, films):
        from support.server import Server
        path = films.film("long", seconds=90, size="854x480")
        with Server(workspace / "data") as server:
            video_id = server.submit(path)
            mpd = FetchedManifest(server.api, server.wait_for(video_id, "playable"))
            stop, failures = threading.Event(), []

            def read():
                while not stop.is_set():
                    try:
                        answer = server.api.get(mpd.top.segments[0][0])
                        if answer.status == 200:
                            boxes.read_segment(answer.body)
                    except boxes.BoxError as error:
                        failures.append(error)
                    except (OSError, http.client.HTTPException):
                        if not stop.is_set():
                            continue

            threads = [threading.Thread(target=read) for _ in range(4)]
            for thread in threads:
                thread.start()
            server.stop()
            stop.set()
            for thread in threads:
                thread.join()
            assert failures == []
            before = rows.artefacts_of(server.data_dir, video_id)
        with Server(workspace / "data") as server:
            assert server.api.video(video_id)["status"] == "playable"
            video = server.wait_for(video_id, "ready")
            check_film(FetchedFilm(server.api, video))
            after = rows.artefacts_of(server.data_dir, video_id)
            assert all(row in after for row in before) and len(after) > len(before)


class FetchedManifest:
    """The manifest alone, of a film that is still being made."""

    def __init__(self, api, video):
        from support.manifests import read_mpd
        address = video["playback"]["dash_url"]
        self.mpd = read_mpd(api.bytes(address).decode(), address)
        self.top, self.sound = self.mpd.of("video")[-1], self.mpd.of("audio")[0]
