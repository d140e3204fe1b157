"""What is told about formal complaints; registered in `FormalComplaintsConfig.ready`."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, Kind, register

from .models import FormalComplaint, Letter

OF_COMPLAINT = ("ticket__home__development", "ticket__home__building", "ticket__development", "ticket__owner")


class ToStaff(Kind):
    topic = topics.DUTIES
    model = FormalComplaint
    channels = (INBOX, EMAIL)

    def subjects(self):
        return FormalComplaint.objects.select_related(*OF_COMPLAINT)

    def still_true(self, complaint):
        return complaint.is_open

    def still_concerns(self, complaint, person):
        return FormalComplaint.objects.for_user(person).filter(pk=complaint.pk).exists()

    def zone(self, complaint):
        return complaint.ticket.development.time_zone

    def paragraphs(self, complaint):
        due = date_format(localtime(complaint.due_at), "DATE_FORMAT")
        return [
            _("%(number)s, %(home)s.") % {"number": complaint.ticket.number, "home": complaint.ticket.home},
            _("The next letter is due on %(day)s.") % {"day": due},
        ]

    def url(self, complaint):
        return reverse("desk_complaint:inspect", args=[complaint.pk])


@register("complaint-made")
class ComplaintMade(ToStaff):
    label = gettext_lazy("Formal complaints")
    mandatory = True
    why = gettext_lazy("You receive this message because you supervise this development.")

    def title(self, complaint):
        return _("A formal complaint: %(home)s") % {"home": complaint.ticket.home}


@register("complaint-review")
class ComplaintReview(ToStaff):
    label = gettext_lazy("Complaints for you to review")
    mandatory = True
    why = gettext_lazy("You receive this message because you are to review this complaint.")

    def still_concerns(self, complaint, person):
        return complaint.reviewer_id == person.pk

    def title(self, complaint):
        return _("Please review a formal complaint: %(home)s") % {"home": complaint.ticket.home}


@register("complaint-letter")
class ComplaintLetter(Kind):
    """To whoever complained: the words of the letter, and where its PDF is."""

    label = gettext_lazy("Letters about your formal complaint")
    topic = topics.TICKETS
    mandatory = True
    model = Letter
    action = gettext_lazy("Open the letter")
    why = gettext_lazy("You receive this message because you made a formal complaint.")

    def subjects(self):
        return Letter.objects.select_related(*(f"complaint__{path}" for path in OF_COMPLAINT))

    def still_concerns(self, letter, person):
        return letter.complaint.ticket.owner_id == person.pk

    def zone(self, letter):
        return letter.complaint.ticket.development.time_zone

    def title(self, letter):
        return _("%(letter)s: your formal complaint %(number)s") % {
            "letter": letter.get_step_display(),
            "number": letter.complaint.ticket.number,
        }

    def paragraphs(self, letter):
        return [line for line in letter.text.splitlines() if line.strip()]

    def url(self, letter):
        return reverse("home:complaint", args=[letter.complaint.ticket_id])
