"""Checklists in guides: a box is ticked, and who ticked what is read."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from cms.checklists import actions
from cms.checklists.entries import entries_of
from cms.checklists.forms import TickForm
from cms.checklists.models import Tick
from cms.checklists.seeing import entries_shown
from cms.guides.reading import guides_for
from portal.ui.dates import full_date

from .guards import own_home, private
from .guides import editions_at


@private
@require_POST
def tick(request, home_id, key):
    """Comes back to the box. What the script sent from its queue is answered by a status alone."""
    home, form = own_home(request, home_id), TickForm(request.POST)
    if not form.is_valid():
        return _refused(request, home, key, _("This form is not complete. Please open the page again."), 400)
    try:
        row = actions.tick(home=home, guide_key=key, by=request.user, at=timezone.now(), **form.cleaned_data)
    except actions.NotYoursError:
        raise Http404 from None
    except actions.EntryGoneError as error:
        return _refused(request, home, key, str(error), 410)
    except actions.ChecklistError as error:
        return _refused(request, home, key, str(error), 400)
    return redirect(reverse("home:guide", args=[home.pk, key]) + f"#tick-{row.item}")


def _refused(request, home, key, words, status):
    if request.headers.get("X-Offline") == "send":
        return HttpResponse(words, status=status, content_type="text/plain; charset=utf-8")
    messages.error(request, words)
    return redirect("home:guide", home.pk, key)


@private
@require_safe
def ticks(request, home_id, key):
    """Who ticked what, and who took it back, the last on top; also entries that the guide has no more."""
    home, on = own_home(request, home_id), timezone.localdate()
    edition = get_object_or_404(editions_at(home, on=on), guide_key=key)
    guide = guides_for([edition], on=on, with_body=True)[0]
    rows = Tick.objects.of_household().filter(home=home, guide_key=key).select_related("owner")
    page = Paginator(rows.in_order().reverse(), 50).get_page(request.GET.get("page"))
    entries = entries_shown(key, on=on) | {entry.id: entry for entry in entries_of(guide.text.blocks)}
    page.object_list = [_in_words(row, entries.get(row.item)) for row in page.object_list]
    return render(request, "home/guides/ticks.html", {"home": home, "guide": guide, "page": page})


def _in_words(row, entry):
    words = {"who": row.owner.name, "when": full_date(row.made_at)}
    return {
        "title": entry.text if entry else _("An entry that the guide no longer has"),
        "text": (_("Ticked off by %(who)s, %(when)s") if row.ticked else _("Taken back by %(who)s, %(when)s")) % words,
        "icon": "check" if row.ticked else "undo",
    }
