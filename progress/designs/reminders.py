"""When those who have not answered are reminded: three days before the last day, and one; and when that day is over."""

from datetime import datetime, time, timedelta

from django.db import connection, transaction

from accounts.notices.circulars import tell_all

from .calls import promise_calls
from .models import DesignChange

MORNING = time(9)
REMINDERS = {"three-days": 3, "last-day": 1}  # days before the day by which to answer
OVER = "over"
NOTICES = {"three-days": "design-change-reminder", "last-day": "design-change-last-reminder"}


def moments(change):
    """[(moment, step)] in order, in the development's own mornings."""
    days = [(change.answer_by - timedelta(days=before), code) for code, before in REMINDERS.items()]
    return [*((datetime.combine(day, MORNING, tzinfo=change.zone), code) for day, code in days), (change.ends_at, OVER)]


def plan_next(change, *, after):
    """Note the step that comes next after the moment `after`; those that are past are passed over."""
    change.next_step_at, change.next_step = next((pair for pair in moments(change) if pair[0] > after), (None, ""))


@transaction.atomic
def take_step(change, *, at):
    """Do what is due by now, the latest alone when several are: nobody is reminded of what is over. Returns the step.

    What another worker is taking care of is left to it.
    """
    rows = DesignChange.objects.due(at=at).select_related("development")
    rows = rows.select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
    change = rows.filter(pk=change.pk).first()
    if change is None:
        return ""
    step = [code for moment, code in moments(change) if moment <= at][-1]
    plan_next(change, after=at)
    change.save(update_fields=["next_step", "next_step_at"])
    if step == OVER:
        promise_calls(change, at=at)
    else:
        tell_all(NOTICES[step], change, at=at, expires=change.ends_at, step=f"{change.text_version}-{step}")
    return step
