"""Terms and warranties are of homes and go along with them; a certificate is somebody's, for a week."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED, After
from progress.leaflets.making import forget
from progress.leaflets.models import KEPT

from .models import Certificate, Term, Warranty, WarrantyExtension

ROWS_KEPT = 180  # days
_asked = _("to give you what you ask for, once")


def _erase(person, *, by, at):
    if person.user:
        theirs = Certificate.objects.filter(asked_by=person.user)
        forget(theirs.filter(file__isnull=False), at=at)
        theirs.delete()


declare(
    Term,
    plain=(
        "id kind system component since months seasons excluded name_en name_zh clause_en clause_zh in_use"
        " exclusions_en exclusions_zh provider_en provider_zh phone renews"
    ),
)
declare(
    Warranty,
    plain="id home journey component term starts ends extended_to source_kind source_id voided_at",
)
declare(WarrantyExtension, plain="id warranty source_kind source_id repaired_on from_day to_day")
declare(
    Certificate,
    of="asked_by",
    heading=_("Certificates of warranty that you had printed"),
    personal={
        "file ready_at": Personal(
            _asked,
            DELETED,
            After(KEPT.days, rows=Certificate.objects.to_forget, act=forget),
            withheld=_("it is printed from what the portal shows you"),
        ),
        "home language state asked_at": Personal(
            _asked, DELETED, After(ROWS_KEPT, since="asked_at", only=Q(state__in=["failed", "gone"]))
        ),
    },
    plain="id as_of claims lease leased_until progress",
    erase=_erase,
)
