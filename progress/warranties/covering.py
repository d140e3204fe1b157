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
from .lasting import concerns, lines_of, longest, path_of
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
    anchors, path = [anchor for anchor in anchors_of(home) if anchor.day <= on], path_of(component)
    if not any(concerns(anchor, path) for anchor in anchors):
        return _said(Covered.UNCLEAR, _no_anchor)
    found = longest(anchors, path, [*terms_in_use()])
    if found is None:
        return _said(Covered.UNCLEAR, _no_term)
    return _judged(*found, component, on=on)


def standing(home, *, on):
    """The home's warranties, a list of Standing, the longest first: what runs on the day `on`, and what is over."""
    anchors = [anchor for anchor in anchors_of(home) if anchor.day <= on]
    lines = [
        Standing(line.term, line.component or line.term.component, line.anchor.day, line.last_day, line.last_day < on)
        for line in lines_of(anchors, [*terms_in_use()])
    ]
    return sorted(lines, key=lambda line: (line.is_over, -line.ends.toordinal(), line.term.pk))


def terms_in_use():
    return Term.objects.in_use().select_related("component")


def _judged(term, anchor, ends, component, *, on):
    if ends is None:
        return _said(Covered.NO, _is_excluded, term=term, component=component)
    covered = Covered.YES if on <= ends else Covered.NO
    renewed = ends != term.last_day(anchor.day)
    words = (_runs_anew if renewed else _runs) if covered == Covered.YES else (_ended_anew if renewed else _has_ended)
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


def _runs_anew():
    return _(
        "%(what)s: %(name)s, begun anew by a repair, %(length)s, so until %(ends)s. It was reported on %(on)s, in time."
    )


def _ended_anew():
    return _(
        "%(what)s: %(name)s, begun anew by a repair, %(length)s. That ended on %(ends)s; it was reported on %(on)s."
    )
