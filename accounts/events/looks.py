"""Looks at customers' files: noted for whoever asks later, once an hour for each colleague and file."""

from datetime import datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .models import Event

LOOKED = "looked at"
PAUSE = timedelta(hours=1)
WHAT = {
    "accounts.owner": _("the customer record"),
    "progress.home": _("the file of the home"),
    "progress.ownership": _("who belongs to the home"),
    "documents.homedocument": _("a document of the home"),
    "enquiries.enquiry": _("an enquiry"),
    "bookings.booking": _("a booking of an open day"),
    "visits.visit": _("a visit to the home"),
    "questions.question": _("a question asked there"),
    "tickets.ticket": _("a ticket of the home"),
    "transfers.hometransfer": _("a transfer of the home"),
}


def note_look(subject, *, by, home_id=None, at):
    """Note that `by` has looked at `subject`, unless that was noted in the last hour."""
    row = {"verb": LOOKED, "actor": by, "subject_kind": subject._meta.label_lower, "subject_id": str(subject.pk)}
    if not Event.objects.filter(**row, at__gt=at - PAUSE).exists():
        Event.objects.create(**row, home_id=home_id)


def looks_at(owner, ties):
    """Who opened the customer's record, or what belongs to one of the homes while they were tied to it; newest first.

    `ties`: (id of the home, first day, first day no more or None), and the labels of models of which they aren't told.
    """
    wanted = Q(subject_kind="accounts.owner", subject_id=str(owner.pk))
    for home_id, since, until, *untold in ties:
        then = Q(home_id=home_id, at__gte=_midnight(since)) & ~Q(subject_kind__in=untold)
        wanted |= then & Q(at__lt=_midnight(until)) if until else then
    return Event.objects.filter(wanted, verb=LOOKED).exclude(actor=None).select_related("actor").order_by("-id")


def looks_at_home(home):
    """Who opened the home's file, or what belongs to it; newest first."""
    looks = Event.objects.filter(home_id=home.pk, verb=LOOKED).exclude(actor=None)
    return looks.select_related("actor").order_by("-id")


def _midnight(day):
    return timezone.make_aware(datetime.combine(day, time()))
