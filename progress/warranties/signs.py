"""Which homes' warranties may be other ones by now: found in a few plain queries, instead of comparing all."""

from django.db.models import Count, Exists, Max, OuterRef, Sum

from progress.journeys.models import Milestone

from .anchors import MILESTONE, last_steps
from .models import Warranty


def signs_of_steps():
    """A text that is another one after each change of a milestone."""
    counted = Milestone.objects.aggregate(Count("pk"), Sum("row_version"), Count("actual"), Max("actual"))
    return "|".join(str(value) for value in counted.values())


def homes_out_of_line():
    """The ids of homes with work that was finished, moved or taken back since their warranties were written."""
    rows = Warranty.objects.standing().filter(source_kind=MILESTONE)
    steps = last_steps().filter(actual__isnull=False)
    as_written = rows.filter(source_id=OuterRef("pk"), starts=OuterRef("actual"))
    finished = steps.filter(~Exists(as_written)).values_list("journey__home", flat=True)
    as_done = steps.filter(pk=OuterRef("source_id"), actual=OuterRef("starts"), journey__home=OuterRef("home"))
    return {*finished, *rows.filter(~Exists(as_done)).order_by().values_list("home", flat=True)}
