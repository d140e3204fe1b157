"""A home changes hands, whole: rights, invitations and whatever else an app has registered, in one transaction.

The home's row is the lock, taken first; joining the household takes it too.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.events.actions import record
from accounts.models import Owner
from accounts.notices.actions import tell
from progress.households.actions import end_right, lock_home, today_at
from progress.models import HOSTS, Ownership, RightState, Role

from . import parts
from .models import HomeTransfer, NewOwner

HORIZON = timedelta(days=366)
MOST_OWNERS = 10


class TransferError(Exception):
    """Refused. The message is worded for the member of staff who asked."""


@transaction.atomic
def transfer_home(*, home, to, on, by, at):
    """The home goes to the owners `to`, the first as owner, the others as co-owners, from the day `on`.

    On a later day the sweep carries it out; until then it can be undone. Raises TransferError when the day is past
    or more than a year off, a transfer is planned already, the home is theirs already, or one of them is erased.
    """
    home = lock_home(home.pk)
    _lock_new_owners(to)
    today = today_at(home, at=at)
    check_transfer(home=home, to=to, on=on, today=today)
    transfer = HomeTransfer.objects.create(home=home, on=on, created_by=by, created_at=at)
    NewOwner.objects.bulk_create(
        NewOwner(transfer=transfer, owner=owner, role=Role.CO_OWNER if place else Role.OWNER)
        for place, owner in enumerate(to)
    )
    record("planned", transfer, by=by, home=home)
    if on <= today:
        _carry_out(transfer, by=by, at=at)
    return transfer


def check_transfer(*, home, to, on, today):
    """Raises TransferError when `transfer_home` would; the preview asks beforehand."""
    if not to or len(to) > MOST_OWNERS:
        raise TransferError(_("Please say to whom the home goes: to one person at least, and to ten at most."))
    if len({owner.pk for owner in to}) < len(to):
        raise TransferError(_("One of the new owners is named twice."))
    if Owner.objects.filter(pk__in=[owner.pk for owner in to], erased_at__isnull=False).exists():
        raise TransferError(_("One of these customer records has been erased. A home can't go to it."))
    if on < today:
        raise TransferError(_("This day is past. A home changes hands today or later."))
    if on > today + HORIZON:
        raise TransferError(_("Please choose a day within a year."))
    if earlier := home.transfers.planned().first():
        day = date_format(earlier.on)
        raise TransferError(_("This home is to change hands on %(day)s already. Undo that first.") % {"day": day})
    if {owner.pk for owner in to} == set(home.ownerships.live().filter(role__in=HOSTS).values_list("owner", flat=True)):
        raise TransferError(_("The home belongs to them already."))


@transaction.atomic
def carry_out_transfer(transfer, *, at):
    """Carry out a planned transfer whose day has come at the home. Otherwise nothing happens. Returns whether it did.

    Raises TransferError when one of the new owners was erased meanwhile.
    """
    home = lock_home(transfer.home_id)
    transfer = HomeTransfer.objects.select_for_update().get(pk=transfer.pk)
    if not transfer.is_planned or transfer.on > today_at(home, at=at):
        return False
    _lock_new_owners(transfer.to.all())
    if transfer.to.filter(erased_at__isnull=False).exists():
        raise TransferError(_("One of these customer records has been erased. A home can't go to it."))
    transfer.home = home
    _carry_out(transfer, by=None, at=at)
    return True


def _lock_new_owners(owners):
    """After the home, and in the order of their keys: nobody is erased while a home goes to them."""
    pks = [owner.pk for owner in owners]
    list(Owner.objects.select_for_update(no_key=True).filter(pk__in=pks).order_by("pk").values_list("pk"))


@transaction.atomic
def undo_transfer(transfer, *, by, at):
    """Call off a planned transfer; called off already, it stays so. Raises TransferError once it was carried out."""
    home = lock_home(transfer.home_id)
    transfer = HomeTransfer.objects.select_for_update().get(pk=transfer.pk)
    if transfer.state == HomeTransfer.State.DONE:
        raise TransferError(_("The home has changed hands. That can't be undone; transfer it back."))
    if transfer.is_planned:
        transfer.state = HomeTransfer.State.UNDONE
        transfer.save(update_fields=["state"])
        record("undone", transfer, by=by, home=home)
    return transfer


def _carry_out(transfer, *, by, at):
    """The rights first, since the parts ask who still has some."""
    new = list(transfer.new_owners.select_related("owner"))
    household = _end_rights(transfer, by=by)
    rights = [
        Ownership(home=transfer.home, owner=each.owner, role=each.role, since=transfer.on, state=RightState.LIVE)
        for each in new
    ]
    for right in Ownership.objects.bulk_create(rights):
        record("began", right, by=by, home=transfer.home, reason="transfer")
    staying = {each.owner_id for each in new}
    former = [tie.owner for tie in household if tie.owner_id not in staying]
    for part in parts.all_parts():
        part.carry_out(transfer, former=former, by=by, at=at)
    transfer.state, transfer.done_at = HomeTransfer.State.DONE, at
    transfer.save(update_fields=["state", "done_at"])
    record("transferred", transfer, by=by, home=transfer.home)
    tell(former, "home-transferred", transfer, at=at)
    tell([each.owner for each in new], "welcome", transfer, at=at)


def _end_rights(transfer, *, by):
    """End every right to the home, also one that has not begun. Returns them."""
    current = Ownership.objects.select_for_update(of=("self",)).filter(home=transfer.home)
    household = list(current.exclude(state=RightState.ENDED).select_related("owner").order_by("pk"))
    for tie in household:
        end_right(tie, on=transfer.on)
        record("ended", tie, by=by, home=transfer.home, reason="transfer")
    return household
