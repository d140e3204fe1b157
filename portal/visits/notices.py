"""What households and whoever enquired are told about a visit."""

from django.conf import settings
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.invitations import company_name
from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, SMS, Kind, register
from progress.contacts.notices import reached
from progress.contacts.people import contacts_for

from .models import Visit, VisitKind
from .people import household, visitor_name

State = Visit.State


class OfVisit(Kind):
    """Times are those of the place. Nothing is said about what came of it, nor what anybody noted."""

    topic = topics.APPOINTMENTS
    model = Visit
    action = gettext_lazy("See the visit")
    states = (State.BOOKED, State.CONFIRMED)

    def subjects(self):
        return Visit.objects.with_place()

    def still_true(self, visit):
        return visit.state in self.states

    def still_concerns(self, visit, person):
        return household(visit).filter(pk=person.pk).exists()

    def zone(self, visit):
        return visit.zone

    def url(self, visit):
        return reverse("home:visit", args=[visit.pk])

    def words(self, visit):
        starts = visit.starts and localtime(visit.starts)
        return {
            "kind": visit.get_kind_display(),
            "name": visitor_name(visit),
            "place": _place(visit),
            "day": date_format(starts, "DATE_FORMAT") if starts else "",
            "time": date_format(starts, "TIME_FORMAT") if starts else "",
            "hotline": settings.COMPANY_HOTLINE,
        }

    def when(self, visit):
        if visit.at_ours:
            return _("%(kind)s: %(day)s, %(time)s. %(name)s expects you.") % self.words(visit)
        return _("%(kind)s: %(day)s, %(time)s. %(name)s comes.") % self.words(visit)

    def early(self, visit):
        return [] if visit.at_ours else [_("We come 10 to 15 minutes early, and ring first.")]


def _place(visit):
    """Whoever enquired knows where they live; what they typed is not repeated."""
    return str(visit.home) if visit.home else str(visit.development or company_name())


@register("visit-asked")
class Asked(OfVisit):
    label = gettext_lazy("Please choose a time for a visit")
    states = (State.ASKED,)
    action = gettext_lazy("Choose a time")

    def title(self, visit):
        return _("Please choose a time: %(kind)s") % self.words(visit)

    def paragraphs(self, visit):
        words = _("We would like to come to %(place)s. You choose the time that suits you.")
        if visit.at_ours:
            words = _("We would like to show you round. You choose the time that suits you.")
        said = [words % self.words(visit)]
        if visit.not_after:
            said.append(_("Please choose a day until %(day)s.") % {"day": date_format(visit.not_after, "DATE_FORMAT")})
        return said


@register("visit-booked")
class Booked(OfVisit):
    label = gettext_lazy("A visit is booked")
    mandatory = True

    def title(self, visit):
        return _("Booked: %(kind)s on %(day)s at %(time)s") % self.words(visit)

    def paragraphs(self, visit):
        return [self.when(visit), *self.promised(visit), *self.early(visit), *fees(visit)]

    def promised(self, visit):
        if visit.state != State.BOOKED or visit.urgent:
            return []
        return [_("%(name)s confirms it by 17:30 of the day before.") % self.words(visit)]

    def sms(self, visit):
        words = _("%(kind)s on %(day)s at %(time)s: %(name)s comes, and rings first. Questions: %(hotline)s.")
        if visit.at_ours:
            words = _("%(kind)s on %(day)s at %(time)s: %(name)s expects you. Questions: %(hotline)s.")
        return words % self.words(visit)


def fees(visit):
    """What a survey costs, where that helps: of one of a fault only."""
    if visit.kind != VisitKind.SURVEY:
        return []
    free = _("Ordinary surveys are free in town.")
    fault = _("Finding an unknown water or electrical fault costs 200 yuan inside the second ring road, 300 elsewhere.")
    return [f"{free} {fault}"]


@register("visit-moved")
class Moved(Booked):
    label = gettext_lazy("A visit has another time, or somebody else comes")

    def title(self, visit):
        return _("Changed: %(kind)s, now on %(day)s at %(time)s") % self.words(visit)


@register("visit-cancelled")
class Cancelled(OfVisit):
    label = gettext_lazy("A visit is cancelled")
    mandatory = True
    channels = (INBOX, EMAIL, SMS)
    states = (State.CANCELLED,)

    def cancelled_at(self, visit):
        return visit.starts

    def title(self, visit):
        return _("Cancelled: %(kind)s on %(day)s at %(time)s") % self.words(visit)

    def paragraphs(self, visit):
        ring = _("You can choose another time in the portal, or ring us: %(hotline)s.")
        if visit.cancelled_because == Visit.Because.STAFF:
            sorry = _("We are sorry: we can't receive you.") if visit.at_ours else _("We are sorry: we can't come.")
            return [sorry, ring % self.words(visit)]
        nobody = _("We don't expect you then.") if visit.at_ours else _("Nobody comes then.")
        return [nobody, ring % self.words(visit)]


@register("visit-confirmed")
class Confirmed(OfVisit):
    label = gettext_lazy("A visit is confirmed")
    states = (State.CONFIRMED,)

    def title(self, visit):
        return _("%(name)s confirms: %(kind)s on %(day)s at %(time)s") % self.words(visit)

    def paragraphs(self, visit):
        return [self.when(visit), *self.early(visit)]


@register("visit-soon")
class Soon(OfVisit):
    label = gettext_lazy("A visit is tomorrow")

    def title(self, visit):
        return _("Reminder: %(kind)s on %(day)s at %(time)s") % self.words(visit)

    def paragraphs(self, visit):
        return [self.when(visit), *self.early(visit)]


class AtTheDoor(OfVisit):
    """Somebody stands there, or will in a moment: it neither waits for a digest nor for the morning."""

    mandatory = True
    channels = (INBOX, SMS)

    def cannot_wait(self, visit, *, at):
        return True


@register("visit-on-the-way")
class OnTheWay(AtTheDoor):
    label = gettext_lazy("Somebody is on the way to you")
    states = (State.ON_WAY,)

    def title(self, visit):
        return _("%(name)s is on the way to you") % self.words(visit)

    def paragraphs(self, visit):
        return [_("%(kind)s at %(time)s.") % self.words(visit), *self.early(visit)]

    def sms(self, visit):
        words = _("%(name)s is on the way to you (%(kind)s at %(time)s), comes 10 to 15 minutes early and rings first.")
        return words % self.words(visit)


@register("visit-arrived")
class Arrived(AtTheDoor):
    label = gettext_lazy("Somebody has arrived")
    states = (State.ARRIVED,)

    def title(self, visit):
        return _("%(name)s has arrived") % self.words(visit)

    def paragraphs(self, visit):
        return [_("%(kind)s at %(time)s.") % self.words(visit)]

    def sms(self, visit):
        return _("%(name)s has arrived for you (%(kind)s).") % self.words(visit)


@register("visit-thanks")
class Thanks(OfVisit):
    """Names the people who look after this customer."""

    label = gettext_lazy("Thank you after a visit")
    states = (State.DONE,)

    def title(self, visit):
        return _("Thank you for your time")

    def paragraphs(self, visit):
        words = _("%(name)s was with you: %(kind)s on %(day)s. Thank you for letting us in.")
        if visit.at_ours:
            words = _("%(name)s was with you: %(kind)s on %(day)s. Thank you for coming.")
        said = [words % self.words(visit)]
        if people := looked_after_by(visit):
            return [*said, _("These people look after you:"), *people]
        return [*said, _("We look after you at any hour: %(hotline)s.") % self.words(visit)]


def looked_after_by(visit):
    """One line for each Contact of the place."""
    place = visit.home or visit.development
    if place is None or visit.settled_at is None:
        return []
    contacts = contacts_for(place, today=localtime(visit.settled_at).date())
    return [f"{contact.get_role_display()}: {contact.name} · {reached(contact)}" for contact in contacts]


@register("visit-missed")
class Missed(OfVisit):
    label = gettext_lazy("We were there, and met nobody")
    channels = (INBOX, EMAIL, SMS)
    states = (State.MISSED,)

    def title(self, visit):
        if visit.at_ours:
            return _("We expected you on %(day)s at %(time)s, and met nobody") % self.words(visit)
        return _("We were there on %(day)s at %(time)s, and met nobody") % self.words(visit)

    def paragraphs(self, visit):
        return [_("Please choose another time in the portal, or ring us: %(hotline)s.") % self.words(visit)]
