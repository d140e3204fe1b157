"""What staff hear of the clocks of tickets; registered in `ClocksConfig.ready`."""

from django.urls import reverse
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, SMS, Kind, register
from portal.tickets.models import Ticket
from portal.ui.dates import full_date

from .models import Clock, Pause

PLACE = "ticket__development", "ticket__home__development", "ticket__home__building"


class OfColleague(Kind):
    """About the ticket of a row, to whoever may see it as staff."""

    topic = topics.DUTIES
    why = gettext_lazy("You receive this message because you look after this development.")
    action = gettext_lazy("Open the ticket")

    def subjects(self):
        return self.model.objects.select_related(*PLACE)

    def still_concerns(self, subject, person):
        return Ticket.objects.for_user(person).filter(pk=subject.ticket_id).exists()

    def zone(self, subject):
        return subject.ticket.development.time_zone

    def url(self, subject):
        return reverse("desk_ticket:inspect", args=[subject.ticket_id])

    def words(self, subject):
        return {"number": subject.ticket.number, "title": subject.ticket.title, "home": subject.ticket.home}


@register("ticket-warning")
class Warned(OfColleague):
    """Half of the time is used, four fifths, all of it."""

    label = gettext_lazy("The time for a ticket runs out")
    model = Clock

    def still_true(self, clock):
        return clock.since is not None and clock.warned > 0

    def words(self, clock):
        due = full_date(localtime(clock.due_at))
        return super().words(clock) | {"what": clock.get_kind_display(), "due": due}

    def title(self, clock):
        words = {
            50: _("Half of the time is used: %(number)s, %(what)s"),
            80: _("Due soon: %(number)s, %(what)s"),
            100: _("Late: %(number)s, %(what)s"),
        }
        return words[clock.warned] % self.words(clock)

    def paragraphs(self, clock):
        said = [_("“%(title)s”, %(home)s. Due: %(due)s.") % self.words(clock)]
        if clock.promised_at > clock.due_at:
            given = {"time": full_date(localtime(clock.promised_at))}
            said.append(_("The owner was given another date: %(time)s. It counts as late all the same.") % given)
        return said


@register("ticket-warning-urgent")
class WarnedUrgently(Warned):
    """Of an emergency: by every way, at night too."""

    label = gettext_lazy("The time for an emergency runs out")
    channels = (INBOX, EMAIL, SMS)
    mandatory = True
    emergency = True


@register("ticket-pause-review")
class Review(OfColleague):
    label = gettext_lazy("The pause of a ticket ends")
    model = Pause

    def still_true(self, pause):
        return pause.is_running

    def title(self, pause):
        return _("Does it still wait? %(number)s, %(title)s") % self.words(pause)

    def paragraphs(self, pause):
        return [
            pause.reason,
            _("Its pause was to be looked at today. Unless it is paused anew, the clock goes on within a working day."),
        ]


@register("ticket-pause-answered")
class Answered(OfColleague):
    label = gettext_lazy("An owner has said whether a repair may wait")
    model = Pause

    def title(self, pause):
        if pause.state == Pause.State.DECLINED:
            return _("The owner does not want to wait: %(number)s") % self.words(pause)
        return _("The owner agrees to wait: %(number)s") % self.words(pause)

    def paragraphs(self, pause):
        return [_("“%(title)s”, %(home)s.") % self.words(pause)]
