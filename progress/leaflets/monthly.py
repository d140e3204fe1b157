"""On the first working day of a month the leaflets of the last one are made, so that staff only look and send."""

from datetime import timedelta

import structlog
from django.conf import settings
from django.utils import timezone

from progress.calendar.clock import CalendarError, clock_of
from progress.models import Development

from .actions import LeafletError, ask_leaflet
from .models import Leaflet

UNTIL = 10  # of the month: a night that was missed is made up for, and nobody is surprised later

log = structlog.get_logger(__name__)


def prepare_leaflets(*, at):
    """Ask for those of last month that nobody asked for. Running it twice changes nothing.

    A place where it fails does not hold up the others.
    """
    if not settings.MONTHLY_LEAFLETS:
        return
    for development in Development.objects.prefetch_related("buildings"):
        try:
            _prepare(development, at=at)
        except CalendarError:
            log.warning("leaflets_not_prepared", development=str(development.pk))
        except Exception:
            log.exception("leaflets_not_prepared", development=str(development.pk))


def _prepare(development, *, at):
    clock = clock_of(development)
    today = timezone.localdate(at, clock.zone)
    first = today.replace(day=1)
    if today.day > UNTIL or today < clock.add_days(first, 0):
        return
    last_month = (first - timedelta(days=1)).replace(day=1)
    for place in _places(development, last_month):
        _ask(place, last_month, at=at)


def _places(development, month):
    """Its buildings, or itself where it has none: an owner gets one leaflet, not two."""
    known = set(Leaflet.objects.filter(development=development, month=month).values_list("building", flat=True))
    if None in known:
        return []
    buildings = list(development.buildings.all())
    return [building for building in buildings if building.pk not in known] if buildings else [development]


def _ask(place, month, *, at):
    try:
        ask_leaflet(place, month=month, by=None, at=at)
    except LeafletError as error:
        log.info("leaflet_not_prepared", place=str(place.pk), why=str(error))
