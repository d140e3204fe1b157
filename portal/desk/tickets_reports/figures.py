"""What tickets came to, drawn and as tables: how many, how old, what was promised and kept, how content owners were."""

from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from portal.tickets.jobs.models import Contractor
from portal.tickets.models import Ticket
from portal.tickets.patterns.models import Pattern
from progress.components.models import Component
from progress.models import Assignment
from progress.scope import may_view
from progress.touchpoints.models import Touchpoint

from . import counts
from .access import looking
from .forms import ReportForm


def asked_for(request, data):
    return ReportForm(data, user=request.user, today=timezone.localdate())


@looking
@require_safe
def figures(request):
    form, now = asked_for(request, request.GET), timezone.now()
    context = {"form": form, "view": "figures", "may_see_patterns": may_view(request.user, Pattern)}
    if form.is_valid():
        timezone.activate(form.zone)
        context |= _volume(form) | _ages(form, at=now)
        context |= {"lines": lines_of(form, at=now), "heading": heading_of(form)}
    return render(request, "desk/tickets_reports/figures.html", context)


def _volume(form):
    starts, ends = form.period()
    found = counts.volume(form.chosen(), starts=starts, ends=ends, zone=form.zone)
    bars = [{"label": _beginning(part), "value": reported} for part, reported in found]
    return {"volume": bars, "most_volume": _most(bars), "reported": sum(bar["value"] for bar in bars)}


def _beginning(part):
    return pgettext("a day in brief", "%(day)s/%(month)s") % {"day": part.day, "month": part.month}


def _ages(form, *, at):
    bars = [
        {"label": _days(begins, ends), "value": tickets}
        for begins, ends, tickets in counts.ages(form.of_place(), at=at)
    ]
    return {"ages": bars, "most_age": _most(bars), "open_now": sum(bar["value"] for bar in bars)}


def _most(bars):
    return max((bar["value"] for bar in bars), default=0) or 1


def _days(begins, ends):
    if ends == 1:
        return pgettext("an age", "a day")
    if ends is None:
        return pgettext("an age in days", "%(n)s and more") % {"n": begins}
    return pgettext("an age in days", "%(first)s–%(last)s") % {"first": begins, "last": ends}


def heading_of(form):
    return {"team": _("Team"), "touchpoint": _("Touchpoint"), "component": _("Component"), "kind": _("Kind")}.get(
        form.line, _("Contractor")
    )


def lines_of(form, *, at):
    """A line a team, touchpoint …, those of nobody last, each with its name and figures."""
    found = counts.by(form.chosen(), form.line, at=at)
    names = _names(form.line, [value for value in found if value])
    lines = [{"name": names[value], **row, "days": _in_days(row["taken"])} for value, row in found.items() if value]
    lines += [{"name": _("none"), **found[None], "days": _in_days(found[None]["taken"])}] if None in found else []
    return lines


def _in_days(taken):
    return None if taken is None else round(taken.total_seconds() / 86_400, 1)


def _names(line, values):
    if line == "team":
        return {value: str(label) for value, label in Assignment.Role.choices}
    if line == "kind":
        return {value: str(label) for value, label in Ticket.Kind.choices}
    model = {"touchpoint": Touchpoint, "component": Component, "contractor": Contractor}[line]
    rows = model.objects.filter(pk__in=values)
    if line == "component":
        return {row.pk: row.path for row in rows.select_related("parent")}
    return {row.pk: str(row) for row in rows}
