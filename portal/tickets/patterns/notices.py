"""What is told about patterns; registered in `PatternsConfig.ready`."""

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.notices import topics
from accounts.notices.kinds import Kind, register
from progress.designs.people import hosts_of

from .finding import supervisors_of
from .models import Pattern


class AboutPattern(Kind):
    model = Pattern

    def subjects(self):
        return Pattern.objects.with_place()

    def zone(self, pattern):
        return pattern.development.time_zone


@register("ticket-pattern")
class PatternFound(AboutPattern):
    """To the supervisors of the development."""

    label = gettext_lazy("The same defect in several homes")
    topic = topics.DESK
    action = gettext_lazy("See the homes")
    why = gettext_lazy("You receive this message because you supervise the development.")

    def still_true(self, pattern):
        return pattern.state == Pattern.State.FOUND

    def still_concerns(self, pattern, person):
        return supervisors_of(pattern).filter(pk=person.pk).exists()

    def title(self, pattern):
        return _("The same defect in several homes: %(component)s") % {"component": pattern.component.path}

    def paragraphs(self, pattern):
        homes = pattern.affected_homes().count()
        said = ngettext(
            "%(n)s home at %(development)s has reported it; they have this in common: %(common)s.",
            "%(n)s homes at %(development)s have reported it; they have this in common: %(common)s.",
            homes,
        )
        common = pattern.house_type or pattern.contractor
        return [
            said % {"n": homes, "development": pattern.development, "common": common},
            _("Please look at them, and decide whether the other homes should be told before it happens to them."),
        ]

    def url(self, pattern):
        return reverse("desk_reports:pattern", args=[pattern.pk])


@register("ticket-pattern-warning")
class OtherHomesWarned(AboutPattern):
    """To the owners and co-owners of the homes that have not reported it, in the words of the staff."""

    label = gettext_lazy("Something to look at in your home")
    topic = topics.TICKETS
    mandatory = True
    why = gettext_lazy("You receive this message because you own a home like those in which something was found.")

    def still_true(self, pattern):
        return pattern.warned_at is not None

    def people(self, pattern):
        return hosts_of(pattern.other_homes())

    def still_concerns(self, pattern, person):
        """Whoever sold meanwhile is not told any more. One query for all whom a batch tells of it."""
        if not hasattr(pattern, "still_concerned"):
            keys = [each.pk for each in getattr(pattern, "addressees", [person])]
            pattern.still_concerned = set(self.people(pattern).filter(pk__in=keys).values_list("pk", flat=True))
        return person.pk in pattern.still_concerned

    def title(self, pattern):
        return _("Please look at this in your home: %(component)s") % {"component": pattern.component.path}

    def paragraphs(self, pattern):
        words = pattern.words
        return [words.part(line) for line in words.splitlines() if line.strip()]
