"""Staff have the monthly leaflets made, look at them in each language, and send them: on phones and on the desk."""

from datetime import timedelta
from functools import wraps

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from accounts.files.delivery import deliver
from progress.leaflets import actions
from progress.leaflets.actions import LeafletError
from progress.leaflets.models import Leaflet
from progress.models import Building, Development

from .scoped import allowed, within
from .site_views import site_page, site_redirect

MONTHS = 6  # that are offered, this one first


class LeafletForm(forms.Form):
    """A place and a month. Only places where the person works are offered, and accepted."""

    place = forms.ChoiceField(label=gettext_lazy("Place"))
    month = forms.ChoiceField(label=gettext_lazy("Month"))

    def __init__(self, *args, user, today, **kwargs):
        super().__init__(*args, **kwargs)
        self.places = {f"{place._meta.model_name}:{place.pk}": place for place in _places(user)}
        self.months = {f"{month:%Y-%m}": month for month in _months(today)}
        self.fields["place"].choices = [(key, str(place)) for key, place in self.places.items()]
        words = {key: date_format(month, "YEAR_MONTH_FORMAT") for key, month in self.months.items()}
        self.fields["month"].choices = list(words.items())
        self.fields["month"].initial = list(self.months)[1]  # the last one that is over

    def chosen(self):
        return self.places[self.cleaned_data["place"]], self.months[self.cleaned_data["month"]]


def making(view):
    """Logged in, and in a group that makes leaflets; where, the querysets say."""

    @wraps(view)
    @login_required
    @allowed("leaflets.change_leaflet")
    def guarded(request, *args, **kwargs):
        with timezone.override(None):
            return view(request, *args, **kwargs)

    return guarded


def _own(request, pk):
    leaflets = within(Leaflet, request.user).select_related("development", "building__development", "sent_by")
    leaflet = get_object_or_404(leaflets, pk=pk)
    timezone.activate(leaflet.development.time_zone)
    return leaflet


@making
@require_safe
def leaflets(request):
    """What waits to be sent, then the others, the newest month first."""
    return _front(request, LeafletForm(user=request.user, today=timezone.localdate()))


def _front(request, form):
    theirs = within(Leaflet, request.user).select_related("development", "building__development")
    sent = theirs.filter(state=Leaflet.State.SENT).order_by("-month", "-sent_at", "pk")
    context = {
        "form": form,
        "waiting": theirs.exclude(state=Leaflet.State.SENT).order_by("-month", "development", "building", "pk")[:100],
        "sent": Paginator(sent, 20).get_page(request.GET.get("page")),
    }
    return site_page(request, "site/leaflets/front.html", context)


@require_POST
@making
def leaflet_make(request):
    form = LeafletForm(request.POST, user=request.user, today=timezone.localdate())
    if not form.is_valid():
        return _front(request, form)
    place, month = form.chosen()
    try:
        leaflet = actions.ask_leaflet(place, month=month, by=request.user, at=timezone.now())
    except LeafletError as error:
        form.add_error(None, str(error))
        return _front(request, form)
    return site_redirect(request, "leaflet", leaflet.pk)


@making
@require_safe
def leaflet(request, pk):
    """The page one may leave and come back to. htmx asks for its middle alone."""
    found = _own(request, pk)
    template = "site/leaflets/state.html" if request.htmx else "site/leaflets/leaflet.html"
    languages = [(code, name) for code, name in settings.LANGUAGES if found.file_in(code)]
    readers = actions.readers_of(found).count() if found.is_ready else 0
    return site_page(request, template, {"leaflet": found, "languages": languages, "readers": readers})


@making
@require_safe
def leaflet_file(request, pk, language):
    found = _own(request, pk)
    file = found.file_in(language) if language in dict(settings.LANGUAGES) else None
    if file is None:
        raise Http404
    response = deliver(request, file, name=f"leaflet-{found.month:%Y-%m}-{language}")
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _acting(act):
    @require_POST
    @making
    def view(request, pk):
        found = _own(request, pk)
        try:
            messages.success(request, act(request, found))
        except LeafletError as error:
            messages.error(request, str(error))
        return site_redirect(request, "leaflet", pk)

    return view


@_acting
def leaflet_again(request, found):
    actions.ask_leaflet(found.place, month=found.month, by=request.user, at=timezone.now())
    return _("It is being made again.")


@_acting
def leaflet_send(request, found):
    actions.send_leaflet(found, by=request.user, at=timezone.now())
    readers = actions.readers_of(found).count()
    told = ngettext("Sent. %(count)s person is told.", "Sent. %(count)s people are told.", readers)
    return told % {"count": readers}


def _places(user):
    """Developments, each followed by its buildings."""
    buildings = {}
    for building in within(Building, user).select_related("development").order_by("name"):
        buildings.setdefault(building.development_id, []).append(building)
    for development in within(Development, user):
        yield development
        yield from buildings.get(development.pk, [])


def _months(today):
    month = today.replace(day=1)
    for _each in range(MONTHS):
        yield month
        month = (month - timedelta(days=1)).replace(day=1)
