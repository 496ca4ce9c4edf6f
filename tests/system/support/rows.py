"""The databases, read as they lie on the disk, never written."""

import hashlib
import pathlib
import re
import sqlite3


def connect(data_dir, name):
    connection = sqlite3.connect(f"file:{pathlib.Path(data_dir) / name}.db?mode=ro", uri=True, timeout=10)
    connection.row_factory = sqlite3.Row
    return connection


def query(data_dir, name, sql, *values):
    connection = connect(data_dir, name)
    try:
        return [dict(row) for row in connection.execute(sql, values)]
    finally:
        connection.close()


def check_sound(data_dir):
    for name in ("accounts", "catalog", "processing", "search"):
        assert [list(row.values()) for row in query(data_dir, name, "PRAGMA integrity_check")] == [["ok"]], name
        assert query(data_dir, name, "PRAGMA foreign_key_check") == [], name


def tasks_of(data_dir, name="processing"):
    return query(data_dir, name, "SELECT j.subject, j.kind AS job_kind, j.state AS job_state, t.* FROM tasks t "
                                 "JOIN jobs j ON j.id = t.job_id")


def artefacts_of(data_dir, video_id):
    return query(data_dir, "processing", "SELECT * FROM artefacts WHERE video = ?", video_id)


def blob_files(data_dir):
    """Every blob by key."""
    root = pathlib.Path(data_dir) / "blobs"
    return {str(path.relative_to(root)): path for path in root.rglob("*")
            if path.is_file() and not path.relative_to(root).parts[0].startswith(".")}


def artefact_key(row):
    name = "init.mp4" if row["n"] == 0 else f"{row['n']}.m4s"
    return f"media/{row['video']}/{row['revision']}/{row['rendition']}/{name}"


def expected_keys(data_dir):
    """Every key that a row accounts for, apart from what the index pass handed over: see `is_handed_over`."""
    keys = {artefact_key(row) for row in query(data_dir, "processing", "SELECT * FROM artefacts")}
    for film in query(data_dir, "processing", "SELECT * FROM films"):
        if film["source_deleted_us"] is None:
            keys.add(film["source_key"])
        keys |= {film[column] for column in ("plan_key", "measured_key") if film[column]}
    for video in query(data_dir, "catalog", "SELECT * FROM videos"):
        keys |= {video[column] for column in ("source_key", "plan_key", "measured_key", "poster_key", "preview_key")
                 if video[column]}
        if video["storyboard"]:
            keys.add(f"media/{video['id']}/{video['revision']}/image/storyboard-1.jpg")
    for track in query(data_dir, "catalog", "SELECT * FROM tracks"):
        keys.add(f"media/{track['video_id']}/text/{track['id']}/{track['version']}.vtt")
    return keys


def is_handed_over(key, data_dir):
    """Raw cues, figures and images of a known film: they belong to its revision and go with it."""
    films = query(data_dir, "processing", "SELECT video_id, revision FROM films")
    known = {f"{film['video_id']}/{film['revision']}" for film in films}
    found = re.fullmatch(r"work/([^/]+/[^/]+)/(cues|look|strip|levels)-\d+\.(json|jpg)|"
                         r"media/([^/]+/[^/]+)/image/(poster|poster-best|storyboard-\d+)\.jpg|"
                         r"media/([^/]+/[^/]+)/image/preview\.webp", key)
    return found is not None and (found[1] or found[4] or found[6]) in known


def check_nothing_orphaned(data_dir):
    """Blobs and rows are the same set, and each segment is what its row says."""
    files, keys = blob_files(data_dir), expected_keys(data_dir)
    unknown = [key for key in sorted(set(files) - keys) if not is_handed_over(key, data_dir)]
    assert unknown == [], "blobs that no row knows"
    assert sorted(keys - set(files)) == [], "rows whose blob is missing"
    for row in query(data_dir, "processing", "SELECT * FROM artefacts"):
        content = files[artefact_key(row)].read_bytes()
        assert (len(content), hashlib.sha256(content).hexdigest()) == (row["bytes"], row["sha256"]), artefact_key(row)
