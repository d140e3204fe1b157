"""What owners are told about the people around their home; registered in `ContactsConfig.ready`."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.notices import topics
from accounts.notices.kinds import Kind, register
from progress.models import HOSTS, Ownership

from .concerned import owners_of, ties_of
from .hours import hours_of
from .introductions import signed
from .models import Contact, Introduction
from .people import contacts_for


class OfContact(Kind):
    """About one Contact: who they are, from when, and how to reach them."""

    topic = topics.PEOPLE
    model = Contact
    action = gettext_lazy("See the people around your home")

    def subjects(self):
        return Contact.objects.select_related(
            "user__card", "development", "home__building", "home__development", "journey", "follows__user__card"
        )

    def people(self, contact):
        return owners_of(contact)

    def still_true(self, contact):
        """Not given back on its first day, and still of a colleague who works here."""
        empty = contact.until is not None and contact.until <= contact.since
        return not empty and Contact.objects.working().filter(pk=contact.pk).exists()

    def still_concerns(self, contact, person):
        """One query for all whom a batch tells of it."""
        if not hasattr(contact, "addressees"):
            return ties_of(contact).filter(owner=person).exists()
        if not hasattr(contact, "still_concerned"):
            ties = ties_of(contact).filter(owner__in=contact.addressees)
            contact.still_concerned = set(ties.values_list("owner", flat=True))
        return person.pk in contact.still_concerned

    def zone(self, contact):
        return contact.development.time_zone

    def url(self, contact):
        return reverse("home:contact", args=[contact.pk])

    def words(self, contact):
        return {
            "role": contact.get_role_display(),
            "name": contact.name,
            "place": contact.home or contact.development,
            "day": date_format(contact.since, "DATE_FORMAT"),
        }


@register("contact-named")
class ContactNamed(OfContact):
    label = gettext_lazy("Who looks after your home")

    def title(self, contact):
        words = self.words(contact)
        return _("%(role)s: %(name)s") % (words | {"role": capfirst(words["role"])})

    def paragraphs(self, contact):
        known = _("From %(day)s on, %(name)s looks after %(place)s: %(role)s.")
        return [known % self.words(contact), contact.note, reached(contact)]


@register("contact-changed")
class ContactChanged(OfContact):
    """A hand-over from one to another."""

    label = gettext_lazy("Somebody else looks after your home")
    mandatory = True

    def title(self, contact):
        words = self.words(contact)
        words |= {"role": capfirst(words["role"]), "before": contact.follows.name}
        return _("%(role)s: %(name)s takes over from %(before)s") % words

    def paragraphs(self, contact):
        said = _("From %(day)s on, %(name)s looks after %(place)s instead of %(before)s: %(role)s.")
        return [said % (self.words(contact) | {"before": contact.follows.name}), contact.note, reached(contact)]


def reached(contact):
    """How to reach them, in one line."""
    card = contact.card
    ways = [card.phone.as_international, card.email] if card and card.phone else [card.email] if card else []
    return " · ".join([*filter(None, ways), hours_of(contact)])


@register("service-introduced")
class ServiceIntroduced(Kind):
    """After the contract: the channels of the service centre, and the names of those who look after the home."""

    label = gettext_lazy("Our service centre introduces itself")
    topic = topics.PEOPLE
    model = Introduction
    action = gettext_lazy("See the people around your home")

    def subjects(self):
        return Introduction.objects.select_related("home__development", "home__building")

    def still_true(self, introduction):
        return signed(journey__home=introduction.home_id).exists()

    def still_concerns(self, introduction, person):
        ties = Ownership.objects.live().filter(home=introduction.home_id, role__in=HOSTS)
        return ties.filter(owner=person).exists()

    def zone(self, introduction):
        return introduction.home.development.time_zone

    def title(self, introduction):
        return _("Our service centre is there for you")

    def paragraphs(self, introduction):
        words = {"home": introduction.home, "hotline": settings.COMPANY_HOTLINE}
        today = timezone.localdate(introduction.at)
        people = [
            f"{capfirst(contact.get_role_display())}: {contact.name} · {reached(contact)}"
            for contact in contacts_for(introduction.home, today=today)
        ]
        return [
            _("The contract for %(home)s is signed, and from now on the service centre is yours, too.") % words,
            _("The hotline %(hotline)s is answered day and night. We never ring you after 22:00.") % words,
            _("In the portal you ask in writing, and find your papers, each step, and what we have promised."),
            *([_("These people look after your home:"), *people] if people else []),
        ]

    def url(self, introduction):
        return reverse("home:people", args=[introduction.home_id])
