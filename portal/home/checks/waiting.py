"""What waits for an owner of the checks: one that wants their signature, and one that they have begun themselves."""

from django.urls import reverse
from django.utils.translation import gettext as _

from portal.care.checks.models import Check
from portal.home.needs import Need, source

MOST = 3


@source
def checks_to_sign(user, home):
    if not home.is_hosted:
        return []
    found = Check.objects.of_household(user).filter(home=home, stage=Check.Stage.FILLED)
    return [
        _need(check, _("The check was done. Please read what was found, and sign it."), _("Read and sign"))
        for check in found.select_related("form")[:MOST]
    ]


@source
def checks_begun(user, home):
    """A look over the home that was begun and never sent tells us nothing."""
    if not home.is_hosted:
        return []
    found = Check.objects.of_household(user).filter(home=home, stage=Check.Stage.BEGUN, self_check=True)
    return [
        _need(
            check,
            _("You have begun to look over your home. What you send us counts as of the day you saw it."),
            _("Go on with it"),
        )
        for check in found.select_related("form")[:MOST]
    ]


def _need(check, text, action):
    return Need(
        title=str(check.form.name), text=text, url=reverse("home:check", args=[check.pk]), action=action, icon="check"
    )
