"""The same to whoever enquired, by the address and the number that they gave: no login, so no page to open."""

from django.utils.translation import gettext_lazy

from accounts.models import Channel
from accounts.notices import kinds

from . import notices  # noqa: F401  registers what is told to households
from .people import FOR_GUESTS

HEARD = ("booked", "moved", "cancelled", "confirmed", "on-the-way", "arrived", "thanks", "missed")


class ToGuest:
    mandatory = True
    why = gettext_lazy("You receive this message because you asked us for a visit.")

    def still_concerns(self, visit, person):
        return visit.enquiry is not None

    def url(self, visit):
        return ""


for _occasion in HEARD:
    for _channel in (Channel.EMAIL, Channel.SMS):
        _told = type(kinds.get(f"visit-{_occasion}"))
        _kind = type(f"{_told.__name__}ToGuest", (ToGuest, _told), {"channels": (_channel,)})
        kinds.register(f"visit-{_occasion}-{FOR_GUESTS}-{_channel}")(_kind)
