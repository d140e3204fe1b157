"""Formal complaints on the desk: what is due next, who reviews, and the letters."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from accounts.files.delivery import deliver
from portal.tickets.errors import TicketError
from portal.tickets.formal import actions
from portal.tickets.formal.forms import LetterForm, ReviewerForm
from portal.tickets.formal.handlers import reviewers_for
from portal.tickets.formal.models import Deadlines, FormalComplaint, Letter
from portal.tickets.formal.standing import steps_of

from .scoped import (
    ScopedIndexView,
    ScopedInspectView,
    ScopedModelViewSet,
    allowed,
    within,
)

VIEW, CHANGE = "formal_complaints.view_formalcomplaint", "formal_complaints.change_formalcomplaint"
TONES = {"open": "warning", "decided": "good", "withdrawn": "quiet"}
RELATED = ("ticket__home__development", "ticket__home__building", "ticket__development", "ticket__owner", "reviewer")


def _own(request, pk):
    found = get_object_or_404(within(FormalComplaint, request.user).select_related(*RELATED), pk=pk)
    timezone.activate(found.ticket.development.time_zone)
    return found


def _next_step(complaint, steps, user):
    """The letter that is due next, when this person may write it."""
    due = next((each.step for each in steps if each.state == "now"), None)
    reviewed = due in actions.REVIEWED and complaint.reviewer_id != user.pk
    return None if reviewed else due


def _context(complaint, user, **bound):
    steps = steps_of(complaint, at=timezone.now())
    may_change, due = user.has_perm(CHANGE), _next_step(complaint, steps, user)
    return {
        "complaint": complaint,
        "ticket": complaint.ticket,
        "tone": TONES[complaint.state],
        "steps": steps,
        "language": complaint.ticket.owner.get_language_display(),
        "letter_form": bound.get("letter") or (LetterForm(step=due) if may_change and due else None),
        "reviewer_form": bound.get("reviewer") or (_reviewer_form(complaint) if may_change else None),
    }


def _reviewer_form(complaint, data=None):
    if not complaint.is_open:
        return None
    return ReviewerForm(data, reviewers=reviewers_for(complaint), initial={"reviewer": complaint.reviewer_id})


def _act(request, pk, *, name, form, act, said):
    """Do what the form says; what was refused stays in it."""
    if form.is_valid():
        try:
            act(_own(request, pk), by=request.user, at=timezone.now(), **form.cleaned_data)
        except TicketError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("desk_complaint:inspect", pk)
    return render(request, "desk/complaints/complaint.html", _context(_own(request, pk), request.user, **{name: form}))


@allowed(CHANGE)
@require_POST
def name_reviewer(request, pk):
    form = _reviewer_form(_own(request, pk), request.POST)
    if form is None:
        return redirect("desk_complaint:inspect", pk)
    return _act(request, pk, name="reviewer", form=form, act=actions.name_reviewer, said=_("The reviewer is named."))


@allowed(CHANGE)
@require_POST
def write(request, pk):
    step = request.POST.get("step", "")
    form = LetterForm(request.POST, step=step if step in actions.ORDER else actions.ORDER[0])
    return _act(request, pk, name="letter", form=form, act=actions.send_letter, said=_("The letter is sent."))


@allowed(VIEW)
@require_safe
def letter(request, pk):
    letters = Letter.objects.filter(complaint__in=within(FormalComplaint, request.user), file__isnull=False)
    found = get_object_or_404(letters.select_related("file", "complaint__ticket"), pk=pk)
    return deliver(request, found.file, name=f"{found.complaint.ticket.number}-{found.step}.pdf")


class ComplaintIndexView(ScopedIndexView):
    default_ordering = None  # what is due next stands first
    columns = [
        TitleColumn(
            "ticket",
            label=gettext_lazy("Complaint"),
            accessor=lambda complaint: f"{complaint.ticket.number} · {complaint.ticket.title}",
            get_url=lambda complaint: reverse("desk_complaint:inspect", args=[complaint.pk]),
        ),
        Column("home", label=gettext_lazy("Home"), accessor="ticket.home"),
        Column("state", label=gettext_lazy("State"), accessor="get_state_display"),
        DateColumn("due_at", label=gettext_lazy("Next letter due")),
        Column("reviewer", label=pgettext_lazy("a complaint", "Reviewer"), accessor=lambda row: row.reviewer or ""),
    ]

    def get_base_queryset(self):
        return super().get_base_queryset().late_first()


class ComplaintInspectView(ScopedInspectView):
    """One complaint. Opening it is noted in the log."""

    template_name = "desk/complaints/complaint.html"

    def get_context_data(self, **kwargs):
        timezone.activate(self.object.ticket.development.time_zone)
        return super().get_context_data(**_context(self.object, self.request.user), **kwargs)


class ComplaintViewSet(ScopedModelViewSet):
    model = FormalComplaint
    name = "desk_complaint"
    path = "ticket__development"
    icon = "warning"
    menu_label = gettext_lazy("Formal complaints")
    menu_name = "complaints"
    menu_order = 12
    add_to_admin_menu = True
    select_related = RELATED
    list_filter = {"state": ["exact"], "ticket__development": ["exact"]}
    search_fields = ("ticket__number", "ticket__title", "ticket__owner__name", "ticket__owner__customer_no")
    index_view_class = ComplaintIndexView
    inspect_view_class = ComplaintInspectView
    without = ("add", "edit", "delete", "usage")
    panels = ()

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),  # first, since the menu leads to the first
            path("<uuid:pk>/reviewer/", name_reviewer, name="reviewer"),
            path("<uuid:pk>/letter/", write, name="write"),
            path("letters/<uuid:pk>/", letter, name="letter"),
        ]


class DeadlinesViewSet(ScopedModelViewSet):
    """By when letters are due: a setting of the company, and of developments that have their own."""

    model = Deadlines
    icon = "time"
    menu_label = gettext_lazy("Deadlines of complaints")
    menu_name = "complaint-deadlines"
    menu_order = 930
    add_to_settings_menu = True
    inspect_view_enabled = False
    select_related = ("development",)
    list_display = ["__str__", "acknowledgement", "path", "answer", "final"]
    panels = ("development", "acknowledgement", "path", "answer", "final")
