"""What people are told about milestones; registered in `JourneysConfig.ready`."""

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Owner
from accounts.notices import topics
from accounts.notices.kinds import Kind, register
from progress.models import Ownership

from .models import MilestoneChange

TITLES = {
    "forecast": gettext_lazy("%(milestone)s: a new date"),
    "reached": gettext_lazy("%(milestone)s: reached"),
    "withdrawn": gettext_lazy("%(milestone)s: not reached after all"),
}


@register("milestones-changed")
class MilestonesChanged(Kind):
    """One message a change, whatever the number of homes; the page shows each reader their own."""

    label = gettext_lazy("Changes in the journey of your home")
    topic = topics.DATES
    model = MilestoneChange
    action = gettext_lazy("See what has changed")

    def subjects(self):
        lines = "lines__milestone__template"
        return MilestoneChange.objects.select_related("development").prefetch_related(lines)

    def still_true(self, change):
        return change.state == MilestoneChange.State.MADE

    def people(self, change):
        """Who follows the progress of the homes that the change is about."""
        homes = change.lines.order_by().values("milestone__journey__home")
        ties = Ownership.objects.live().follows_progress().filter(home__in=homes)
        return Owner.objects.active().filter(pk__in=ties.values("owner"))

    def still_concerns(self, change, person):
        """Whoever sold meanwhile is not told any more. One query for all whom a batch tells of it."""
        if not hasattr(change, "addressees"):
            return person.pk in _concerned(change, [person])
        if not hasattr(change, "still_concerned"):
            change.still_concerned = _concerned(change, change.addressees)
        return person.pk in change.still_concerned

    def zone(self, change):
        return change.development.time_zone

    def title(self, change):
        return TITLES[change.kind] % {"milestone": named(change)}

    def paragraphs(self, change):
        return [line for line in (when(change), change.reason) if line]

    def url(self, change):
        return reverse("home:change", args=[change.pk])


def _concerned(change, people):
    """The keys of those of `people` who still follow the progress of a home that it is about."""
    ties = Ownership.objects.live().follows_progress().filter(owner__in=[person.pk for person in people])
    ties = ties.filter(home__journeys__milestones__changes__change=change)
    return set(ties.order_by().values_list("owner_id", flat=True).distinct())


def named(change):
    """The milestones' names, each once."""
    return ", ".join(dict.fromkeys(str(line.milestone) for line in change.lines.all()))


def when(change):
    """One sentence on the day, where it is the same for all homes."""
    days = {(line.from_date, line.to_date) for line in change.lines.all()}
    if len(days) != 1:
        return _("The dates of your home stand in the portal.")
    earlier, day = days.pop()
    if day is None:
        return ""
    words = {"day": date_format(day, "DATE_FORMAT"), "earlier": earlier and date_format(earlier, "DATE_FORMAT")}
    if change.kind == MilestoneChange.Kind.REACHED:
        return _("It was reached on %(day)s.") % words
    if change.kind == MilestoneChange.Kind.FORECAST and earlier:
        return _("We expect it on %(day)s now, instead of %(earlier)s.") % words
    return _("We expect it on %(day)s now.") % words


@register("milestone-declined")
class MilestoneDeclined(Kind):
    """To the colleague whose report was not approved."""

    label = gettext_lazy("Reports that were not approved")
    topic = topics.DESK
    model = MilestoneChange
    why = gettext_lazy("You receive this message because you reported it.")

    def subjects(self):
        return MilestoneChange.objects.select_related("development").prefetch_related("lines__milestone__template")

    def zone(self, change):
        return change.development.time_zone

    def title(self, change):
        return _("Not approved: %(milestone)s") % {"milestone": named(change)}

    def paragraphs(self, change):
        return [change.declined_because]
