"""What staff do about an enquiry: confirm it, talk with whoever asked, close it, set spam aside, hand it over."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.models import User
from accounts.notices.actions import tell
from progress import scope
from progress.promises import actions as promises
from progress.promises.models import Promise

from .actions import EnquiryError
from .models import Enquiry, Note

State = Enquiry.State
MOST_NOTES = 200


def _locked(enquiry, *, leaving=()):
    """The enquiry as it is now. Raises EnquiryError when it is gone, or in none of the states `leaving`."""
    rows = Enquiry.objects.select_for_update(of=("self",)).select_related("development")
    found = rows.filter(pk=enquiry.pk).first()
    if found is None:
        raise EnquiryError(_("This enquiry is no longer here."))
    if leaving and found.state not in leaving:
        raise EnquiryError(_("In the meantime this enquiry is %(state)s.") % {"state": found.get_state_display()})
    return found


def _promise_of(enquiry):
    return Promise.objects.open().filter(key=f"enquiry:{enquiry.pk}").first()


def _move(enquiry, state, *, verb, by, reason="", **fields):
    enquiry.state = state
    for name, value in fields.items():
        setattr(enquiry, name, value)
    enquiry.save(update_fields=["state", *fields])
    record(verb, enquiry, by=by, reason=reason)
    return enquiry


def _keep_promise(enquiry, *, by, at):
    if promise := _promise_of(enquiry):
        promises.keep_promise(promise, by=by, at=at)


@transaction.atomic
def confirm(enquiry, *, how="", by, at):
    """Somebody has called or written: the promise is kept, and whoever did it looks after it from now on.

    What was taken for spam can still be confirmed. Confirmed already, it stays so. Raises EnquiryError.
    """
    enquiry = _locked(enquiry)
    if enquiry.state == State.CONFIRMED:
        return enquiry
    enquiry = _locked(enquiry, leaving=(State.NEW, State.SPAM))
    _keep_promise(enquiry, by=by, at=at)
    mine = {"handled_by": enquiry.handled_by or by, "ended_at": None}
    return _move(enquiry, State.CONFIRMED, verb="confirmed", by=by, reason=how, **mine)


@transaction.atomic
def contact(enquiry, *, by, at):
    """They have talked about the work itself. Raises EnquiryError when it is ended."""
    enquiry = _locked(enquiry)
    if enquiry.state == State.CONTACTED:
        return enquiry
    enquiry = _locked(enquiry, leaving=(State.NEW, State.CONFIRMED))
    _keep_promise(enquiry, by=by, at=at)
    return _move(enquiry, State.CONTACTED, verb="contacted", by=by, handled_by=enquiry.handled_by or by)


@transaction.atomic
def close(enquiry, *, outcome, by, at):
    """Nothing more is to be done. Raises EnquiryError when nobody has called yet, or it is ended already."""
    enquiry = _locked(enquiry)
    if enquiry.is_new:
        raise EnquiryError(_("Please call first: we promised it."))
    enquiry = _locked(enquiry, leaving=(State.CONFIRMED, State.CONTACTED))
    if not outcome.strip():
        raise EnquiryError(_("Please say what came of it."), field="outcome")
    return _move(enquiry, State.CLOSED, verb="closed", by=by, outcome=outcome.strip(), ended_at=at)


@transaction.atomic
def mark_spam(enquiry, *, by, at):
    """Nobody asked for anything: no promise, and gone in 30 days. Raises EnquiryError when somebody was talked with."""
    enquiry = _locked(enquiry, leaving=(State.NEW, State.CONFIRMED))
    if promise := _promise_of(enquiry):
        promises.void_promise(promise, by=by, at=at)
    return _move(enquiry, State.SPAM, verb="marked as spam", by=by, ended_at=at)


@transaction.atomic
def hand_over(enquiry, *, to, by, at):
    """`to` looks after it from now on, the promise included, and is told. Raises EnquiryError.

    They must be among those who may see it, at this moment.
    """
    enquiry = _locked(enquiry, leaving=(State.NEW, State.CONFIRMED, State.CONTACTED))
    if not colleagues_for(enquiry).filter(pk=to.pk).exists():
        raise EnquiryError(_("This colleague does not see this enquiry. Please choose another one."), field="to")
    if enquiry.handled_by_id == to.pk:
        return enquiry
    enquiry.handled_by = to
    enquiry.save(update_fields=["handled_by"])
    record("handed over", enquiry, by=by, reason=str(to.pk))
    if promise := _promise_of(enquiry):
        promises.hand_over(promise, to=to, by=by)
    if to != by:
        tell([to], "enquiry-yours", enquiry, at=at, step=f"{at:%Y%m%d%H%M%S}")
    return enquiry


def colleagues_for(enquiry):
    """Who sees this enquiry, to be asked to look after it."""
    staff = User.objects.filter(is_active=True).exclude(groups=None, is_superuser=False).order_by("name", "pk")
    seeing = [
        user.pk
        for user in staff.distinct()
        if scope.may_view(user, Enquiry) and Enquiry.objects.for_user(user).filter(pk=enquiry.pk).exists()
    ]
    return User.objects.filter(pk__in=seeing).order_by("name", "pk")


@transaction.atomic
def note(enquiry, *, note_id, text, by, at):
    """Write something down. Sent twice, it is written once. Raises EnquiryError when it says nothing, or too often."""
    enquiry = _locked(enquiry)
    if earlier := Note.objects.filter(pk=note_id).first():
        if earlier.by_id != by.pk or earlier.enquiry_id != enquiry.pk:
            raise EnquiryError(_("This form has been sent already. Please begin anew."))
        return earlier
    if not text.strip():
        raise EnquiryError(_("Please write something."), field="text")
    if enquiry.notes.count() >= MOST_NOTES:
        raise EnquiryError(_("There are very many notes already."))
    written = Note.objects.create(pk=note_id, enquiry=enquiry, text=text.strip(), by=by, at=at)
    record("noted", enquiry, by=by)
    return written
