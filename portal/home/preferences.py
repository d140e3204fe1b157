"""How one wants to hear of what: customers of their home, staff of their work."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.models import Owner
from accounts.notices.forms import PreferencesForm

from .guards import private


@private
@require_http_methods(["GET", "HEAD", "POST"])
def preferences(request):
    data = request.POST or None
    forms = [PreferencesForm(data, prefix=prefix, person=person) for prefix, person in _persons(request)]
    if request.method == "POST" and forms and all(form.is_valid() for form in forms):
        for form in forms:
            form.save(by=request.user, at=timezone.now())
        messages.success(request, _("We write to you as you wish."))
        return redirect("home:preferences")
    return render(request, "home/preferences.html", {"forms": forms})


def _persons(request):
    """(prefix, person): whoever is a customer and works for us has both halves."""
    owner = Owner.objects.active().filter(user=request.user).first()
    return [("home", owner)] * bool(owner) + [("work", request.user)] * request.user.is_staff
