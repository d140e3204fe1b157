"""Raising a ticket on the owners' pages, and what is offered beside it: open ones alike, guides, the hotline."""

from django.contrib import messages
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.files.checks import FileError
from accounts.files.uploadhandler import takes_media
from cms.search.sources import Reader
from portal.home import found
from portal.home.guards import own_home, private
from portal.tickets.errors import TicketError
from portal.tickets.models import EmergencyWord
from portal.tickets.raising import raise_ticket
from portal.tickets.similar import similar_open
from portal.ui.offline import is_sent
from progress.components.models import Component

from .forms import RaiseForm, SimilarForm
from .own import tickets_at

GUIDES = 3
LOOKED_FOR = 4  # words for which guides are searched
SHORTEST = 2  # characters of a word by which a part of the home is known


@takes_media
@private
def raise_page(request, home_id):
    """The form. Sent by a phone's queue it is answered in words, with the address of what was made."""
    home = own_home(request, home_id)
    form = RaiseForm(initial={"kind": request.GET.get("kind", "repair")})
    if request.method == "POST":
        form = RaiseForm(request.POST, request.FILES)
        if ticket := _raised(request, home, form):
            return _thanks(request, ticket)
        if is_sent(request):
            return refused(form)
    context = {
        "home": home,
        "form": form,
        "danger": list(EmergencyWord.objects.values_list("word", flat=True)),
        "standing": tickets_at(request.user, home).open()[:3],
    }
    return render(request, "home/tickets/new.html", context)


def _raised(request, home, form):
    if not form.is_valid():
        return None
    try:
        owner = request.user.owner
        return raise_ticket(home=home, owner=owner, by=request.user, at=timezone.now(), **form.given())
    except FileError as error:
        form.add_error("files", str(error))
    except TicketError as error:
        form.add_error(None, str(error))
    return None


def _thanks(request, ticket):
    address = reverse("home:ticket", args=[ticket.pk])
    said = _("We have it, under the number %(number)s.") % {"number": ticket.number}
    if is_sent(request):
        return JsonResponse({"said": said, "tone": "good", "to": address})
    messages.success(request, said)
    return redirect(address)


def refused(form):
    """Why a form was not accepted, in the words of its errors, for the phone that sent it by itself."""
    errors = [str(error) for errors in form.errors.values() for error in errors]
    return JsonResponse({"said": " ".join(errors), "tone": "warning"}, status=422)


@private
@require_POST
def similar(request, home_id):
    """What may help before it is sent; it never stands in the way. Posted, so that no log keeps what was typed."""
    home = own_home(request, home_id)
    form = SimilarForm(request.POST)
    form.is_valid()
    component, text = (form.cleaned_data.get(name) for name in ("component", "text"))
    context = {
        "home": home,
        "tickets": similar_open(home, component, text or "", request.user),
        "guides": _guides(request, home, component, text or ""),
    }
    return render(request, "home/tickets/similar.html", context)


def _guides(request, home, component, text):
    reader = Reader(get_language(), user=request.user, homes=[home], today=timezone.localdate())
    hits = {}
    for word in _words_for(component, text)[:LOOKED_FOR]:
        for hit in found.guides(word, reader=reader, limit=GUIDES):
            hits.setdefault(hit.url, hit)
    return list(hits.values())[:GUIDES]


def _words_for(component, text):
    """The names of the part that was chosen, else of those that the text names."""
    if component:
        return list(dict.fromkeys([str(component.name), *component.words.split()]))
    said, found_in_text = f" {text.casefold()} ", []
    for part in Component.objects.in_use() if text else ():
        names = [part.name_en.casefold(), part.name_zh, *part.words.casefold().split()]
        found_in_text += [name for name in names if len(name) >= SHORTEST and _stands_in(name, said)]
    return list(dict.fromkeys(found_in_text))


def _stands_in(name, said):
    return f" {name} " in said if name.isascii() else name in said
