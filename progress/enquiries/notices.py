"""What is told about questions; registered in `EnquiriesConfig.ready`."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import INBOX, Kind, register

from .models import Enquiry, Reply


@register("enquiry-asked")
class EnquiryAsked(Kind):
    """To the staff: once for the question, and once for whatever is added to it."""

    label = gettext_lazy("A question waits")
    topic = topics.DESK
    model = Enquiry
    channels = (INBOX,)
    why = gettext_lazy("You receive this message because you look after this development.")

    def subjects(self):
        return Enquiry.objects.select_related("home__development")

    def still_true(self, enquiry):
        return enquiry.is_open

    def still_concerns(self, enquiry, person):
        return Enquiry.objects.for_user(person).filter(pk=enquiry.pk).exists()

    def zone(self, enquiry):
        return enquiry.home.development.time_zone

    def title(self, enquiry):
        return _("A question waits: %(home)s") % {"home": enquiry.home}

    def paragraphs(self, enquiry):
        return [_("About: %(title)s") % {"title": enquiry.title}]

    def url(self, enquiry):
        return reverse("desk_enquiry:inspect", args=[enquiry.pk])


@register("enquiry-answered")
class EnquiryAnswered(Kind):
    """To whoever asked, with the words of the answer."""

    label = gettext_lazy("Answers to your questions")
    topic = topics.QUESTIONS
    model = Reply
    action = gettext_lazy("Open the conversation")
    why = gettext_lazy("You receive this message because you asked us a question.")

    def subjects(self):
        return Reply.objects.select_related("enquiry__home__development")

    def still_concerns(self, reply, person):
        return reply.enquiry.owner_id == person.pk

    def zone(self, reply):
        return reply.enquiry.home.development.time_zone

    def title(self, reply):
        return _("Our answer: %(title)s") % {"title": reply.enquiry.title}

    def paragraphs(self, reply):
        return [
            _("You asked us about “%(title)s”. Here is our answer:") % {"title": reply.enquiry.title},
            *self._answer(reply),
        ]

    def in_brief(self, reply):
        return self._answer(reply)[:1]

    def _answer(self, reply):
        return [line for line in reply.text.splitlines() if line.strip()]

    def url(self, reply):
        return reverse("home:question", args=[reply.enquiry_id])
