from django.urls import path
from rest_framework import generics, serializers
from rest_framework.response import Response

from django_peer.films.models import Film, Subtitle

FIELDS = ["id", "title", "description", "duration", "custom_video_title", "mp4_s3_mpd_url", "mp4_gcore_cdn_mpd_url"]


class ListedFilm(serializers.ModelSerializer):
    class Meta:
        model = Film
        fields = FIELDS


class SubtitleText(serializers.ModelSerializer):
    class Meta:
        model = Subtitle
        fields = ["language", "content"]


class WholeFilm(serializers.ModelSerializer):
    subtitles = SubtitleText(many=True)

    class Meta:
        model = Film
        fields = [*FIELDS, "subtitles"]


class Films(generics.ListAPIView):
    queryset = Film.objects.all()
    serializer_class = ListedFilm

    def list(self, request, *args, **kwargs):
        return Response({"status_code": 200, "videos": super().list(request, *args, **kwargs).data})


class Metadata(generics.RetrieveAPIView):
    queryset = Film.objects.prefetch_related("subtitles")
    serializer_class = WholeFilm

    def retrieve(self, request, *args, **kwargs):
        film = super().retrieve(request, *args, **kwargs).data
        return Response({"status_code": 200, "video": {"status": "success", "detail": film}})


urlpatterns = [path("api/v1/app/stream/videos/all/", Films.as_view()),
               path("api/v1/app/stream/video-metadata/<uuid:pk>/", Metadata.as_view())]
