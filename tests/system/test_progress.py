"""What people see while a film is made."""

import time

import pytest

pytestmark = pytest.mark.alone

STAGES = ["waiting", "index", "encode", "finish"]


@pytest.fixture(scope="module")
def film(films):
    return films.film("progress", seconds=48, size="1280x720")


def progress_until_ready(server, video_id, seconds=180):
    """(seconds since the beginning, progress) at each change."""
    started, seen = time.monotonic(), []
    while (video := server.api.video(video_id))["status"] != "ready":
        elapsed = time.monotonic() - started
        assert video["status"] != "failed" and elapsed < seconds, f"{video}\n{server.log_end()}"
        if not seen or seen[-1][1] != video["progress"]:
            seen.append((elapsed, video["progress"]))
        time.sleep(0.02)
    assert video["progress"] is None, "a film that is ready has no progress"
    return seen


def test_progress_rises_and_tells_the_time_that_is_left(server, film):
    asked = time.monotonic()
    video_id = server.submit(film)
    submitting = time.monotonic() - asked
    seen = progress_until_ready(server, video_id)
    percents = [progress["percent"] for _, progress in seen]
    stages = [STAGES.index(progress["stage"]) for _, progress in seen]
    assert percents == sorted(percents) and stages == sorted(stages)
    assert 0 <= percents[0] <= 5 and 20 < percents[-1] <= 100
    assert len(set(percents)) >= 4, f"it says too little: {seen}"
    told = [(elapsed, progress) for elapsed, progress in seen if progress["seconds_left"] is not None]
    assert told and all(progress["seconds_left"] >= 0 for _, progress in told), seen
    # By the pace so far the second half takes no longer than the first.
    late = [(elapsed, progress) for elapsed, progress in told if progress["percent"] >= 55]
    assert late and all(progress["seconds_left"] <= elapsed + submitting for elapsed, progress in late), seen
