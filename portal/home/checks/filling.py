"""What owners do with a check: look over their home themselves, and sign what was found."""

from django.contrib import messages
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.files.checks import FileError
from accounts.files.uploadhandler import takes_photos
from portal.care.checks import filling, signing
from portal.care.checks.models import CheckForm, FormItem
from portal.care.checks.planning import start_self_check
from portal.care.errors import CareError
from portal.home.guards import own_home, private
from portal.tickets.errors import TicketError
from portal.ui.offline import is_sent

from .page import FindingForm, lines_of, next_of
from .views import is_host, own_check, show


@private
@require_POST
def start(request, home_id, code):
    home = own_home(request, home_id)
    form = get_object_or_404(CheckForm, code=code, by=CheckForm.By.OWNER, state=CheckForm.State.ON)
    if not is_host(request, home):
        raise Http404
    check = start_self_check(home=home, form_code=form.code, by=request.user, at=timezone.now())
    return redirect("home:check", check.pk)


def _own_self_check(request, pk):
    check = own_check(request, pk)
    if not (check.self_check and is_host(request, check.home)):
        raise Http404
    return check


@private
@require_POST
@takes_photos
def record(request, pk, item):
    check = _own_self_check(request, pk)
    item = get_object_or_404(FormItem.objects.select_related("form"), pk=item, form__code=check.form.code)
    form = FindingForm(request.POST, request.FILES, item=item)
    if form.is_valid():
        try:
            filling.record(check, item=item, by=request.user, unit=item.unit, **form.found(at=timezone.now()))
            return _on(request, check)
        except (CareError, FileError) as error:
            form.add_error(None, str(error))
    if is_sent(request):
        said = " ".join(str(error) for errors in form.errors.values() for error in errors)
        return JsonResponse({"said": said}, status=422)
    return show(request, check, refused=form)


def _on(request, check):
    if is_sent(request):
        return HttpResponse(status=204)
    following = next_of(lines_of(check, editable=False))
    return redirect(reverse("home:check", args=[check.pk]) + (f"#item-{following.pk}" if following else "#end"))


@private
@require_POST
def finish(request, pk):
    """Filled in and signed at once: whoever looked over their home says so."""
    check = _own_self_check(request, pk)
    try:
        filling.finish(check, by=request.user, at=timezone.now())
        signing.sign(check, owner=request.user.owner, by=request.user, at=timezone.now())
        messages.success(request, _("Thank you. What is not in order is with us, as of today."))
    except (CareError, TicketError) as error:
        messages.error(request, str(error))
    return redirect("home:check", check.pk)


@private
@require_POST
def sign(request, pk):
    check = own_check(request, pk)
    try:
        signing.sign(check, owner=request.user.owner, by=request.user, at=timezone.now())
        messages.success(request, _("Signed. The report will be among your documents in a moment."))
    except CareError as error:
        messages.error(request, str(error))
    return redirect("home:check", check.pk)
