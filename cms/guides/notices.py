"""What owners are told of guides; registered in `GuidesConfig.ready`."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Owner
from accounts.notices import topics
from accounts.notices.kinds import Kind, register

from .audience import named_of, ties_for
from .models import Edition
from .reading import guides_for


@register("guide-published")
class GuidePublished(Kind):
    label = gettext_lazy("New guides, and what has changed in them")
    topic = topics.GUIDES
    model = Edition
    action = gettext_lazy("Read the guide")

    def subjects(self):
        return Edition.objects.prefetch_related("audience")

    def people(self, edition):
        ties = ties_for(named_of(edition))
        return Owner.objects.active().filter(pk__in=ties.values("owner"))

    def freshen(self, edition, *, at):
        edition.today = _day_of(at)

    def still_true(self, edition):
        """Not withdrawn, and no later edition in force."""
        return Edition.objects.in_force(on=_today(edition)).filter(pk=edition.pk).exists()

    def still_concerns(self, edition, person):
        """Whoever sold meanwhile is not told any more. One query for all whom a batch tells of it."""
        if not hasattr(edition, "addressees"):
            return person.pk in _concerned(edition, [person])
        if not hasattr(edition, "still_concerned"):
            edition.still_concerned = _concerned(edition, edition.addressees)
        return person.pk in edition.still_concerned

    def title(self, edition):
        guide = _guide(edition)
        if edition.number == 1:
            return _("A guide for you: %(title)s") % {"title": guide.title}
        return _("What has changed: %(title)s") % {"title": guide.title}

    def paragraphs(self, edition):
        guide = _guide(edition)
        changed = [guide.what_changed] if edition.number > 1 else []
        return [words for words in (*changed, guide.lead) if words]

    def url(self, edition):
        return reverse("home:guide-anywhere", args=[edition.guide_key])


def _concerned(edition, people):
    """The keys of those of `people` whose home and role it still fits."""
    ties = ties_for(named_of(edition)).filter(owner__in=[person.pk for person in people])
    return set(ties.order_by().values_list("owner", flat=True))


def _guide(edition):
    return guides_for([edition], on=_today(edition))[0]


def _today(edition):
    """The day of sending; before that, the day on which it was decided to tell of it."""
    return getattr(edition, "today", None) or _day_of(edition.told_at)


def _day_of(at):
    return timezone.localdate(at, timezone.get_default_timezone())
