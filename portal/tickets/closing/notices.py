"""What owners are told when a ticket of theirs comes to its end; registered in `ClosingConfig.ready`."""

from django.conf import settings
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices.kinds import INBOX, SMS, register
from portal.surveys.models import Satisfaction
from portal.tickets.models import Ticket
from portal.tickets.notices import OfTicket

from .models import Call, Resolution
from .moments import closes_at, last_day_to_reopen

Outcome, State = Resolution.Outcome, Ticket.State
PLACE = ("home__development", "home__building", "development", "owner__user")


class ToOwner(OfTicket):
    """To the customer whom a ticket is of. Their answers to the e-mail come in as messages."""

    model = Ticket
    action = gettext_lazy("See the ticket")

    def subjects(self):
        return Ticket.objects.select_related(*PLACE)

    def ticket(self, subject):
        return subject


def on_day(moment):
    return date_format(localtime(moment), "DATE_FORMAT")


@register("ticket-resolved")
class Resolved(ToOwner):
    """As soon as staff say so, and twice more while the owner says nothing."""

    label = gettext_lazy("We have done something about your ticket")
    model = Resolution
    action = gettext_lazy("Say whether it is done")

    def subjects(self):
        return Resolution.objects.select_related(*(f"ticket__{path}" for path in PLACE))

    def ticket(self, resolution):
        return resolution.ticket

    def still_true(self, resolution):
        return resolution.is_open

    def title(self, resolution):
        if resolution.reminders:
            return _("We are waiting for your word: %(title)s") % self.words(resolution)
        titles = {
            Outcome.FIXED: _("Repaired, as we see it: %(title)s"),
            Outcome.ANSWERED: _("Our answer: %(title)s"),
            Outcome.NOT_COVERED: _("Not covered by the warranty: %(title)s"),
        }
        return titles.get(resolution.outcome, _("What became of it: %(title)s")) % self.words(resolution)

    def paragraphs(self, resolution):
        ticket = resolution.ticket
        done = [ticket.work_done] if resolution.outcome == Outcome.FIXED and ticket.work_done else []
        said = [line for line in resolution.text.splitlines() if line.strip()]
        clause = [resolution.clause] if resolution.clause else []
        return [*done, *said, *clause, *how_to_appeal(resolution), self._asked(resolution)]

    def _asked(self, resolution):
        return _(
            "Please tell us with one tap whether that is the end of it. If we hear nothing, we close it on %(day)s; "
            "for 30 days after that you open it again with one tap."
        ) % {"day": on_day(closes_at(resolution))}


def how_to_appeal(resolution):
    """What whoever sees a “not covered” otherwise can do, in a list of one or none."""
    if resolution.outcome != Outcome.NOT_COVERED:
        return []
    return [
        _(
            "You see it otherwise? Say that it is not done and write why, and we look at it again. With a formal "
            "complaint somebody looks at it who had no part in this decision. Or ring us: %(hotline)s."
        )
        % {"hotline": settings.COMPANY_HOTLINE}
    ]


@register("ticket-closed")
class Closed(ToOwner):
    """After seven days without a word; never after the owner's own."""

    label = gettext_lazy("We have closed your ticket")
    action = gettext_lazy("Open it again, or leave it closed")

    def still_true(self, ticket):
        return ticket.state == State.CLOSED and ticket.closed_how == Ticket.ClosedHow.SILENCE

    def title(self, ticket):
        return _("Closed: %(title)s") % self.words(ticket)

    def paragraphs(self, ticket):
        until = date_format(last_day_to_reopen(ticket), "DATE_FORMAT")
        said = [
            _("We asked you whether it is done and heard nothing for seven days, so we have closed it."),
            _("If it isn't, open it again with one tap until %(day)s. It keeps its number and its age.")
            % {"day": until},
        ]
        if ticket.outcome == Ticket.Outcome.FIXED:
            said.append(_("Somebody who did not do the repair rings you to ask how it went."))
        return said


@register("ticket-score")
class HowContent(ToOwner):
    label = gettext_lazy("How content are you?")
    model = Satisfaction
    mandatory = False
    action = gettext_lazy("Answer with one tap")

    def subjects(self):
        return Satisfaction.objects.select_related("development", "home", "owner__user")

    def ticket(self, question):
        if not hasattr(question, "ticket"):
            question.ticket = Ticket.objects.select_related(*PLACE).get(pk=question.subject_id)
        return question.ticket

    def still_true(self, question):
        return not question.is_answered

    def still_concerns(self, question, person):
        """Whoever was asked, which may be somebody else of the household than who raised it."""
        return (
            question.owner_id == person.pk
            and Ticket.objects.of_people(person.user).filter(pk=question.subject_id).exists()
        )

    def title(self, question):
        return _("One short question: %(title)s") % self.words(question)

    def paragraphs(self, question):
        return [_("How content are you with what we did? It takes one tap, and we ask at most once a month.")]


@register("ticket-missed-call")
class MissedCall(ToOwner):
    """A text message follows a call that nobody took."""

    label = gettext_lazy("We rang you and did not reach you")
    channels = (INBOX, SMS)

    def still_true(self, ticket):
        return Call.objects.filter(ticket=ticket, state__in=[Call.State.DUE, Call.State.UNREACHED]).exists()

    def title(self, ticket):
        return _("We rang you about this: %(title)s") % self.words(ticket)

    def paragraphs(self, ticket):
        return [
            _("We wanted to know how it went, and did not reach you. Ring us when it suits you: %(hotline)s.")
            % self.words(ticket)
        ]

    def sms(self, ticket):
        return _("We rang you about %(number)s and did not reach you. Ring us when it suits you: %(hotline)s.") % (
            self.words(ticket)
        )
