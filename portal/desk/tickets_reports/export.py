"""The figures, or the tickets behind them, as a table for a spreadsheet: CSV or XLSX, never a formula among them."""

from django.http import Http404, HttpResponse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.again import ask_again
from accounts.events.actions import record
from progress.imports.export_actions import CONTENT_TYPES

from ..sheets import as_csv, as_xlsx
from .access import looking
from .figures import asked_for, heading_of, lines_of

STEP = 500


@looking
@require_POST
def export(request):
    """What the page shows with the same filters. That somebody took it out is noted."""
    kind, what = request.POST.get("kind", ""), request.POST.get("what", "")
    form = asked_for(request, request.POST)
    if kind not in CONTENT_TYPES or what not in ("figures", "tickets") or not form.is_valid():
        raise Http404
    ask_again(request)
    timezone.activate(form.zone)
    table = _figures(form) if what == "figures" else _tickets(form)
    content = (as_csv if kind == "csv" else as_xlsx)(*table)
    record("exported", request.user, by=request.user, reason=f"tickets, {what}, {kind}")
    answer = HttpResponse(content, content_type=CONTENT_TYPES[kind])
    name = f"tickets-{what}-{form.cleaned_data['starts']}-{form.cleaned_data['ends']}.{kind}"
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    answer["Cache-Control"] = "private, no-store"
    return answer


def _figures(form):
    heading = [
        heading_of(form),
        _("Reported"),
        _("Open now"),
        _("Late now"),
        _("Opened again"),
        _("Days until done, on average"),
        _("Promises due"),
        _("Kept, per cent"),
        _("Scores"),
        _("Satisfaction, 1 to 5"),
        _("Calls after repairs"),
        _("Made, per cent"),
    ]
    columns = ("reported", "open", "late", "reopened_ones", "days", "promised", "kept_share", "answers", "score")
    columns = (*columns, "calls", "called_share")
    lines = lines_of(form, at=timezone.now())
    return heading, ([line["name"], *(_shown(line[column]) for column in columns)] for line in lines)


def _shown(value):
    return "" if value is None else value


def _tickets(form):
    """No names of people, and none of their words."""
    heading = [
        _("Number"),
        _("Home"),
        _("Kind"),
        _("Component"),
        _("Touchpoint"),
        _("Team"),
        _("Priority"),
        _("State"),
        _("What came of it"),
        _("Opened again"),
        _("Reported"),
        _("Done"),
        _("Closed"),
    ]
    rows = form.chosen().select_related("home__development", "home__building", "component__parent", "touchpoint")
    return heading, (_line(ticket) for ticket in rows.order_by("reported_at", "pk").iterator(chunk_size=STEP))


def _line(ticket):
    return [
        ticket.number,
        str(ticket.home),
        ticket.get_kind_display(),
        ticket.component.path if ticket.component else "",
        str(ticket.touchpoint or ""),
        ticket.get_team_display(),
        ticket.get_priority_display(),
        ticket.get_state_display(),
        ticket.get_outcome_display(),
        ticket.reopened,
        _moment(ticket.reported_at),
        _moment(ticket.resolved_at),
        _moment(ticket.closed_at),
    ]


def _moment(at):
    return date_format(timezone.localtime(at), "Y-m-d H:i") if at else ""
