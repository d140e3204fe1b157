"""What an owner must do: each app registers what it wants of them, the front page lists it."""

from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.sms import sms_available
from progress.updates.models import Update

from .homes import updates_at

_sources = []


@dataclass(frozen=True)
class Need:
    """One thing that waits for this owner."""

    title: str
    text: str
    url: str
    action: str
    icon: str = "document"


def source(function):
    """Register `function(user, home) -> list[Need]`; asked in the order of registration, in few queries."""
    _sources.append(function)
    return function


def needs_of(user, home):
    """All that waits for `user` at `home`."""
    return [need for ask in _sources for need in ask(user, home)]


@source
def corrections_to_read(user, home):
    """A correction matters more than news: it stays here until it was opened."""
    unread = updates_at(home).filter(
        kind=Update.Kind.CORRECTION, receipts__owner=user.owner, receipts__opened_at__isnull=True
    )
    return [
        Need(
            title=str(update.title),
            text=_("We corrected “%(title)s”. Please read how it is.") % {"title": update.corrects.title},
            url=reverse("home:update", args=[update.pk]),
            action=_("Read the correction"),
        )
        for update in unread.prefetch_related("corrects")[:5]  # asked only where there is one, and there seldom is
    ]


@source
def second_way_to_be_reached(user, home):
    """With one address only, one typing error cuts an owner off."""
    if user.email and (user.phone or not sms_available()):
        return []
    missing, url = ("telephone", "account_change_phone") if user.email else ("e-mail", "account_email")
    text = {
        "telephone": _("Give us a telephone number. We use it for appointments, and never ring after 22:00."),
        "e-mail": _("Give us an e-mail address, so that news reaches you in full."),
    }[missing]
    return [Need(title=_("A second way to reach you"), text=text, url=reverse(url), action=_("Add it"), icon="phone")]
