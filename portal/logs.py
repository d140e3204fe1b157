"""Structured logs: one line a request with an id, the route and the outcome; no names, addresses, bodies or tokens."""

import logging
import re
import sys
import time
import traceback
import uuid

import structlog

log = structlog.get_logger("portal.request")

REQUEST_ID = re.compile(r"[\w-]{8,64}")


class RequestIdMiddleware:
    """Binds a request id to all that is logged meanwhile, answers with it, and logs the outcome.

    The id comes from the front server's X-Request-ID if that is well-formed. The route is logged by name:
    paths may carry tokens.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        given = request.headers.get("X-Request-ID", "")
        request_id = given if REQUEST_ID.fullmatch(given) else uuid.uuid4().hex
        structlog.contextvars.clear_contextvars()
        structlog.contextvars.bind_contextvars(request_id=request_id)
        began = time.perf_counter()
        response = self.get_response(request)
        match = request.resolver_match
        log.info(
            "request",
            method=request.method,
            route=match.view_name if match else None,
            status=response.status_code,
            ms=round((time.perf_counter() - began) * 1000),
        )
        response.headers["X-Request-ID"] = request_id
        return response


def without_messages(logger, name, event):
    """A processor: an exception is logged by type and place. Its message may hold what a person wrote."""
    exc_info = event.pop("exc_info", None)
    if exc_info and not isinstance(exc_info, tuple):
        exc_info = sys.exc_info()
    if exc_info and exc_info[0]:
        frames = traceback.extract_tb(exc_info[2])
        event["exception"] = exc_info[0].__qualname__
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


class NoPaths(logging.Filter):
    """Django's own lines about requests name the path, which may be a secret link: only the exception stays."""

    def filter(self, record):
        if record.name.startswith("django.request") or record.name.startswith("django.security"):
            if not record.exc_info:
                return False
            record.msg, record.args = "request failed", ()
        return True


def configure(*, json):
    """Set up structlog, and return Django's LOGGING: everything to standard output in one shape."""
    shared = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        without_messages,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    renderer = structlog.processors.JSONRenderer() if json else structlog.dev.ConsoleRenderer(colors=False)
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "filters": {"no_paths": {"()": "portal.logs.NoPaths"}},
        "formatters": {
            "structured": {
                "()": structlog.stdlib.ProcessorFormatter,
                "foreign_pre_chain": shared,
                "processors": [structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
            }
        },
        "handlers": {
            "out": {"class": "logging.StreamHandler", "formatter": "structured", "filters": ["no_paths"]},
        },
        "root": {"handlers": ["out"], "level": "INFO"},
        "loggers": {
            "django.server": {"handlers": [], "level": "ERROR", "propagate": False},
            "django-q": {"handlers": ["out"], "level": "WARNING", "propagate": False},
        },
    }
