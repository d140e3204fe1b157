"""Everything that was made known of one home, in the order in which it was: news, announcements, steps and dates."""

from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby

from django.db.models.functions import Coalesce
from django.utils import timezone

from progress.designs.models import DesignChange
from progress.journeys.models import ChangedMilestone, MilestoneChange
from progress.updates.models import Update

from .choosing import Shot, is_picture, shots_of


@dataclass
class Entry:
    """One thing that was said. Exactly one of `update`, `change` and `design` is there."""

    at: datetime
    update: Update | None = None
    change: MilestoneChange | None = None
    design: DesignChange | None = None
    lines: list[ChangedMilestone] = field(default_factory=list)
    shots: list[Shot] = field(default_factory=list)

    @property
    def title(self):
        """Of a change: the name of its first step, which stands in where a photo has no caption."""
        said = self.update or self.design
        return said.title if said else self.lines[0].milestone.template.name


def entries_of(home):
    """The Entries of a home, the oldest first. A handful of queries."""
    entries = [*_updates(home), *_changes(home), *_designs(home)]
    return sorted(entries, key=lambda entry: entry.at)


def _updates(home):
    updates = Update.objects.for_home(home).select_related("author", "corrects")
    for update in updates.prefetch_related("photos__file", "corrections"):
        yield Entry(update.published_at, update=update, shots=shots_of(update))


def _changes(home):
    changes = MilestoneChange.objects.made().of_home(home).annotate(known=Coalesce("decided_at", "at"))
    lines = ChangedMilestone.objects.filter(milestone__journey__home=home).select_related("milestone__template")
    by_change = {}
    for line in lines.order_by("milestone__template__stage__order", "milestone__template__order"):
        by_change.setdefault(line.change_id, []).append(line)
    for change in changes.prefetch_related("evidence__file"):
        entry = Entry(change.known, change=change, lines=by_change[change.pk])
        proofs = [proof for proof in change.evidence.all() if is_picture(proof.file)]
        entry.shots = [Shot(f"e{proof.pk}", proof.file, proof, change.known, entry) for proof in proofs]
        yield entry


def _designs(home):
    """Design changes in their last words. What people answered is theirs, and stands in no diary."""
    designs = DesignChange.objects.filter(homes=home, published_at__isnull=False)
    return [Entry(design.published_at, design=design) for design in designs]


def by_month(entries):
    """[(the first moment of a month's entries, its entries)] in the active time zone."""
    months = groupby(entries, key=lambda entry: timezone.localtime(entry.at).strftime("%Y-%m"))
    return [(some[0].at, some) for some in (list(some) for _month, some in months)]
