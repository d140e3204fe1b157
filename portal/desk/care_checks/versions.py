"""The forms of checks on the desk: all versions to read; a draft to write, to put in use, to throw away."""

from functools import wraps

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from portal.care.checks import versions
from portal.care.checks.models import CheckForm
from portal.care.errors import CareError

from ..scoped import within
from .access import may_write, own_form, seeing, seen_form
from .forms import HeadForm, ItemsFormSet, free_code, rows_of

SEE = "care_checks.view_checkform"
TONES = {"draft": "info", "on": "good", "off": "quiet"}
State = CheckForm.State


@seeing(SEE)
@require_safe
def forms(request):
    """By code: the version in use, else the newest, and a draft beside it."""
    groups = {}
    for form in within(CheckForm, request.user).order_by("code", "-version"):
        groups.setdefault(form.code, []).append(form)
    lines = [_line(alike) for alike in groups.values()]
    return render(request, "desk/checks/forms.html", {"lines": lines, "may_write": may_write(request.user)})


def _line(alike):
    """(shown, tone, draft beside it)"""
    shown = next((form for form in alike if form.state == State.ON), alike[0])
    draft = next((form for form in alike if form.state == State.DRAFT and form is not shown), None)
    return shown, TONES[shown.state], draft


@seeing(SEE)
@require_safe
def form(request, pk):
    form = seen_form(request, pk)
    alike = within(CheckForm, request.user).filter(code=form.code).select_related("made_by").order_by("-version")
    context = {
        "form": form,
        "tone": TONES[form.state],
        "items": form.items.select_related("component__parent", "touchpoint").order_by("order", "pk"),
        "versions": [(each, TONES[each.state]) for each in alike],
        "may_write": may_write(request.user),
    }
    return render(request, "desk/checks/form.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@seeing(SEE)
def add(request):
    if not may_write(request.user):
        raise Http404
    return _write(request, CheckForm())


@require_http_methods(["GET", "HEAD", "POST"])
@seeing(SEE)
def change(request, pk):
    form = own_form(request, pk)
    if form.state != State.DRAFT:
        messages.error(request, _("This version is no draft any more, so it cannot be changed."))
        return redirect("desk_checks:form", form.pk)
    return _write(request, form)


def _write(request, form):
    added = form._state.adding
    head = HeadForm(request.POST or None, instance=form)
    items = ItemsFormSet(request.POST or None, initial=[] if added else rows_of(form), prefix="items")
    if request.method == "POST" and all([head.is_valid(), items.is_valid()]):
        form = head.instance
        form.code = form.code or free_code(form.name_en)
        try:
            versions.save_draft(form, items.items(), by=request.user, at=timezone.now())
            messages.success(request, _("The draft is saved. Checks are made with it as soon as it is put in use."))
            return redirect("desk_checks:form", form.pk)
        except CareError as error:
            head.add_error(None, str(error))
    return render(request, "desk/checks/draft.html", {"form": form, "added": added, "head": head, "items": items})


def acting(act):
    """A POST that changes a version; what is refused is said on its page."""

    @require_POST
    @seeing(SEE)
    @wraps(act)
    def view(request, pk):
        form = own_form(request, pk)
        try:
            return act(request, form)
        except CareError as error:
            messages.error(request, str(error))
            return redirect("desk_checks:form", form.pk)

    return view


@acting
def new_version(request, form):
    return redirect("desk_checks:form-change", versions.draft_form(form, by=request.user, at=timezone.now()).pk)


@acting
def put_in_use(request, form):
    versions.put_in_use(form, by=request.user, at=timezone.now())
    messages.success(request, _("In use. Checks that were begun go on with the version they were begun with."))
    return redirect("desk_checks:form", form.pk)


@acting
def drop(request, form):
    versions.drop_draft(form, by=request.user)
    messages.success(request, _("The draft is thrown away."))
    return redirect("desk_checks:forms")
