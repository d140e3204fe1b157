"""What the history of a ticket means for its end: a warranty to be judged, a wait that begins anew or is over."""

from portal.tickets.following import follows
from portal.tickets.models import Step

from .calls import let_calls_be
from .models import Resolution
from .moments import next_moment
from .resolving import end_resolution, open_resolution
from .warranty import JUDGED, decide, decision_of

What = Step.What


@follows
def judge_warranty(ticket, step, *, by, at):
    """When a repair or a complaint names its component: as it is reported, or as staff sort it anew."""
    if step.what not in (What.REPORTED, What.ROUTED) or ticket.kind not in JUDGED or ticket.component_id is None:
        return
    last = decision_of(ticket) if step.what == What.ROUTED else None
    if last is None or last.component_id != ticket.component_id:
        decide(ticket, by=None, at=at)


@follows
def wait_for_the_owner(ticket, step, *, by, at):
    """An owner who writes waits for us, so that nothing closes; our answer begins the seven days anew."""
    if step.what == What.WROTE:
        _wait(ticket, None)
    elif step.what == What.REPLIED:
        _wait(ticket, at)


def _wait(ticket, since):
    resolution = open_resolution(ticket)
    if resolution is None:
        return
    resolution.ticket = ticket
    resolution.next_at = None
    if since:
        resolution.quiet_since, resolution.reminders = since, 0
        resolution.next_at = next_moment(resolution)
    resolution.save(update_fields=["next_at", "quiet_since", "reminders"])


@follows
def leave_what_is_gone(ticket, step, *, by, at):
    """What goes on as part of another ticket, or ends with its owner's record, waits for nobody, and nobody rings."""
    if step.what in (What.MERGED, What.WITHDRAWN):
        end_resolution(ticket, Resolution.How.LEFT, at=at)
        let_calls_be(ticket, by=by, at=at)
