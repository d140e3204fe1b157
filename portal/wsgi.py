"""The web processes' entry: `gunicorn portal.wsgi`."""

import os

from django.core.handlers.wsgi import WSGIRequest
from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings")


class Request(WSGIRequest):
    """Reads everything as UTF-8, whatever `charset` a visitor names: Python knows some that decode no text."""

    encoding = property(lambda request: "utf-8", lambda request, named: None)


application = get_wsgi_application()
application.request_class = Request
