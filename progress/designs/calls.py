"""Those who have not answered are called. That they will be is a promise of the team; a call is never an answer."""

from datetime import timedelta

from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.events.actions import record
from accounts.models import Owner
from accounts.notices.actions import tell
from progress.calendar.clock import CalendarError, clock_of
from progress.models import HOSTS, Assignment, Ownership
from progress.promises.actions import keep_promise, open_promise, void_promise
from progress.promises.kinds import SUPERVISOR, Kind, Step, register
from progress.promises.models import Promise
from progress.promises.sweep import colleagues

from .drafting import locked
from .errors import DesignError
from .models import DesignCall, DesignChange

CODE = "design-calls"
WORKING_DAYS = 2  # after the last day for answers
TRIES = 2  # without reaching anybody, after which a home counts as called


@register(CODE)
class DesignCalls(Kind):
    """To call the owners of every home that has not answered, and to write down what came of it."""

    label = gettext_lazy("Calls to those who have not answered a design change")
    team = Assignment.Role.CUSTOMER_SERVICE
    touchpoint = "design-changes"
    shown = False
    steps = (Step("due"), Step("day-late", days=1, to=(SUPERVISOR,)))

    def holds(self, promise):
        change = DesignChange.objects.published().filter(pk=promise.subject_id or None).first()
        return change is not None and promise.key == _key(change)

    def url(self, promise):
        return reverse("site:design-answers", args=[promise.subject_id])


def _key(change):
    return f"{CODE}:{change.pk}:{change.text_version}"


def homes_to_call(change):
    """The homes without an answer whose owners have been neither spoken with nor tried often enough."""
    theirs = DesignCall.objects.filter(change=change, text_version=change.text_version, home=OuterRef("pk"))
    theirs = theirs.order_by().values("home")
    reached = Q(outcome=DesignCall.Outcome.REACHED)
    homes = change.hosted_homes(change.waiting_homes()).annotate(
        reached=Coalesce(Subquery(theirs.annotate(n=Count("pk", filter=reached)).values("n")), 0),
        tried=Coalesce(Subquery(theirs.annotate(n=Count("pk")).values("n")), 0),
    )
    return homes.filter(reached=0, tried__lt=TRIES)


def promise_calls(change, *, at):
    """The last day is over: somebody calls those who are left, within two working days."""
    if not homes_to_call(change).exists():
        return
    promise = open_promise(
        key=_key(change),
        kind=CODE,
        development=change.development,
        due_at=_due_at(change, at=at),
        subject=change,
        by=None,
        at=at,
    )
    tell(colleagues(change.development, DesignCalls.team), "promise", promise, at=at, step="opened")


def _due_at(change, *, at):
    """The end of the second working day from now; a calendar that is wrong stops nobody from calling."""
    try:
        clock = clock_of(change.development)
        return clock.closing(clock.add_days(timezone.localdate(at, change.zone) - timedelta(days=1), WORKING_DAYS))
    except CalendarError:
        return at + timedelta(days=WORKING_DAYS)


def settle_calls(change, *, by, at):
    """Keep the promise once nobody is left to be called. The change's row is held by whoever asks."""
    promise = Promise.objects.open().filter(key=_key(change)).first()
    if promise and not homes_to_call(change).exists():
        keep_promise(promise, by=by, at=at)


def call_off(change, *, by, at):
    """Nobody need be called about this text any more."""
    for promise in Promise.objects.open().filter(key=_key(change)):
        void_promise(promise, by=by, at=at)


@transaction.atomic
def record_call(change, *, call_id, home, owner, outcome, note, by, at):
    """Write down that `by` rang an owner of `home`. Sent twice, it is one call.

    Where nobody answered, a text message follows. Raises DesignError when nobody need be called about this change,
    or the owner does not belong to the home.
    """
    change = locked(change)
    if earlier := DesignCall.objects.filter(pk=call_id).first():
        if earlier.change_id == change.pk:
            return earlier
        raise DesignError(_("This form has been used already. Please open the page again."))
    if not change.is_published:
        raise DesignError(_("This change is withdrawn: nobody need be called about it."))
    ties = Ownership.objects.live().filter(home=home, owner=owner, role__in=HOSTS)
    if not ties.exists() or not change.homes.filter(pk=home.pk).exists():
        raise DesignError(_("This person no longer answers for the home."))
    call = DesignCall.objects.create(
        pk=call_id,
        change=change,
        home=home,
        owner=owner,
        text_version=change.text_version,
        outcome=outcome,
        note=note.strip(),
        by=by,
        at=at,
    )
    record("called", change, by=by, home=home)
    if outcome == DesignCall.Outcome.NO_ANSWER:
        tell(Owner.objects.filter(pk=owner.pk), "design-change-called", call, at=at, expires=at + timedelta(days=2))
    settle_calls(change, by=by, at=at)
    return call
