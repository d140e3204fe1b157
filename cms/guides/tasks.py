"""Recurring work on guides."""

import structlog
from django.db.models import Exists, F, OuterRef
from django.utils import timezone

from accounts import jobs
from cms.editing.translating import own_text

from .actions import publish_edition, tell_of_edition
from .models import Edition, EditionText, GuidePage

log = structlog.get_logger(__name__)


@jobs.every_minute
def keep_missed_editions(*, at):
    """Of guides that went live without a word of Wagtail's: put in by a script, or a process died in between."""
    kept = EditionText.objects.filter(page=OuterRef("pk"), edition__number=OuterRef("version"))
    missed = own_text(GuidePage.objects.live()).filter(~Exists(kept), last_published_at__isnull=False)
    for page in missed.select_related("locale"):
        try:
            publish_edition(page=page, by=None, at=page.last_published_at)
        except Exception:
            log.exception("guide_not_kept", page=page.pk)


@jobs.every_minute
def tell_of_editions(*, at):
    """Those that are valid by now, and whose editor wished it. One that fails does not hold up the others."""
    today = timezone.localdate(at, timezone.get_default_timezone())
    for edition in Edition.objects.to_tell(on=today).order_by(F("valid_from").asc(nulls_first=True), "pk"):
        try:
            tell_of_edition(edition, at=at, on=today)
        except Exception:
            log.exception("guide_not_told", edition=edition.pk)
