"""What a rule can say: the codes of each anchor, the fields that belong to it, and whether it all fits together."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.visits.models import VisitKind
from progress.components.models import System
from progress.enquiries.models import Enquiry
from progress.journeys.models import Kind, MilestoneTemplate, StageTemplate
from progress.models import Assignment
from progress.promises.kinds import ANSWERABLE

from .anchors import anchor_of
from .checks.models import CheckForm
from .happened import FIRST
from .models import Anchor, Product, Unit
from .recurring import ENQUIRIES, FESTIVALS
from .wording import PEOPLE

LONGEST_CODE = 30  # the key of a promise has room for it and for the occasion
HEARS = (ANSWERABLE, *Assignment.Role.values)
MOST_STEPS = 5
FARTHEST_STEP = 60  # working days
A_YEAR = 365
FESTIVAL_NAMES = {
    "spring-festival": gettext_lazy("Spring Festival"),
    "mid-autumn": gettext_lazy("Mid-Autumn Festival"),
    "national-day": gettext_lazy("National Day"),
    "new-year": gettext_lazy("New Year’s Day"),
}


def codes_of(anchor):
    """[(code, label)] of what a rule with this Anchor can count from. Empty: there is nothing to choose."""
    return list(_CODES.get(anchor, list)())


def needs_code(anchor):
    """Whether "" is no answer: "all of them" makes no sense there."""
    return anchor in {Anchor.MILESTONE, Anchor.WEEKDAY, Anchor.FESTIVAL}


def _milestones():
    rows = MilestoneTemplate.objects.filter(stage__template__state="in_force").select_related("stage__template")
    for row in rows.order_by("stage__template__kind", "stage__order", "order"):
        kind = row.stage.template.kind
        yield f"{kind}/{row.stage.code}/{row.code}", f"{Kind(kind).label} · {row.stage.name} · {row.name}"


def _stages():
    rows = StageTemplate.objects.filter(template__state="in_force", order__isnull=False).select_related("template")
    for row in rows.order_by("template__kind", "order"):
        yield f"{row.template.kind}/{row.code}", f"{Kind(row.template.kind).label} · {row.name}"
    yield ENQUIRIES, _("Until an enquiry is decided")
    for kind in Enquiry.Kind:
        yield f"{ENQUIRIES}/{kind}", _("Until an enquiry is decided: %(kind)s") % {"kind": kind.label}


def _visits():
    yield FIRST, _("The first visit of whoever enquired")
    yield from VisitKind.choices


_CODES = {
    Anchor.MILESTONE: _milestones,
    Anchor.WEEKDAY: _stages,
    Anchor.VISIT: _visits,
    Anchor.WARRANTY: lambda: System.choices,
    Anchor.ENQUIRY: lambda: Enquiry.Kind.choices,
    Anchor.FESTIVAL: lambda: [(code, FESTIVAL_NAMES[code]) for code in FESTIVALS],
}


def check(rule):
    """Raises ValidationError, by field, unless the rule says something that can be kept."""
    errors = {name: found for name, problems in _CHECKS.items() for found in [problems(rule)] if found}
    if errors:
        raise ValidationError(errors)
    rule.full_clean(exclude=["steps"], validate_unique=False)


def _name(rule):
    if not (rule.name_en.strip() or rule.name_zh.strip()):
        return _("Please give a name in at least one language.")
    return None


def _code(rule):
    return _("Please keep the code short: 30 letters at most.") if len(rule.code) > LONGEST_CODE else None


def _anchor_code(rule):
    if not rule.anchor_code and not needs_code(rule.anchor):
        return None
    known = [code for code, _label in codes_of(rule.anchor)]
    return None if rule.anchor_code in known else _("Please choose one of those in the list.")


def _weekday(rule):
    if (rule.anchor == Anchor.WEEKDAY) == (rule.weekday is not None):
        return None
    if rule.weekday is None:
        return _("Please choose a weekday.")
    return _("A weekday belongs only to what comes each week.")


def _on_day(rule):
    if (rule.anchor == Anchor.DATE) == (rule.on_day is not None):
        return None
    return _("Please choose a day.") if rule.on_day is None else _("A day belongs only to a rule that counts from it.")


def _offset(rule):
    days = {Unit.DAYS: 1, Unit.WORKING_DAYS: 1.5, Unit.MONTHS: 30}.get(rule.unit, 1)
    if rule.anchor in Anchor.values and anchor_of(rule).repeats and abs(rule.offset) * days > A_YEAR:
        return _("What comes again and again falls due within a year of it.")
    return None


def _form(rule):
    if rule.product == Product.CHECK and not rule.form:
        return _("A check needs a form.")
    if rule.product not in {Product.CHECK, Product.REMINDER} and rule.form:
        return _("Only checks and messages come with a form.")
    if rule.form and not CheckForm.objects.filter(code=rule.form, state=CheckForm.State.ON).exists():
        return _("There is no form with this code in use.")
    return None


def _message(rule):
    words = [rule.message_en.strip(), rule.message_zh.strip()]
    if rule.product in {Product.REMINDER, Product.SURVEY} and not any(words):
        return _("Please write in at least one language what the owners read.")
    if any(letter in text.replace(PEOPLE, "") for text in words for letter in "{}"):
        return _("In braces only {people} has a meaning.")
    return None


def _product(rule):
    if rule.product != Product.TASK and _is_of_enquiries(rule):
        return _("Whoever enquires has no login yet: only a task for colleagues is possible.")
    return None


def _is_of_enquiries(rule):
    return rule.anchor in Anchor.values and anchor_of(rule).of_enquiries(rule)


def _steps(rule):
    if not isinstance(rule.steps, list) or len(rule.steps) > MOST_STEPS:
        return _("At most five times is somebody told.")
    return None if all(_is_step(step) for step in rule.steps) else _("Please choose days before, and who hears of it.")


def _is_step(step):
    if not isinstance(step, dict) or set(step) != {"days", "to"}:
        return False
    days, to = step["days"], step["to"]
    return type(days) is int and 0 < abs(days) <= FARTHEST_STEP and bool(to) and set(to) <= set(HEARS)


_CHECKS = {
    "name_en": _name,
    "code": _code,
    "anchor_code": _anchor_code,
    "weekday": _weekday,
    "on_day": _on_day,
    "offset": _offset,
    "form": _form,
    "message_en": _message,
    "product": _product,
    "steps": _steps,
}
