"""What households read of what a rule owes them; registered in `CareConfig.ready`."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Owner
from accounts.notices import topics
from accounts.notices.kinds import Kind, register
from accounts.notices.models import Heartbeat
from progress.models import HOSTS
from progress.promises.models import Promise
from progress.warranties.models import Warranty

from .models import Anchor
from .promises import latest
from .wording import message_of


class OfCare(Kind):
    """About one promise of a rule, to whoever has the home today."""

    topic = topics.CARE
    model = Promise

    def subjects(self):
        return Promise.objects.select_related("home__development", "home__building", "development")

    def people(self, promise):
        ties = promise.home.ownerships.live().filter(role__in=HOSTS)
        return Owner.objects.active().filter(pk__in=ties.values("owner"))

    def still_concerns(self, promise, person):
        return self.people(promise).filter(pk=person.pk).exists()

    def still_true(self, promise):
        return promise.state not in {Promise.State.VOID, Promise.State.WAIVED}

    def zone(self, promise):
        return promise.calendar[1]

    def rule(self, promise):
        return latest({promise.rule}).get(promise.rule)

    def url(self, promise):
        return reverse("home:care", args=[promise.pk])


@register("care-message")
class Message(OfCare):
    """What a rule has us say. One that comes late says so."""

    label = gettext_lazy("A message about your home")

    def title(self, promise):
        return str(self.rule(promise) or self.label)

    def paragraphs(self, promise):
        rule = self.rule(promise)
        late = [_("This comes later than we promised. We are sorry.")] if promise.state == Promise.State.LATE else []
        said = message_of(rule, promise.home, today=timezone.localdate()) if rule else ""
        return [*late, *([said] if said else []), *_ending(rule, promise)]


def _ending(rule, promise):
    """Which warranties a message about their end is about, and until when."""
    if rule is None or rule.anchor != Anchor.WARRANTY:
        return []
    last = promise.anchored_on
    rows = Warranty.objects.ending(first=last, last=last).filter(home=promise.home).order_by("term_id", "pk")
    names = sorted({str(row.what) for row in rows.select_related("term__component", "component")})
    words = _("It covers, until %(day)s: %(what)s.")
    return [words % {"day": date_format(last, "DATE_FORMAT"), "what": "; ".join(names)}] if names else []


@register("care-stood-still")
class StoodStill(Kind):
    """To supervisors and managers, once a gap: what was late meanwhile is in the ledger, marked as missed."""

    label = gettext_lazy("The reminders stood still")
    topic = topics.DESK
    model = Heartbeat
    mandatory = True
    action = gettext_lazy("See the rules of care")

    def title(self, heartbeat):
        return _("Care was not looked after for a while")

    def paragraphs(self, heartbeat):
        return [
            _(
                "Each minute households are written to, and each night all rules are gone through. One of the two did"
                " not happen for too long."
            ),
            _("What fell due meanwhile is marked as missed; what can still be sent goes out in order."),
        ]

    def url(self, heartbeat):
        return reverse("wagtailadmin_home")
