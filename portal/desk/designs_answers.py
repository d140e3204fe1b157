"""Who has answered a design change and who has not, the calls to these, and the record of it all as a PDF."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.events.actions import record
from accounts.files.delivery import deliver
from accounts.models import Owner
from accounts.notices.quiet import night_ends
from progress.designs import calls, records
from progress.designs.errors import DesignError
from progress.designs.models import DesignChange, DesignRecord
from progress.designs.people import hosts_of, phones_of
from progress.designs.standing import homes_by, rows_of, tally
from progress.models import Home
from progress.scope import may_view

from .designs import designing, own_change
from .designs_forms import CallForm, StandingForm
from .scoped import within
from .site_views import site_page, site_redirect

CALL = "designs.add_designcall"
HOMES = 40


@designing
@require_safe
def design_answers(request, pk):
    """The homes, by how they stand; those that have not answered first, with whom to call."""
    change = own_change(request, pk)
    if change.is_draft:
        raise Http404
    state = StandingForm(request.GET).chosen() if "state" in request.GET else "waiting"
    page = Paginator(homes_by(change, state), HOMES).get_page(request.GET.get("page"))
    counted = tally(change)
    context = {
        "change": change,
        "page": page,
        "rows": rows_of(change, page.object_list),
        "state": state,
        "states": [(code, label, counted[code]) for code, label in StandingForm.CHOICES],
        "over": change.is_over(at=timezone.now()),
        "named": may_view(request.user, Owner),
        "may_call": change.is_published and request.user.has_perm(CALL),
    }
    return site_page(request, "site/designs/answers.html", context)


@designing
def design_call(request, pk, home_id):
    """One home: whom to ring, what came of earlier calls, and a form for this one."""
    change = own_change(request, pk)
    if not request.user.has_perm(CALL) or change.is_draft:
        raise Http404
    home = get_object_or_404(within(Home, request.user).with_place().filter(design_changes=change), pk=home_id)
    form = CallForm(request.POST or None, home=home)
    if request.method == "POST" and form.is_valid():
        try:
            calls.record_call(change, home=home, by=request.user, at=timezone.now(), **form.cleaned_data)
        except DesignError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The call is on record. An answer it is not: that the owner gives."))
            return site_redirect(request, "design-answers", pk)
    hosts = hosts_of(Home.objects.filter(pk=home.pk)).order_by("name", "pk")
    phones = phones_of(hosts)
    context = {
        "change": change,
        "home": home,
        "row": rows_of(change, [home])[0],
        "hosts": [(host, phones[host.pk]) for host in hosts],
        "night": night_ends(at=timezone.now(), zone=change.development.time_zone),
        "form": form,
    }
    return site_page(request, "site/designs/call.html", context)


@designing
@require_POST
def design_record(request, pk):
    """Have the record made; with names in it, it is for those who may see owners."""
    change = own_change(request, pk)
    if change.is_draft or not may_view(request.user, Owner):
        raise Http404
    language = get_language() if get_language() in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
    made = records.ask_record(change, by=request.user, language=language, at=timezone.now())
    return site_redirect(request, "design-record-page", made.pk)


def _own_record(request, pk):
    if not may_view(request.user, Owner):
        raise Http404
    changes = within(DesignChange, request.user)
    rows = DesignRecord.objects.filter(change__in=changes).select_related("change__development", "file")
    found = get_object_or_404(rows, pk=pk)
    timezone.activate(found.change.zone)
    return found


@designing
@require_safe
def design_record_page(request, pk):
    """The page one may leave and come back to."""
    return site_page(request, "site/designs/record.html", {"record": _own_record(request, pk)})


@designing
@require_safe
def design_record_file(request, pk):
    """The PDF; that somebody took it out is noted in the log."""
    found = _own_record(request, pk)
    if found.file is None:
        raise Http404
    response = deliver(request, found.file, name=f"design-change-{timezone.localtime(found.made_at):%Y-%m-%d}")
    response.headers["Cache-Control"] = "private, no-store"
    if request.method == "GET":
        record("fetched", found, by=request.user)
    return response
