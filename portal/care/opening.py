"""Opening what rules owe: set-wise, in the database, each promise once however often and wherever it runs."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import CharField, DateTimeField, Exists, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Least

from accounts.events.models import Event
from progress.calendar.clock import clock_for
from progress.promises.models import Promise

from .anchors import anchor_of, places
from .due import due_at, lies_before
from .expressions import TEXT, RandomUUID, as_text
from .heartbeat import last_run
from .models import DueDay, Rule
from .promises import KINDS, kind_of, moments

AHEAD = timedelta(days=14)  # of what comes again and again


def open_promises(*, at, rules=None):
    """Open what all rules that are on owe since they last ran. Returns how many promises there are more."""
    rules = Rule.objects.to_sweep() if rules is None else rules
    return sum(open_for(rule, place, at=at) for rule in rules for place in places())


def open_for(rule, place, *, at):
    """Of one rule at one Place."""
    wanted = [missing(rule, occasions) for occasions in occasions_of(rule, place, at=at)]
    clock = clock_for(place.calendar, place.time_zone)
    reckoned = [each for each in wanted if reckon(rule, place, each, clock=clock)]
    return sum(_open(rule, place, each, at=at) for each in reckoned)


def occasions_of(rule, place, *, at):
    """[QuerySet] of the occasions that count at `at`."""
    today = at.astimezone(ZoneInfo(place.time_zone)).date()
    first = max(last_run(at=at).astimezone(ZoneInfo(place.time_zone)).date(), rule.starts_on or today)
    return anchor_of(rule).occasions(rule, place=place, first=first, last=today + AHEAD + lies_before(rule))


def missing(rule, occasions):
    """Those for which nothing was promised yet."""
    return occasions.exclude(Exists(Promise.objects.filter(key=OuterRef("care_key"))))


def reckon(rule, place, occasions, *, clock):
    """Work out when each distinct day of these falls due, once. Returns whether there are any."""
    days = _days(rule, occasions)
    here = DueDay.objects.filter(rule=rule, calendar=place.calendar, time_zone=place.time_zone)
    known = (
        set(here.filter(anchor_on__in=days).values_list("anchor_on", flat=True))
        if len(days) < 900
        else set(here.values_list("anchor_on", flat=True))
    )
    DueDay.objects.bulk_create(
        [_reckoned(rule, place, day, clock) for day in sorted(days - known)], batch_size=500, ignore_conflicts=True
    )
    return bool(days)


def _days(rule, occasions):
    """The distinct days of these. Of what comes again all rows have the same."""
    days = occasions.values_list("care_day", flat=True)
    return set(days[:1] if anchor_of(rule).repeats else days.distinct()) - {None}


def _reckoned(rule, place, day, clock):
    row = DueDay(rule=rule, calendar=place.calendar, time_zone=place.time_zone, anchor_on=day)
    row.due_at = due_at(rule, day, clock)
    if row.due_at is not None:
        steps = kind_of(rule).steps_of(rule)
        row.next_step_at, first = moments(steps, row.due_at, clock)[0]
        row.next_step = first.code
    return row


@transaction.atomic
def _open(rule, place, occasions, *, at):
    """Write them. The rule's row is the lock: of two machines the second finds nothing left to do."""
    rule = Rule.objects.select_for_update(of=("self",)).filter(pk=rule.pk, state=Rule.State.ON).first()
    if rule is None:
        return 0
    begins = datetime.combine(rule.starts_on, datetime.min.time(), tzinfo=ZoneInfo(place.time_zone))
    wanted = with_due(rule, place, occasions).filter(care_due__gte=begins)
    is_new = not Promise.objects.filter(rule=rule.code).exists()
    opened = insert(
        Promise, wanted.annotate(care_id=RandomUUID(output_field=CharField()), **_fields(rule, at)), COLUMNS
    )
    if opened:
        _note(rule, at=at, is_new=is_new)
    return opened


def with_due(rule, place, occasions):
    """Adds `care_due`, `care_step` and `care_step_at`, as they were reckoned for the day."""
    row = DueDay.objects.filter(
        rule=rule, calendar=place.calendar, time_zone=place.time_zone, anchor_on=OuterRef("care_day")
    )
    return occasions.annotate(
        care_due=Subquery(row.values("due_at")),
        care_step=Subquery(row.values("next_step")),
        care_step_at=Subquery(row.values("next_step_at")),
    )


COLUMNS = {
    "id": "care_id",
    "key": "care_key",
    "kind": "care_kind",
    "development_id": "care_development",
    "home_id": "care_home",
    "touchpoint_id": "care_touchpoint",
    "subject_kind": "care_subject_kind",
    "subject_id": "care_subject",
    "made_at": "care_made",
    "due_at": "care_due",
    "state": "care_state",
    "team": "care_team",
    "outcome": "care_nothing",
    "moves": "care_moves",
    "next_step": "care_step",
    "next_step_at": "care_step_at",
    "rule": "care_rule",
    "anchored_on": "care_day",
}


def _fields(rule, at):
    """What is the same in all. What is past already was promised for then: the ledger's sweep calls it missed."""
    words = {
        "care_kind": KINDS[rule.product],
        "care_subject_kind": anchor_of(rule).subject_of(rule),
        "care_state": Promise.State.DUE,
        "care_team": rule.team,
        "care_nothing": "",
        "care_rule": rule.code,
    }
    return {
        **{name: Value(str(word), output_field=TEXT) for name, word in words.items()},
        "care_touchpoint": Value(rule.touchpoint_id, output_field=Promise._meta.get_field("moves")),
        "care_moves": Value(0),
        "care_made": Least(Value(at, output_field=DateTimeField()), F("care_due")),
    }


def insert(model, rows, columns):
    """INSERT the QuerySet `rows` into the table of `model`: {column: its annotation}. What is there already stands.

    Returns how many rows were written.
    """
    sql, params = rows.values_list(*columns.values()).query.get_compiler(connection=connection).as_sql()
    table, names = model._meta.db_table, ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        cursor.execute(f'INSERT INTO "{table}" ({names}) {sql} ON CONFLICT DO NOTHING', params)
        return cursor.rowcount


def _note(rule, *, at, is_new):
    """An event for each that was opened just now. Of a new rule nothing is noted yet: no need to look.

    Looking in the empty table of a new company, a database may read it all anew for each row that it writes.
    """
    noted = Event.objects.filter(subject_kind="promises.promise", subject_id=OuterRef("care_subject"), verb="promised")
    fresh = Promise.objects.filter(Q(made_at=at) | Q(due_at__lt=at, made_at=F("due_at")), rule=rule.code, state="due")
    fresh = fresh.annotate(
        care_subject=as_text("pk"),
        care_verb=Value("promised", output_field=TEXT),
        care_kind=Value("promises.promise", output_field=TEXT),
        care_at=Value(at, output_field=DateTimeField()),
        care_nothing=Value("", output_field=TEXT),
    )
    insert(
        Event,
        (fresh if is_new else fresh.exclude(Exists(noted))).order_by(),
        {
            "verb": "care_verb",
            "subject_kind": "care_kind",
            "subject_id": "care_subject",
            "home_id": "home_id",
            "at": "care_at",
            "reason": "care_nothing",
        },
    )
