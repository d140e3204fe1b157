"""What happens to the rights of owners and staff as days pass."""

from django.db import transaction

from accounts.events.actions import record

from .models import Assignment, Ownership, RightState


def turn_rights(*, on):
    """Begin and end ownerships and assignments whose day has come. Returns how many changed.

    The first day counts, the day of `until` no longer does. Running it twice changes nothing.
    """
    return sum(_turn(model, on=on) for model in (Ownership, Assignment))


@transaction.atomic
def _turn(model, *, on):
    ended = list(model.objects.select_for_update(of=("self",)).to_end(on=on))
    to_begin = model.objects.select_for_update(of=("self",)).to_begin(on=on)
    begun = list(to_begin.exclude(pk__in=[right.pk for right in ended]))
    for rights, state, verb in ((ended, RightState.ENDED, "ended"), (begun, RightState.LIVE, "began")):
        for right in rights:
            right.state = state
            right.save(update_fields=["state"])
            record(verb, right, by=None, home=getattr(right, "home", None))
    return len(ended) + len(begun)
