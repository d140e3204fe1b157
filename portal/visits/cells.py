"""The quarter hours that a visit takes of a colleague. They alone decide who was first."""

from datetime import UTC, datetime, timedelta

from django.db import IntegrityError, transaction

from accounts.models import User

from .models import VisitCell

QUARTER = timedelta(minutes=15)
SECONDS = 15 * 60


def number_of(moment):
    """Which quarter hour since 1970, UTC, the moment lies in. Zones of any offset begin theirs with one."""
    return int(moment.timestamp()) // SECONDS


def numbers(starts, *, minutes, buffer):
    """The quarter hours of a visit and of the way to the next one, each of them whole."""
    return numbers_from(int(starts.timestamp()), minutes=minutes, buffer=buffer)


def numbers_from(begins, *, minutes, buffer):
    """The same, of a beginning in seconds since 1970."""
    return range(begins // SECONDS, -(-(begins + (minutes + buffer) * 60) // SECONDS))


def moment_of(number):
    return datetime.fromtimestamp(number * SECONDS, UTC)


def take(visit, person, *, starts, minutes, buffer):
    """Take the quarter hours for a saved visit, in place of those it has. Returns whether `person` had them free.

    Where one is another visit's already, nothing changes: the time it had stays its own. The rows of the colleagues
    are locked, in one order, so that two who swap times wait for each other instead of standing in each other's way.
    """
    people = {person.pk, visit.person_id} - {None}
    cells = [
        VisitCell(visit=visit, person=person, quarter=moment_of(number))
        for number in numbers(starts, minutes=minutes, buffer=buffer)
    ]
    try:
        with transaction.atomic():
            list(User.objects.select_for_update(no_key=True).filter(pk__in=people).order_by("pk").values_list("pk"))
            release(visit)
            VisitCell.objects.bulk_create(cells)
    except IntegrityError:
        return False
    return True


def release(visit):
    """Give all of them back."""
    visit.cells.all().delete()
