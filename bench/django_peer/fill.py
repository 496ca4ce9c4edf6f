"""Makes the tables and 100 films, each with one track of 20 cues; prints the id of one."""

import datetime

import django

django.setup()

from django.db import connection

from django_peer.films.models import Film, Subtitle

CUES = "".join(f"\n00:00:{number:02}.000 --> 00:00:{number:02}.900\nLine {number} of the film\n" for number in range(20))

with connection.schema_editor() as editor:
    editor.create_model(Film)
    editor.create_model(Subtitle)
for count in range(100):
    film = Film.objects.create(
        title=f"Film {count}", description="Words about it.", duration=datetime.timedelta(seconds=60),
        custom_video_title=f"x__film{count}", mp4_s3_mpd_url=f"https://s3.example/segments/{count}/manifest.mpd",
        mp4_gcore_cdn_mpd_url=f"https://cdn.example/segments/{count}/manifest.mpd")
    Subtitle.objects.create(film=film, language="en", content="WEBVTT\n" + CUES)
print(film.id)
