"""What care does by itself when its time has come: it writes to households, and asks them to choose a time.

A lot at a time under lock; what another worker has in hand is left to it. Killed in the middle, a lot is done again
whole or not at all, and the keys of the messages keep each of them single.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import structlog
from django.db import connection, transaction

from accounts.events.actions import record_each
from accounts.models import Owner
from accounts.notices import kinds as notice_kinds
from accounts.notices.actions import by_text_alone, notices_of, queue_delivery
from accounts.notices.addresses import address_of, with_addresses
from accounts.notices.models import Channel, Notice
from portal.surveys.actions import ask
from portal.visits.errors import VisitError
from progress.calendar.clock import clock_for
from progress.models import HOSTS, Ownership
from progress.promises.actions import open_promise, plan_next
from progress.promises.many import void_each
from progress.promises.models import Promise

from .due import REMIND_AT, on_wall_clock
from .errors import CareError
from .models import Product
from .promises import CALL, CALLED, KINDS, SEND, latest

LOT = 500
A_DAY_AND_PERSON = 3  # messages of care, so that a backlog comes in drops
CARE_NOTICE = "care-message"
CALL_WITHIN = 1  # working days

log = structlog.get_logger(__name__)


def advance(*, at):
    """Take every step that is care's own and due at `at`. Returns how many were taken."""
    taken = 0
    while batch := _advance_lot(at=at):
        taken += batch
    return taken


def to_send(*, at):
    """Promises of rules whose message or question to the household is due."""
    return Promise.objects.open().filter(next_step=SEND, next_step_at__lte=at)


@dataclass
class Lot:
    """What is done with some hundred promises."""

    at: datetime
    households: dict
    rules: dict
    told_today: Counter
    clocks: dict = field(default_factory=dict)
    sent: list = field(default_factory=list)
    asked: list = field(default_factory=list)
    stale: list = field(default_factory=list)
    empty: list = field(default_factory=list)
    unreached: list = field(default_factory=list)
    notices: list = field(default_factory=list)
    questions: list = field(default_factory=list)
    later: dict = field(default_factory=lambda: defaultdict(list))

    def clock(self, promise):
        if promise.calendar not in self.clocks:
            self.clocks[promise.calendar] = clock_for(*promise.calendar)
        return self.clocks[promise.calendar]


@transaction.atomic
def _advance_lot(*, at):
    rows = to_send(at=at).select_related("development", "home").order_by("next_step_at", "pk")
    rows = rows.select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
    promises = list(rows[:LOT])
    if not promises:
        return 0
    lot = Lot(at, *_households(promises, at=at))
    for promise in promises:
        _sort(promise, lot)
    _write(lot)
    return len(promises)


def _households(promises, *, at):
    """({home: [Owner]}, {code: Rule}, how often each was told today), each with one query or two."""
    ties = Ownership.objects.live().filter(
        home__in={promise.home_id for promise in promises}, role__in=HOSTS, owner__erased_at__isnull=True
    )
    owners = {owner.pk: owner for owner in with_addresses(Owner.objects.filter(pk__in=ties.values("owner")))}
    households = defaultdict(list)
    for home, owner in ties.order_by("owner_id").values_list("home_id", "owner_id"):
        households[home].append(owners[owner])
    since = at - timedelta(hours=12)
    told = Notice.objects.filter(kind=CARE_NOTICE, owner__in=owners, created_at__gt=since, channel=Channel.INBOX)
    return households, latest({promise.rule for promise in promises}), Counter(told.values_list("owner_id", flat=True))


def _sort(promise, lot):
    """What becomes of one."""
    rule, household = lot.rules.get(promise.rule), lot.households[promise.home_id]
    if rule is None or not household:
        return lot.empty.append(promise)
    if promise.kind == KINDS[Product.CHECK]:
        return (lot.asked if promise.due_at > lot.at else lot.stale).append(promise)
    if lot.at > promise.due_at + timedelta(days=rule.late_days):
        return lot.stale.append(promise)
    if any(lot.told_today[owner.pk] >= A_DAY_AND_PERSON for owner in household):
        return lot.later[_tomorrow(promise, lot)].append(promise)
    reached = [owner for owner in household if _is_reached(owner)]
    if not reached:
        return lot.unreached.append(promise)
    kind = notice_kinds.get(CARE_NOTICE)
    lot.notices += notices_of(reached, kind, promise, at=lot.at, due=lot.at)
    lot.told_today.update(owner.pk for owner in reached)
    if promise.kind == KINDS[Product.SURVEY]:
        lot.questions += [(promise, owner) for owner in reached]
    return lot.sent.append(promise)


def _is_reached(owner):
    """By mail, by text message, or in the portal where they come in."""
    return bool(address_of(owner, Channel.EMAIL)[0] or by_text_alone(owner) or owner.user_id)


def _tomorrow(promise, lot):
    clock = lot.clock(promise)
    day = lot.at.astimezone(clock.zone).date() + timedelta(days=1)
    return on_wall_clock(day, REMIND_AT, clock.zone)


def _write(lot):
    Notice.objects.bulk_create(lot.notices, batch_size=1000, ignore_conflicts=True)
    if lot.notices:
        queue_delivery()
    _keep(lot.sent, at=lot.at)
    void_each(lot.empty, by=None, at=lot.at)
    for moment, promises in lot.later.items():
        Promise.objects.filter(pk__in=[promise.pk for promise in promises]).update(next_step_at=moment)
    for promise, owner in lot.questions:
        ask(
            key=f"{promise.key}:{owner.pk}"[-120:],
            owner=owner,
            subject=promise,
            touchpoint=promise.touchpoint,
            development=promise.development,
            home=promise.home,
            at=lot.at,
        )
    for promise in lot.unreached:
        _call_instead(promise, lot)
    for promise in lot.asked:
        _ask(promise, lot)
    for promise in [*lot.stale, *lot.asked]:
        plan_next(promise, after=SEND, clock=lot.clock(promise))
        promise.save(update_fields=["next_step", "next_step_at"])


def _keep(promises, *, at):
    """Told is kept, in time or late."""
    for state in (Promise.State.KEPT, Promise.State.LATE):
        alike = [row for row in promises if (row.due_at < at) == (state == Promise.State.LATE)]
        Promise.objects.filter(pk__in=[row.pk for row in alike]).update(
            state=state, settled_at=at, next_step="", next_step_at=None
        )
        record_each(str(state), alike, by=None)


def _call_instead(promise, lot):
    """Nothing that we write reaches this household: a colleague rings up, and says so in the ledger."""
    clock = lot.clock(promise)
    day = clock.add_days(lot.at.astimezone(clock.zone).date(), CALL_WITHIN)
    open_promise(
        key=f"{promise.key}{CALLED}",
        kind=CALL,
        development=promise.development,
        home=promise.home,
        subject=promise,
        touchpoint=promise.touchpoint,
        due_at=clock.closing(day),
        by=None,
        at=lot.at,
    )
    void_each([promise], by=None, at=lot.at)


def _ask(promise, lot):
    """Plan the check, and ask its household to choose a time. One that can't be planned holds up no other."""
    from .checks.planning import plan_check

    try:
        plan_check(promise=promise, form_code=lot.rules[promise.rule].form, at=lot.at)
    except (CareError, VisitError) as error:
        log.error("check_not_planned", promise=str(promise.pk), error=type(error).__name__)
