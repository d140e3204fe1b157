"""What a household does with a checklist: ticks an entry off, takes the tick back. Nothing is ever overwritten.

The home's row is the lock, as for all that its people do: whoever loses the home meanwhile writes nothing.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.events.actions import record
from progress.households.actions import lock_home, today_at
from progress.models import Ownership

from .models import Tick
from .seeing import edition_seen, entries_shown

OLDEST = timedelta(days=7)  # as long as a page stays on a phone without signal
MOST_A_DAY = 1000


class ChecklistError(Exception):
    """Refused. The message is worded for whoever ticked."""


class NotYoursError(ChecklistError):
    """The home is no longer theirs, or the guide does not fit it (any more)."""


class EntryGoneError(ChecklistError):
    """The entry is no longer in the list."""


@transaction.atomic
def tick(*, op, home, guide_key, item, ticked, made_at=None, by, at):
    """Tick off the entry `item` of a guide for the household, or take the tick back (`ticked` False). Returns the Tick.

    `op` comes from the form: sent twice, it counts once. `made_at`: when it was done, for what waited on a phone; one
    to come or more than a week ago counts as `at`. What was done last counts, whatever arrives last.

    Raises NotYoursError when `by` does not live there or sees no such guide, EntryGoneError, ChecklistError when it is
    for us to do, `op` was used for something else, or the household has ticked a thousand times within a day.
    """
    home = lock_home(home.pk)
    on = today_at(home, at=at)
    ties = list(Ownership.objects.live().filter(home=home, owner__user=by, owner__erased_at=None))
    if not ties or not edition_seen(home, guide_key, roles={tie.role for tie in ties}, on=on):
        raise NotYoursError(_("This guide is not part of your home any more."))
    wanted = {"home_id": home.pk, "guide_key": guide_key, "item": item, "ticked": ticked, "by_id": by.pk}
    if earlier := Tick.objects.filter(pk=op).first():
        return _same(earlier, wanted)
    _check_entry(guide_key, item, on=on)
    if Tick.objects.filter(home=home, at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise ChecklistError(_("That is enough for one day. Please go on tomorrow."))
    made_at = made_at if made_at and at - OLDEST <= made_at <= at else at
    values = wanted | {"owner_id": ties[0].owner_id, "made_at": made_at, "at": at}
    row, new = Tick.objects.get_or_create(pk=op, defaults=values)
    if not new:  # at another home, in this very moment
        return _same(row, wanted)
    record("ticked" if ticked else "unticked", row, by=by, home=home)
    return row


def _same(earlier, wanted):
    """What the form made that is sent once more; what it made for somebody else, or elsewhere, stays out of sight."""
    if any(getattr(earlier, name) != value for name, value in wanted.items()):
        raise ChecklistError(_("This form has been sent already. Please begin anew."))
    return earlier


def _check_entry(guide_key, item, *, on):
    entry = entries_shown(guide_key, on=on).get(item)
    if entry is None:
        raise EntryGoneError(_("This entry is no longer in the list."))
    if entry.ours:
        raise ChecklistError(_("We tick this off ourselves, once it is done."))
