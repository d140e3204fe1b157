"""Whether anything has changed by which entries fall due: counted in a few plain queries, instead of a sweep."""

from django.db.models import Count, Max, Sum

from cms.guides.models import AudienceEntry, EditionText, GuidePage
from progress.journeys.models import Journey, Milestone
from progress.models import Home, Ownership

from .models import DueItem


def signs_of_change(*, on):
    """A text that is another one after each change of guides, milestones, homes or rights, and on another day.

    What leaves no sign here is found by night. Eight queries.
    """
    counted = [
        EditionText.objects.aggregate(Count("pk"), Max("published_at"), Max("amended_at")),
        GuidePage.objects.live().aggregate(Count("pk"), Max("last_published_at")),
        AudienceEntry.objects.aggregate(Count("pk"), Max("pk")),
        Milestone.objects.aggregate(Count("pk"), Sum("row_version")),
        Journey.objects.aggregate(Count("pk"), Count("ended")),
        Home.objects.aggregate(Count("pk"), Count("building"), Count("house_type")),
        Ownership.objects.live().aggregate(Count("pk"), Count("home", distinct=True), Max("since")),
        DueItem.objects.to_release().aggregate(Count("pk")),
    ]
    return "|".join([on.isoformat(), *(str(value) for row in counted for value in row.values())])
