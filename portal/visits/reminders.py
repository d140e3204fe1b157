"""A day before the visit, whoever expects it is reminded."""

from django.db import connection, transaction

from .models import Visit
from .people import tell_household


@transaction.atomic
def remind(visit, *, at):
    """Remind of one whose turn has come; of what has begun meanwhile, nobody. Returns whether anybody was told."""
    rows = Visit.objects.to_remind(at=at).with_place()
    rows = rows.select_for_update(of=("self",), skip_locked=connection.features.has_select_for_update_skip_locked)
    visit = rows.filter(pk=visit.pk).first()
    if visit is None:
        return False
    visit.remind_at = None
    visit.save(update_fields=["remind_at"])
    if visit.starts <= at or visit.enquiry is not None:
        return False
    tell_household(visit, "visit-soon", at=at, step=str(visit.moved), expires=visit.starts)
    return True
