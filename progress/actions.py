"""What happens to the rights of owners and staff as days pass."""

from django.db import transaction

from accounts.events.actions import record_each

from .models import Assignment, Ownership, RightState

BATCH = 1000


def turn_rights(*, on):
    """Begin and end ownerships and assignments whose day has come. Returns how many changed.

    The first day counts, the day of `until` no longer does. Running it twice changes nothing.
    """
    return sum(_turn(model, on=on) for model in (Ownership, Assignment))


@transaction.atomic
def _turn(model, *, on):
    """Set-wise: an import begins thousands of rights at once."""
    rows = model.objects.select_for_update(of=("self",)).order_by("pk")
    ended = list(rows.to_end(on=on))
    begun = list(rows.to_begin(on=on).exclude(until__lte=on))
    for rights, state, verb in ((ended, RightState.ENDED, "ended"), (begun, RightState.LIVE, "began")):
        for start in range(0, len(rights), BATCH):
            some = rights[start : start + BATCH]
            model.objects.filter(pk__in=[right.pk for right in some]).update(state=state)
            record_each(verb, some, by=None)
    return len(ended) + len(begun)
