"""What has not happened yet follows its occasion: moved along with a reason, let go of, or taken up again.

What was done stays as it is. A promise keeps its key, so that each exists once, whatever becomes of its day.
"""

from datetime import datetime, time, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, UUIDField, Value
from django.db.models.functions import Cast, Concat, Replace
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from progress.calendar.clock import clock_for
from progress.promises.many import Moving, move_each, reopen_each, void_each
from progress.promises.models import OPEN, Promise

from .anchors import anchor_of, places
from .expressions import TEXT
from .models import DueDay, Rule
from .opening import occasions_of, reckon
from .promises import CALLED

LOT = 500
EVENING = time(18)


def move_promises(*, at, rules=None):
    """Bring open promises up to date with their occasions. Returns how many were moved, let go or taken up again."""
    rules = Rule.objects.to_sweep() if rules is None else rules
    return sum(_let_go(rule, at=at) + sum(_follow(rule, place, at=at) for place in places()) for rule in rules)


def lots(rows):
    """Some hundred at a time."""
    return (rows[start : start + LOT] for start in range(0, len(rows), LOT))


def _follow(rule, place, *, at):
    """Of one rule at one place: those whose occasion has another day now, or is there again."""
    changed = 0
    if anchor_of(rule).repeats:
        return changed
    clock = clock_for(place.calendar, place.time_zone)
    for occasions in occasions_of(rule, place, at=at):
        moved = astray(occasions)
        if not reckon(rule, place, moved, clock=clock):
            continue
        days = dict(moved.values_list("care_key", "care_day"))
        for lot in lots(sorted(days)):
            changed += _move(rule, place, {key: days[key] for key in lot}, clock=clock, at=at)
    return changed


def astray(occasions):
    """Those of these occasions whose promise counts from another day, or was let go of while there was none."""
    promised = Promise.objects.filter(key=OuterRef("care_key"))
    counts_from_another = Q(state__in=OPEN) & ~Q(anchored_on=OuterRef("care_day"))
    return occasions.filter(Exists(promised.filter(counts_from_another | Q(state="void") & ~Exists(_called()))))


def _called():
    """The call that took the place of a message: that one is not taken up again."""
    return Promise.objects.filter(key=Concat(OuterRef("key"), Value(CALLED), output_field=TEXT))


@transaction.atomic
def _move(rule, place, days, *, clock, at):
    """Those of {key: new day}."""
    due = DueDay.objects.filter(
        rule=rule, calendar=place.calendar, time_zone=place.time_zone, anchor_on__in=set(days.values())
    )
    due = dict(due.values_list("anchor_on", "due_at"))
    begins = datetime.combine(rule.starts_on, time(), tzinfo=clock.zone)
    rows = Promise.objects.select_for_update(of=("self",)).select_related("development").filter(key__in=days)
    rows = [row for row in rows.order_by("pk") if row.is_open or row.state == Promise.State.VOID]
    wanted = {row.pk: due.get(days[row.key]) for row in rows}
    owed = [row for row in rows if wanted[row.pk] is not None and wanted[row.pk] >= begins]
    void_each([row for row in rows if row not in owed and row.is_open], by=None, at=at)
    reopened = [row for row in owed if row.state == Promise.State.VOID and wanted[row.pk] > at]
    reopen_each([(row, wanted[row.pk]) for row in reopened], by=None, at=at)
    moving = [row for row in owed if row.is_open and row.anchored_on != days[row.key]]
    moves = [Moving(row, _not_past(wanted[row.pk], clock, at), **_reasons(row, days[row.key])) for row in moving]
    move_each(moves, by=None, at=at)
    for day in {days[row.key] for row in rows}:
        Promise.objects.filter(pk__in=[row.pk for row in rows if days[row.key] == day]).update(anchored_on=day)
    return len(rows)


def _not_past(due, clock, at):
    """A day that is past by now becomes the next working evening, when somebody can still do it."""
    if due >= at:
        return due
    evening = at.astimezone(clock.zone).date() + timedelta(days=1)
    return datetime.combine(clock.add_days(evening, 0), EVENING, tzinfo=clock.zone)


def _reasons(promise, day):
    found = {}
    for field, language in (("reason_en", "en"), ("reason_zh", "zh-hans")):
        with override(language):
            found[field] = _("It counts from another day now: %(now)s instead of %(before)s.") % {
                "now": date_format(day, "DATE_FORMAT"),
                "before": date_format(promise.anchored_on, "DATE_FORMAT") if promise.anchored_on else "–",
            }
    return found


def _let_go(rule, *, at):
    gone = list(without_occasion(rule, at=at).only("pk", "development"))
    for lot in lots(gone):
        void_each(lot, by=None, at=at)
    return len(gone)


def without_occasion(rule, *, at):
    """Those whose occasion is gone: the step was withdrawn, the enquiry closed, nobody lives there any more."""
    open_ones = Promise.objects.open().filter(rule=rule.code)
    anchor = anchor_of(rule)
    if anchor.repeats:
        open_ones = open_ones.filter(due_at__gt=at)
    for place in places():
        open_ones = open_ones.exclude(Exists(_standing(rule, anchor, place)))
    return open_ones


def _standing(rule, anchor, place):
    """The occasion of the outer promise, where it is still there."""
    rows = anchor.of_rule(rule, place=place)
    if anchor.of_enquiries(rule):
        return rows.filter(pk=Cast(Replace(OuterRef("subject_id"), Value("-"), Value("")), UUIDField()))
    if anchor.repeats:
        return rows.filter(pk=OuterRef("home_id"))
    return anchor.annotated(rule, rows, day=anchor.day(place)).filter(
        **{anchor.home: OuterRef("home_id")}, care_key=OuterRef("key")
    )
