"""How people get their login: invited, once, by a link that staff can send again or take back."""

from datetime import timedelta

from allauth.account.models import EmailAddress
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from phonenumber_field.phonenumber import to_python as read_phone

from .events.actions import record
from .models import Address, Channel, Invitation, Owner, User
from .notices.actions import tell
from .notices.corrections import say_corrected
from .purposes import purpose_of

GOOD_FOR = timedelta(days=14)


class AccountError(Exception):
    """Refused. The message is worded for the person who asked."""


@transaction.atomic
def invite_owner(*, owner, address, channel, by, at):
    """Send `owner` the link to their first login, good for 14 days. An earlier open invitation dies.

    Raises AccountError when the record is erased or has a login, or the address is none or another customer's.
    """
    owner = Owner.objects.select_for_update().get(pk=owner.pk)
    if owner.erased_at:
        raise AccountError(_("This customer record has been erased. Nobody can be invited to it."))
    if owner.user_id:
        raise AccountError(_("This customer already has a login."))
    address = clean_address(address, channel)
    _check_nobody_elses(address, channel)
    for earlier in owner.invitations.filter(used_at=None, revoked_at=None):
        revoke_invitation(earlier, by=by, at=at)
    return _invite(Invitation(owner=owner, name=owner.name, channel=channel, address=address), by=by, at=at)


def _check_nobody_elses(address, channel):
    login = login_at(address, channel)
    if login and Owner.objects.filter(user=login).exists():
        raise AccountError(_("Another customer signs in at this address. Please ask for one of their own."))


@transaction.atomic
def invite_staff(*, email, name, groups, language="", purpose="", by, at):
    """Send somebody who will work at the desk the link to their login; the groups are theirs once they accept.

    `purpose` may promise more. Raises AccountError when the address or the name can't be used.
    """
    if not name.strip():
        raise AccountError(_("Please give a name."))
    address = clean_address(email, Channel.EMAIL)
    invitation = Invitation(name=name, channel=Channel.EMAIL, address=address, written_in=language, purpose=purpose)
    return _invite(invitation, groups=groups, by=by, at=at)


@transaction.atomic
def invite_person(*, purpose, name, language, channel, address, by, at):
    """Invite somebody who has no customer record: `purpose` says what to, and gives it when they accept.

    By printed code nothing is sent; whoever scans it says where we reach them. Raises AccountError when the
    address or the name can't be used.
    """
    if not name.strip():
        raise AccountError(_("Please give a name."))
    address = "" if channel == Invitation.Way.CODE else clean_address(address, channel)
    invitation = Invitation(purpose=purpose, name=name.strip(), written_in=language, channel=channel, address=address)
    return _invite(invitation, by=by, at=at)


@transaction.atomic
def claim_invitation(invitation, *, address, at):
    """Whoever scanned the printed code says where they are reached: the link goes there, and the code opens no more.

    So nobody gets a login in the name of an address that isn't theirs. Raises AccountError when the code is over,
    or the address is none.
    """
    channel = Channel.EMAIL if "@" in address else Channel.SMS
    address = clean_address(address, channel)
    invitation = _locked(invitation)
    if invitation.channel != Invitation.Way.CODE or invitation.state(at=at) != "open":
        raise AccountError(_("This invitation is no longer open."))
    invitation.channel, invitation.address = channel, address
    invitation.version += 1
    invitation.expires_at = at + GOOD_FOR
    invitation.save(update_fields=["channel", "address", "version", "expires_at"])
    record("claimed", invitation, by=None)
    _send(invitation, at=at)
    return invitation


def _invite(invitation, *, groups=(), by, at):
    invitation.expires_at = at + GOOD_FOR
    try:
        invitation.full_clean()
    except ValidationError as error:
        raise AccountError(" ".join(error.messages)) from error
    invitation.save()
    invitation.groups.set(groups)
    record("invited", invitation, by=by)
    _send(invitation, at=at)
    return invitation


def _send(invitation, *, at):
    if invitation.channel == Invitation.Way.CODE:
        return
    kind = "invitation-sms" if invitation.channel == Channel.SMS else "invitation"
    tell([invitation], kind, invitation, at=at, expires=invitation.expires_at, step=str(invitation.version))


@transaction.atomic
def resend_invitation(invitation, *, by, at):
    """Send a new link, good for 14 days from now; the old one no longer opens. Raises AccountError when it is over."""
    invitation = _locked(invitation)
    if invitation.state(at=at) not in {"open", "expired"}:
        raise AccountError(_("This invitation is over. Please send a new one."))
    invitation.version += 1
    invitation.expires_at = at + GOOD_FOR
    invitation.save(update_fields=["version", "expires_at"])
    record("sent again", invitation, by=by)
    _send(invitation, at=at)
    return invitation


@transaction.atomic
def revoke_invitation(invitation, *, by, at):
    """Take the invitation back. Raises AccountError when somebody has used it."""
    invitation = _locked(invitation)
    if invitation.used_at:
        raise AccountError(_("This invitation has been used; it can't be taken back."))
    if not invitation.revoked_at:
        invitation.revoked_at = at
        invitation.save(update_fields=["revoked_at"])
        record("revoked", invitation, by=by)
    return invitation


@transaction.atomic
def accept_invitation(invitation, *, password, language, at, by=None):
    """Make the invited person's login, or link it to `by`, the login that is already reached at this address.

    The caller has checked the link. Opening it proves that the address is theirs, so it counts as verified.
    Without a password the login opens by code. Returns the User.

    Raises AccountError when the invitation is over, the address belongs to a login other than `by`,
    or the login already belongs to another customer.
    """
    invitation = _locked(invitation)
    if invitation.state(at=at) != "open" or (invitation.owner and invitation.owner.user_id):
        raise AccountError(_("This invitation is no longer open."))
    if invitation.channel == Invitation.Way.CODE and not by:
        raise AccountError(_("Please tell us first where we reach you."))
    if by:
        _check_may_link(by, invitation)
        user = by
    else:
        user = _new_login(invitation, password=password, language=language)
    _attach(invitation, user, at=at)
    invitation.used_at, invitation.used_by = at, user
    invitation.save(update_fields=["used_at", "used_by"])
    record("accepted", invitation, by=user)
    purpose_of(invitation).accepted(invitation, user, at=at)
    return user


def _locked(invitation):
    """The invitation and its owner as they are now, and nobody else's until the transaction ends."""
    purpose_of(invitation).lock(invitation)
    owner = Owner.objects.select_for_update().filter(pk=invitation.owner_id).first()  # first, as invite_owner does
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    if owner:
        invitation.owner = owner
    return invitation


def _new_login(invitation, *, password, language):
    reached_at = {"email": invitation.address}
    if invitation.channel == Channel.SMS:
        reached_at = {"phone": invitation.address, "phone_verified": True}
    taken = AccountError(_("You already have a login with this address. Please sign in with it first."))
    if login_at(invitation.address, invitation.channel):
        raise taken
    try:
        with transaction.atomic():
            return User.objects.create_user(name=str(invitation), password=password, language=language, **reached_at)
    except IntegrityError as error:
        raise taken from error


def _check_may_link(user, invitation):
    if invitation.channel != Invitation.Way.CODE and login_at(invitation.address, invitation.channel) != user:
        raise AccountError(_("This invitation is for somebody else. Please sign out first."))
    if invitation.owner and Owner.objects.filter(user=user).exists():
        raise AccountError(_("Your login already belongs to another customer record. Please ring us."))


def _attach(invitation, user, *, at):
    """Give the login what the invitation promised."""
    person = {"user": user}
    if invitation.owner:
        person = {"owner": invitation.owner}
        invitation.owner.user = user
        invitation.owner.save(update_fields=["user"])
    user.groups.add(*invitation.groups.all())
    if invitation.channel == Invitation.Way.CODE:
        return  # says nothing of where they are reached
    reach_at(user, invitation.channel, invitation.address)
    Address.objects.update_or_create(
        **person,
        channel=invitation.channel,
        value=invitation.address,
        defaults={"verified_at": at, "suppressed_reason": ""},
    )
    say_corrected(invitation.owner or user, by=user, at=at)


def reach_at(user, channel, address):
    """Note in the log-in's own tables that `address` is verified; the first e-mail becomes the one to write to."""
    if channel == Channel.EMAIL:
        first = not EmailAddress.objects.filter(user=user, primary=True).exists()
        EmailAddress.objects.update_or_create(
            user=user, email=address, defaults={"verified": True}, create_defaults={"verified": True, "primary": first}
        )
    elif not user.phone_verified:
        user.phone_verified = True
        user.save(update_fields=["phone_verified"])


@transaction.atomic
def move_address(*, user, channel, old, new, at):
    """The person has proved that they are now reached at `new`: the owner's record follows their login."""
    owner = Owner.objects.filter(user=user).first()
    person = {"owner": owner} if owner else {"user": user}
    if old and old != new:
        Address.objects.filter(**person, channel=channel, value=old).delete()
    address, _created = Address.objects.update_or_create(
        **person, channel=channel, value=new, defaults={"verified_at": at, "suppressed_reason": ""}
    )
    record("address proved", user, by=user, reason=channel)
    say_corrected(owner or user, by=user, at=at)
    return address


@transaction.atomic
def set_address(owner, *, channel, value, by, at):
    """Make `value` the one address of the customer's record on `channel`; empty: none. Written anew, it is tried."""
    owner.addresses.filter(channel=channel).delete()
    if value:
        owner.addresses.create(channel=channel, value=clean_address(value, channel))
    record("address set", owner, by=by)
    say_corrected(owner, by=by, at=at)


def login_at(address, channel):
    """The login reached at this address, or None."""
    if channel == Channel.SMS:
        return User.objects.filter(phone=address).first()
    verified = EmailAddress.objects.filter(email=address, verified=True).select_related("user").first()
    return verified.user if verified else User.objects.filter(email=address).first()


def clean_address(address, channel):
    """`address` as we keep it: e-mail in lower case, telephone as +86…; raises AccountError when it is none."""
    if channel == Channel.SMS:
        phone = read_phone(address)
        if not phone or not phone.is_valid():
            raise AccountError(_("This is not a telephone number."))
        return phone.as_e164
    address = (address or "").strip().lower()
    try:
        validate_email(address)
    except ValidationError as error:
        raise AccountError(_("This is not an e-mail address.")) from error
    return address
