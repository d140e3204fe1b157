"""The checks that rules promise a home, some of them long before anybody is asked for a time."""

from portal.care.checks.models import CheckForm
from portal.care.models import Product
from portal.care.promises import KINDS
from progress.promises import kinds
from progress.promises.models import Promise

MOST = 20


def promised_checks(home):
    """Promises of checks at one of `homes_of` that are to come, the next first; what is asked by telephone left out.

    Without what has its page as a Check already. One query where there is none, else three.
    """
    return _checks(Promise.objects.filter(home=home, check_of_home=None))


def next_check(home):
    """The next one to come for which no time is booked: a booked one stands among the appointments. None: nothing."""
    waiting = Promise.objects.filter(home=home).exclude(state=Promise.State.BOOKED)
    return next(iter(_checks(waiting)), None)


def _checks(promises):
    found = promises.open().filter(kind=KINDS[Product.CHECK]).order_by("due_at", "pk")[:MOST]
    found = kinds.prepare(found)
    if not found:
        return []
    forms = {promise.care.form for promise in found if promise.care}
    calls = set(CheckForm.objects.filter(code__in=forms, by=CheckForm.By.CALL).values_list("code", flat=True))
    return [promise for promise in found if promise.care and promise.care.form not in calls]
