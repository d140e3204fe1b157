"""What is told about the waiting list; registered in `BookingsConfig.ready`."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, SMS, Kind, register
from portal.ui.dates import full_date

from .households import follows
from .models import WaitingEntry


class AboutWaiting(Kind):
    """To whoever waits for a place, as long as they belong to the household."""

    topic = topics.APPOINTMENTS
    model = WaitingEntry
    state = None  # in which it is true
    why = gettext_lazy("You receive this message because you put your home on the waiting list of an open day.")

    def subjects(self):
        return WaitingEntry.objects.select_related("slot__open_day__development")

    def still_true(self, entry):
        return entry.state == self.state

    def still_concerns(self, entry, person):
        return follows(entry.home_id, person)

    def zone(self, entry):
        return entry.slot.open_day.development.time_zone

    def url(self, entry):
        return reverse("home:waiting", args=[entry.pk])

    def words(self, entry):
        words = {"title": entry.slot.open_day.title, "time": full_date(entry.slot.starts), "n": entry.people}
        return words | ({"until": full_date(entry.offer_until)} if entry.offer_until else {})


@register("place-offered")
class PlaceOffered(AboutWaiting):
    """It must not wait for a summary: the place is held for some hours only."""

    label = gettext_lazy("Places that have come free")
    mandatory = True
    channels = (INBOX, EMAIL, SMS)
    state = WaitingEntry.State.OFFERED
    action = gettext_lazy("Take it, or leave it to the next")

    def title(self, entry):
        return _("A place has come free: %(title)s") % self.words(entry)

    def paragraphs(self, entry):
        held = ngettext(
            "%(time)s: we hold %(n)s place for you until %(until)s.",
            "%(time)s: we hold %(n)s places for you until %(until)s.",
            entry.people,
        )
        after = _("Please say whether you take it. If we don't hear from you by then, the next in line has their turn.")
        kept = _("If you have a place at another time of that open day, you keep it until you take this one.")
        return [held % self.words(entry), after, kept]

    def sms(self, entry):
        return _("A place has come free: %(title)s, %(time)s. We hold it for you until %(until)s.") % self.words(entry)


@register("offer-ended")
class OfferEnded(AboutWaiting):
    label = gettext_lazy("Offers of a place that have run out")
    state = WaitingEntry.State.EXPIRED
    action = gettext_lazy("See how it went")

    def title(self, entry):
        return _("Your offer has run out: %(title)s") % self.words(entry)

    def paragraphs(self, entry):
        ended = _("%(time)s: we held a place for you until %(until)s and have not heard from you.")
        again = _("If you would still like to come, you can join the waiting list again, at its end.")
        return [ended % self.words(entry), again]


@register("waiting-closed")
class WaitingClosed(AboutWaiting):
    label = gettext_lazy("Waiting lists that are closed")
    state = WaitingEntry.State.CLOSED
    action = gettext_lazy("See how it went")

    def title(self, entry):
        if entry.slot.open_day.is_cancelled or not entry.slot.is_open:
            return _("Called off, with its waiting list: %(title)s") % self.words(entry)
        return _("No place came free: %(title)s") % self.words(entry)

    def paragraphs(self, entry):
        slot, words = entry.slot, self.words(entry)
        if slot.open_day.is_cancelled or not slot.is_open:
            reason = slot.open_day.cancel_reason if slot.open_day.is_cancelled else slot.note
            return [_("%(time)s: you waited for a place. Nobody comes in then.") % words, reason]
        return [
            _("%(time)s: no place came free in time for you. We are sorry.") % words,
            _("The waiting list is closed. Should a place still come free, whoever books it first has it."),
        ]
