"""What is told about enquiries: to the staff that one has come, to its sender that we have it."""

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.invitations import company_name
from accounts.notices import topics
from accounts.notices.kinds import EMAIL, INBOX, SMS, Kind, register

from .models import Enquiry


class AboutEnquiry(Kind):
    model = Enquiry

    def subjects(self):
        return Enquiry.objects.select_related("development")

    def zone(self, enquiry):
        return enquiry.time_zone


class ToStaff(AboutEnquiry):
    """Without the name and the number of whoever asks: those stand on its page, for those who may open it."""

    topic = topics.DESK
    why = gettext_lazy("You receive this message because you look after enquiries.")

    def still_true(self, enquiry):
        return enquiry.is_new

    def still_concerns(self, enquiry, person):
        return Enquiry.objects.for_user(person).filter(pk=enquiry.pk).exists()

    def paragraphs(self, enquiry):
        place = str(enquiry.development or _("No development named"))
        return [f"{enquiry.get_kind_display()} · {place}"]

    def url(self, enquiry):
        return reverse("desk_enquiry:inspect", args=[enquiry.pk])


@register("enquiry-arrived")
class Arrived(ToStaff):
    label = gettext_lazy("An enquiry has come")
    channels = (INBOX, EMAIL)

    def title(self, enquiry):
        return _("An enquiry has come: %(number)s") % {"number": enquiry.reference}

    def paragraphs(self, enquiry):
        return [*super().paragraphs(enquiry), _("We promised to call within two working hours.")]


@register("enquiry-emergency")
class EmergencyArrived(ToStaff):
    label = gettext_lazy("An emergency has been sent as an enquiry")
    channels = (INBOX, EMAIL, SMS)
    emergency = True

    def title(self, enquiry):
        return _("EMERGENCY: enquiry %(number)s. Please call at once.") % {"number": enquiry.reference}


@register("enquiry-yours")
class HandedOver(ToStaff):
    label = gettext_lazy("An enquiry is yours now")
    channels = (INBOX,)

    def still_true(self, enquiry):
        return not enquiry.is_ended

    def title(self, enquiry):
        return _("An enquiry is yours now: %(number)s") % {"number": enquiry.reference}


@register("enquiry-received")
class Received(AboutEnquiry):
    """To a bare address: fixed words and the number, nothing that somebody typed."""

    label = gettext_lazy("We have your enquiry")
    topic = topics.ACCOUNT
    mandatory = True
    channels = (EMAIL,)
    why = gettext_lazy(
        "You receive this message because this address was given in our enquiry form. "
        "If it wasn't you, please ignore it."
    )

    def still_true(self, enquiry):
        return enquiry.state != Enquiry.State.SPAM

    def title(self, enquiry):
        return _("We have your enquiry %(number)s") % {"number": enquiry.reference}

    def paragraphs(self, enquiry):
        when = _("This is an emergency to us: we call at once, day or night.")
        if not enquiry.emergency:
            when = _("We call you within two working hours, and never after 22:00.")
        ring = _("You can ring us day and night: %(hotline)s. Please name the number %(number)s.")
        return [when, ring % {"hotline": settings.COMPANY_HOTLINE, "number": enquiry.reference}]

    def sms(self, enquiry):
        return _("%(company)s: we have your enquiry %(number)s and will call you. Hotline %(hotline)s.") % {
            "company": company_name(),
            "number": enquiry.reference,
            "hotline": settings.COMPANY_HOTLINE,
        }


@register("enquiry-received-sms")
class ReceivedByText(Received):
    channels = (SMS,)
