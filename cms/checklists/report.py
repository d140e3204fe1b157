"""How far households are, for staff: how much of a guide's list is done at each home, and never who did it."""

from dataclasses import dataclass

from django.db.models import Count, Exists, F, IntegerField, Max, OuterRef, Subquery, Value
from django.db.models.functions import Coalesce

from cms.guides.audience import homes_for, named_of
from cms.guides.models import Edition
from cms.guides.reading import guides_for
from progress.models import Home, Ownership
from progress.promises.models import Promise
from progress.scope import of_assigned

from .entries import entries_of
from .models import DueItem, Tick
from .reading import progress_of

KEPT = (Promise.State.KEPT, Promise.State.LATE)


@dataclass
class Checklist:
    """The entries of one guide in force, as its reader sees it."""

    key: object
    title: str
    entries: list
    named: dict

    @property
    def total(self):
        return len(self.entries)


def lists_for(user, *, on):
    """The guides in force that have a checklist: the one ticked last where `user` works first, then by title.

    Four queries.
    """
    editions = Edition.objects.in_force(on=on).prefetch_related("audience").order_by("pk")
    guides = guides_for(editions, on=on, with_body=True)
    found = [Checklist(g.key, str(g.title), entries_of(g.text.blocks), named_of(g.edition)) for g in guides]
    ticks = Tick.objects.of_household().filter(home__in=seen_by(user).order_by().values("pk"))
    last = ticks.order_by("-at").values_list("guide_key", flat=True).first()
    return sorted((each for each in found if each.entries), key=lambda each: (each.key != last, each.title))


def homes_of(checklist, homes):
    """Those of `homes` (a queryset) that the guide is for and where somebody lives, with `done` and `last_tick`."""
    live = Ownership.objects.live().filter(home=OuterRef("pk"))
    homes = homes.filter(Exists(live), pk__in=homes_for(checklist.named).order_by().values("pk"))
    ticks = Tick.objects.of_household().filter(home=OuterRef("pk"), guide_key=checklist.key).order_by()
    done = Tick.objects.last().filter(home=OuterRef("pk"), guide_key=checklist.key, ticked=True).order_by()
    done = done.filter(item__in=[entry.id for entry in checklist.entries if not entry.ours])
    kept = DueItem.objects.filter(home=OuterRef("pk"), guide_key=checklist.key, promise__state__in=KEPT).order_by()
    kept = kept.filter(item__in=[entry.id for entry in checklist.entries if entry.ours])
    homes = homes.annotate(
        done=_number_of(done) + _number_of(kept),
        total=Value(checklist.total),
        last_tick=Subquery(ticks.values("home").annotate(last=Max("made_at")).values("last")),
    )
    return homes.order_by("development", F("building__name").asc(nulls_first=True), "number", "pk")


def _number_of(rows):
    return Coalesce(Subquery(rows.values("home").annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)


def at_home(home, *, on):
    """[(title, Progress)] of the checklists that are read at `home` today, by whomever. Six queries."""
    editions = Edition.objects.for_home(home, roles=None, on=on).in_order()
    guides = guides_for(editions, on=on, with_body=True)
    done = progress_of(home, {guide.key: guide.text.blocks for guide in guides})
    return [(guide.title, done[guide.key]) for guide in guides if guide.key in done]


def seen_by(user):
    """The homes of which this member of staff may see it: the groups say whether, the assignments say where."""
    return Home.objects.filter(of_assigned(user, Tick, "development"))
