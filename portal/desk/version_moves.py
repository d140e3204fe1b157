"""Moving chosen homes to the version in force: chosen, looked at, moved."""

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Count
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext, ngettext

from progress.journeys.actions import JourneyError
from progress.journeys.models import Journey
from progress.journeys.moving import move_journeys, plan_moves

from .board_choice import is_uuid
from .board_forms import PlaceForm
from .scoped import within

MOST = 300  # homes at once


def movable(user, template):
    """Journeys under way that follow another version of the same kind of work."""
    journeys = within(Journey, user).filter(template__kind=template.kind, ended=None).exclude(template=template)
    return journeys.select_related("home__building", "home__development", "template")


def choose(request, template):
    """The homes of one place that follow an older version."""
    if request.method not in {"GET", "HEAD"} or not template.is_in_force:
        raise Http404
    journeys = movable(request.user, template)
    places = _places(journeys, request.user)
    place = next((place for place in places if place.key == request.GET.get("place")), places[0] if places else None)
    here = journeys.filter(**place.homes) if place else journeys.none()
    context = {"template": template, "places": places, "place": place, "journeys": here.order_by("home__number")[:MOST]}
    return render(request, "desk/versions/homes.html", context)


@dataclass
class Place:
    """A building, or a development's homes without one, with how many homes there can be moved."""

    key: str
    name: str
    count: int
    homes: dict


def _places(journeys, user):
    counted = journeys.order_by().values("home__building", "home__development").annotate(count=Count("pk"))
    names = dict(PlaceForm(user=user).fields["place"].choices)
    places = []
    for row in counted:
        building, development = row["home__building"], row["home__development"]
        key = f"building:{building}" if building else f"development:{development}"
        homes = {"home__building": building, "home__development": development}
        places.append(Place(key, names.get(key, ""), row["count"], homes))
    return sorted(places, key=lambda place: place.name)


def _chosen(request, template):
    """The journeys named in the form, among those that can be moved; what is no id counts for nothing."""
    named = [pk for pk in request.POST.getlist("journey")[:MOST] if is_uuid(pk)]
    return list(movable(request.user, template).filter(pk__in=named).order_by("home__number"))


def preview(request, template):
    """What would happen to each home. Nothing changes here."""
    journeys = _chosen(request, template)
    if not journeys:
        messages.error(request, gettext("Please choose homes that follow an older version."))
        return redirect("desk_journeytemplate:homes", template.pk)
    plans = plan_moves(journeys, template)
    context = {
        "template": template,
        "plans": [plan for plan in plans if not plan.problem],
        "refused": [plan for plan in plans if plan.problem],
    }
    return render(request, "desk/versions/preview.html", context)


def move(request, template):
    try:
        moved = move_journeys(_chosen(request, template), template=template, by=request.user)
    except JourneyError as error:
        messages.error(request, str(error))
        return redirect("desk_journeytemplate:homes", template.pk)
    words = ngettext("%(n)s home follows this version now.", "%(n)s homes follow this version now.", moved)
    messages.success(request, words % {"n": moved})
    return redirect("desk_journeytemplate:version", template.pk)
