"""How many homes and owners an audience comes to, while it is being chosen."""

from django import forms
from django.db.models import Exists, OuterRef
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accounts.models import Owner
from progress.journeys.models import Milestone
from progress.models import Building, Development, Home, Ownership

from ..scoped import within
from .access import editing


class AudienceForm(forms.Form):
    """What stands in the form so far, whether or not the rest of it is filled in."""

    development = forms.ModelChoiceField(queryset=None, required=False)
    buildings = forms.ModelMultipleChoiceField(queryset=None, required=False)
    past_milestone = forms.SlugField(required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["development"].queryset = within(Development, user)
        self.fields["buildings"].queryset = within(Building, user)


def reach_of(data, *, user):
    """{"homes", "owners"} of what is chosen, as `OpenDay.audience` will count it; None without a development."""
    form = AudienceForm(data, user=user)
    form.is_valid()
    chosen = form.cleaned_data
    development = chosen.get("development")
    if development is None:
        return None
    homes = Home.objects.filter(development=development)
    if chosen.get("buildings"):
        homes = homes.filter(building__in=chosen["buildings"])
    if chosen.get("past_milestone"):
        step = Milestone.objects.filter(journey__home=OuterRef("pk"), state=Milestone.State.REACHED)
        homes = homes.filter(Exists(step.filter(template__code=chosen["past_milestone"])))
    ties = Ownership.objects.live().follows_progress().filter(owner__erased_at__isnull=True)
    there = homes.filter(Exists(ties.filter(home=OuterRef("pk"))))
    owners = Owner.objects.active().filter(pk__in=ties.filter(home__in=homes.order_by().values("pk")).values("owner"))
    return {"homes": there.count(), "owners": owners.count()}


def counted(open_day):
    """The same of a row."""
    return {"homes": open_day.audience().count(), "owners": open_day.people().count()}


@editing
@require_safe
def reach(request):
    """A piece of the form's page, fetched anew when the choice changes."""
    return render(request, "desk/open_days/reach.html", {"reach": reach_of(request.GET, user=request.user)})
