"""What whoever comes hears of their own visits, when others have arranged them."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, SMS, register

from .models import LIVE, Visit
from .notices import OfVisit


@register("visit-yours")
class Yours(OfVisit):
    label = gettext_lazy("A visit is yours, or has another time")
    topic = topics.DESK
    why = gettext_lazy("You receive this message because you make this visit.")
    states = LIVE

    def still_concerns(self, visit, person):
        return visit.person_id == person.pk

    def title(self, visit):
        return _("Yours: %(kind)s on %(day)s at %(time)s") % self.words(visit)

    def paragraphs(self, visit):
        said = [self.words(visit)["place"]]
        if visit.state == Visit.State.BOOKED:
            said.append(_("Please confirm it by 17:30 of the day before: we promised it."))
        return said

    def url(self, visit):
        return reverse("site:visit", args=[visit.pk])


@register("visit-yours-soon")
class YoursSoon(Yours):
    channels = (INBOX, EMAIL, SMS)

    def cannot_wait(self, visit, *, at):
        return visit.urgent


@register("visit-not-yours")
class NotYours(Yours):
    label = gettext_lazy("A visit is cancelled, or somebody else's now")
    states = (*LIVE, Visit.State.CANCELLED)

    def still_concerns(self, visit, person):
        return visit.state == Visit.State.CANCELLED or visit.person_id != person.pk

    def title(self, visit):
        return _("Not yours any more: %(kind)s on %(day)s at %(time)s") % self.words(visit)

    def paragraphs(self, visit):
        return [self.words(visit)["place"]]

    def url(self, visit):
        return reverse("site:visits")


@register("visit-not-yours-soon")
class NotYoursSoon(NotYours):
    channels = (INBOX, EMAIL, SMS)
