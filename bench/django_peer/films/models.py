import uuid

from django.db import models


class Film(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    title = models.CharField(max_length=220)
    description = models.TextField(null=True)
    duration = models.DurationField(null=True)
    custom_video_title = models.CharField(max_length=300)
    mp4_s3_mpd_url = models.TextField(null=True)
    mp4_gcore_cdn_mpd_url = models.TextField(null=True)
    created_at = models.DateTimeField(auto_now_add=True, db_index=True)

    class Meta:
        ordering = ["-created_at"]


class Subtitle(models.Model):
    film = models.ForeignKey(Film, related_name="subtitles", on_delete=models.CASCADE)
    language = models.CharField(max_length=10)
    content = models.TextField()
