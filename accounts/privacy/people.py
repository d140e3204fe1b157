"""What accounts itself holds: logins, customer records, addresses, invitations."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.actions import revoke_invitation
from accounts.models import ERASED, Address, Invitation, Owner, User

from .registry import Personal, declare
from .ways import DELETED, FOR_GOOD, REPLACED, WHILE_LOGIN, After, Stays

SECRET = _("a secret: whoever has it could sign in as you")
UNUSED_KEPT, USED_KEPT = 30, 180  # days after an invitation has expired

NOBODY = "Erased customer"  # as Owner says it in the reader's language


def erase_owner(person, *, by, at):
    """The number stays, so that no import makes them anew; the name says that there was somebody."""
    if person.owner:
        Owner.objects.filter(pk=person.owner.pk).update(name=NOBODY, user=None, erased_at=at)
        person.owner.refresh_from_db()


def erase_login(person, *, by, at):
    """The row stays, since events name it, and says nothing. Nobody comes in with it, and no code is sent to it."""
    if person.user is None:
        return
    user = User.objects.select_for_update().get(pk=person.user.pk)
    user.email, user.phone, user.phone_verified = f"{user.pk}{ERASED}", None, False
    user.name, user.language, user.last_login, user.is_active, user.is_superuser = "", "", None, False, False
    user.date_joined = at
    user.set_unusable_password()
    user.save()
    user.groups.clear()
    user.user_permissions.clear()


def erase_invitations(person, *, by, at):
    """Open ones are taken back first; the rows stay, so that an old link says that it is over."""
    found = Q(pk__in=[])
    if person.owner:
        found |= Q(owner=person.owner)
    if person.user:
        found |= Q(used_by=person.user)
    theirs = Invitation.objects.filter(found)
    for invitation in theirs.filter(used_at=None, revoked_at=None):
        revoke_invitation(invitation, by=None, at=at)
    theirs.update(channel=Invitation.Way.CODE, address="", name="", written_in="")


declare(
    Owner,
    of="self user",
    heading=_("Your customer record"),
    personal={
        "name language": Personal(_("to know whom we build for, and in which language we write"), REPLACED),
        "customer_no": Personal(
            _("to tell our customers apart"),
            Stays(_("stays, without your name: otherwise the next import of our customer list would bring you back")),
            FOR_GOOD,
        ),
    },
    plain="id erased_at",
    erase=erase_owner,
)

declare(
    User,
    of="self",
    heading=_("Your login"),
    personal={
        "email phone phone_verified name language": Personal(
            _("to let you in, and to tell you what concerns you"), REPLACED, WHILE_LOGIN
        ),
        "is_active last_login date_joined": Personal(
            _("to see that nobody else uses your login"), REPLACED, WHILE_LOGIN
        ),
        "groups is_superuser user_permissions": Personal(_("what you may do at the desk"), REPLACED, WHILE_LOGIN),
        "password": Personal(_("to let you in"), REPLACED, WHILE_LOGIN, withheld=SECRET),
    },
    plain="id",
    erase=erase_login,
)

declare(
    Address,
    of="owner user",
    heading=_("Where we reach you"),
    personal={"channel value verified_at suppressed_reason": Personal(_("to tell you what concerns you"), DELETED)},
    plain="id",
)


def _unused(*, at):
    return Invitation.objects.filter(used_at=None, expires_at__lt=_over_unused.before(at))


_over_unused = After(UNUSED_KEPT, rows=_unused)
_over_used = After(USED_KEPT, since="expires_at")
_why = _("to let you in for the first time")

declare(
    Invitation,
    of="owner used_by",
    heading=_("Your invitations"),
    personal={
        "name address channel": Personal(_why, REPLACED, _over_unused),
        "written_in created_at expires_at used_at revoked_at": Personal(_why, REPLACED, _over_used),
    },
    plain="id purpose version groups",
    erase=erase_invitations,
)
