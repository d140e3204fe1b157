"""What a resale means for the people around a home: they stay, and are introduced to the new owners."""

from django.utils.translation import gettext_lazy as _

from progress.transfers.parts import Line, Part, register

from .introductions import introduce, signed
from .models import Contact


@register
class Contacts(Part):
    def passes_on(self, home):
        return [Line(_("people who look after this home alone"), Contact.objects.filter(home=home, until=None).count())]

    def carry_out(self, transfer, *, former, by, at):
        if signed(journey__home=transfer.home).exists():
            introduce([transfer.home_id], at=at)
