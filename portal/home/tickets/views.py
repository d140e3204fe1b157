"""The tickets of a home, one of them, and what its people do with it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.files.checks import FileError
from accounts.files.delivery import deliver
from accounts.files.uploadhandler import takes_media
from accounts.notices.actions import mark_read_about
from portal.home.guards import own_home, private
from portal.tickets import conversation, sharing
from portal.tickets.clocks import pausing
from portal.tickets.clocks.models import Pause
from portal.tickets.clocks.showing import shown_each
from portal.tickets.closing import confirming, scores
from portal.tickets.closing.models import ServiceSheet
from portal.tickets.errors import TicketError
from portal.tickets.merging import goes_on_in
from portal.tickets.models import Attachment, Ticket
from portal.ui.offline import is_ahead, is_sent

from .forms import NotFixedForm, ReplyForm, ScoreForm
from .own import own_ticket, repairs_at, tickets_at
from .page import next_step, page_of, state_of
from .raising import refused

AT_ONCE = 20
ICONS = {"repair": "wrench", "complaint": "warning", "question": "chat", "suggestion": "eye", "praise": "star"}


@private
@require_safe
def tickets(request, home_id):
    """Those of the home that the person sees: what waits for them first, each with its clock and the next step."""
    home, now = own_home(request, home_id), timezone.now()
    page = Paginator(tickets_at(request.user, home), AT_ONCE).get_page(request.GET.get("page"))
    page.object_list = list(page.object_list)
    clocks = shown_each([ticket for ticket in page if ticket.is_open], now)
    for ticket in page:
        ticket.tone, ticket.state_words, ticket.waits = state_of(ticket)
        ticket.clock, ticket.next_step, ticket.icon = clocks.get(ticket.pk), next_step(ticket), ICONS[ticket.kind]
    return render(request, "home/tickets/list.html", {"home": home, "page": page})


@private
@require_safe
def repairs(request, home_id):
    """What was repaired here, also before the people of today; never who said what."""
    home = own_home(request, home_id)
    if not home.is_followed:
        raise Http404
    page = Paginator(repairs_at(request.user, home), AT_ONCE).get_page(request.GET.get("page"))
    return render(request, "home/tickets/repairs.html", {"home": home, "page": page})


@private
@require_safe
def ticket(request, pk):
    """One ticket; of one that became part of another, that one, if they see it."""
    found, now = own_ticket(request, pk), timezone.now()
    onward = goes_on_in(found)
    if onward != found and Ticket.objects.of_people(request.user).filter(pk=onward.pk).exists():
        return redirect("home:ticket", onward.pk)
    if request.method == "GET" and not is_ahead(request):
        told_of = [found, *found.messages.public(), *found.resolutions.all(), *found.pauses.all()]
        mark_read_about(*told_of, user=request.user, at=now)
    return _page(request, found, at=now)


def _page(request, found, *, at, **refused_forms):
    return render(request, "home/tickets/ticket.html", page_of(request, found, at=at, **refused_forms))


@takes_media
@private
@require_POST
def reply(request, pk):
    """Add words or files. A phone that kept it sends it later, once."""
    found, form = own_ticket(request, pk), ReplyForm(request.POST, request.FILES)
    if form.is_valid() and _written(request, found, form):
        if is_sent(request):
            return HttpResponse(status=204)
        messages.success(request, _("We have it. The answer comes here, and we tell you."))
        return redirect("home:ticket", pk)
    return refused(form) if is_sent(request) else _page(request, found, at=timezone.now(), reply=form)


def _written(request, found, form):
    given = {"text": form.cleaned_data["text"], "files": form.cleaned_data["files"]}
    message_id = form.cleaned_data["op"]
    try:
        conversation.write(message_id=message_id, ticket=found, by=request.user, at=timezone.now(), **given)
    except FileError as error:
        form.add_error("files", str(error))
    except TicketError as error:
        form.add_error(None, str(error))
    return form.is_valid()


def _act(request, found, act, said, **given):
    """Do it, or say why not; either way the ticket's page says it."""
    try:
        act(found, by=request.user, at=timezone.now(), **given)
        messages.success(request, said)
    except TicketError as error:
        messages.error(request, str(error))
    return redirect("home:ticket", found.pk if isinstance(found, Ticket) else found.ticket_id)


@private
@require_POST
def confirm(request, pk):
    return _act(request, own_ticket(request, pk), confirming.confirm, _("Thank you. It is closed."))


@private
@require_POST
def not_fixed(request, pk):
    found, form = own_ticket(request, pk), NotFixedForm(request.POST)
    if not form.is_valid():
        return _page(request, found, at=timezone.now(), refusal=form)
    return _act(request, found, confirming.not_fixed, _("It is open again, as old as it is."), **form.cleaned_data)


@private
@require_POST
def reopen(request, pk):
    return _act(request, own_ticket(request, pk), confirming.reopen, _("It is open again, as old as it is."))


@private
@require_POST
def withdraw(request, pk):
    return _act(request, own_ticket(request, pk), confirming.withdraw, _("It is withdrawn."))


@private
@require_POST
def privacy(request, pk):
    """`personal`: 1 or nothing."""
    personal = request.POST.get("personal") == "1"
    said = _("Only you see it now.") if personal else _("Your household sees it now.")
    return _act(request, own_ticket(request, pk), sharing.set_privacy, said, personal=personal)


def _own_pause(request, pk):
    pause = get_object_or_404(Pause, pk=pk, ticket__in=Ticket.objects.of_people(request.user).values("pk"))
    own_ticket(request, pause.ticket_id)
    return pause


@private
@require_POST
def agree(request, pk):
    """To the pause that was on the page: to another one, that has been asked for since, nobody has agreed."""
    return _act(request, _own_pause(request, pk), pausing.agree, _("Thank you. Its clock stands still until then."))


@private
@require_POST
def decline(request, pk):
    return _act(request, _own_pause(request, pk), pausing.decline, _("We go on, and the clock with us."))


@private
@require_POST
def score(request, pk):
    found, form = own_ticket(request, pk), ScoreForm(request.POST)
    if not form.is_valid():
        return _page(request, found, at=timezone.now(), score=form)
    return _act(request, found, scores.answer, _("Thank you for telling us."), **form.cleaned_data)


@login_required
@require_safe
def ticket_file(request, pk, variant):
    """`variant`: thumb, large, or "file" for the thing itself. What staff keep among themselves is not found."""
    seen = Ticket.objects.of_people(request.user).order_by().values("pk")
    found = get_object_or_404(Attachment.objects.public().filter(ticket__in=seen).select_related("file"), pk=pk)
    return deliver(request, found.file, variant=None if variant == "file" else variant)


@login_required
@require_safe
def sheet(request, pk):
    """The signed service sheet as PDF."""
    seen = Ticket.objects.of_people(request.user).order_by().values("pk")
    ready = ServiceSheet.objects.filter(ticket__in=seen, pdf__isnull=False).select_related("pdf", "ticket")
    found = get_object_or_404(ready, pk=pk)
    response = deliver(request, found.pdf, name=f"{found.ticket.number}-{found.signed_at:%Y-%m-%d}")
    response.headers["Cache-Control"] = "private, no-cache"
    return response
