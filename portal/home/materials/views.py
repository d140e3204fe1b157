"""What one's home is made of, to be looked up years later, and what of it was recalled."""

from itertools import groupby

from django import forms
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_safe

from accounts.notices.actions import mark_read_about
from portal.home.guards import own_home, private
from portal.home.homes import homes_of
from progress.materials.models import Material, RecalledHome
from progress.materials.recalling import note_seen


class SearchForm(forms.Form):
    q = forms.CharField(
        label=_("Search materials"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )


@private
@require_safe
def materials(request, home_id):
    """By room, what is still there; then what was taken out. `?q=` leaves what it finds."""
    home = own_home(request, home_id)
    if not home.is_followed:
        raise Http404
    form = SearchForm(request.GET)
    words = form.cleaned_data["q"] if form.is_valid() else ""
    rows = list(Material.objects.filter(home=home).search(words).with_places())
    context = {
        "home": home,
        "form": form,
        "words": words,
        "groups": [(room, list(some)) for room, some in groupby(_sorted(rows), key=_room)],
        "removed": [row for row in rows if row.removed_on],
        "recalls": RecalledHome.objects.standing().filter(home=home).select_related("recall"),
    }
    return render(request, "home/materials/list.html", context)


def _sorted(rows):
    """Room by room in the order of rooms; what belongs to none comes last."""
    there = [row for row in rows if row.removed_on is None]
    return sorted(there, key=lambda row: (_room(row) is None, _room(row) and (_room(row).order, _room(row).code)))


def _room(row):
    return row.component and (row.component.parent or row.component)


@private
@require_safe
def recall(request, pk):
    """What is recalled in one's home, what to do, and by when we come. Opening it says that it was read."""
    homes = [home.pk for home in homes_of(request)]
    found = get_object_or_404(RecalledHome.objects.with_places().filter(home__in=homes), pk=pk)
    home, now = own_home(request, found.home_id), timezone.now()
    if found.recall.is_draft:
        raise Http404
    note_seen(found, user=request.user, at=now)
    mark_read_about(found, user=request.user, at=now)
    context = {"home": home, "found": found, "recall": found.recall, "materials": found.materials.with_places()}
    return render(request, "home/materials/recall.html", context)
