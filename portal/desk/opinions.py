"""Opinions on the desk: the list, one with its answer, what all of one open day come to, and what was changed."""

from django.contrib import messages
from django.db.models import Q
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from accounts.files.delivery import deliver
from portal.bookings.errors import BookingError
from portal.bookings.models import OpenDay
from portal.bookings.opinions import actions
from portal.bookings.opinions.actions import OvertakenError
from portal.bookings.opinions.figures import figures_of
from portal.bookings.opinions.models import AreaOpinion, Opinion, OpinionPhoto

from .opinions_forms import AnswerForm, ChangedForm
from .scoped import ScopedIndexView, ScopedInspectView, ScopedModelViewSet, ScopedPolicy, allowed, register, within
from .site_announcements import POST

VIEW, CHANGE = "opinions.view_opinion", "opinions.change_opinion"
MOST_CITED = 60


def _own(request, pk):
    return get_object_or_404(within(Opinion, request.user).select_related(*OpinionViewSet.select_related), pk=pk)


def _context(opinion, user, form=None):
    timezone.activate(opinion.open_day.development.time_zone)
    return {
        "opinion": opinion,
        "areas": opinion.areas.all(),
        "photos": [_shown(photo) for photo in opinion.photos.select_related("file")],
        "citations": opinion.citations.select_related("update"),
        "form": form or AnswerForm(initial={"seen": opinion.version}),
        "may_answer": user.has_perm(CHANGE) and not opinion.is_answered,
    }


def _shown(photo):
    """As the tag `gallery` takes it."""
    thumb, large = (reverse("desk_opinion:photo", args=[photo.pk, variant]) for variant in ("thumb", "large"))
    return {
        "page_url": large,
        "thumb_url": thumb,
        "large_url": large,
        "alt": _("Photo %(number)s of the opinion") % {"number": photo.order + 1},
        "caption": "",
        "width": photo.file.width,
        "height": photo.file.height,
    }


@allowed(CHANGE)
@require_POST
def answer(request, pk):
    """What was edited in the meantime is shown above the words, which stay in the form."""
    opinion, form = _own(request, pk), AnswerForm(request.POST)
    if form.is_valid():
        try:
            actions.answer_opinion(opinion, by=request.user, at=timezone.now(), **form.cleaned_data)
        except OvertakenError as error:
            form.look_again(seen=_own(request, pk).version)
            form.add_error(None, str(error))
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The answer is sent."))
            return redirect("desk_opinion:inspect", pk)
    return render(request, "desk/opinions/opinion.html", _context(_own(request, pk), request.user, form))


@allowed(VIEW)
@require_safe
def photo(request, pk, variant):
    photos = OpinionPhoto.objects.filter(opinion__in=within(Opinion, request.user)).select_related("file")
    return deliver(request, get_object_or_404(photos, pk=pk).file, variant=variant)


def _open_day(request, pk):
    open_day = get_object_or_404(within(OpenDay, request.user).select_related("development"), pk=pk)
    timezone.activate(open_day.development.time_zone)
    return open_day


@allowed(VIEW)
@require_safe
def results(request, pk):
    """Average and distribution, all in all and by area."""
    open_day = _open_day(request, pk)
    figures = figures_of(open_day)
    context = {
        "open_day": open_day,
        "figures": figures,
        "bars": [{"label": stars, "value": share} for stars, share in figures.shares.items()],
        "areas": [(area.label, verdicts.values(), *_liked(verdicts)) for area, verdicts in figures.areas.items()],
        "ratings": sorted(figures.ratings.items(), reverse=True),
        "may_cite": request.user.has_perm(POST),
    }
    return render(request, "desk/opinions/results.html", context)


def _liked(verdicts):
    counted = list(verdicts.values())
    return counted[0], sum(counted)


@allowed(POST)
def changed(request, pk):
    """A draft that says what was changed, with the words cited; from there on it is an update as any other."""
    open_day = _open_day(request, pk)
    opinions = within(Opinion, request.user).filter(open_day=open_day).filter(~Q(text="") | ~Q(areas__text=""))
    opinions = list(opinions.distinct().prefetch_related("areas").order_by("rating", "-created_at", "pk")[:MOST_CITED])
    form = ChangedForm(request.POST or None, opinions=opinions)
    if request.method == "POST" and form.is_valid():
        given = {"texts": form.texts(), "words": form.words(), "update_id": form.cleaned_data["update_id"]}
        try:
            update = actions.cite_opinions(open_day=open_day, by=request.user, **given)
        except BookingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("The draft is there. Please look at it once more, and publish it."))
            return redirect("desk_updates:update", update.pk)
    return render(request, "desk/opinions/changed.html", {"open_day": open_day, "form": form})


def beginning(opinion):
    return Truncator(opinion.text).chars(90) or _("without words")


class OpinionIndexView(ScopedIndexView):
    columns = [
        TitleColumn(
            "text",
            label=gettext_lazy("Opinion"),
            accessor=beginning,
            get_url=lambda opinion: reverse("desk_opinion:inspect", args=[opinion.pk]),
        ),
        Column("rating", label=gettext_lazy("Rating"), sort_key="rating"),
        TitleColumn(
            "open_day",
            label=gettext_lazy("Open day"),
            get_url=lambda opinion: reverse("desk_opinion:results", args=[opinion.open_day_id]),
        ),
        Column("home", label=gettext_lazy("Home"), sort_key="home__number"),
        Column("state", label=gettext_lazy("State"), accessor="get_state_display", sort_key="state"),
        DateColumn("created_at", label=gettext_lazy("Said"), sort_key="created_at"),
    ]


class OpinionInspectView(ScopedInspectView):
    """One opinion, and the form of its answer. Opening it is noted in the log."""

    template_name = "desk/opinions/opinion.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**_context(self.object, self.request.user), **kwargs)


class OpinionViewSet(ScopedModelViewSet):
    model = Opinion
    path = "open_day__development"
    icon = "comment"
    menu_label = gettext_lazy("Opinions")
    menu_name = "opinions"
    menu_order = 14
    add_to_admin_menu = True
    select_related = ("open_day__development", "home__development", "home__building", "owner", "touchpoint")
    list_filter = {
        "state": ["exact"],
        "rating": ["exact"],
        "open_day": ["exact"],
        "open_day__development": ["exact"],
        "areas__area": ["exact"],
    }
    search_fields = ("text", "home__number", "owner__name", "owner__customer_no")
    index_view_class = OpinionIndexView
    inspect_view_class = OpinionInspectView
    without = ("add", "edit", "delete", "usage")
    panels = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        register(OpenDay, ScopedPolicy(OpenDay, "development"))  # the filter offers no foreign ones
        register(AreaOpinion, ScopedPolicy(AreaOpinion, "opinion__open_day__development"))

    @cached_property
    def menu_item_class(self):
        """The menu says how many wait for an answer."""

        def render_component(item, request):
            component = super(item_class, item).render_component(request)
            if waiting := within(Opinion, request.user).open().count():
                component.label = f"{component.label} ({waiting})"
            return component

        item_class = type("OpinionMenuItem", (super().menu_item_class,), {"render_component": render_component})
        return item_class

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),  # first, since the menu leads to the first
            path("<uuid:pk>/answer/", answer, name="answer"),
            path("photos/<uuid:pk>/<slug:variant>/", photo, name="photo"),
            path("results/<uuid:pk>/", results, name="results"),
            path("results/<uuid:pk>/changed/", changed, name="changed"),
        ]
