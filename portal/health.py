"""Whether the portal lives and can serve. Strangers learn only that; the reason goes to the log."""

from datetime import timedelta

import structlog
from django.core.cache import cache
from django.core.files.base import ContentFile
from django.core.files.storage import storages
from django.db import connection
from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.notices.models import Heartbeat
from portal.backups.models import Restore
from portal.care.heartbeat import stands_still_since

log = structlog.get_logger(__name__)

SILENCE = timedelta(minutes=4)  # four missed minutes: the worker is not working
REMEMBERED = 5  # seconds, so that asking often costs little


@never_cache
@require_safe
def live(request):
    """The process answers."""
    return HttpResponse("ok\n", content_type="text/plain")


@never_cache
@require_safe
def ready(request):
    """Database, worker and file storage work, and no restore was left unfinished: 200, else 503."""
    fine = not problems(at=timezone.now())
    return HttpResponse("ok\n" if fine else "not ok\n", content_type="text/plain", status=200 if fine else 503)


def problems(*, at):
    """The names of the checks that failed; remembered for a few seconds."""
    try:
        known = cache.get("health")
        if known is not None:
            return known
        found = [name for name, check in CHECKS.items() if not _passes(name, check, at)]
        cache.set("health", found, REMEMBERED)
    except Exception as error:  # the cache may be the same database that is down
        log.error("not_ready", check="cache", error=type(error).__name__)
        return ["cache"]
    return found


def _passes(name, check, at):
    try:
        fine = check(at)
    except Exception as error:
        log.error("not_ready", check=name, error=type(error).__name__)
        return False
    if not fine:
        log.error("not_ready", check=name)
    return fine


def _database(at):
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
        return cursor.fetchone() == (1,)


def _worker(at):
    return Heartbeat.objects.filter(job="minute", at__gte=at - SILENCE).exists()


def _storage(at):
    storage = storages["private"]
    name = storage.save("health/probe", ContentFile(b"ok"))
    storage.delete(name)
    return True


def _restore(at):
    return not Restore.objects.unfinished().exists()


def _care(at):
    return stands_still_since(at=at) is None


CHECKS = {"database": _database, "worker": _worker, "care": _care, "storage": _storage, "restore": _restore}
