"""What is said when a home changes hands; registered in `TransfersConfig.ready`."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import Kind, register
from progress.models import Ownership

from .models import HomeTransfer


class OfTransfer(Kind):
    topic = topics.ACCOUNT
    mandatory = True
    model = HomeTransfer

    def subjects(self):
        return HomeTransfer.objects.select_related("home__development")

    def still_true(self, transfer):
        return transfer.state == HomeTransfer.State.DONE

    def zone(self, transfer):
        return transfer.home.development.time_zone


def belongs(person, home):
    return Ownership.objects.live().filter(home=home, owner=person).exists()


@register("home-transferred")
class HomeTransferred(OfTransfer):
    label = gettext_lazy("Your home has a new owner")

    def still_concerns(self, transfer, person):
        return not belongs(person, transfer.home)

    def title(self, transfer):
        return _("%(home)s has a new owner") % {"home": transfer.home}

    def paragraphs(self, transfer):
        return [
            _("The home has changed hands, and with it what the portal shows of it: your access has ended."),
            _("Your messages stay for 180 days. If this is a mistake, please ring us at once."),
            _("Thank you for the time with us. We wish you well in your next home."),
        ]


@register("welcome")
class Welcome(OfTransfer):
    label = gettext_lazy("Welcome to your home")
    action = gettext_lazy("See your home")

    def still_concerns(self, transfer, person):
        return belongs(person, transfer.home)

    def title(self, transfer):
        return _("Welcome to %(home)s") % {"home": transfer.home}

    def paragraphs(self, transfer):
        return [
            _("The home is yours now. In the portal you find all that the site has told about it from the start."),
            _("Invite your family or your tenant yourself, on the page of your household."),
        ]

    def url(self, transfer):
        return reverse("home:home", args=[transfer.home_id])
