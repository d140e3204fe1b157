"""Recurring work on pages, and what happens after one is published."""

import structlog
from django.core.management import call_command
from django.db import transaction
from django.dispatch import receiver
from django_q.tasks import async_task
from wagtail.models import Page, Revision
from wagtail.signals import page_published

from accounts import jobs

from . import making
from .models import PublicPage

log = structlog.get_logger(__name__)


@jobs.every_minute
def publish_scheduled_pages(*, at):
    """Wagtail's own sweep: pages go live and expire at their time. It ends at the first that can't go live, such as one
    whose address is another page's by now; those behind it go live all the same."""
    try:
        call_command("publish_scheduled", verbosity=0)
    except Exception:
        for revision in Revision.objects.filter(approved_go_live_at__lt=at).order_by("approved_go_live_at"):
            _publish(revision)


def _publish(revision):
    try:
        with transaction.atomic():
            revision.publish(log_action="wagtail.publish.scheduled")
    except Exception:
        log.exception("page_not_published", page=revision.object_id)


@receiver(page_published)
def queue_pictures(instance, **signal):
    if isinstance(instance, PublicPage):
        transaction.on_commit(lambda: async_task("cms.tasks.make_pictures", instance.pk))


@jobs.nightly
def queue_missing_pictures(*, at):
    """What a lost task, another focal point or another template left without its formats."""
    for page in Page.objects.live().type(PublicPage).order_by("path"):
        async_task("cms.tasks.make_pictures", page.pk)


def make_pictures(pk):
    """All formats of the pictures on a page that was published. Running it twice makes each once."""
    for page in Page.objects.live().filter(pk=pk):
        making.make_pictures(page.specific)
