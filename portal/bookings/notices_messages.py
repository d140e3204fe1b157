"""What staff write to those of an open day, as it reaches them; registered in `BookingsConfig.ready`."""

from django.urls import reverse
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import Kind, register

from .messages import KIND
from .models import Booking, OpenDayMessage, WaitingEntry
from .models.messages import of_today


@register(KIND)
class OpenDayTold(Kind):
    label = gettext_lazy("A message about your open day")
    topic = topics.APPOINTMENTS
    model = OpenDayMessage
    why = gettext_lazy("You receive this message because you booked an open day, or wait for a place.")

    def subjects(self):
        return OpenDayMessage.objects.select_related("open_day__development", "slot")

    def people(self, message):
        return message.readers()

    def still_concerns(self, message, person):
        """Whoever has cancelled, sold or left the line meanwhile is not told; one query a kind of row for all."""
        if not hasattr(message, "addressees"):
            return person.pk in self._those_of(message, [person.pk])
        if not hasattr(message, "still_concerned"):
            message.still_concerned = self._those_of(message, message.addressees)
        return person.pk in message.still_concerned

    def _those_of(self, message, owners):
        rows = [of_today(Booking.objects.live()), of_today(WaitingEntry.objects.live())]
        found = [each.filter(slot__open_day=message.open_day_id, owner__in=owners) for each in rows]
        return {pk for each in found for pk in each.order_by().values_list("owner", flat=True)}

    def zone(self, message):
        return message.open_day.development.time_zone

    def title(self, message):
        return message.title

    def paragraphs(self, message):
        text = message.text
        return [text.part(line) for line in text.splitlines() if line.strip()]

    def url(self, message):
        return reverse("home:open-day-anywhere", args=[message.open_day_id])
