"""What a former household has put its name to, and nobody after them is handed in a dossier."""

from django.db.models import Exists, OuterRef, Q

from portal.care.checks.models import Check
from progress.transfers.models import HomeTransfer


def moved_in_at(home):
    """The moment since which the home belongs to those of today; None where it never changed hands."""
    done = HomeTransfer.objects.filter(home=home, state=HomeTransfer.State.DONE).order_by("-done_at")
    return done.values_list("done_at", flat=True).first()


def told_by_name(home):
    """Of documents: the report of a check that a former household signed. The check itself is told without them."""
    since = moved_in_at(home)
    before = Q(signed_at__lt=since) if since else Q(pk__in=[])
    signed = Check.objects.filter(Q(of_former_household=True) | before, home=home)
    return Q(Exists(signed.filter(pdf=OuterRef("file"))))
