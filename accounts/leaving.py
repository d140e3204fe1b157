"""A colleague leaves: rights, sessions and login end at once, and what they had on their desk is listed.

Upper apps register the work that they know of, in `AppConfig.ready`:

@register
class Drafts(Work): ...
"""

from allauth.mfa.models import Authenticator
from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from .actions import AccountError
from .events.actions import record
from .models import Owner, User
from .sessions import end_sessions
from .staff import lock_administrators

_works = []


class Work:
    """One kind of work that somebody has. Hooks run inside the transaction of the action that they belong to."""

    label = ""

    def pieces(self, user, *, viewer):
        """What is theirs and waits, as far as `viewer` may see it: [(words, address on the desk or "")].

        And how many there are besides.
        """
        return [], 0

    def hand_over(self, user, *, to, by, at):
        """Give to `to` what they may have; the rest stays listed. Returns how many pieces moved."""
        return 0

    def end(self, user, *, by, at):
        """End what must not outlast them."""


def register(work):
    """Class decorator: ask this kind of work whenever somebody leaves."""
    _works.append(work())
    return work


def work_of(user, *, viewer):
    """[(kind of work, its pieces that `viewer` may see, how many more)], without those of which there are none."""
    listed = [(work.label, *work.pieces(user, viewer=viewer)) for work in _works]
    return [(label, pieces, more) for label, pieces, more in listed if pieces or more]


KEEPS_LOGIN = Exists(Owner.objects.active().filter(user=OuterRef("pk")))  # of a User


def keeps_login(user):
    """Whether the login stays open for what they are besides: a customer."""
    return User.objects.filter(KEEPS_LOGIN, pk=user.pk).exists()


def has_left(user):
    """Whether nothing is left to take: no rights, and no open login but that of a customer."""
    return not user.is_superuser and not user.groups.exists() and (not user.is_active or keeps_login(user))


@transaction.atomic
def leave(user, *, to=None, by, at):
    """`user` works here no more. What can be handed over goes to `to`. Returns how many pieces that were.

    A customer's login stays open, for their own pages. Raises AccountError when they have left already, are `by`,
    or are an administrator and `by` is none: so one always remains.
    """
    administrators = lock_administrators()
    user = _locked(user, to)[user.pk]
    _refuse(user, by=by, administrators=administrators)
    for work in _works:
        work.end(user, by=by, at=at)
    moved = hand_over(user, to=to, by=by, at=at) if to else 0
    user.groups.clear()
    user.is_superuser = False
    if not keeps_login(user):
        user.is_active = False
        user.set_unusable_password()
        Authenticator.objects.filter(user=user).delete()
    user.save(update_fields=["is_superuser", "is_active", "password"])
    end_sessions(user, by=by)
    record("left", user, by=by)
    return moved


def _refuse(user, *, by, administrators):
    if user == by:
        raise AccountError(_("Nobody closes their own login. Please ask a colleague."))
    if not User.objects.get(pk=by.pk).is_staff:
        raise AccountError(_("You may no longer do this."))
    if has_left(user):
        raise AccountError(_("This person has left already."))
    if user.is_superuser and by.pk not in administrators:
        raise AccountError(_("Only administrators decide who is one."))


@transaction.atomic
def hand_over(user, *, to, by, at):
    """Give the work of `user` to a colleague, as far as they may have it. Returns how many pieces moved."""
    to = _locked(user, to)[to.pk]  # as they are now: perhaps they have just left, too
    if not to.is_staff or to == user:
        raise AccountError(_("Please choose a colleague who works here."))
    moved = sum(work.hand_over(user, to=to, by=by, at=at) for work in _works)
    if moved:
        record("work handed over", user, by=by, reason=str(to.pk))
    return moved


def _locked(*users):
    """{key: User} of these, None left out, in the order in which visits lock colleagues.

    Without the key: what is written meanwhile may name them, so nobody who holds their work has to wait for us.
    """
    rows = User.objects.select_for_update(no_key=True).filter(pk__in=[user.pk for user in users if user])
    return {row.pk: row for row in rows.order_by("pk")}


@transaction.atomic
def come_back(user, *, by):
    """Open the login of a colleague who had left; rights come with a new invitation. Raises AccountError."""
    if by.pk not in lock_administrators():
        raise AccountError(_("Only administrators open a login again."))
    user = User.objects.select_for_update().get(pk=user.pk)
    if user.is_active:
        raise AccountError(_("This login is open."))
    if user.is_erased:
        raise AccountError(_("This login was erased. Please invite the person anew."))
    user.is_active = True
    user.save(update_fields=["is_active"])
    record("came back", user, by=by)
