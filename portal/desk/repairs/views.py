"""A repairer's phone: the jobs of today and those to come, and one job with what is done about it at the door."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override, pgettext
from django.views.decorators.http import require_POST, require_safe

from accounts.files.checks import FileError
from accounts.files.delivery import deliver
from accounts.files.uploadhandler import takes_media
from portal.tickets import conversation
from portal.tickets.clocks import pausing
from portal.tickets.errors import OvertakenError, TicketError
from portal.ui.offline import is_ahead, is_sent

from .access import note_look_at, own_file, own_repair, repairing, repairs_of
from .forms import NoteForm, PauseForm, PhotosForm, ReplyForm
from .page import context_of
from .rows import by_press, rows_of

SHOWN = 100


@repairing
@require_safe
def repairs(request):
    """Mine; with `?whose=team` those of my team that nobody or somebody else has, where I work."""
    now, team = timezone.now(), request.GET.get("whose") == "team"
    tickets = repairs_of(request.user)
    tickets = tickets.of_team(request.user).exclude(assignee=request.user) if team else tickets.mine(request.user)
    found = tickets.select_related("assignee").order_by("due_at", "reported_at", "pk")[:SHOWN]
    context = by_press(rows_of(found, request.user, at=now)) | {"team": team}
    return render(request, "site/repairs/list.html", context)


@repairing
@require_safe
def repair(request, pk):
    return _page(request, own_repair(request, pk))


def _page(request, ticket, **forms):
    if not is_ahead(request):
        note_look_at(ticket, by=request.user, at=timezone.now())
    return render(request, "site/repairs/repair.html", context_of(ticket, request.user, **forms))


@repairing
@require_POST
def reply(request, pk):
    """To the owner. What came meanwhile is shown above the words, which stay in the form or in the phone's queue."""
    ticket = own_repair(request, pk)
    form = ReplyForm(request.POST, ticket=ticket)
    if form.is_valid():
        try:
            conversation.reply(ticket=ticket, by=request.user, at=timezone.now(), **form.given())
            return done(request, ticket, _("Sent to the owner."))
        except OvertakenError as error:
            if is_sent(request):
                return JsonResponse({"theirs": str(error)}, status=409)
            form.look_again(own_repair(request, pk))
            form.add_error(None, str(error))
        except TicketError as error:
            form.add_error(None, str(error))
    return refused(request, ticket, reply_form=form)


@repairing
@require_POST
def note(request, pk):
    ticket = own_repair(request, pk)
    form = NoteForm(request.POST, ticket=ticket)
    if form.is_valid():
        try:
            conversation.note(ticket=ticket, by=request.user, at=timezone.now(), **form.given())
            return done(request, ticket, _("Kept. Only colleagues read it."))
        except TicketError as error:
            form.add_error(None, str(error))
    return refused(request, ticket, note_form=form)


@repairing
@require_POST
@takes_media
def photos(request, pk):
    ticket = own_repair(request, pk)
    form = PhotosForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            _keep_photos(ticket, by=request.user, at=timezone.now(), **form.cleaned_data)
            return done(request, ticket, _("The photos are there."))
        except (TicketError, FileError) as error:
            form.add_error(None, str(error))
    return refused(request, ticket, photos_form=form)


def _keep_photos(ticket, *, op, which, files, internal, by, at):
    """A message with a few words in the owner's language; or a note, which only colleagues read."""
    with override(ticket.language):
        words = {
            "before": pgettext("photos", "Before the repair."),
            "after": pgettext("photos", "After the repair."),
        }[which]
    given = {"message_id": op, "ticket": ticket, "text": words, "files": files, "by": by, "at": at}
    if internal:
        conversation.note(**given)
    else:
        conversation.reply(**given, seen=None)


@repairing
@require_POST
def pause(request, pk):
    """Wait for a part, the weather or the owner; of a repair the owner is asked."""
    ticket = own_repair(request, pk)
    form = PauseForm(request.POST)
    if form.is_valid():
        try:
            pausing.pause(ticket, by=request.user, at=timezone.now(), **form.cleaned_data)
            return done(request, ticket, _("Noted. The owner has been told."))
        except TicketError as error:
            form.add_error(None, str(error))
    return refused(request, ticket, pause_form=form)


def done(request, ticket, said):
    """Back to the job; to a phone that sends what waited there, that it has arrived."""
    if is_sent(request):
        return HttpResponse(status=204)
    messages.success(request, said)
    return redirect("site:repair", ticket.pk)


def refused(request, ticket, **forms):
    """The page with the form and what was wrong; to the phone's queue the same in words."""
    if is_sent(request):
        (form,) = forms.values()
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"said": f"{ticket.number}: {said}"}, status=422)
    return _page(request, own_repair(request, ticket.pk), **forms)


@repairing
@require_safe
def file(request, pk, variant):
    """A file of a ticket, in the size asked for; `file` is itself."""
    return deliver(request, own_file(request, pk).file, variant=None if variant == "file" else variant)
