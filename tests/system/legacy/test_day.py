"""A day of an old client: all it does, one after the other, on one server."""

import re
import time

import pytest

from legacy.old_client import OldClient
from legacy.test_accounts import person
from support.server import Server


@pytest.mark.contract("A2", "A4", "U1", "M1", "L1", "S1", "S2")
def test_a_day(workspace, films):
    mkv = films.film("day", seconds=8, size="320x180", sound=1, subtitles=("en",))
    mp4 = films.film("day", seconds=4, size="320x180", sound=1, container="mp4")
    with Server(workspace / "data") as server:
        fields = person()
        client = OldClient(server.address)
        assert client.sign_up(**fields).status == 200
        assert client.log_in(credential=fields["username"], password=fields["password"]).status == 200
        assert client.log_in(credential=fields["email"], password=fields["password"]).status == 200

        ids = []
        for file, file_first in ((mkv, True), (mp4, False)):
            answer = client.upload(file, file_first, title=f"Day of {file.name}", duration="00:00:08",
                                   description="An old client sent this")
            assert answer.status == 202, answer
            ids.append(answer.json["video_id"])
        assert [film["id"] for film in client.films().json["videos"]["results"]] == ids[::-1]

        # It asks again and again until there is an address, and plays.
        for video_id in ids:
            deadline = time.monotonic() + 120
            while not (address := client.film(video_id).json["video"]["detail"]["mp4_gcore_cdn_mpd_url"]):
                assert time.monotonic() < deadline, server.log_end()
                time.sleep(0.2)
            manifest = client.get(address.removeprefix(server.address))
            assert manifest.status == 200 and b"<MPD" in manifest.body
        server.wait_for(ids[0], "ready")
        server.wait_for(ids[1], "ready")

        deadline = time.monotonic() + 20
        while not (found := client.search_subtitles(search="line").json):
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert found[0]["video_id"] == ids[0] and found[0]["start_ms"] == 0
        assert [hit["id"] for hit in client.search_films(search="client").json] == ids[::-1]

        # Everything it may get wrong has an answer, and changes nothing.
        wrong = [client.upload(title="No file"), client.upload(mp4), client.upload(mp4, title="x", duration="soon"),
                 client.upload(b"not a film at all, just words" * 20, name="a.mp4", title="x"),
                 client.film("nonsense"), client.films(page="77"),
                 client.log_in(credential=fields["email"], password="wrong"), client.sign_up(**fields)]
        assert [answer.status for answer in wrong] == [400, 400, 400, 400, 404, 404, 400, 400]
        assert client.films().json["videos"]["count"] == 2


@pytest.mark.contract("R1")
def test_too_often_is_told_with_the_time_to_wait(workspace):
    with Server(workspace / "data", "--limits-logins-per-minute", "3") as server:
        client = OldClient(server.address)
        answers = [client.log_in(credential="nobody", password="wrong") for _ in range(5)]
        assert [answer.status for answer in answers] == [400, 400, 400, 429, 429]
        last = answers[-1].json
        assert last["status"] == "error" and last["detail"] == "rate-limit-exceeded" and last["message"]
        assert 0 < last["data"]["wait_time"] <= 60
        assert abs(int(answers[-1].headers["Retry-After"]) - last["data"]["wait_time"]) <= 1
        assert answers[-1].headers["RateLimit-Policy"] == '"login";q=3;w=60'
        assert re.fullmatch(r'"login";r=0;t=\d+', answers[-1].headers["RateLimit"])
