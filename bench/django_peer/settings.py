"""The original's list and metadata, as Django REST framework makes them, at its best: persistent connections, no
middleware, no browsable pages."""

import os

SECRET_KEY = "only for measuring"
ALLOWED_HOSTS = ["*"]
INSTALLED_APPS = ["django_peer.films"]
MIDDLEWARE = []
ROOT_URLCONF = "django_peer.urls"
USE_TZ = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
DATABASES = {"default": {
    "ENGINE": "django.db.backends.postgresql", "NAME": "postgres", "USER": "movio", "CONN_MAX_AGE": None,
    "HOST": os.environ["MOVIO_TEST_POSTGRES_SOCKET"], "PORT": os.environ["MOVIO_TEST_POSTGRES_PORT"]}}
REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [], "DEFAULT_PERMISSION_CLASSES": [], "UNAUTHENTICATED_USER": None,
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination", "PAGE_SIZE": 10}
