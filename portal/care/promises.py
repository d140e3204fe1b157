"""What rules promise: a message, a task, a check, a question. The words and the steps are the rule's."""

from django.utils.translation import gettext_lazy as _

from progress.models import Assignment
from progress.promises import kinds
from progress.promises.kinds import ANSWERABLE, SUPERVISOR, Kind, Step, register
from progress.promises.models import Promise

from .due import morning_of
from .models import Product, Rule

KINDS = {
    Product.REMINDER: "care-reminder",
    Product.TASK: "care-task",
    Product.CHECK: "care-check",
    Product.SURVEY: "care-survey",
}
SEND = "care-send"  # the steps that portal.care.advancing takes
CALL = "care-call"
CALLED = ":call"  # the key of a call: that of the promise, and this
DUE = Step("due", to=(ANSWERABLE, SUPERVISOR))
SOON = Step("soon", days=-1)
ASK = Step(SEND, days=-15)  # working days: about three weeks in which to find a time


def kind_of(rule):
    """The kind of promise that a rule opens."""
    return kinds.get(KINDS[rule.product])


def latest(codes):
    """{code: Rule}: the version that is on, else the newest. One query."""
    rules = Rule.objects.filter(code__in=codes).order_by("version")
    return {rule.code: rule for rule in sorted(rules, key=lambda rule: rule.state == Rule.State.ON)}


class OfRule(Kind):
    """`promise.care` is the rule, once `prepare` has fetched it."""

    team = Assignment.Role.CUSTOMER_SERVICE
    taken_by_app = (SEND,)
    sends = ()

    def prepare(self, promises):
        rules = latest({promise.rule for promise in promises})
        for promise in promises:
            promise.care = rules.get(promise.rule)

    def rule(self, promise):
        if not hasattr(promise, "care"):
            self.prepare([promise])
        return promise.care

    def words(self, promise):
        rule = self.rule(promise)
        return str(rule) if rule else str(self.label)

    def steps_of(self, rule):
        """Those of the product, and those that staff gave the rule."""
        own = tuple(
            Step(f"step-{number}", days=step["days"], to=tuple(step["to"]))
            for number, step in enumerate((rule.steps if rule else ()) or (), 1)
        )
        return (*self.sends, *(own or (SOON,)), DUE)

    def moments(self, promise, clock):
        rule = self.rule(promise)
        return moments(self.steps_of(rule), promise.due_at, clock)


def moments(steps, due_at, clock):
    """[(moment, Step)] in order. What goes to owners goes out on a morning."""
    pairs = [(_moment(step, due_at, clock), step) for step in steps]
    return sorted(pairs, key=lambda pair: (pair[0], pair[1].code != SEND, pair[1].code))


def _moment(step, due_at, clock):
    moment = step.moment(due_at, clock)
    return morning_of(moment, clock) if step.code == SEND else moment


@register(KINDS[Product.REMINDER])
class Reminder(OfRule):
    """Sent on the morning of its day, and kept with that."""

    label = _("A message from us")
    sends = (Step(SEND),)

    def steps_of(self, rule):
        return (*self.sends, DUE)


@register(KINDS[Product.SURVEY])
class Question(Reminder):
    label = _("A question to you")


@register(KINDS[Product.TASK])
class Task(OfRule):
    """Colleagues do it and say so."""

    label = _("Something that we do")
    shown = False


@register(KINDS[Product.CHECK])
class HomeCheck(OfRule):
    """Its household is asked to choose a time, about three weeks before."""

    label = _("A check of your home")
    sends = (ASK,)


@register(CALL)
class Call(Kind):
    """Somebody whom no message reaches is rung up instead. Its subject is the promise that could not be told."""

    label = _("Call somebody whom our messages don’t reach")
    team = Assignment.Role.CUSTOMER_SERVICE
    shown = False

    def words(self, promise):
        told = getattr(promise, "told", None) or self._told([promise]).get(promise.subject_id)
        if told is None:
            return str(self.label)
        return str(_("Call instead of a message: %(what)s")) % {"what": told}

    def _told(self, promises):
        rows = Promise.objects.filter(pk__in=[promise.subject_id for promise in promises])
        return {str(row.pk): row for row in rows}

    def prepare(self, promises):
        found = self._told(promises)
        for promise in promises:
            promise.told = found.get(promise.subject_id)
