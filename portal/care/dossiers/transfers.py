"""What a resale means for dossiers: those made before go, and the new owner gets one of their own, the night after.

It is made as theirs, so it holds what the scope opens to them: no contracts, invoices, conversations or names of
whoever lived there before.
"""

from datetime import timedelta

from django.db import IntegrityError
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext_lazy as _

from progress.leaflets import making
from progress.leaflets.diaries import is_host
from progress.transfers.models import HomeTransfer, NewOwner
from progress.transfers.parts import Line, Part, register

from .actions import begin
from .models import Dossier

FOR = timedelta(days=30)  # as long a new owner without a login is waited for


@register
class Dossiers(Part):
    def ends(self, home):
        return [Line(_("dossiers of the home that lie ready"), Dossier.objects.living().filter(home=home).count())]

    def carry_out(self, transfer, *, former, by, at):
        making.forget(Dossier.objects.living().filter(home=transfer.home), at=at)


def hand_over(*, at):
    """A document for each new owner who has a login and none made since the home became theirs. Returns how many."""
    made = 0
    for each in _new_owners(at).select_related("owner__user", "transfer__home__development"):
        home, user = each.transfer.home, each.owner.user
        if is_host(user, home) and not Dossier.objects.waiting().filter(asked_by=user, kind=Dossier.Kind.PDF).exists():
            made += _begin(home, each.owner, at=at)
    return made


def _begin(home, owner, *, at):
    values = {"kind": Dossier.Kind.PDF, "language": owner.reading_language, "handed_over": True}
    try:
        begin(home, reader=owner.user, by=None, at=at, **values)
    except IntegrityError:  # asked for at the same moment
        return 0
    return 1


def _new_owners(at):
    own = Dossier.objects.filter(home=OuterRef("transfer__home"), asked_by=OuterRef("owner__user"))
    since = own.filter(kind=Dossier.Kind.PDF, asked_at__gte=OuterRef("transfer__done_at"))
    done = NewOwner.objects.filter(transfer__state=HomeTransfer.State.DONE, transfer__done_at__gt=at - FOR)
    return done.filter(~Exists(since), owner__user__isnull=False, owner__erased_at=None).order_by("pk")
