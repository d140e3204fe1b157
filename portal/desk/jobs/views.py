"""Contractors' jobs on the desk: hand one out, its link, what came back, take it back, publish what was said."""

import segno
from django.conf import settings
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.tickets.errors import TicketError
from portal.tickets.jobs import actions
from portal.tickets.jobs.models import Job
from portal.tickets.jobs.reporting import publish as publish_job

from ..scoped import allowed, within
from ..tickets.access import own_ticket, posted
from .files import shown
from .forms import GiveForm, RenewForm

CHANGE = "ticket_jobs.change_job"


def own_job(request, pk):
    job = get_object_or_404(within(Job, request.user).with_place(), pk=pk)
    timezone.activate(job.zone)
    return job


@allowed(CHANGE)
def give(request, ticket_pk):
    """Hand the ticket to a contractor."""
    ticket = own_ticket(request, ticket_pk)
    form = GiveForm(posted(request), ticket=ticket, user=request.user)
    if request.method == "POST" and form.is_valid():
        try:
            job = actions.give_job(ticket=ticket, by=request.user, at=timezone.now(), **form.given())
            messages.success(request, _("Handed out. This is its link."))
            return redirect("desk_job:inspect", job.pk)
        except TicketError as error:
            form.add_error(None, str(error))
    return render(request, "desk/jobs/give.html", {"ticket": ticket, "form": form})


def context_of(job, user, *, at, renew=None):
    """What the page of a job shows. The link stands there for those who may hand it out."""
    timezone.activate(job.zone)
    standing, may_change = job.standing(at=at), user.has_perm(CHANGE)
    files = job.files.select_related("attachment__file")
    context = {
        "job": job,
        "standing": standing,
        "given": shown([each.attachment for each in files if not each.by_contractor]),
        "sent": shown([each.attachment for each in files if each.by_contractor]),
        "may_change": may_change,
        "renew_form": (renew or RenewForm(job=job)) if may_change else None,
    }
    if may_change and standing in ("open", "done"):
        context |= _ways_in(job)
    return context


def _ways_in(job):
    link = settings.BASE_URL + job.path
    code = segno.make(link, error="m").svg_inline(scale=4, border=3, light="#fff", svgclass=None, lineclass=None)
    return {"link": link, "code": mark_safe(code)}  # noqa: S308  of digits and strokes


@allowed(CHANGE)
@require_POST
def renew(request, pk):
    job = own_job(request, pk)
    form = RenewForm(request.POST, job=job)
    if form.is_valid():
        try:
            actions.renew_link(job, by=request.user, at=timezone.now(), **form.given())
            messages.success(request, _("This is the new link. The one before it answers no more."))
            return redirect("desk_job:inspect", pk)
        except TicketError as error:
            form.add_error(None, str(error))
    context = context_of(own_job(request, pk), request.user, at=timezone.now(), renew=form)
    return render(request, "desk/jobs/job.html", context)


def _at_once(do, said):
    @allowed(CHANGE)
    @require_POST
    def acted(request, pk):
        try:
            do(own_job(request, pk), by=request.user, at=timezone.now())
            messages.success(request, said())
        except TicketError as error:
            messages.error(request, str(error))
        return redirect("desk_job:inspect", pk)

    return acted


revoke = _at_once(actions.revoke_job, lambda: _("Taken back. The link opens nothing any more."))
end = _at_once(actions.end_link, lambda: _("The link opens nothing any more."))
publish = _at_once(publish_job, lambda: _("The owner reads it now."))
