"""The message that carries an invitation; registered in `AccountsConfig.ready`."""

from django.conf import settings
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from .models import Invitation
from .notices import topics
from .notices.kinds import EMAIL, SMS, Kind, register
from .purposes import purpose_of


@register("invitation")
class Invited(Kind):
    label = gettext_lazy("Your invitation to the portal")
    topic = topics.ACCOUNT
    mandatory = True
    model = Invitation
    channels = (EMAIL,)
    secret = True  # the link
    action = gettext_lazy("Open the invitation")
    why = gettext_lazy("You receive this message because you were invited. If you don't know us, please ignore it.")

    def subjects(self):
        return Invitation.objects.select_related("owner__user")

    def still_true(self, invitation):
        return not (invitation.used_at or invitation.revoked_at or (invitation.owner and invitation.owner.erased_at))

    def title(self, invitation):
        return _("Come in, %(company)s has opened your page") % {"company": company_name()}

    def paragraphs(self, invitation):
        what = _("It is yours alone, good for 14 days, and works once. Please don't pass it on.")
        if promised := purpose_of(invitation).paragraphs(invitation):
            return [*promised, what]
        if invitation.owner:
            return [_("Follow how your home comes along, with photos from the site and every date in one place."), what]
        return [_("With this link you set up your login for the desk."), what]

    def sms(self, invitation):
        return _("%(company)s: your invitation to the owners' portal, good for 14 days.") % {"company": company_name()}

    def url(self, invitation):
        return invitation.path


@register("invitation-sms")
class InvitedByText(Invited):
    channels = (SMS,)


def company_name():
    """The company's name in the active language."""
    return settings.COMPANY_NAME.get(get_language(), settings.COMPANY_NAME["en"])
