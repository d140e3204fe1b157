"""Inviting colleagues: with the groups, the places and maybe the administration that they get when they accept."""

from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts import actions
from accounts.actions import AccountError
from accounts.events.actions import record
from accounts.models import Channel, Invitation
from accounts.staff import groups_to_give
from progress.actions import turn_rights
from progress.models import Assignment, Development

from .models import PromisedPost, StaffInvitation

PURPOSE = "staff"


@dataclass(frozen=True)
class Post:
    """Where somebody will work, and as what; without a development, everywhere."""

    role: str
    development: Development | None
    since: date
    until: date | None = None


def everywhere(user):
    """Whether they work at all developments, and so may send somebody everywhere."""
    return user.is_superuser or user.assignments.live().filter(development=None).exists()


def check_may_promise(*, groups, places, administrator, by):
    """Nobody promises more than they have. `places`: ids of developments, None for all. Raises AccountError."""
    too_much = AccountError(_("You can't give rights that you don't have yourself."))
    if not by.is_active or not by.has_perm("accounts.change_user"):
        raise too_much
    if by.is_superuser:
        return
    if administrator or set(groups) - set(groups_to_give(by)):
        raise too_much
    if not everywhere(by) and set(places) - set(by.assignments.live().values_list("development", flat=True)):
        raise too_much


@transaction.atomic
def invite_colleague(*, email, name, groups, posts=(), administrator=False, language="", by, at):
    """Send the link to somebody who will work here; an earlier open one to this address dies.

    `by` None: by command, which may promise anything. Raises AccountError when that is more than `by` has, the
    address or the name can't be used, or the login there is closed.
    """
    address = actions.clean_address(email, Channel.EMAIL)
    if by:
        places = {post.development and post.development.pk for post in posts}
        check_may_promise(groups=groups, places=places, administrator=administrator, by=by)
    login = actions.login_at(address, Channel.EMAIL)
    if login and not login.is_active:
        raise AccountError(_("There is a closed login with this address. An administrator can open it again first."))
    for earlier in open_invitations_to(address):
        actions.revoke_invitation(earlier, by=by, at=at)
    invitation = actions.invite_staff(
        email=address, name=name, groups=groups, language=language, purpose=PURPOSE, by=by, at=at
    )
    promise = StaffInvitation.objects.create(invitation=invitation, administrator=administrator, invited_by=by)
    PromisedPost.objects.bulk_create(PromisedPost(promise=promise, **vars(post)) for post in posts)
    return promise


def open_invitations_to(address):
    """Those to staff at this address that nobody has accepted or taken back; the expired ones, too."""
    return Invitation.objects.filter(purpose=PURPOSE, address=address, used_at=None, revoked_at=None)


@transaction.atomic
def resend_to_colleague(promise, *, by, at):
    """Send a new link; whoever sends it answers for the promise from now on. Raises AccountError."""
    if by:
        check_promise(promise, by=by)
    actions.resend_invitation(promise.invitation, by=by, at=at)
    promise.invited_by = by
    promise.save(update_fields=["invited_by"])


def check_promise(promise, *, by):
    """Raises AccountError when `by` may not promise that (any more)."""
    places = set(promise.posts.values_list("development", flat=True))
    groups = promise.invitation.groups.all()
    check_may_promise(groups=groups, places=places, administrator=promise.administrator, by=by)


def keep_promise(promise, *, user, at):
    """Give the login what was promised beside the groups. Part of accepting; raises AccountError."""
    if promise.invited_by:
        try:
            check_promise(promise, by=promise.invited_by)
        except AccountError as error:
            raise AccountError(_("This invitation no longer holds. Please ask for a new one.")) from error
    if promise.administrator and not user.is_superuser:
        user.is_superuser = True
        user.save(update_fields=["is_superuser"])
        record("made administrator", user, by=promise.invited_by)
    today = timezone.localdate(at)
    for post in promise.posts.all():
        _assign(post, user, by=promise.invited_by, today=today)
    turn_rights(on=today)


def _assign(post, user, *, by, today):
    since = max(post.since, today)
    place = {"role": post.role, "development_id": post.development_id}
    over = post.until and post.until <= since
    if over or user.assignments.live().filter(until=None, **place).exists():
        return
    assignment = Assignment.objects.create(user=user, since=since, until=post.until, **place)
    record("created", assignment, by=by)
