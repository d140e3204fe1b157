"""What colleagues may give each other: groups, and administration."""

from allauth.mfa.models import Authenticator
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils.translation import gettext as _

from .actions import AccountError
from .events.actions import record
from .models import User
from .sessions import end_sessions

PERMISSION = "accounts.change_user"


def groups_to_give(user):
    """The groups in which nobody may do what `user` may not; for administrators, all."""
    groups = Group.objects.order_by("name")
    if user.is_superuser:
        return groups
    held, own = user.get_all_permissions(), set(user.groups.values_list("pk", flat=True))
    # Wagtail's rights on pages and collections hang on the group alone, so only who is in it has them.
    with_pages = {*groups.filter(page_permissions__isnull=False).values_list("pk", flat=True)}
    with_pages |= {*groups.filter(collection_permissions__isnull=False).values_list("pk", flat=True)}
    given = {group.pk for group in groups if group.pk in own or (group.pk not in with_pages and _codes(group) <= held)}
    return groups.filter(pk__in=given)


def _codes(group):
    held = group.permissions.values_list("content_type__app_label", "codename")
    return {f"{label}.{code}" for label, code in held}


def lock_administrators():
    """The ids of those whose login is open; nobody else changes them until the transaction ends.

    Taken before any other login is locked, so that two who do it at once wait for each other.
    """
    administrators = User.objects.select_for_update().filter(is_superuser=True, is_active=True)
    return {user.pk for user in administrators.order_by("pk")}


@transaction.atomic
def change_rights(colleague, *, groups=None, administrator=None, by):
    """Set the groups and whether they are an administrator; None leaves that as it is.

    Groups that `by` may not give stay as they are. Raises AccountError when `by` may not, or for themselves: as
    only an administrator takes another's administration, one always remains.
    """
    if colleague == by:
        raise AccountError(_("Nobody changes their own rights."))
    if administrator is not None:
        _set_administrator(colleague, administrator, by=by)
    if groups is not None:
        _set_groups(User.objects.select_for_update().get(pk=colleague.pk), set(groups), by=by)


def _set_administrator(colleague, administrator, *, by):
    administrators = lock_administrators()
    locked = User.objects.select_for_update().get(pk=colleague.pk)
    if locked.is_superuser == administrator:
        return
    if by.pk not in administrators:
        raise AccountError(_("Only administrators decide who is one."))
    locked.is_superuser = administrator
    locked.save(update_fields=["is_superuser"])
    record("made administrator" if administrator else "administrator no more", locked, by=by)


def _set_groups(colleague, groups, *, by):
    mine, held = set(groups_to_give(by)), set(colleague.groups.all())
    if groups - held - mine:
        raise AccountError(_("You can't give rights that you don't have yourself."))
    after = groups | (held - mine)
    if after != held:
        colleague.groups.set(after)
        record("groups set", colleague, by=by)


@transaction.atomic
def take_off_second_factors(colleague, *, by):
    """For somebody who has lost them. Every session ends: whoever found the telephone is out, too.

    Raises AccountError for oneself, who does that behind the log-in, with a code.
    """
    if colleague == by:
        raise AccountError(_("Your own you take off behind the log-in, where you show them once more."))
    Authenticator.objects.filter(user=colleague).delete()
    end_sessions(colleague, by=by)
    record("second factors taken off", colleague, by=by)
