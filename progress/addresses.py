"""When an address of an owner takes nothing any more, somebody has to ask for another: a promise of the staff.

One that is open for each address; kept by itself when the owner is reached again, void when they are erased or gone.
Registered in `ProgressConfig.ready`.
"""

from datetime import timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts import jobs
from accounts.models import Address, Owner
from accounts.notices.addresses import address_of, reachable
from accounts.notices.corrections import Listener, on_suppressed
from accounts.privacy.consequences import Consequence
from accounts.privacy.consequences import register as register_consequence
from progress.calendar.clock import CalendarError, clock_of
from progress.promises.actions import PromiseError, keep_promise, open_promise, void_promise
from progress.promises.kinds import Kind, register
from progress.promises.models import Promise

from .models import Assignment, Ownership, RightState

CODE = "correct-address"


@register(CODE)
class CorrectAddress(Kind):
    """To ourselves: owners read nothing of it."""

    label = gettext_lazy("Addresses to be corrected")
    team = Assignment.Role.CUSTOMER_SERVICE
    shown = False

    def words(self, promise):
        return _("Ask %(owner)s for an address that works") % {"owner": promise.owner}

    def holds(self, promise):
        return not promise.owner.erased_at and _is_suppressed(promise) and _home_of(promise.owner) is not None

    def url(self, promise):
        return reverse("desk_owner:told", args=[promise.owner_id])


@on_suppressed
class PutRight(Listener):
    def suppressed(self, person, address, *, at):
        owner = person if isinstance(person, Owner) else Owner.objects.filter(user=person).first()
        home = owner and _home_of(owner)
        if not home or _open(owner).filter(subject_id=str(address.pk)).exists():
            return
        earlier = Promise.objects.filter(kind=CODE, subject_id=str(address.pk)).count()
        open_promise(
            key=f"{CODE}:{address.channel}:{address.pk}:{earlier + 1}",
            kind=CODE,
            development=home.development,
            owner=owner,
            due_at=_next_working_day(home.development, at=at),
            subject=address,
            by=None,
            at=at,
        )

    def corrected(self, person, *, by, at):
        owner = person if isinstance(person, Owner) else Owner.objects.filter(user=person).first()
        if owner:
            settle(_open(owner), by=by, at=at)


@register_consequence
class Addresses(Consequence):
    def carry_out(self, owner, *, by, at):
        for promise in _open(owner):
            void_promise(promise, by=None, at=at)


@jobs.every_minute
def notice_corrections(*, at):
    """What was put right in another way: by an import, by two records becoming one."""
    settle(Promise.objects.open().filter(kind=CODE), by=None, at=at)


def settle(promises, *, by, at):
    """Keep those whose owner is reached again on that channel; let go of those whose address is there no more."""
    for promise in promises.order_by("pk"):
        try:
            if _is_reached(promise) or _is_usable(promise):
                keep_promise(promise, by=by, at=at)
            elif not _is_suppressed(promise):
                void_promise(promise, by=by, at=at)
        except PromiseError:  # settled by somebody else at this moment
            continue


def _open(owner):
    return Promise.objects.open().filter(kind=CODE, owner=owner)


def _is_suppressed(promise):
    return Address.objects.filter(pk=promise.subject_id).exclude(suppressed_reason="").exists()


def _is_usable(promise):
    return Address.objects.filter(pk=promise.subject_id, suppressed_reason="").exists()


def _is_reached(promise):
    """Whether the owner has an address on that channel which takes our messages."""
    channel = promise.key.split(":")[1]
    owner = reachable(Owner.objects.filter(pk=promise.owner_id)).get()
    return not address_of(owner, channel)[1]


def _home_of(owner):
    """The home by which they are a customer: the newest right that has not ended, or None."""
    ties = Ownership.objects.filter(owner=owner).exclude(state=RightState.ENDED).order_by("-since", "pk")
    tie = ties.select_related("home__development").first()
    return tie and tie.home


def _next_working_day(development, *, at):
    """The end of the next working day; a calendar that is wrong stops nothing."""
    try:
        clock = clock_of(development)
        return clock.closing(clock.add_days(at.astimezone(clock.zone).date(), 1))
    except CalendarError:
        return at + timedelta(days=1)
