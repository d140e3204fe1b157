"""Wagtail says that a page was published; what owners read of it is kept then and there."""

from wagtail.signals import page_published

from .actions import publish_edition
from .models import GuidePage


def keep_edition(sender, instance, revision=None, **kwargs):
    """Not of one that is only scheduled, nor of an alias, which shows what the other language says."""
    if instance.live and not instance.alias_of_id:
        publish_edition(page=instance, by=revision.user if revision else None, at=instance.last_published_at)


page_published.connect(keep_edition, sender=GuidePage, dispatch_uid="guides.keep_edition")
