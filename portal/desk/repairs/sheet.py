"""The service sheet at the door: filled in, signed on the glass or on paper; then the repair counts as done.

A phone without a line keeps it and sends it later: it was signed when it was signed, whatever became of the ticket's
version in the meantime. Decision 47.
"""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.files.checks import FileError
from accounts.files.uploadhandler import takes_one_file
from portal.tickets.closing.models import ServiceSheet
from portal.tickets.closing.resolving import resolve
from portal.tickets.closing.sheets import sign_sheet
from portal.tickets.errors import TicketError
from portal.ui.offline import is_sent

from .access import own_repair, repairing
from .sheet_forms import SheetForm


@repairing
@takes_one_file
def sheet(request, pk):
    ticket = own_repair(request, pk)
    if request.method != "POST":
        return _page(request, ticket, SheetForm(ticket=ticket))
    form = SheetForm(request.POST, request.FILES, ticket=ticket)
    if not form.is_valid():
        return _refused(request, ticket, form)
    try:
        said = _signed(ticket, form, by=request.user, at=timezone.now())
    except (TicketError, FileError) as error:
        form.add_error(None, str(error))
        return _refused(request, ticket, form)
    if is_sent(request):
        return JsonResponse({"said": f"{ticket.number}: {said}"}) if said else HttpResponse(status=204)
    (messages.warning if said else messages.success)(request, said or _("Signed. The owner has been told."))
    return redirect("site:repair", ticket.pk)


def _signed(ticket, form, *, by, at):
    """Keep the sheet; then say that it is fixed. What speaks against that comes back in words: the sheet is kept."""
    if ServiceSheet.objects.filter(pk=form.cleaned_data["op"], ticket=ticket).exists():
        return ""
    sign_sheet(sheet_id=form.cleaned_data["op"], ticket=ticket, by=by, **form.signed(at=at))
    if not form.cleaned_data["finished"]:
        return ""
    try:
        resolve(ticket, outcome="fixed", seen=None, by=by, at=at, **form.done())
    except TicketError as error:
        return _("The sheet is kept. %(why)s") % {"why": error}
    return ""


def _refused(request, ticket, form):
    if is_sent(request):
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"said": f"{ticket.number}: {said}"}, status=422)
    return _page(request, ticket, form)


def _page(request, ticket, form):
    context = {
        "ticket": ticket,
        "form": form,
        "sheets": ticket.sheets.order_by("-signed_at", "-pk"),
    }
    return render(request, "site/repairs/sheet.html", context)
