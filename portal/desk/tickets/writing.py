"""Writing into a ticket: to the owner, or for colleagues; and putting a ready sentence into the reply."""

from django.contrib import messages
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.files.uploadhandler import takes_media
from cms.models import CompanySettings
from portal.tickets import conversation
from portal.tickets.errors import OvertakenError, TicketError
from portal.tickets.macros.filling import fill

from ..uploads import sent_by_script
from .access import handling, own_ticket
from .forms import MacroForm, NoteForm, ReplyForm, overtaken_words
from .page import shown


@handling
@require_POST
@takes_media
@sent_by_script
def reply(request, pk):
    ticket = own_ticket(request, pk)
    form = ReplyForm(request.POST, request.FILES, ticket=ticket)
    return _write(request, ticket, form, conversation.reply, _("Sent to the owner."), name="reply")


@handling
@require_POST
@takes_media
@sent_by_script
def note(request, pk):
    ticket = own_ticket(request, pk)
    form = NoteForm(request.POST, request.FILES, ticket=ticket)
    return _write(request, ticket, form, conversation.note, _("Kept. Only colleagues read it."), name="note")


def _write(request, ticket, form, act, said, *, name):
    """What came in the meantime is marked above the words, which stay in the form."""
    if form.is_valid():
        try:
            act(ticket=ticket, by=request.user, at=timezone.now(), **form.given())
        except OvertakenError:
            ticket = own_ticket(request, ticket.pk)
            seen_steps = form.seen_steps
            form.look_again(ticket)
            form.add_error(None, overtaken_words())
            return shown(request, ticket, seen_steps=seen_steps, **{name: form})
        except TicketError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, said)
            return redirect("desk_ticket:inspect", ticket.pk)
    return shown(request, own_ticket(request, ticket.pk), **{name: form})


@handling
@require_POST
def sentence(request, pk):
    """Put a ready sentence after what is written so far. Nothing is sent or kept: the page comes back with the words.

    A POST, so that half a letter to an owner never stands in an address or in a server's log.
    """
    ticket, form = own_ticket(request, pk), MacroForm(request.POST)
    written = ReplyForm(request.POST, ticket=ticket)
    if form.is_valid():
        company = CompanySettings.of(request)
        written.with_sentence(fill(form.cleaned_data["macro"], ticket, agent=request.user, company=company))
    else:
        written.with_sentence("")
        messages.error(request, _("This sentence is in use no more."))
    return shown(request, ticket, reply=written)
