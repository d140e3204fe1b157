"""Which state of the public site is shown: a token that is another one after whatever editors change."""

from uuid import uuid4

from django.apps import apps
from django.core.cache import cache
from django.db import transaction
from django.db.models.signals import post_delete, post_save
from wagtail.contrib.redirects.models import Redirect
from wagtail.contrib.settings.models import BaseSiteSetting
from wagtail.documents.models import AbstractDocument
from wagtail.images.models import AbstractImage
from wagtail.models import Locale, Page, PageViewRestriction, Site, TranslatableMixin

KEY = "public-site"
# Pages and snippets are translatable. A rendition isn't here: pages make it while they are shown.
SHOWN = (
    TranslatableMixin,
    AbstractImage,
    AbstractDocument,
    BaseSiteSetting,
    Redirect,
    Site,
    Locale,
    PageViewRestriction,
)


def current():
    """The token; whoever finds none, since the cache was emptied, makes one."""
    return cache.get_or_set(KEY, _new, None)


def renew():
    cache.set(KEY, _new(), None)


def _new():
    return uuid4().hex


def watch():
    """From now on each change of what is shown renews the token."""
    for model in apps.get_models():
        if issubclass(model, SHOWN):
            post_save.connect(_saved, sender=model, dispatch_uid="public-site")
            post_delete.connect(_deleted, sender=model, dispatch_uid="public-site")


def _saved(instance, update_fields=None, **signal):
    """A draft writes a few fields of its page, none of which is shown; whatever goes on line is saved whole."""
    if update_fields is None or not isinstance(instance, Page):
        renew_on_commit()


def _deleted(**signal):
    renew_on_commit()


def renew_on_commit():
    """Once a transaction, after it: whoever reads the new token finds the new pages, too."""
    waiting = transaction.get_connection().run_on_commit
    if all(function is not renew for _savepoints, function, _robust in waiting):
        transaction.on_commit(renew, robust=True)
