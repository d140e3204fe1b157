"""What enquiries hold about people who are not customers yet, and who may become some."""

from datetime import timedelta

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Channel
from accounts.privacy.registry import Personal, declare
from accounts.privacy.ways import DELETED, WITH_ITS_ROW, After

from .models import ENDED, ConsentText, Enquiry, Note

SPAM_KEPT, KEPT = 30, 730  # days


def about(person):
    """What was sent with a telephone number or an e-mail address that is proved to be this person's."""
    phones, emails = _proved(person)
    return Enquiry.objects.filter(_any_of("phone", phones) | _any_of("email__iexact", emails))


def _proved(person):
    """(telephone numbers, e-mail addresses), without those that somebody may only have typed."""
    phones, emails = set(), set()
    if person.user is not None:
        phones |= {person.user.phone.as_e164} if person.user.phone else set()
        emails |= {person.user.email} if person.user.email else set()
    for holder in filter(None, (person.user, person.owner)):
        for address in holder.addresses.exclude(verified_at=None):
            (phones if address.channel == Channel.SMS else emails).add(address.value)
    return phones, emails


def _any_of(lookup, values):
    found = Q(pk__in=[])
    for value in values:
        found |= Q(**{lookup: value})
    return found


def _over(*, at):
    """Spam after a month; two years after it was closed; what nobody ever closed, two years after it came."""
    before = _kept.before(at)
    spam = Q(state=Enquiry.State.SPAM, ended_at__lt=at - timedelta(days=SPAM_KEPT))
    closed = Q(state=Enquiry.State.CLOSED, ended_at__lt=before)
    return Enquiry.objects.filter(spam | closed | (~Q(state__in=ENDED) & Q(created_at__lt=before)))


class TwoTerms(After):
    @property
    def label(self):
        return _("two years after it was closed; spam for 30 days")


_kept = TwoTerms(KEPT, rows=_over)
_why = _("to call you about what you asked us for")

declare(
    Enquiry,
    rows=about,
    by="handled_by",
    heading=_("What you asked us for before you were our customer"),
    personal={
        (
            "name phone email call_when language reference kind emergency development estate address area "
            "received_on residents start focus budget survey_on survey_part consent state outcome created_at ended_at"
        ): Personal(_why, DELETED, _kept),
    },
    plain="id",
)
declare(
    Note,
    rows=lambda person: Note.objects.filter(enquiry__in=about(person)),
    by="by",
    heading=_("What we wrote down about it"),
    personal={"text at": Personal(_("to know what was said when we talked with you"), DELETED, WITH_ITS_ROW)},
    plain="id enquiry",
)
declare(ConsentText, plain="id version text_en text_zh since")
