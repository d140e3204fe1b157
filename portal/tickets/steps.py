"""The one way in which something happens to a ticket: a step in its history, an event in the log, and who follows."""

from accounts.events.actions import record

from .following import tell_followers
from .models import Step


def take_step(ticket, what, *, by, at, reason_en="", reason_zh="", **data):
    """Write the step that was just taken with a locked, saved `ticket`, and let followers hear of it. Returns it.

    `data` has ids, codes and ISO moments; what staff write for the reason stands in its own fields.
    """
    last = ticket.steps.order_by("-seq").values_list("seq", flat=True).first() or 0
    step = Step.objects.create(
        ticket=ticket, seq=last + 1, at=at, what=what, by=by, reason_en=reason_en, reason_zh=reason_zh, data=data
    )
    record(str(step.what), ticket, by=by, home=ticket.home)
    tell_followers(ticket, step, by=by, at=at)
    return step
