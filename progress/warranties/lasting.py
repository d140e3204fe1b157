"""What the terms make of finished work: which one holds, from when to when, and what a repair begins anew."""

from dataclasses import dataclass, field
from datetime import date

from progress.components.models import Component

from .anchors import Anchor
from .models import Term


@dataclass(frozen=True)
class Longer:
    """A repair by which a warranty lasts until `to_day` instead of `from_day`."""

    repair: Anchor
    from_day: date
    to_day: date


@dataclass
class Line:
    """What a term covers by an Anchor. `component` None: all that the term speaks of. Both days are covered ones."""

    term: Term
    anchor: Anchor
    component: Component | None
    ends: date
    longer: list[Longer] = field(default_factory=list)

    @property
    def extended_to(self):
        return self.longer[-1].to_day if self.longer else None

    @property
    def last_day(self):
        return self.extended_to or self.ends


def lines_of(anchors, terms):
    """The Lines of one home by all its Anchors, in no order; excluded work has none.

    Where a repair begins a time anew, the component has a Line of its own beside that of the whole.
    """
    lines = []
    for anchor in anchors:
        part = anchor.component
        chosen = [term_for(anchor, path_of(part), terms)] if part else in_force(anchor, terms)
        lasting = [(term, term.last_day(anchor.day)) for term in chosen if term and not term.excluded]
        lines += [Line(term, anchor, part, ends) for term, ends in lasting]
    for anew in _begun_anew(anchors, terms):
        same = next((line for line in lines if _is_whole(line, anew)), None)
        if same:
            same.longer = anew.longer
        else:
            lines.append(anew)
    return _without_shorter(lines)


def _is_whole(line, anew):
    """Whether the term speaks of nothing but the component that was repaired."""
    return (line.anchor, line.term) == (anew.anchor, anew.term) and line.term.component_id == anew.component.pk


def _without_shorter(lines):
    """A repair that made another warranty as long as its own is covered by that one: nobody is told twice.

    That of a whole room stays: to what is in the room other terms may apply.
    """
    longer = {each.repair: each.to_day for line in lines for each in line.longer if each.repair.component.parent_id}
    return [line for line in lines if not longer.get(line.anchor, date.min) >= line.ends]


def _begun_anew(anchors, terms):
    """Of each journey and each component repaired under its warranty: a Line with what made it longer."""
    found = {}
    repairs = [anchor for anchor in anchors if anchor.component and anchor.reported_on]
    works = [anchor for anchor in anchors if not anchor.component]
    for repair in sorted(repairs, key=lambda each: (each.day, str(each.source_id))):
        for work in works:
            term = term_for(work, path_of(repair.component), terms)
            if not term or not term.renews:
                continue
            key = work, repair.component
            line = found.get(key) or Line(term, work, repair.component, term.last_day(work.day))
            anew = term.last_day(repair.day)
            if work.day <= repair.reported_on <= line.last_day < anew:
                line.longer.append(Longer(repair, line.last_day, anew))
                found[key] = line
    return list(found.values())


def longest(anchors, path, terms):
    """(term, anchor, last day) under which what ends `path` is covered longest; None where no term speaks of it.

    The last day is None where the only terms there are exclude it.
    """
    found = [
        (term, anchor, term.last_day(anchor.day))
        for anchor in anchors
        if concerns(anchor, path) and (term := _term_of(anchor, path, terms))
    ]
    ends = {id(anchor): last for _term, anchor, last in found}
    for line in _begun_anew(anchors, terms):
        if line.component in path and line.term == term_for(line.anchor, path, terms):
            ends[id(line.anchor)] = max(ends[id(line.anchor)], line.last_day)
    found = [(term, anchor, ends[id(anchor)]) for term, anchor, _last in found]
    return max(found, key=lambda each: each[2] or date.min, default=None)


def _term_of(anchor, path, terms):
    """A repair is covered as what was repaired is; but what a term excludes is not, even in a room that was."""
    term = term_for(anchor, path, terms)
    if anchor.component and term and not term.excluded:
        return term_for(anchor, path_of(anchor.component), terms)
    return term


def path_of(component):
    """The component and what it is part of, the nearest first."""
    path = [component]
    while path[-1].parent_id:
        path.append(path[-1].parent)
    return path


def concerns(anchor, path):
    return anchor.component is None or anchor.component in path


def in_force(anchor, terms):
    """Those that hold for work of this kind finished that day: of each system and component the newest."""
    newest = {}
    for term in terms:
        if term.kind == anchor.kind and term.since <= anchor.day:
            key = (term.system, term.component_id)
            newest[key] = max(newest.get(key, term), term, key=lambda each: each.since)
    return list(newest.values())


def term_for(anchor, path, terms):
    """The most specific one: of the component or the nearest it is part of, then of its system, then of all else."""
    here = {(term.system, term.component_id): term for term in in_force(anchor, terms)}
    wanted = [("", part.pk) for part in path] + [(path[0].system, None), ("", None)]
    return next((here[key] for key in wanted if key in here), None)


def speaks_of(row, component, terms):
    """Whether a Warranty covers this component: itself, what it is part of, or by the term for all of its system."""
    path = path_of(component)
    if row.component_id:
        return row.component in path
    return term_for(Anchor(row.term.kind, row.starts), path, terms) == row.term
