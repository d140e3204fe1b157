"""What we do for owners is promised: opened, moved with its milestone, let go, some hundred at a time."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import F
from django.utils.formats import date_format
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from progress.journeys.models import ChangedMilestone, MilestoneChange
from progress.models import Assignment
from progress.promises.kinds import ANSWERABLE, SUPERVISOR, Kind, Step, register
from progress.promises.many import Moving, Wanted, move_each, open_each, void_each
from progress.promises.models import Promise, PromiseMove

from .models import DueItem

CODE = "checklist-item"
LOT = 500
EVENING = time(18)  # of the day, at the home
LONGEST = PromiseMove._meta.get_field("reason_en").max_length


@register(CODE)
class ChecklistItem(Kind):
    """An entry of a checklist that is ours to do. Its subject is the DueItem, which knows its words for good."""

    label = gettext_lazy("An entry of a checklist that is ours")
    team = Assignment.Role.CUSTOMER_SERVICE
    steps = (
        Step("due", to=(ANSWERABLE, SUPERVISOR)),
    )  # no warnings: on one day a building has hundreds, under "My day"

    def words(self, promise):
        row = promise.entry if hasattr(promise, "entry") else DueItem.objects.filter(pk=promise.subject_id).first()
        return str(row.text) if row and row.text else str(self.label)

    def prepare(self, promises):
        rows = DueItem.objects.in_bulk([promise.subject_id for promise in promises])
        rows = {str(pk): row for pk, row in rows.items()}
        for promise in promises:
            promise.entry = rows.get(promise.subject_id)


def bring_up_to_date(*, at, enough=lambda: False):
    """Let go, move and open what `sweep` has found. Returns whether all was done before it was `enough`."""
    yesterday = (at - timedelta(days=1)).date()  # it may be a day earlier somewhere
    steps = [
        (_release, DueItem.objects.to_release()),
        (_move, DueItem.objects.to_move()),
        (_open, DueItem.objects.to_promise(on=yesterday)),
    ]
    for step, rows in steps:
        keys = list(rows.order_by("pk").values_list("pk", flat=True))
        for start in range(0, len(keys), LOT):
            if enough():
                return False
            with transaction.atomic():
                step(_held(rows.filter(pk__in=keys[start : start + LOT])), at=at)
    return True


def _held(rows):
    """Locked, without those that another machine has in hand, and asked once more whether they still belong to it."""
    rows = rows.select_related("promise__development", "home__development", "milestone__template").order_by("pk")
    return list(rows.select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked))


def _release(rows, *, at):
    void_each([row.promise for row in rows], by=None, at=at)
    held = DueItem.objects.filter(pk__in=[row.pk for row in rows]).exclude(promise__state=Promise.State.VOID)
    kept = set(held.values_list("pk", flat=True))  # in this very moment, by staff
    gone = DueItem.objects.filter(pk__in=[row.pk for row in rows if row.pk not in kept])
    gone.update(promise=None, promised_on=None, round=F("round") + 1)


def _open(rows, *, at):
    rows = [row for row in rows if _evening(row) > at]
    wanted = {_key(row): Wanted(_key(row), row.home, _evening(row), str(row.pk)) for row in rows}
    label = DueItem._meta.label_lower
    promises = open_each(list(wanted.values()), kind=CODE, subject_kind=label, by=None, at=at)
    for row in rows:
        row.promise, row.promised_on = promises[_key(row)], row.due_on
    DueItem.objects.bulk_update(rows, ["promise", "promised_on"], batch_size=200)


def _key(row):
    key = f"checklist:{row.home_id.hex}:{row.guide_key.hex}:{row.item}"
    return key if row.round == 1 else f"{key}:{row.round}"


def _evening(row, day=None):
    """When the day ends on which it is due."""
    zone = ZoneInfo(row.home.development.time_zone)
    return datetime.combine(day or row.due_on, EVENING, tzinfo=zone)


def _move(rows, *, at):
    reasons = _reasons(rows)
    moving = [Moving(row.promise, _as_soon_as_possible(row, at=at), *reasons[row.pk]) for row in rows]
    move_each(moving, by=None, at=at)
    DueItem.objects.filter(pk__in=[row.pk for row in rows]).update(promised_on=F("due_on"))


def _as_soon_as_possible(row, *, at):
    """The evening of its day; where that has become a day past, the next evening, unless it is promised for then."""
    if _evening(row) > at:
        return _evening(row)
    today = at.astimezone(ZoneInfo(row.home.development.time_zone)).date()
    evening = next(moment for days in (0, 1) if (moment := _evening(row, today + timedelta(days=days))) > at)
    return min(evening, row.promise.due_at)


def _reasons(rows):
    """{row: (English, Chinese)}: what was said of the milestone last, where that is what moved it."""
    lines = ChangedMilestone.objects.filter(
        milestone__in=[row.milestone_id for row in rows], change__state=MilestoneChange.State.MADE
    )
    said = {line.milestone_id: line for line in lines.select_related("change").order_by("change__at", "pk")}
    return {row.pk: _reason(row, said.get(row.milestone_id)) for row in rows}


def _reason(row, line):
    moved = line is not None and line.days == (row.due_on - row.promised_on).days
    if moved and (line.change.reason_en or line.change.reason_zh):
        return tuple(Truncator(words).chars(LONGEST) for words in (line.change.reason_en, line.change.reason_zh))
    return tuple(_in_words(row, language) for language in ("en", "zh-hans"))


def _in_words(row, language):
    with override(language):
        words = {"milestone": row.milestone or "", "day": date_format(row.due_on)}
        return str(_("“%(milestone)s” has another day; this is due on %(day)s now.") % words)
