"""Rules in the words of the desk: when, to whom, on which way."""

from functools import cache

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from portal.care.choosing import codes_of
from portal.care.models import Anchor, Rule, Unit
from progress.journeys.models import Kind
from progress.models import Assignment
from progress.promises.kinds import ANSWERABLE

TONES = {Rule.State.ON: "good", Rule.State.WAITING: "warning", Rule.State.DRAFT: "info", Rule.State.OFF: "quiet"}
ALL = {
    Anchor.VISIT: gettext_lazy("any visit"),
    Anchor.WARRANTY: gettext_lazy("any warranty ends"),
    Anchor.ENQUIRY: gettext_lazy("any enquiry came in"),
}
HEARS = {ANSWERABLE: gettext_lazy("whoever answers for it"), **dict(Assignment.Role.choices)}


class Names:
    """The labels of what rules count from, each list fetched once."""

    def __init__(self):
        self.of = cache(lambda anchor: dict(codes_of(anchor)))

    def occasion(self, rule):
        """What the rule counts from; a code that no template knows any more stands for itself."""
        if rule.anchor_code:
            return str(self.of(rule.anchor).get(rule.anchor_code, rule.anchor_code))
        return str(ALL.get(rule.anchor) or rule.get_anchor_display())


def when(rule, names):
    """When it is owed, in one line."""
    words = {"what": names.occasion(rule), "length": length(rule)}
    if rule.anchor == Anchor.WEEKDAY:
        words["what"] = _("%(weekday)s each week: %(what)s") % (words | {"weekday": rule.get_weekday_display()})
    if rule.anchor == Anchor.DATE:
        words["what"] = _day(rule)
    if not rule.offset:
        return words["what"]
    return (_("%(length)s after: %(what)s") if rule.offset > 0 else _("%(length)s before: %(what)s")) % words


def _day(rule):
    if rule.every_year:
        return _("each year on %(day)s") % {"day": date_format(rule.on_day, "MONTH_DAY_FORMAT")}
    return date_format(rule.on_day)


def length(rule):
    """How long after it, or before it: "3 months"."""
    number = abs(rule.offset)
    words = {
        Unit.DAYS: ngettext("%(n)s day", "%(n)s days", number),
        Unit.WORKING_DAYS: ngettext("%(n)s working day", "%(n)s working days", number),
        Unit.MONTHS: ngettext("%(n)s month", "%(n)s months", number),
    }
    return words[rule.unit] % {"n": number}


def steps(rule):
    """Who hears of it beforehand or afterwards, a line each."""
    return [_step(step) for step in rule.steps or ()]


def _step(step):
    days = abs(step["days"])
    before = ngettext("%(n)s working day before: %(who)s", "%(n)s working days before: %(who)s", days)
    after = ngettext("%(n)s working day after: %(who)s", "%(n)s working days after: %(who)s", days)
    who = pgettext("between names", ", ").join(str(HEARS.get(each, each)) for each in step["to"])
    return (before if step["days"] < 0 else after) % {"n": days, "who": who}


def journey_of(rule):
    """(order, name) of the part of the list in which a rule stands."""
    head = rule.anchor_code.partition("/")[0]
    if rule.anchor in {Anchor.MILESTONE, Anchor.WEEKDAY} and head in Kind.values:
        return 1 + Kind.values.index(head), Kind(head).label
    if rule.anchor in {Anchor.ENQUIRY, Anchor.VISIT, Anchor.WEEKDAY, Anchor.BOOKING}:
        return 0, _("Enquiries and visits")
    if rule.anchor in {Anchor.TICKET, Anchor.WARRANTY}:
        return 8, _("Repairs and warranties")
    return 9, _("Every year")
