"""Where a recall strikes, who is warned there, and whom nobody can write to: in lots, each a transaction.

Run twice, late or on two machines it comes to the same: the recall's row is the lock, a home stands once with a
recall, a person is warned once a round. Killed in the middle, the next run goes on with what is left.
"""

from collections import defaultdict
from datetime import UTC, datetime, timedelta
from functools import cache

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from accounts.events.actions import record_each
from accounts.models import Channel, Owner
from accounts.notices.addresses import address_of, with_addresses
from accounts.notices.many import Occasion, tell_each
from progress.calendar.clock import CalendarError, clock_for
from progress.models import Home, Ownership
from progress.promises.many import Wanted, open_each, void_each
from progress.promises.models import Promise

from .models import Recall, RecalledHome, RecallWarning
from .promises import CALL, RECALLED

LOT = 500
SUBJECT = RecalledHome._meta.label_lower
CALL_WITHIN = 1  # working days


def find_homes(recall, *, at):
    """Note every home where something is built in that is recalled, and promise it. Returns how many were found."""
    found = 0
    while some := _find_lot(recall, at=at):
        found += some
    return found


@transaction.atomic
def _find_lot(recall, *, at):
    recall = Recall.objects.select_for_update().in_force().filter(pk=recall.pk).first()
    if recall is None:
        return 0
    materials = list(_not_found_yet(recall).order_by("home", "pk").values_list("home", "pk")[:LOT])
    by_home = defaultdict(list)
    for home, material in materials:
        by_home[home].append(material)
    homes = Home.objects.select_related("development").in_bulk(list(by_home))
    standing = {row.home_id: row for row in recall.homes.filter(home__in=by_home)}
    due_at = cache(lambda calendar, zone: _due(clock_for(calendar, zone), recall.days, at))
    new = [
        RecalledHome(recall=recall, home=home, found_at=at, due_at=_due_there(home, due_at))
        for pk, home in homes.items()
        if pk not in standing
    ]
    RecalledHome.objects.bulk_create(new)
    again = [row for row in standing.values() if row.done_at]
    _stand_again(again, homes, due_at, at=at)
    rows = {row.home_id: row for row in (*standing.values(), *new)}
    through = RecalledHome.materials.through
    through.objects.bulk_create(
        [through(recalledhome_id=rows[home].pk, material_id=material) for home, material in materials]
    )
    record_each("found", new, by=None)
    record_each("reopened", again, by=None)
    _promise([*new, *again], homes, at=at)
    return len(materials)


def _not_found_yet(recall):
    linked = RecalledHome.materials.through.objects.filter(material=OuterRef("pk"), recalledhome__recall=recall)
    return recall.touched().filter(~Exists(linked))


def _stand_again(rows, homes, due_at, *, at):
    """Something recalled was built in after the home was dealt with: it is warned anew, and promised anew."""
    for row in rows:
        row.round, row.done_at, row.done_by = row.round + 1, None, None
        row.outcome_en = row.outcome_zh = ""
        row.found_at, row.due_at, row.unreached = at, _due_there(homes[row.home_id], due_at), None
    fields = ["round", "done_at", "done_by", "outcome_en", "outcome_zh", "found_at", "due_at", "unreached"]
    RecalledHome.objects.bulk_update(rows, fields)


def _promise(rows, homes, *, at):
    for row in rows:
        row.home = homes[row.home_id]
    wanted = [Wanted(row.key("recall"), row.home, row.due_at, str(row.pk)) for row in rows]
    open_each(wanted, kind=RECALLED, subject_kind=SUBJECT, by=None, at=at)


def _due_there(home, due_at):
    return due_at(home.development.calendar, home.development.time_zone)


def _due(clock, days, at):
    """The end of the working day so many working days after today; with a calendar that is wrong, round the clock."""
    try:
        today = datetime.astimezone(at, clock.zone).date()
        return clock.closing(clock.add_days(today, days)).astimezone(UTC)
    except CalendarError:
        return at + timedelta(days=days)


def warn_households(*, at):
    """Warn everybody of the households of homes found, once a round: those of today, and who moves in later.

    Returns how many people were warned.
    """
    warned, last = 0, None
    while True:
        rows, people = _warn_lot(last, at=at)
        if not rows:
            return warned
        warned, last = warned + people, rows[-1].pk


@transaction.atomic
def _warn_lot(last, *, at):
    """(rows looked at, people warned) of the next homes in which somebody has not been warned."""
    rows = _to_warn().order_by("pk").select_for_update(of=("self",))
    rows = list((rows.filter(pk__gt=last) if last else rows)[:LOT])
    people = defaultdict(set)
    ties = _ties().filter(home__in={row.home_id for row in rows})
    for home, owner in ties.values_list("home", "owner"):
        people[home].add(owner)
    told = defaultdict(set)
    for found, of_round, owner in RecallWarning.objects.filter(found__in=rows).values_list("found", "round", "owner"):
        told[found, of_round].add(owner)
    missing = [(row, sorted(people[row.home_id] - told[row.pk, row.round])) for row in rows]
    occasions = [Occasion(row, to, due=at, step=str(row.round)) for row, to in missing if to]
    tell_each(occasions, RECALLED, at=at)
    RecallWarning.objects.bulk_create(
        [RecallWarning(found=row, owner_id=owner, round=row.round, told_at=at) for row, to in missing for owner in to]
    )
    RecalledHome.objects.filter(pk__in=[row.pk for row, to in missing if to], unreached=True).update(unreached=None)
    return rows, sum(len(to) for _row, to in missing)


def _ties():
    return Ownership.objects.live().filter(owner__in=Owner.objects.active())


def _to_warn():
    """Homes that stand with a recall and in which somebody has not been warned in this round."""
    warned = RecallWarning.objects.filter(
        found=OuterRef(OuterRef("pk")), round=OuterRef(OuterRef("round")), owner=OuterRef("owner")
    )
    unwarned = _ties().filter(~Exists(warned), home=OuterRef("home"))
    return RecalledHome.objects.standing().filter(Exists(unwarned))


def call_where_nobody_is_reached(*, at):
    """A call for the staff where nobody of the household has an address that works; none any more where somebody has.

    Returns how many homes were looked at.
    """
    looked = 0
    while some := _look_at_lot(at=at):
        looked += some
    return looked


@transaction.atomic
def _look_at_lot(*, at):
    rows = RecalledHome.objects.standing().filter(unreached=None).select_related("recall", "home__development")
    rows = list(rows.order_by("pk").select_for_update(of=("self",))[:LOT])
    reached = _homes_reached({row.home_id for row in rows})
    calls = [row for row in rows if row.home_id not in reached]
    due_at = cache(lambda calendar, zone: _due(clock_for(calendar, zone), CALL_WITHIN, at))
    wanted = [Wanted(row.key("recall-call"), row.home, _due_there(row.home, due_at), str(row.pk)) for row in calls]
    open_each(wanted, kind=CALL, subject_kind=SUBJECT, by=None, at=at)
    found = Q(pk__in=[row.pk for row in calls])
    RecalledHome.objects.filter(found).update(unreached=True)
    others = [row for row in rows if row.home_id in reached]
    RecalledHome.objects.filter(pk__in=[row.pk for row in others]).update(unreached=False)
    needless = Promise.objects.open().filter(kind=CALL, subject_id__in=[str(row.pk) for row in others])
    void_each(needless, by=None, at=at)
    return len(rows)


def _homes_reached(homes):
    """Those of `homes` in which a mail or a text message reaches somebody."""
    ties = list(_ties().filter(home__in=homes).values_list("home", "owner"))
    owners = with_addresses(Owner.objects.filter(pk__in={owner for _home, owner in ties}))
    channels = (Channel.EMAIL, Channel.SMS)
    reached = {owner.pk for owner in owners if any(address_of(owner, channel)[0] for channel in channels)}
    return {home for home, owner in ties if owner in reached}


def look_again(*, at):
    """Homes where nobody was reached are looked at once more: an address may have been added or corrected."""
    RecalledHome.objects.standing().filter(unreached=True).update(unreached=None)
    return call_where_nobody_is_reached(at=at)


def spread(*, at):
    """All of it, for all recalls in force."""
    for recall in Recall.objects.in_force().order_by("published_at", "pk"):
        find_homes(recall, at=at)
    warn_households(at=at)
    call_where_nobody_is_reached(at=at)
