"""Two customer records of one person are made one, and taken apart again when that was a mistake."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.actions import revoke_invitation
from accounts.events.actions import record
from accounts.models import Owner, User

from .models import OwnerMerge
from .movers import all_movers


class MergeError(Exception):
    """Refused. The message is worded for the member of staff who asked."""


@transaction.atomic
def merge_owners(*, kept, gone, by, at):
    """Move everything of the record `gone` to `kept`: homes, addresses, messages, receipts, and the login.

    Has `kept` a login, the other is closed. Open invitations of `gone` are taken back. Returns the OwnerMerge.
    Raises MergeError for one record twice, an erased or a merged one, and a login of the staff that would be closed.
    """
    kept, gone = _locked(kept, gone)
    check_merge(kept=kept, gone=gone)
    for invitation in gone.invitations.filter(used_at=None, revoked_at=None):
        revoke_invitation(invitation, by=by, at=at)
    moved = {name: mover.move(kept=kept, gone=gone, by=by, at=at) for name, mover in all_movers().items()}
    moved = {name: what for name, what in moved.items() if what}
    moved |= _move_login(kept, gone)
    merge = OwnerMerge.objects.create(kept=kept, gone=gone, moved=moved, at=at, by=by)
    record("merged", gone, by=by, reason=str(kept.pk))
    record("took over", kept, by=by, reason=str(gone.pk))
    return merge


def check_merge(*, kept, gone):
    """Raises MergeError when `merge_owners` would; the preview asks beforehand."""
    if kept.pk == gone.pk:
        raise MergeError(_("This is one and the same record."))
    if kept.erased_at or gone.erased_at:
        raise MergeError(_("One of these customer records has been erased."))
    if OwnerMerge.objects.filter(gone__in=[kept, gone], undone_at=None).exists():
        raise MergeError(_("One of these records went into another already."))
    _refuse_while_erasing(kept, gone)
    if kept.user_id and gone.user_id and gone.user.is_staff:
        raise MergeError(_("The login of the record that goes works at the desk. Let that record stay instead."))


def _refuse_while_erasing(*owners):
    from accounts.privacy.models import ErasureRequest  # it knows merges, too

    if ErasureRequest.objects.open().filter(owner__in=owners).exists():
        raise MergeError(_("One of these customers wants to be erased. Please decide about that first."))


def _locked(*owners):
    """As they are now, and nobody else's until the transaction ends; always in the same order."""
    rows = Owner.objects.select_for_update(no_key=True).filter(pk__in=[owner.pk for owner in owners]).order_by("pk")
    found = {owner.pk: owner for owner in rows}
    return [found[owner.pk] for owner in owners]


def _move_login(kept, gone):
    """The login goes along where there is none; a second one is closed. Returns what `_login_back` needs."""
    if not gone.user_id:
        return {}
    login = gone.user
    if kept.user_id:
        closed = User.objects.filter(pk=login.pk, is_active=True).update(is_active=False)
        return {"login closed": str(login.pk)} if closed else {}
    _give_login(login, gone, kept)
    return {"login moved": str(login.pk)}


def _give_login(login, old, new):
    for owner, user in ((old, None), (new, login)):  # never with both: it is unique
        owner.user = user
        owner.save(update_fields=["user"])


@transaction.atomic
def undo_merge(merge, *, by, at):
    """Take the two records apart: what moved and is still there goes back. Undone already, it stays so.

    Raises MergeError after 30 days, or when the record that stayed was erased or went into another one since.
    """
    merge = OwnerMerge.objects.select_for_update().get(pk=merge.pk)
    if merge.undone_at:
        return merge
    kept, gone = _locked(merge.kept, merge.gone)
    if not merge.can_be_undone(at=at):
        raise MergeError(_("After 30 days two records stay one."))
    later = OwnerMerge.objects.filter(gone=kept, undone_at=None).exists()
    if later or kept.erased_at or gone.erased_at:
        raise MergeError(_("The record that stayed was erased or went into another one since. Undo that first."))
    _refuse_while_erasing(kept, gone)
    _login_back(merge.moved, kept, gone)
    for name, mover in all_movers().items():
        if name in merge.moved:
            mover.move_back(merge.moved[name], kept=kept, gone=gone, by=by, at=at)
    merge.undone_at = at
    merge.save(update_fields=["undone_at"])
    record("taken apart", gone, by=by, reason=str(kept.pk))
    record("gave back", kept, by=by, reason=str(gone.pk))
    return merge


def _login_back(moved, kept, gone):
    if "login closed" in moved:
        User.objects.filter(pk=moved["login closed"]).update(is_active=True)
    if kept.user_id and str(kept.user_id) == moved.get("login moved"):
        _give_login(kept.user, kept, gone)
