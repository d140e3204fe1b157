"""What may happen to the people around a home: named, changed, handed over from one to another.

The row of the development is the lock: two colleagues who name somebody at one place take turns.
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F, Q
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.notices.circulars import tell_all
from progress import scope
from progress.models import Development
from progress.promises.actions import hand_over as hand_over_promise
from progress.promises.models import Promise

from .models import Contact

HORIZON = timedelta(days=366)


class ContactError(Exception):
    """Refused. The message is worded for the member of staff who asked."""


@transaction.atomic
def name_contact(
    *, development, role, user, since, home=None, journey=None, hours="", every_day=False, until=None, by, today, at
):
    """Say that `user` looks after a development, a home or a job there. Owners of one home are told.

    Raises ContactError when somebody does so already on one of these days, the places don't belong together,
    the days are in the wrong order, or `user` works here no more.
    """
    _lock(development)
    contact = Contact(
        development=development,
        home=home,
        journey=journey,
        user=user,
        role=role,
        hours=hours,
        every_day=every_day,
        since=since,
        until=until,
    )
    _check(contact, today=today)
    _check_works(user)
    contact.save()
    record("named", contact, by=by, home=home)
    if home and not contact.is_over(today=today):
        tell_all("contact-named", contact, at=at)
    return contact


@transaction.atomic
def change_contact(contact, *, hours, every_day, until, by, today):
    """Other hours, or another end. Raises ContactError when the end is past, or somebody else begins before it."""
    contact = _locked(contact)
    if until != contact.until:
        if hasattr(contact, "followed_by"):
            raise ContactError(_("It is handed over already, so its end stays."))
        if until and until < today:
            raise ContactError(_("This day is past."))
        contact.until = until
        _check(contact, today=today)
    contact.hours, contact.every_day = hours, every_day
    contact.save(update_fields=["hours", "every_day", "until"])
    record("changed", contact, by=by, home=contact.home)
    return contact


@transaction.atomic
def hand_over_contact(*, contact, to, on, by, today, at, note_en="", note_zh=""):
    """`to` takes over from the day `on`, today or later; every owner concerned is told now, with the day.

    What the one before answers for by name at this home passes on, too, on that day. Handed over twice to the same
    person for the same day, it is one hand-over. Returns the new Contact. Raises ContactError when it is over or
    handed over to somebody else, the day is past, too far off or before it begins, or `to` can't take it.
    """
    contact = _locked(contact)
    known = getattr(contact, "followed_by", None)
    if known and (known.user_id, known.since) == (to.pk, on):
        return known
    _check_hand_over(contact, known, to=to, on=on, today=today)
    new = Contact(
        development=contact.development,
        home=contact.home,
        journey=contact.journey,
        user=to,
        role=contact.role,
        hours=contact.hours,
        every_day=contact.every_day,
        since=on,
        until=contact.until,
        follows=contact,
        note_en=note_en.strip(),
        note_zh=note_zh.strip(),
        work_moved=False,
    )
    contact.until = on
    contact.save(update_fields=["until"])
    new.save()
    record("handed over", contact, by=by, home=contact.home)
    if on <= today:
        move_work(new, by=by)
    tell_all("contact-changed", new, at=at)
    return new


@transaction.atomic
def hand_over_all(*, user, contacts, to, on, by, today, at, note_en="", note_zh=""):
    """All of `contacts` (a QuerySet) that `user` looks after and has not handed over yet. Returns how many they were.

    Who begins later than `on` hands over on the day they would begin. Raises ContactError, and then none has moved.
    """
    mine = contacts.filter(user=user, followed_by=None).not_over(today=today)
    mine = list(mine.order_by("development", "pk").select_related(None))
    for contact in mine:
        day = max(on, contact.since)
        if contact.until is None or contact.until > day:
            hand_over_contact(
                contact=contact, to=to, on=day, by=by, today=today, at=at, note_en=note_en, note_zh=note_zh
            )
    return len(mine)


@transaction.atomic
def move_work(contact, *, by):
    """The promises about the home that the one before answers for by name are the new one's. Twice is once.

    Those that they may not see stay where they are: "my day" and the leaver's list show them.
    """
    contact = Contact.objects.select_for_update(of=("self",)).select_related("follows", "user").get(pk=contact.pk)
    if contact.work_moved:
        return
    if contact.home_id and contact.follows:
        theirs = Promise.objects.open().filter(home=contact.home_id, responsible=contact.follows.user_id)
        for promise in theirs.filter(scope.of_assigned(contact.user, Promise, "development")).order_by("pk"):
            hand_over_promise(promise, to=contact.user, by=by)
    contact.work_moved = True
    contact.save(update_fields=["work_moved"])


def move_due_work(*, today):
    """Hand-overs whose day has come: the promises follow. Running it twice changes nothing."""
    for contact in Contact.objects.filter(work_moved=False, since__lte=today).order_by("pk"):
        move_work(contact, by=None)


def _lock(development):
    Development.objects.select_for_update(no_key=True).get(pk=development.pk)


def _locked(contact):
    _lock(contact.development)
    rows = Contact.objects.select_for_update(of=("self",)).select_related("development", "home", "journey", "user")
    return rows.get(pk=contact.pk)


def _check(contact, *, today):
    try:
        contact.clean()
    except ValidationError as error:
        raise ContactError(" ".join(error.messages)) from error
    if contact.until and contact.until < contact.since:
        raise ContactError(_("The end comes before the beginning."))
    if contact.since > today + HORIZON:
        raise ContactError(_("Please choose a day within a year."))
    others = Contact.objects.at_the_place_of(contact).exclude(pk=contact.pk).exclude(until=F("since"))
    others = others.filter(Q(until=None) | Q(until__gt=contact.since))
    if contact.until:
        others = others.filter(since__lt=contact.until)
    if other := others.select_related("user__card").order_by("since").first():
        words = {"name": other.name, "role": other.get_role_display(), "day": date_format(other.since)}
        raise ContactError(_("%(name)s is the %(role)s there since %(day)s. Hand that over instead.") % words)


def _check_works(user):
    if not user.is_staff:
        raise ContactError(_("Please choose a colleague who works here."))


def _check_hand_over(contact, known, *, to, on, today):
    words = {"day": date_format(contact.since)}
    if known:
        words = {"name": known.name, "day": date_format(known.since)}
        raise ContactError(_("%(name)s takes over on %(day)s already. Hand over from there.") % words)
    if contact.is_over(today=today) or (contact.until and on >= contact.until):
        raise ContactError(_("They look after it no more on that day."))
    if on < today:
        raise ContactError(_("This day is past. Somebody takes over today or later."))
    if on > today + HORIZON:
        raise ContactError(_("Please choose a day within a year."))
    if on < contact.since:
        raise ContactError(_("They begin on %(day)s; nobody can take over before.") % words)
    if to.pk == contact.user_id:
        raise ContactError(_("Please choose somebody else than the one who hands over."))
    _check_works(to)
