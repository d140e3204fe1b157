"""What owners hear of the clocks of their tickets; registered in `ClocksConfig.ready`."""

from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, Kind, register
from portal.tickets.models import Ticket
from portal.ui.dates import full_date
from progress.promises.models import PromiseMove

from .models import LIVE, Pause

HOTLINE = gettext_lazy("Questions? You reach us at any hour: %(hotline)s.")


class OfOwner(Kind):
    """About a ticket, to whose it is, as long as they may see it."""

    topic = topics.TICKETS
    why = gettext_lazy("You receive this message because you reported it to us.")
    action = gettext_lazy("See how it stands")

    def ticket(self, subject):
        raise NotImplementedError

    def still_concerns(self, subject, person):
        ticket = self.ticket(subject)
        if ticket.owner_id != person.pk:
            return False
        return person.user is None or Ticket.objects.of_people(person.user).filter(pk=ticket.pk).exists()

    def zone(self, subject):
        return self.ticket(subject).development.time_zone

    def url(self, subject):
        return reverse("home:ticket", args=[self.ticket(subject).pk])

    def words(self, subject):
        ticket = self.ticket(subject)
        return {"number": ticket.number, "title": ticket.title, "hotline": settings.COMPANY_HOTLINE}


@register("ticket-paused")
class Paused(OfOwner):
    """Why it waits and until when; of a repair, whether that is agreed."""

    label = gettext_lazy("Something has to wait, and whether you agree")
    mandatory = True
    model = Pause
    channels = (INBOX, EMAIL)

    def subjects(self):
        return Pause.objects.select_related("ticket__development", "ticket__home", "ticket__owner")

    def ticket(self, pause):
        return pause.ticket

    def still_true(self, pause):
        return pause.state in LIVE

    def title(self, pause):
        words = _("May it wait? %(number)s, %(title)s") if pause.is_asked else _("It waits: %(number)s, %(title)s")
        return words % self.words(pause)

    def paragraphs(self, pause):
        day = {"day": date_format(pause.review_on, "DATE_FORMAT")}
        said = [pause.reason, _("On %(day)s we look at it again, at the latest.") % day]
        if pause.is_asked:
            return [*said, _("Please say whether you agree. Until you do, our time runs on.")]
        return [*said, _("Until then our time stands still; after that it goes on where it stopped.")]


@register("ticket-postponed")
class Postponed(OfOwner):
    """A new date before the old one passes, and why."""

    label = gettext_lazy("What you reported takes longer")
    mandatory = True
    model = PromiseMove

    def subjects(self):
        return PromiseMove.objects.select_related("promise")

    def ticket(self, move):
        if not hasattr(move, "ticket"):
            tickets = Ticket.objects.select_related("development", "home", "owner")
            move.ticket = tickets.get(pk=move.promise.subject_id)
        return move.ticket

    def still_true(self, move):
        return move.promise.is_open and move.promise.due_at == move.to_due_at

    def title(self, move):
        return _("A new date for %(number)s: %(day)s") % self.words(move)

    def words(self, move):
        due_at = localtime(move.to_due_at, ZoneInfo(self.zone(move)))
        day = {"day": date_format(due_at, "SHORT_DATE_FORMAT"), "time": full_date(due_at)}
        return super().words(move) | day

    def paragraphs(self, move):
        return [
            move.reason,
            _("“%(title)s” is to be solved by %(time)s.") % self.words(move),
            str(HOTLINE) % self.words(move),
        ]
