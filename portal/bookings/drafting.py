"""Beginning an open day: a draft that nobody but staff sees."""

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record

from .errors import BookingError
from .models import OpenDay


def draft_open_day(*, open_day_id, values, by, at):
    """Keep a draft under the form's id; the same form sent twice makes one. `values`: its fields, buildings as rows.

    Returns the OpenDay. Raises BookingError when the id is taken by another development's.
    """
    fields = {name: value for name, value in values.items() if name != "buildings"}
    try:
        with transaction.atomic():
            open_day = OpenDay(id=open_day_id, created_by=by, created_at=at, **fields)
            open_day.save(force_insert=True)
            open_day.buildings.set(values.get("buildings", ()))
            record("drafted", open_day, by=by)
            return open_day
    except IntegrityError:
        known = OpenDay.objects.filter(pk=open_day_id, development=fields["development"], created_by=by).first()
        if known is None:
            raise BookingError(_("This form has been used already. Please open it again.")) from None
        return known
