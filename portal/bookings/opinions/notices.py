"""What is told about opinions; registered in `OpinionsConfig.ready`."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import Kind, register
from portal.bookings.models import Booking
from progress.models import Ownership

from .actions import CAME
from .models import Citation, Opinion


def _follows(person, home_id):
    return Ownership.objects.live().follows_progress().filter(owner=person.pk, home=home_id).exists()


@register("opinion-wanted")
class OpinionWanted(Kind):
    """The morning after, once, to whoever came."""

    label = gettext_lazy("How was the open day?")
    topic = topics.APPOINTMENTS
    model = Booking
    action = gettext_lazy("Tell us what you think")
    why = gettext_lazy("You receive this message because you came to our open day.")

    def subjects(self):
        return Booking.objects.select_related("open_day__development", "opinion")

    def still_true(self, booking):
        return booking.state in CAME and not hasattr(booking, "opinion")

    def still_concerns(self, booking, person):
        return _follows(person, booking.home_id)

    def zone(self, booking):
        return booking.open_day.development.time_zone

    def title(self, booking):
        return _("How was it? %(title)s") % {"title": booking.open_day.title}

    def paragraphs(self, booking):
        return [
            _("Thank you for coming. You have stood in your home now: what do you like, and what would you change?"),
            _("It takes two minutes. We read everything, answer you, and tell you what we change because of it."),
        ]

    def url(self, booking):
        return reverse("home:opinion", args=[booking.pk])


@register("opinion-answered")
class OpinionAnswered(Kind):
    label = gettext_lazy("Our answer to your opinion")
    topic = topics.QUESTIONS
    model = Opinion
    action = gettext_lazy("See it in the portal")
    why = gettext_lazy("You receive this message because you told us what you think.")

    def subjects(self):
        return Opinion.objects.select_related("open_day__development")

    def still_true(self, opinion):
        return opinion.is_answered

    def still_concerns(self, opinion, person):
        return opinion.owner_id == person.pk and _follows(person, opinion.home_id)

    def zone(self, opinion):
        return opinion.open_day.development.time_zone

    def title(self, opinion):
        return _("Our answer: %(title)s") % {"title": opinion.open_day.title}

    def paragraphs(self, opinion):
        said = _("You told us what you think of the open day. Here is our answer:")
        return [said, *self.in_brief(opinion)]

    def in_brief(self, opinion):
        return [line for line in opinion.answer.splitlines() if line.strip()]

    def url(self, opinion):
        return reverse("home:opinion", args=[opinion.booking_id]) if opinion.booking_id else ""


@register("opinion-cited")
class OpinionCited(Kind):
    label = gettext_lazy("What we changed because of you")
    topic = topics.NEWS
    model = Citation
    action = gettext_lazy("Read what we changed")
    why = gettext_lazy("You receive this message because you told us what you think.")

    def subjects(self):
        return Citation.objects.select_related("update__development", "opinion")

    def still_true(self, citation):
        return citation.update.is_published

    def still_concerns(self, citation, person):
        """Who said it, and still reads the update: it may be for another building."""
        said = citation.opinion
        if said is None or said.owner_id != person.pk or not _follows(person, said.home_id):
            return False
        return citation.update.homes.filter(pk=said.home_id).exists()

    def zone(self, citation):
        return citation.update.development.time_zone

    def title(self, citation):
        return _("Because you said so: %(title)s") % {"title": citation.update.title}

    def paragraphs(self, citation):
        return [_("You told us what you think, and something has changed. Your words stand there without your name.")]

    def url(self, citation):
        return reverse("home:update", args=[citation.update_id])
