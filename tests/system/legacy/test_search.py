"""Search as old clients know it."""

import time
import uuid

import pytest

from legacy.old_client import OldClient
from legacy.test_films import member_of, uploaded
from support.server import Server

FILM_HIT = {"id", "title", "description", "created_at", "updated_at", "video_id"}
TRACK_HIT = {"id", "language", "content", "created_at", "updated_at", "video_id", "start_ms"}
TITLES = [("Red fox", "Runs through snow"), ("Blue whale", "Sings in the sea"), ("Red whale", "Swims with the fox"),
          ("হাতি বনে", "দুটি হাতি"), ("Café Übermut", "en français")]


@pytest.fixture(scope="module")
def library(module_workspace, films):
    """(server, member, ids) of films with these titles, oldest first, each with English and French subtitles."""
    tiny = films.film("old-words", seconds=6, size="64x64", sound=0, subtitles=("en", "fr"))
    with Server(module_workspace / "data") as server:
        client, ids = member_of(server), []
        for title, description in TITLES:
            ids.append(uploaded(client.upload(tiny, title=title, description=description)))
            server.wait_for(ids[-1], "ready")
            server.wait_for_captions(ids[-1], 2)
        wait_until(lambda: len(found_tracks(client, search="line")) == 2 * len(TITLES))
        yield server, client, ids


def wait_until(condition, seconds=10):
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def hits(answer):
    assert answer.status == 200 and isinstance(answer.json, list), answer
    return answer.json


def found_films(client, **query):
    return [hit["id"] for hit in hits(client.search_films(**query))]


def found_tracks(client, **query):
    return [(hit["video_id"], hit["language"]) for hit in hits(client.search_subtitles(**query))]


class TestFilms:
    @pytest.mark.contract("S1", "S6")
    def test_by_title_and_description(self, library):
        _, client, ids = library
        answer = hits(client.search_films(search="snow"))
        assert [hit["id"] for hit in answer] == [ids[0]] == [hit["video_id"] for hit in answer]
        assert FILM_HIT <= set(answer[0]) and answer[0]["title"] == "Red fox"
        assert answer[0]["description"] == "Runs through snow"

    @pytest.mark.contract("S3")
    def test_words_are_ored_and_newest_first(self, library):
        _, client, ids = library
        assert found_films(client, search="fox sings") == [ids[2], ids[1], ids[0]]
        assert found_films(client, search=["snow", "sings"]) == [ids[1], ids[0]]

    @pytest.mark.contract("S3")
    def test_nothing_asked_and_nothing_meant(self, library):
        _, client, ids = library
        assert found_films(client) == ids[::-1]
        assert found_films(client, search="") == [] and found_tracks(client, search="") == []
        assert found_films(client, search="unheard") == []

    @pytest.mark.contract("S4")
    def test_one_field_alone(self, library):
        _, client, ids = library
        assert found_films(client, search="title:fox") == [ids[0]]
        assert found_films(client, search="description:fox") == [ids[2]]
        assert found_films(client, search="colour:fox") == [ids[2], ids[0]] or \
            found_films(client, search="colour:fox") == []

    @pytest.mark.contract("S5")
    def test_order_and_filters(self, library):
        _, client, ids = library
        assert found_films(client, ordering="created_at") == ids
        assert found_films(client, ordering="-created_at") == ids[::-1]
        assert found_films(client, ids=f"{ids[0]}__{ids[3]}") == [ids[3], ids[0]]
        times = {hit["id"]: hit["created_at"] for hit in hits(client.search_films())}
        middle = times[ids[2]]
        assert found_films(client, created_at__gte=middle) == ids[:1:-1]
        assert found_films(client, created_at__gt=middle) == ids[:2:-1]
        assert found_films(client, created_at__lte=middle) == ids[2::-1]
        assert found_films(client, created_at__lt=middle) == ids[1::-1]
        assert found_films(client, created_at__range=f"{times[ids[1]]}__{middle}") == [ids[2], ids[1]]

    @pytest.mark.contract("S1")
    def test_any_script_and_any_marks(self, library):
        _, client, ids = library
        assert found_films(client, search="হাতি") == [ids[3]]
        assert found_films(client, search="cafe ubermut") == [ids[4]]

    @pytest.mark.contract("S1")
    def test_at_most_ten(self, workspace, films):
        tiny = films.film("old-tiny", seconds=1, size="64x64", sound=0)
        with Server(workspace / "data") as server:
            client = member_of(server)
            ids = [uploaded(client.upload(tiny, title=f"Same words {number}")) for number in range(12)]
            wait_until(lambda: found_films(client, search="words")[:1] == ids[-1:])
            assert found_films(client, search="words") == ids[:1:-1]

    @pytest.mark.contract("L4")
    def test_what_the_caller_may_not_see_is_not_found(self, library):
        server, client, ids = library
        answer = client.request("PATCH", f"/api/v2/videos/{ids[1]}", b'{"visibility":"private"}',
                                {"Content-Type": "application/json"})
        assert answer.status == 200, answer
        stranger = OldClient(server.address)
        assert ids[1] not in found_films(stranger, search="sings")
        assert ids[1] not in [video for video, _ in found_tracks(stranger, search="line")]
        assert found_films(client, search="sings") == [ids[1]]
        client.request("PATCH", f"/api/v2/videos/{ids[1]}", b'{"visibility":"public"}',
                       {"Content-Type": "application/json"})
        wait_until(lambda: found_films(stranger, search="sings") == [ids[1]])


class TestSubtitles:
    @pytest.mark.contract("S2", "S6")
    def test_hits_carry_the_track_and_the_moment(self, library):
        _, client, ids = library
        answer = [hit for hit in hits(client.search_subtitles(search="content:3")) if hit["video_id"] == ids[0]]
        assert len(answer) == 2 and all(TRACK_HIT <= set(hit) for hit in answer)
        assert all(hit["content"].startswith("WEBVTT") and hit["start_ms"] == 4000 for hit in answer)
        assert all(str(uuid.UUID(hit["id"])) == hit["id"] for hit in answer)

    @pytest.mark.contract("S2", "S4")
    def test_language_is_a_field(self, library):
        _, client, ids = library
        assert {language for _, language in found_tracks(client, search="language:fr")} == {"fr"}
        assert len(found_tracks(client, search="language:fr")) == len(ids)
        assert {language for _, language in found_tracks(client, search="content:en")} == {"en"}

    @pytest.mark.contract("S3")
    def test_newest_first_and_nothing_asked(self, library):
        _, client, ids = library
        assert [video for video, _ in found_tracks(client)][::2] == ids[::-1]
        assert [video for video, _ in found_tracks(client, search="line")][::2] == ids[::-1]

    @pytest.mark.contract("L4")
    def test_a_film_in_the_trash_is_not_found(self, library):
        _, client, ids = library
        assert client.request("DELETE", f"/api/v2/videos/{ids[4]}").status == 204
        wait_until(lambda: ids[4] not in [video for video, _ in found_tracks(client, search="line")])
        assert client.film(ids[4]).status == 404 and found_films(client, search="cafe") == []
        assert client.request("POST", f"/api/v2/videos/{ids[4]}/restore").status == 200
        wait_until(lambda: found_films(client, search="cafe") == [ids[4]])
