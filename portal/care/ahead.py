"""What care would do by a day to come, reckoned without writing anything."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings

from progress.promises.models import Promise

from .anchors import anchor_of, places
from .models import Product, Rule
from .moving import astray, without_occasion
from .opening import occasions_of
from .promises import SEND
from .reach import occasions_due

SHOWN = 10
WRITTEN = (Product.REMINDER, Product.SURVEY)  # kept by being sent
TOLD = (*WRITTEN, Product.CHECK)


@dataclass(frozen=True)
class Ahead:
    """Of one rule: what would be promised, moved or let go, sent or asked, and missed unless done, up to the day."""

    rule: Rule
    opened: list  # Reached, in order of their time
    moved: int
    gone: int
    sent: int
    asked: int
    missed: int

    @property
    def first(self):
        return self.opened[:SHOWN]


def ahead(*, now, until):
    """[Ahead] of each rule that is on, from the moment `now` until the end of the day `until`."""
    end = datetime.combine(until, time.max, tzinfo=ZoneInfo(settings.TIME_ZONE))
    return [_of(rule, now, until, end) for rule in Rule.objects.to_sweep()]


def _of(rule, now, until, end):
    today = now.astimezone(ZoneInfo(settings.TIME_ZONE)).date()
    found = occasions_due(rule, first=max(today, rule.starts_on), last=until)
    known = set(Promise.objects.filter(rule=rule.code).values_list("key", flat=True))
    opened = [each for each in found if each.key not in known]
    open_ones = Promise.objects.open().filter(rule=rule.code)
    told = open_ones.filter(next_step=SEND, next_step_at__lte=end).count()
    told += len(opened) if rule.product in TOLD else 0
    return Ahead(
        rule,
        opened,
        moved=_moved(rule, at=now),
        gone=without_occasion(rule, at=now).count(),
        sent=0 if rule.product == Product.CHECK else told,
        asked=told if rule.product == Product.CHECK else 0,
        missed=0 if rule.product in WRITTEN else open_ones.filter(due_at__lte=end).count() + len(opened),
    )


def _moved(rule, *, at):
    if anchor_of(rule).repeats:
        return 0
    return sum(astray(rows).count() for place in places() for rows in occasions_of(rule, place, at=at))
