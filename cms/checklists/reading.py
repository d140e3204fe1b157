"""Checklists as one household sees them: what is done, by whom and when, what falls due, how far they are."""

import uuid
from dataclasses import dataclass, field
from datetime import date, datetime

from progress.promises.models import Promise

from .dates import days_at, due
from .entries import entries_of
from .models import DueItem, Tick

KEPT = (Promise.State.KEPT, Promise.State.LATE)


@dataclass
class Line:
    """One entry of a checklist on a page. `who` and `when`: of the tick that stands, or of the one taken back."""

    id: str
    text: str
    note: str
    ours: bool
    ticked: bool = False
    who: str = ""
    when: datetime | None = None
    outcome: str = ""
    due_on: date | None = None
    op: uuid.UUID | None = None

    def is_late(self, today):
        return bool(self.due_on and not self.ticked and self.due_on < today)


@dataclass
class Ticking:
    """The ticks of one household in one guide; the page's context carries it as `ticking`."""

    home: object
    guide_key: uuid.UUID
    today: date
    ticks: dict = field(default_factory=dict)  # {entry: the Tick that counts}
    promises: dict = field(default_factory=dict)  # {entry: Promise}
    days: dict = field(default_factory=dict)  # {code of a milestone: its day}
    url: str = ""
    history_url: str = ""

    def line(self, item, value):
        """The entry with the block id `item`, as it stands."""
        due_on = due(self.days.get(value.get("milestone")), value.get("days"))
        line = Line(item, value["text"], value.get("note") or "", bool(value.get("ours")), due_on=due_on)
        if line.ours:
            return self._done_by_us(line)
        line.op = uuid.uuid4() if self.url else None
        if tick := self.ticks.get(item):
            line.ticked, line.who, line.when = tick.ticked, tick.owner.name, tick.made_at
        return line

    def _done_by_us(self, line):
        promise = self.promises.get(line.id)
        if promise and promise.state in KEPT:
            line.ticked, line.when, line.outcome = True, promise.settled_at, promise.outcome
        elif not promise and line.is_late(self.today):
            line.due_on = None  # the guide came later than this day, so nothing was promised
        return line


def ticking_of(home, guide_key, *, today, url="", history_url=""):
    """What the page of a guide needs to show its checklists for `home`. Three queries, however many lists it has.

    `url`: where a tick is sent; without it nobody can tick, as on paper.
    """
    ticks = Tick.objects.last().filter(home=home, guide_key=guide_key).select_related("owner")
    promised = DueItem.objects.filter(home=home, guide_key=guide_key).exclude(promise=None).select_related("promise")
    return Ticking(
        home=home,
        guide_key=guide_key,
        today=today,
        ticks={tick.item: tick for tick in ticks},
        promises={row.item: row.promise for row in promised},
        days=days_at(home),
        url=url,
        history_url=history_url,
    )


def lines_of(value, ticking):
    """The entries of a checklist block; without `ticking` nobody has ticked anything, and nobody can."""
    children = value["items"].bound_blocks
    ticking = ticking or Ticking(home=None, guide_key=None, today=date.min)
    return [ticking.line(child.id, child.value) for child in children]


@dataclass(frozen=True)
class Progress:
    """So many of so many entries."""

    done: int
    total: int

    @property
    def percent(self):
        return round(100 * self.done / self.total) if self.total else 0

    @property
    def is_complete(self):
        return self.done == self.total


def progress_of(home, bodies):
    """{guide_key: Progress} for the household of `home`, of those guides that have a checklist. Two queries.

    `bodies`: {guide_key: the body as it is stored, a list of blocks}.
    """
    done = Tick.objects.last().filter(home=home, guide_key__in=list(bodies), ticked=True)
    done = set(done.values_list("guide_key", "item"))
    kept = DueItem.objects.filter(home=home, guide_key__in=list(bodies), promise__state__in=KEPT)
    kept = set(kept.values_list("guide_key", "item"))
    found = {}
    for key, body in bodies.items():
        if entries := entries_of(body):
            count = sum((key, entry.id) in (kept if entry.ours else done) for entry in entries)
            found[key] = Progress(count, len(entries))
    return found


def with_progress(home, guides):
    """`guides` (of cms.guides.reading, with their bodies) as a list, each with its `progress`, or None. Two queries."""
    guides = list(guides)
    done = progress_of(home, {guide.key: guide.text.blocks for guide in guides}) if guides else {}
    for guide in guides:
        guide.progress = done.get(guide.key)
    return guides
