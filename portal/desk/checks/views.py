"""Checks on a phone: those to be done, one item by item, and the signature. All of it works without a line."""

from django.contrib import messages
from django.http import HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts.events.looks import note_look
from accounts.files.checks import FileError
from accounts.files.delivery import deliver
from accounts.files.uploadhandler import takes_one_file, takes_photos
from portal.bookings.passages import how_long_ago
from portal.care.checks import filling, signing
from portal.care.checks.models import Check, FormItem
from portal.care.errors import CareError
from portal.tickets.errors import TicketError
from portal.ui.offline import is_ahead, is_sent

from .access import checking, checks_of, own_check, own_photo
from .forms import FindingForm, SignForm
from .page import lines_of, next_of

SHOWN = 100


@checking
@require_safe
def checks(request):
    """Those to be done, the earliest first."""
    found = checks_of(request.user).open().order_by("promise__due_at", "planned_at", "pk")[:SHOWN]
    return render(request, "site/checks/list.html", {"checks": found})


@checking
@require_safe
def check(request, pk):
    return _page(request, own_check(request, pk))


def _page(request, check, *, refused=None, sign_form=None):
    if not is_ahead(request):
        note_look(check, by=request.user, home_id=check.home_id, at=timezone.now())
    lines = lines_of(check, refused=refused)
    context = {
        "check": check,
        "lines": lines,
        "next": next_of(lines),
        "answered": sum(line.result is not None for line in lines),
        "sign_form": sign_form or SignForm(initial={"signed_name": signing.owner_name(check)}),
    }
    return render(request, "site/checks/check.html", context)


@checking
@require_POST
@takes_photos
def record(request, pk, item):
    """What was found of one item; the page goes on at the next one."""
    check = own_check(request, pk)
    item = get_object_or_404(FormItem.objects.select_related("form"), pk=item, form__code=check.form.code)
    form = FindingForm(request.POST, request.FILES, item=item)
    if form.is_valid():
        try:
            filling.record(check, item=item, by=request.user, **form.found(at=timezone.now()))
            return _on(request, check)
        except (CareError, FileError) as error:
            form.add_error(None, str(error))
    return _refused(request, check, form, refused=form)


@checking
@require_POST
def choose(request, pk, result):
    """Of findings that disagree, this one counts."""
    check = own_check(request, pk)
    return _act(request, check, filling.choose, get_object_or_404(check.results, pk=result))


@checking
@require_POST
def finish(request, pk):
    check = own_check(request, pk)
    return _act(request, check, filling.finish, check)


@checking
@require_POST
@takes_one_file
def sign(request, pk):
    check = own_check(request, pk)
    form = SignForm(request.POST, request.FILES)
    if form.is_valid():
        data, now = form.cleaned_data, timezone.now()
        at = how_long_ago(made_at=data["made_at"], sent_at=data["sent_at"], at=now)
        drawn = data["signature"] or data["paper"]
        try:
            signing.sign(check, name=data["signed_name"], signature=drawn, by=request.user, at=at)
            return _on(request, check, _("Signed. The report goes to the documents of the home."))
        except (CareError, FileError) as error:
            form.add_error(None, str(error))
    return _refused(request, check, form, sign_form=form)


@checking
@require_safe
def photo(request, pk, variant):
    return deliver(request, own_photo(request, pk).file, variant=None if variant == "file" else variant)


def _act(request, check, action, row):
    try:
        action(row, by=request.user, at=timezone.now())
    except (CareError, TicketError) as error:
        if is_sent(request):
            return JsonResponse({"said": str(error)}, status=422)
        messages.error(request, str(error))
    return _on(request, check)


def _on(request, check, said=""):
    """To a phone that sends what waited there, that it has arrived; else on to the next item."""
    if is_sent(request):
        return HttpResponse(status=204)
    if said:
        messages.success(request, said)
    following = next_of(lines_of(check)) if check.stage in (Check.Stage.PLANNED, Check.Stage.BEGUN) else None
    place = f"#item-{following.pk}" if following else "#end"
    return redirect(reverse("site:check", args=[check.pk]) + place)


def _refused(request, check, form, **forms):
    if is_sent(request):
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"said": f"{check.home}: {said}"}, status=422)
    return _page(request, check, **forms)
