"""What is told about the complaints board; registered in `ComplaintsBoardConfig.ready`."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import Kind, register

from .models import Entry


@register("board-asked")
class BoardAsked(Kind):
    """To whoever raised the ticket: may others learn from it?"""

    label = gettext_lazy("Whether your case may stand on the complaints board")
    topic = topics.TICKETS
    model = Entry
    action = gettext_lazy("Read it and decide")
    why = gettext_lazy("You receive this message because you raised the ticket.")

    def subjects(self):
        return Entry.objects.select_related("ticket__development")

    def still_true(self, entry):
        return entry.state == Entry.State.ASKED

    def still_concerns(self, entry, person):
        return entry.ticket.owner_id == person.pk

    def zone(self, entry):
        return entry.ticket.development.time_zone

    def title(self, entry):
        return _("May your case %(number)s stand on the complaints board?") % {"number": entry.ticket.number}

    def paragraphs(self, entry):
        return [
            _("Others could learn from what happened and how it was solved. We took out what says who you are."),
            _("Nothing is published unless you agree, and you can take it down again at any time."),
        ]

    def url(self, entry):
        return reverse("home:board-entry", args=[entry.ticket_id])
