"""The web processes' entry with the addresses of `tests.bench.urls`: the same settings, the same middleware."""

from django.conf import settings

from portal.wsgi import application

settings.ROOT_URLCONF = "tests.bench.urls"
__all__ = ["application"]
