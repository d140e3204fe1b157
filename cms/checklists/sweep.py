"""What falls due at which home, brought up to date with guides, milestones and rights: some hundred homes at a time.

Run twice, late or on two machines it comes to the same: rows are unique, compared once more under their lock, and
what is promised hangs on them (`promising`).
"""

from collections import defaultdict
from dataclasses import dataclass, field

from django.db import transaction
from django.db.models import Exists, OuterRef, Prefetch

from cms.guides.audience import homes_for, named_of
from cms.guides.models import Edition, EditionText
from progress.models import Ownership

from .dates import days_of, due
from .entries import entries_of
from .models import DueItem

LOT = 500
TEXTS = {"en": "text_en", "zh-hans": "text_zh"}


@dataclass
class DatedEntry:
    """An entry with a day, as all languages of its guide have it; the first one that has it says when and who."""

    id: str
    code: str
    days: int
    ours: bool
    texts: dict = field(default_factory=lambda: dict.fromkeys(TEXTS.values(), ""))

    def at(self, milestone, day):
        """The fields of its DueItem by this milestone's day; None where it has none."""
        due_on = due(day, self.days)
        return due_on and {"milestone_id": milestone, "due_on": due_on, "ours": self.ours, **self.texts}


@dataclass
class Guide:
    """What is in force of one guide: its entries with a day, and whom it is for."""

    key: object
    named: dict
    entries: list[DatedEntry]

    @property
    def codes(self):
        return {entry.code for entry in self.entries}


def guides_in_force(*, on):
    """The guides with entries that have a day. Three queries."""
    texts = Prefetch("texts", EditionText.objects.filter(page__live=True).order_by("language"))
    editions = Edition.objects.in_force(on=on).prefetch_related("audience", texts).order_by("pk")
    guides = [Guide(each.guide_key, named_of(each), _dated(each.texts.all())) for each in editions]
    return [guide for guide in guides if guide.entries]


def _dated(texts):
    found = {}
    for text in texts:
        for entry in entries_of(text.blocks):
            if entry.is_dated:
                known = found.setdefault(entry.id, DatedEntry(entry.id, entry.code, entry.days, entry.ours))
                known.texts[TEXTS[text.language]] = entry.text
    return list(found.values())


def bring_up_to_date(*, on, enough=lambda: False):
    """Compare every guide with every home it is for. Returns whether all was looked at before it was `enough`."""
    guides = guides_in_force(on=on)
    others = DueItem.objects.standing().exclude(guide_key__in=[guide.key for guide in guides])
    others.update(gone=True)
    for guide in guides:
        for homes, beginning in _lots(guide):
            if enough():
                return False
            _follow(guide, homes, beginning)
    return True


def _lots(guide):
    """(homes, those of them at which the guide is read today), by their keys.

    What began at a home goes on when the home's stage moves on, but not when the guide is for other homes now.
    """
    today, ever = (_lived_in(guide, today=today) for today in (True, False))
    begun = DueItem.objects.standing().filter(guide_key=guide.key).order_by()
    begun = set(begun.values_list("home", flat=True).distinct())
    for lot in _some_at_a_time(begun - ever):
        DueItem.objects.filter(guide_key=guide.key, home__in=lot).update(gone=True)
    for lot in _some_at_a_time(today | (begun & ever)):
        yield lot, today.intersection(lot)


def _some_at_a_time(keys):
    keys = sorted(keys)
    return (keys[start : start + LOT] for start in range(0, len(keys), LOT))


def _lived_in(guide, *, today):
    live = Ownership.objects.live().filter(home=OuterRef("pk"))
    homes = homes_for(guide.named, today=today).filter(Exists(live))
    return set(homes.order_by().values_list("pk", flat=True))


def _follow(guide, homes, beginning):
    """Write what has changed at these homes. It is looked at once without a lock: nearly always nothing has."""
    if not any(_compare(guide, homes, beginning, DueItem.objects.all())):
        return
    with transaction.atomic():
        rows = DueItem.objects.select_for_update().order_by("pk")
        new, changed = _compare(guide, homes, beginning, rows)
        DueItem.objects.bulk_create(new, batch_size=LOT, ignore_conflicts=True)  # another machine may be at it, too
        for news, keys in changed.items():
            DueItem.objects.filter(pk__in=keys).update(**dict(news))


def _compare(guide, homes, beginning, rows):
    """(rows that are missing, {what is new: the keys of the rows of which it is}): neighbours move on the same day."""
    days = days_of(homes, guide.codes)
    have = defaultdict(dict)
    for row in rows.filter(guide_key=guide.key, home__in=homes):
        have[row.home_id][row.item] = row
    new, changed = [], defaultdict(list)
    for home in homes:
        known = have[home]
        for entry in guide.entries:
            wanted = entry.at(*days.get((home, entry.code), (None, None)))
            row = known.pop(entry.id, None)
            if row is None and wanted and home in beginning:
                new.append(DueItem(home_id=home, guide_key=guide.key, item=entry.id, **wanted))
            elif row is not None and (news := _news(row, wanted, begins=home in beginning)):
                changed[news].append(row.pk)
        for row in known.values():
            if news := _news(row, None, begins=False):
                changed[news].append(row.pk)
    return new, changed


def _news(row, wanted, *, begins):
    """What is to be written into a row, as a tuple of pairs. One that went comes back only where the guide is read."""
    if wanted and row.gone and not begins:
        return ()
    return tuple(row.news(wanted | {"gone": False} if wanted else {"gone": True}).items())
