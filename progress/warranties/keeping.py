"""The rows of warranties, kept as the terms and what is finished make them: some hundred homes at a time.

What is there already is compared and left alone. Run twice, late or on two machines it comes to the same: a home that
differs is compared once more under its lock.
"""

from collections import defaultdict

from django.db import transaction

from accounts.events.actions import record_each
from progress.models import Home

from .anchors import anchors_at
from .covering import terms_in_use
from .lasting import lines_of
from .models import Warranty, WarrantyExtension

LOT = 500
FIELDS = ("starts", "ends", "extended_to", "journey_id")


def keep_warranties(*, today, at, homes=None, enough=lambda: False):
    """Bring the warranties of `homes` (ids; None: all) in line. Returns how many rows it wrote, None if it was enough.

    Work finished after `today` counts from its day on.
    """
    terms, written = [*terms_in_use()], 0
    for lot in _lots(homes):
        if enough():
            return None
        wanted, there = _compared(lot, terms, today)
        differing = [home for home in lot if _differs(wanted[home], there[home])]
        written += _bring_in_line(differing, terms, today=today, at=at) if differing else 0
    return written


def _lots(homes):
    """Lists of ids, in one order, so that two machines meet and don't deadlock."""
    if homes is not None:
        ids = sorted(homes)
        yield from (ids[first : first + LOT] for first in range(0, len(ids), LOT))
        return
    left, after = Home.objects.order_by("pk"), None
    while lot := list((left.filter(pk__gt=after) if after else left).values_list("pk", flat=True)[:LOT]):
        yield lot
        after = lot[-1]


def _compared(lot, terms, today):
    """({home: {key: Line}}, {home: {key: Warranty}}) of these homes, in a fixed number of queries."""
    wanted, there = defaultdict(dict), defaultdict(dict)
    for home, anchors in anchors_at(Home.objects.filter(pk__in=lot)).items():
        for line in lines_of([anchor for anchor in anchors if anchor.day <= today], terms):
            wanted[home][_key(line)] = line
    longer = defaultdict(set)
    for each in WarrantyExtension.objects.filter(warranty__home__in=lot).order_by():
        longer[each.warranty_id].add((each.source_id, each.repaired_on, each.from_day, each.to_day))
    for row in Warranty.objects.filter(home__in=lot).order_by():
        row.longer = longer[row.pk]
        there[row.home_id][row.term_id, row.component_id, row.source_id] = row
    return wanted, there


def _key(line):
    return line.term.pk, line.component and line.component.pk, line.anchor.source_id


def _differs(wanted, there):
    standing = {key for key, row in there.items() if row.voided_at is None}
    return standing != set(wanted) or any(not _is_as(there[key], line) for key, line in wanted.items())


def _is_as(row, line):
    same = all(getattr(row, name) == value for name, value in _values(line).items())
    return same and row.voided_at is None and row.longer == {_longer(each) for each in line.longer}


def _values(line):
    return dict(zip(FIELDS, (line.anchor.day, line.ends, line.extended_to, line.anchor.journey_id), strict=True))


def _longer(each):
    return each.repair.source_id, each.repair.day, each.from_day, each.to_day


@transaction.atomic
def _bring_in_line(homes, terms, *, today, at):
    locked = list(Home.objects.select_for_update(of=("self",)).filter(pk__in=homes).order_by("pk"))
    wanted, there = _compared([home.pk for home in locked], terms, today)
    fresh, changed, gone = [], [], []
    for home in locked:
        known = there[home.pk]
        gone += [row for key, row in known.items() if key not in wanted[home.pk] and row.voided_at is None]
        for key, line in wanted[home.pk].items():
            row = known.get(key)
            if row is None:
                fresh.append((_row(line, home), line))
            elif not _is_as(row, line):
                changed.append((row, line))
    _write(fresh, changed, gone, at=at)
    return len(fresh) + len(changed) + len(gone)


def _row(line, home):
    anchor = line.anchor
    kept = {"home": home, "component": line.component, "term": line.term}
    return Warranty(**kept, source_kind=anchor.source_kind, source_id=anchor.source_id, **_values(line))


def _write(fresh, changed, gone, *, at):
    for row, line in changed:
        row.voided_at = None
        for name, value in _values(line).items():
            setattr(row, name, value)
    for row in gone:
        row.voided_at = at
    Warranty.objects.bulk_create([row for row, _line in fresh])
    Warranty.objects.bulk_update([row for row, _line in changed], [*FIELDS, "voided_at"])
    Warranty.objects.bulk_update(gone, ["voided_at"])
    WarrantyExtension.objects.filter(warranty__in=[row for row, _line in changed if row.longer]).delete()
    WarrantyExtension.objects.bulk_create(
        _extension(row, each) for row, line in fresh + changed for each in line.longer
    )
    record_each("moved", [row for row, _line in changed], by=None)
    record_each("void", gone, by=None)


def _extension(row, each):
    return WarrantyExtension(
        warranty=row,
        source_kind=each.repair.source_kind,
        source_id=each.repair.source_id,
        repaired_on=each.repair.day,
        from_day=each.from_day,
        to_day=each.to_day,
    )
