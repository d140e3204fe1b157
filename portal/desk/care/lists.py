"""All rules by journey: what, when, to whom, and how it was kept this quarter. Whether anything looks after them."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.notices.models import Heartbeat
from portal.care import heartbeat
from portal.care.models import Rule
from progress.promises.models import Promise

from ..kept import share
from ..scoped import within
from .access import POLICY, may_write, seeing
from .words import TONES, Names, journey_of, when

State = Rule.State
FIRST = (State.ON, State.WAITING, State.DRAFT, State.OFF)  # of several versions the first of these is listed


@dataclass
class Line:
    """A rule as the list shows it. `follows`: the version that is drafted or waits beside the one that is on."""

    rule: Rule
    when: str
    tone: str
    follows: Rule | None
    kept: dict | None


@seeing
@require_safe
def rules(request):
    now = timezone.now()
    context = {
        "groups": _grouped(POLICY.within(request.user), _kept(request.user, at=now)),
        "beat": Heartbeat.objects.filter(job=heartbeat.JOB).values_list("at", flat=True).first(),
        "still_since": heartbeat.stands_still_since(at=now),
        "may_write": may_write(request.user),
    }
    return render(request, "desk/care/rules.html", context)


def _kept(user, *, at):
    """{code or kind: {"kept", "late", "missed", "share"}} of what fell due this quarter, where this person works."""
    today = timezone.localdate(at)
    first = today.replace(month=today.month - (today.month - 1) % 3, day=1)
    promises = within(Promise, user).filter(due_at__date__gte=first, due_at__lte=at)
    found = {}
    for row in promises.tally("rule", "kind"):  # those that other apps open have no rule, but a kind of their own
        counted = found.setdefault(row["rule"] or row["kind"], {"kept": 0, "late": 0, "missed": 0})
        for name in counted:
            counted[name] += row[name]
    return {key: row | {"share": share(row)} for key, row in found.items()}


def _grouped(rules, kept):
    """[(journey, [Line])], in the order of the journeys."""
    names, versions, groups = Names(), {}, {}
    for rule in rules.select_related("development").order_by("code", "-version"):
        versions.setdefault(rule.code, []).append(rule)
    for alike in versions.values():
        line = _line(alike, names, kept)
        groups.setdefault(journey_of(line.rule), []).append(line)
    return [(name, lines) for (_order, name), lines in sorted(groups.items(), key=lambda group: group[0][0])]


def _line(versions, names, kept):
    shown = min(versions, key=lambda rule: (FIRST.index(rule.state), -rule.version))
    follows = next((rule for rule in versions if rule is not shown and rule.state in FIRST[1:3]), None)
    return Line(shown, when(shown, names), TONES[shown.state], follows, kept.get(shown.opened_by or shown.code))
