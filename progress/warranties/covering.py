"""Whether the warranty of a home covers one of its components on a day, with the reason in both languages."""

from dataclasses import dataclass
from datetime import date

from django.conf import settings
from django.db import models
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override, pgettext_lazy

from accounts.languages import SUFFIX, LocalizedText
from progress.components.models import Component

from .anchors import anchors_of
from .models import Term


class Covered(models.TextChoices):
    YES = "yes", pgettext_lazy("a warranty", "covered")
    NO = "no", pgettext_lazy("a warranty", "not covered")
    UNCLEAR = "unclear", pgettext_lazy("a warranty", "to be looked into")


@dataclass(frozen=True)
class Cover:
    """What the terms say. `start` and `ends` are the first and the last day; None where nothing counts from a day."""

    covered: Covered
    start: date | None = None
    ends: date | None = None
    term: Term | None = None
    reason_en: str = ""
    reason_zh: str = ""

    @property
    def reason(self):
        return LocalizedText.of(self, "reason")


@dataclass(frozen=True)
class Standing:
    """One line of a home's warranties: `component` None is the whole home, as far as the term goes."""

    term: Term
    component: Component | None
    start: date
    ends: date
    is_over: bool


def covering(home, component, *, on):
    """The Cover of a component of `home`, for a defect reported on the day `on` at the home.

    Of several works that concern it, the one under which the owner is covered longest counts. `unclear`: no
    component is named, no work was finished by then, or no term speaks of it; people decide then.
    """
    if component is None:
        return _said(Covered.UNCLEAR, _no_component)
    path = _path(component)
    anchors = [anchor for anchor in anchors_of(home) if anchor.day <= on and _concerns(anchor, path)]
    if not anchors:
        return _said(Covered.UNCLEAR, _no_anchor)
    terms = [*Term.objects.in_use().select_related("component")]
    found = [(term, anchor) for anchor in anchors if (term := _term_for(anchor, path, terms))]
    if not found:
        return _said(Covered.UNCLEAR, _no_term)
    term, anchor = max(found, key=_length)
    return _judged(term, anchor, component, on=on)


def standing(home, *, on):
    """The home's warranties, a list of Standing, the longest first: what runs on the day `on`, and what is over."""
    terms, lines = [*Term.objects.in_use().select_related("component")], []
    for anchor in anchors_of(home):
        if anchor.day > on:
            continue
        path = _path(anchor.component) if anchor.component else None
        chosen = [_term_for(anchor, path, terms)] if path else _in_force(anchor, terms)
        lines += [
            Standing(term, anchor.component or term.component, anchor.day, ends, ends < on)
            for term in chosen
            if term and (ends := term.last_day(anchor.day))
        ]
    return sorted(lines, key=lambda line: (line.is_over, -line.ends.toordinal(), line.term.pk))


def _path(component):
    """The component and what it is part of, the nearest first."""
    path = [component]
    while path[-1].parent_id:
        path.append(path[-1].parent)
    return path


def _concerns(anchor, path):
    return anchor.component is None or anchor.component in path


def _in_force(anchor, terms):
    """Those that hold for work of this kind finished that day: of each system and component the newest."""
    newest = {}
    for term in terms:
        if term.kind == anchor.kind and term.since <= anchor.day:
            key = (term.system, term.component_id)
            newest[key] = max(newest.get(key, term), term, key=lambda each: each.since)
    return list(newest.values())


def _term_for(anchor, path, terms):
    """The most specific one: of the component or the nearest it is part of, then of its system, then of all else."""
    here = {(term.system, term.component_id): term for term in _in_force(anchor, terms)}
    wanted = [("", part.pk) for part in path] + [(path[0].system, None), ("", None)]
    return next((here[key] for key in wanted if key in here), None)


def _length(pair):
    term, anchor = pair
    return term.last_day(anchor.day) or date.min


def _judged(term, anchor, component, *, on):
    ends = term.last_day(anchor.day)
    if ends is None:
        return _said(Covered.NO, _is_excluded, term=term, component=component)
    covered = Covered.YES if on <= ends else Covered.NO
    words = _runs if covered == Covered.YES else _has_ended
    return _said(covered, words, term=term, component=component, start=anchor.day, ends=ends, on=on)


def _said(covered, words, *, term=None, component=None, start=None, ends=None, on=None):
    reasons = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            values = {
                "what": str(component),
                "name": str(term),
                "length": length_of(term) if term else "",
                **{name: date_format(day) for name, day in (("start", start), ("ends", ends), ("on", on)) if day},
            }
            reasons[f"reason_{SUFFIX[language]}"] = words() % values
    return Cover(covered, start, ends, term, **reasons)


def length_of(term):
    """How long a term lasts, in words: “5 years”, “2 heating seasons”; "" where it excludes."""
    if term.excluded:
        return ""
    if term.seasons:
        return ngettext("%(number)d heating season", "%(number)d heating seasons", term.seasons) % {
            "number": term.seasons
        }
    if term.months % 12:
        return ngettext("%(number)d month", "%(number)d months", term.months) % {"number": term.months}
    years = term.months // 12
    return ngettext("%(number)d year", "%(number)d years", years) % {"number": years}


def _no_component():
    return _("It is not said which part of the home is concerned.")


def _no_anchor():
    return _("No day is known on which this home was handed over, or work on this part of it was finished.")


def _no_term():
    return _("None of our warranty terms speaks of this part.")


def _is_excluded():
    return _("%(what)s: our warranty does not cover this. %(name)s.")


def _runs():
    return _("%(what)s: %(name)s, %(length)s from %(start)s, so until %(ends)s. It was reported on %(on)s, in time.")


def _has_ended():
    return _("%(what)s: %(name)s, %(length)s from %(start)s. That ended on %(ends)s; it was reported on %(on)s.")
