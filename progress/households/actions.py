"""Who belongs to a household: invited and removed by its owners, never by family or tenants.

The home's row is the lock: it is taken before any invitation's or ownership's, here and when the home is transferred.
"""

from datetime import timedelta
from secrets import choice
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.actions import (
    GOOD_FOR,
    AccountError,
    clean_address,
    invite_person,
    login_at,
    resend_invitation,
    revoke_invitation,
)
from accounts.events.actions import record
from accounts.models import Address, Invitation, Owner, User
from accounts.notices.actions import tell
from progress.models import GUESTS, HOSTS, Home, Ownership, RightState

from .models import HouseholdInvitation

MOST_PEOPLE = 10
MOST_OPEN = 10
MOST_A_DAY = 20
PAUSE = timedelta(hours=1)  # before the same invitation is sent again
PURPOSE = "household"
LEGIBLE = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"


class HouseholdError(Exception):
    """Refused. The message is worded for the owner who asked."""


def lock_home(home_id):
    """The home, and nobody else's until the transaction ends. What only refers to it, as a promise does, goes on."""
    return Home.objects.select_for_update(of=("self",), no_key=True).select_related("development").get(pk=home_id)


def today_at(home, *, at):
    """The date at the home."""
    return timezone.localdate(at, ZoneInfo(home.development.time_zone))


def members_of(home):
    """Everybody who belongs to the home, or will from a day that is set: owners first."""
    current = home.ownerships.exclude(state=RightState.ENDED).select_related("owner__user")
    order = {role: place for place, role in enumerate((*HOSTS, *GUESTS))}
    return sorted(current, key=lambda tie: (order[tie.role], tie.since))


def host_of(home, user):
    """The customer record of `user` if they are owner or co-owner of the home today, else None."""
    return Owner.objects.active().filter(user=user, pk__in=_hosts(home)).first()


def _hosts(home):
    return home.ownerships.live().filter(role__in=HOSTS).values("owner")


@transaction.atomic
def invite_to_household(*, home, name, role, channel, address, language, by, at):
    """Invite family or a tenant to `home`: by e-mail, by text message, or by a printed code that is sent to nobody.

    Raises HouseholdError when `by` is no owner of it, the role isn't theirs to give, the person belongs to it or
    is invited already, or the household has its 10 people or 10 open invitations; and when name or address are none.
    """
    home = lock_home(home.pk)
    host = host_of(home, by)
    _refuse_invitation(home, host, role, at=at)
    try:
        address = "" if channel == Invitation.Way.CODE else clean_address(address, channel)
        _refuse_known(home, address, channel, at=at)
        invitation = invite_person(
            purpose=PURPOSE, name=name, language=language, channel=channel, address=address, by=by, at=at
        )
    except AccountError as error:
        raise HouseholdError(str(error)) from error
    tie = HouseholdInvitation.objects.create(invitation=invitation, home=home, role=role, invited_by=host)
    record("invited", tie, by=by, home=home, reason=role)
    return tie


def _refuse_invitation(home, host, role, *, at):
    if host is None:
        raise HouseholdError(_("Only the owners of a home invite to it."))
    if role not in GUESTS:
        raise HouseholdError(_("Whoever signs the contract is entered by us. Please ring us."))
    refuse_if_full(home)
    _refuse_more_open(home, at=at)
    if home.household_invitations.filter(invitation__created_at__gt=at - timedelta(days=1)).count() >= MOST_A_DAY:
        raise HouseholdError(_("That is enough for one day. Please invite more people tomorrow."))


def _refuse_more_open(home, *, at):
    if home.household_invitations.open(at=at).count() >= MOST_OPEN:
        raise HouseholdError(_("Ten invitations are open. Please take one back first."))


def refuse_if_full(home):
    """Raises HouseholdError when as many people belong to the home as may."""
    if home.ownerships.exclude(state=RightState.ENDED).count() >= MOST_PEOPLE:
        raise HouseholdError(_("Ten people belong to this home. More don't fit; please ring us."))


def _refuse_known(home, address, channel, *, at):
    if not address:
        return
    if home.household_invitations.open(at=at).filter(invitation__address=address).exists():
        raise HouseholdError(_("This person is invited already."))
    known = login_at(address, channel)
    by_login = known is not None and current_ties(home, known).exists()
    ties = home.ownerships.exclude(state=RightState.ENDED)
    if by_login or ties.filter(owner__addresses__channel=channel, owner__addresses__value=address).exists():
        raise HouseholdError(_("This person belongs to your home already."))


def current_ties(home, user):
    """The ownership of this login at the home, live or still to begin."""
    return home.ownerships.exclude(state=RightState.ENDED).filter(owner__user=user)


def _refuse_all_but_hosts(home, by):
    if host_of(home, by) is None:
        raise HouseholdError(_("Only the owners of a home decide who belongs to it."))


@transaction.atomic
def take_back(tie, *, by, at):
    """Close an open invitation. Raises HouseholdError when it was accepted, or `by` is no owner of the home."""
    _refuse_all_but_hosts(lock_home(tie.home_id), by)
    try:
        revoke_invitation(tie.invitation, by=by, at=at)
    except AccountError as error:
        raise HouseholdError(str(error)) from error


@transaction.atomic
def send_again(tie, *, by, at):
    """A new link, good for 14 days from now, also for an invitation that has expired; the old one opens no more.

    Raises HouseholdError when `by` is no owner of the home, the invitation was accepted or taken back, it was sent
    within the hour, or it would be the eleventh that is open.
    """
    home = lock_home(tie.home_id)
    _refuse_all_but_hosts(home, by)
    tie = HouseholdInvitation.objects.select_related("invitation").get(pk=tie.pk)
    if tie.invitation.state(at=at) == "expired":
        _refuse_more_open(home, at=at)
    elif tie.invitation.channel != Invitation.Way.CODE and at < tie.invitation.expires_at - GOOD_FOR + PAUSE:
        raise HouseholdError(_("It was sent within the last hour. Please wait a little before it is sent again."))
    try:
        resend_invitation(tie.invitation, by=by, at=at)
    except AccountError as error:
        raise HouseholdError(str(error)) from error
    record("sent again", tie, by=by, home=home)


def close_invitations_of_former_hosts(*, by, at):
    """Revoke what was sent by people who are owners of the home no longer, for whatever reason. Returns how many.

    Joining refuses such an invitation anyway; so its page says so, too. Running it twice changes nothing.
    """
    return sum(_close_if_orphaned(tie, by=by, at=at) for tie in HouseholdInvitation.objects.waiting().orphaned())


@transaction.atomic
def _close_if_orphaned(tie, *, by, at):
    lock_home(tie.home_id)
    tie = HouseholdInvitation.objects.waiting().orphaned().filter(pk=tie.pk).first()
    if tie:
        revoke_invitation(tie.invitation, by=by, at=at)
    return tie is not None


@transaction.atomic
def join_household(invitation, *, user, at):
    """Carry out an accepted invitation: `user` belongs to the home from today. Returns the Ownership.

    A login without a customer record gets one. Raises AccountError, for the person who accepts, when whoever
    invited them owns the home no longer, the household is full, or they belong to it already.
    """
    tie = HouseholdInvitation.objects.select_related("invited_by").get(pk=invitation.pk)
    home = lock_home(tie.home_id)
    if not home.ownerships.live().filter(owner=tie.invited_by, role__in=HOSTS).exists():
        raise AccountError(_("This invitation is no longer open."))
    if current_ties(home, user).exists():
        raise AccountError(_("You belong to this home already."))
    try:
        refuse_if_full(home)
    except HouseholdError as error:
        raise AccountError(str(error)) from error
    known = Owner.objects.select_for_update().filter(user=user).first()  # waits for an erasure under way
    if not User.objects.filter(pk=user.pk, is_active=True).exists():
        raise AccountError(_("This invitation is no longer open."))
    owner = known or _new_record(user, invitation)
    ownership = Ownership.objects.create(
        home=home,
        owner=owner,
        role=tie.role,
        since=today_at(home, at=at),
        state=RightState.LIVE,
        invited_by=tie.invited_by,
    )
    record("joined", ownership, by=user, home=home)
    tell(Owner.objects.filter(pk__in=_hosts(home)), "household-joined", ownership, at=at)
    return ownership


def _new_record(user, invitation):
    """The customer record of somebody who came by invitation: no contract, so a number of our own."""
    number = "H-" + "".join(choice(LEGIBLE) for _each in range(8))
    language = user.language or invitation.language
    owner = Owner.objects.create(customer_no=number, name=user.name or invitation.name, user=user, language=language)
    Address.objects.filter(user=user).update(user=None, owner=owner)
    record("created", owner, by=user)
    return owner


@transaction.atomic
def remove_from_household(ownership, *, by, at):
    """End the right of family or a tenant at once, and tell them. Ended already, it stays so.

    Raises HouseholdError when `by` is no owner of the home, or the person is one: that is for staff to change.
    """
    home = lock_home(ownership.home_id)
    ownership = Ownership.objects.select_for_update(of=("self",)).select_related("owner").get(pk=ownership.pk)
    _refuse_all_but_hosts(home, by)
    if ownership.role not in GUESTS:
        raise HouseholdError(_("Owners are entered and removed by us. Please ring us."))
    if ownership.state == RightState.ENDED:
        return ownership
    end_right(ownership, on=today_at(home, at=at))
    record("removed", ownership, by=by, home=home)
    tell([ownership.owner], "household-removed", ownership, at=at)
    return ownership


def guest_tie(home, user):
    """The ownership by which `user` belongs to the home as family or tenant today, or None."""
    return home.ownerships.live().filter(owner__user=user, role__in=GUESTS).select_related("owner").first()


@transaction.atomic
def leave_household(*, home, by, at):
    """End `by`'s own right as family or tenant at once, and tell the owners of the home.

    Raises HouseholdError for owners, and for whoever does not belong to it (any more).
    """
    home = lock_home(home.pk)
    ownership = guest_tie(home, by)
    if ownership is None:
        raise HouseholdError(_("You belong to this home as an owner, or no longer. Please ring us."))
    end_right(ownership, on=today_at(home, at=at))
    record("left", ownership, by=by, home=home)
    tell(Owner.objects.filter(pk__in=_hosts(home)), "household-left", ownership, at=at)
    return ownership


def end_right(ownership, *, on):
    """End a right with the day `on`, at once: also one that would have begun later."""
    ownership.state, ownership.until = RightState.ENDED, max(on, ownership.since)
    ownership.save(update_fields=["state", "until"])
