"""What becomes of the visit that a check asked for, becomes of the check."""

from portal.visits.following import follows

from .filling import Stage
from .models import Check
from .planning import arrange, ask_for_time


@follows("care_checks.check")
def follow_visit(visit, verb, *, by, at):
    """Booked, the promise is arranged. Called off, or nobody was met: the household is asked for another time."""
    check = Check.objects.select_related("promise", "development", "home__development").filter(visit=visit).first()
    if check is None or verb == "done":
        return
    arrange(check, booked=verb == "booked")
    if verb in ("cancelled", "missed") and check.stage == Stage.PLANNED and _is_owed(check):
        ask_for_time(check, at=at, again=str(visit.pk))


def _is_owed(check):
    return check.promise is not None and check.promise.is_open and check.home.ownerships.live().exists()
