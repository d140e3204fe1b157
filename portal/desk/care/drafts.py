"""Drafting a rule: a new one, or the next version of one that is there."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods

from portal.care import switching
from portal.care.errors import CareError
from portal.care.models import Product, Rule
from progress.models import Assignment

from .access import may_write, own, seeing
from .forms import RuleForm, StepsFormSet, free_code, rows_of


@require_http_methods(["GET", "HEAD", "POST"])
@seeing
def add(request):
    if not may_write(request.user):
        raise Http404
    rule = Rule(product=Product.REMINDER, team=Assignment.Role.CUSTOMER_SERVICE)
    return _write(request, rule)


@require_http_methods(["GET", "HEAD", "POST"])
@seeing
def change(request, pk):
    rule = own(request, pk)
    if rule.state != Rule.State.DRAFT:
        messages.error(request, gettext("This version is no draft any more, so it cannot be changed."))
        return redirect("desk_care:rule", rule.pk)
    return _write(request, rule)


def _write(request, rule):
    form = RuleForm(request.POST or None, instance=rule, user=request.user)
    steps = StepsFormSet(request.POST or None, initial=rows_of(rule), prefix="steps")
    if request.method == "POST" and all([form.is_valid(), steps.is_valid()]) and _save(request, form, steps):
        messages.success(request, gettext("The draft is saved. Nothing is promised by it before it is switched on."))
        return redirect("desk_care:dry-run", form.instance.pk)
    return render(request, "desk/care/draft.html", {"rule": rule, "form": form, "steps": steps})


def _save(request, form, steps):
    """Whether it is saved; if not, the form says why."""
    rule = form.instance
    rule.steps = steps.steps()
    rule.code = rule.code or free_code(rule.name_en)
    try:
        switching.save_draft(rule, by=request.user, at=timezone.now())
        return True
    except ValidationError as error:
        form.add_errors(error)
    except CareError as error:
        form.add_error(None, str(error))
    return False
