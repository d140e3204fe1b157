"""Enquiries on the desk: the list with what waits, and one enquiry with all that is done about it."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn

from accounts.events.looks import LOOKED
from accounts.events.models import Event
from progress.enquiries import handling
from progress.enquiries.actions import EnquiryError
from progress.enquiries.forms import CloseForm, HandOverForm, NoteForm
from progress.enquiries.models import Enquiry
from progress.promises.models import Promise

from .looks import MAY_SEE, SHOWN
from .scoped import ScopedIndexView, ScopedInspectView, ScopedModelViewSet, allowed, within

CHANGE = "enquiries.change_enquiry"
TONES = {"new": "warning", "confirmed": "info", "contacted": "info", "closed": "good", "spam": "quiet"}
WAYS = ("telephone", "email")
RELATED = ("development", "handled_by", "consent")


def _own(request, pk):
    enquiry = get_object_or_404(within(Enquiry, request.user).select_related(*RELATED), pk=pk)
    timezone.activate(enquiry.time_zone)
    return enquiry


def _context(enquiry, user, **bound):
    now, state = timezone.now(), Enquiry.State
    promise = Promise.objects.open().filter(key=f"enquiry:{enquiry.pk}").first()
    going_on = not enquiry.is_ended
    return {
        "enquiry": enquiry,
        "tone": TONES[enquiry.state],
        "notes": enquiry.notes.select_related("by"),
        "promise": promise,
        "late": promise is not None and promise.is_late(at=now),
        "may_change": user.has_perm(CHANGE),
        "may_confirm": enquiry.state in {state.NEW, state.SPAM},
        "may_contact": enquiry.state in {state.NEW, state.CONFIRMED},
        "may_close": "close" in bound or enquiry.state in {state.CONFIRMED, state.CONTACTED},
        "may_be_spam": enquiry.state in {state.NEW, state.CONFIRMED},
        "close_form": bound.get("close") or CloseForm(),
        "note_form": bound.get("note") or NoteForm(),
        "hand_over_form": bound.get("hand_over") or (_hand_over_form(enquiry) if going_on else None),
        "looks": _looks(enquiry, user),
    }


def _hand_over_form(enquiry, data=None):
    initial = {"to": enquiry.handled_by}
    return HandOverForm(data, colleagues=handling.colleagues_for(enquiry), initial=initial)


def _looks(enquiry, user):
    """Who opened it, for those who may know."""
    if not user.has_perm(MAY_SEE):
        return None
    looks = Event.objects.filter(verb=LOOKED, subject_kind=enquiry._meta.label_lower, subject_id=str(enquiry.pk))
    return looks.select_related("actor").order_by("-id")[:SHOWN]


def _act(request, pk, act, said):
    """Do it to the enquiry, say so or why not, and come back to its page."""
    try:
        act(_own(request, pk), by=request.user, at=timezone.now())
        messages.success(request, said)
    except EnquiryError as error:
        messages.error(request, str(error))
    return redirect("desk_enquiry:inspect", pk)


@allowed(CHANGE)
@require_POST
def confirm(request, pk, how):
    if how not in WAYS:
        raise Http404

    def act(enquiry, **who):
        return handling.confirm(enquiry, how=how, **who)

    return _act(request, pk, act, _("Confirmed. The promise is kept."))


@allowed(CHANGE)
@require_POST
def contact(request, pk):
    return _act(request, pk, handling.contact, _("Noted: you have talked about the work."))


@allowed(CHANGE)
@require_POST
def spam(request, pk):
    return _act(request, pk, handling.mark_spam, _("Set aside. It is deleted in 30 days."))


def _write(request, pk, *, name, form, act, said):
    """The same with what a form says; what was refused stays in it."""
    enquiry = _own(request, pk)
    if form.is_valid():
        try:
            act(enquiry, by=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, said)
            return redirect("desk_enquiry:inspect", pk)
        except EnquiryError as error:
            form.add_error(error.field, str(error))
    return render(request, "desk/enquiries/enquiry.html", _context(_own(request, pk), request.user, **{name: form}))


@allowed(CHANGE)
@require_POST
def close(request, pk):
    form = CloseForm(request.POST)
    return _write(request, pk, name="close", form=form, act=handling.close, said=_("Closed, with what came of it."))


@allowed(CHANGE)
@require_POST
def note(request, pk):
    return _write(request, pk, name="note", form=NoteForm(request.POST), act=handling.note, said=_("Written down."))


@allowed(CHANGE)
@require_POST
def hand_over(request, pk):
    form = _hand_over_form(_own(request, pk), request.POST)
    return _write(request, pk, name="hand_over", form=form, act=handling.hand_over, said=_("Handed over."))


def title_of(enquiry):
    return f"{enquiry.reference} · {enquiry.name}"


def urgency(enquiry):
    return _("emergency") if enquiry.emergency else ""


class EnquiryIndexView(ScopedIndexView):
    default_ordering = None  # what waits stands first
    columns = [
        TitleColumn(
            "reference",
            label=gettext_lazy("Enquiry"),
            accessor=title_of,
            get_url=lambda enquiry: reverse("desk_enquiry:inspect", args=[enquiry.pk]),
        ),
        Column("kind", label=gettext_lazy("About"), accessor="get_kind_display", sort_key="kind"),
        Column("emergency", label=pgettext_lazy("an enquiry", "Urgent"), accessor=urgency),
        Column("place", label=gettext_lazy("Where")),
        Column("survey_on", label=gettext_lazy("Survey"), sort_key="survey_on"),
        Column("state", label=gettext_lazy("State"), accessor="get_state_display", sort_key="state"),
        Column("handled_by", label=gettext_lazy("Who looks after it"), accessor=lambda row: row.handled_by or ""),
        DateColumn("created_at", label=gettext_lazy("Received"), sort_key="created_at"),
    ]

    def get_base_queryset(self):
        return super().get_base_queryset().waiting_first()


class EnquiryInspectView(ScopedInspectView):
    """One enquiry. Opening it is noted in the log."""

    template_name = "desk/enquiries/enquiry.html"

    def get_context_data(self, **kwargs):
        timezone.activate(self.object.time_zone)
        return super().get_context_data(**_context(self.object, self.request.user), **kwargs)


def new_enquiries(user):
    """Those that nobody has confirmed yet, where `user` sees them."""
    return within(Enquiry, user).new()


class EnquiryViewSet(ScopedModelViewSet):
    model = Enquiry
    icon = "mail"
    menu_label = gettext_lazy("Enquiries")
    menu_name = "enquiries"
    menu_order = 13
    add_to_admin_menu = True
    select_related = RELATED
    list_filter = ["state", "kind", "emergency", "development"]
    search_fields = ("reference", "name", "phone", "email", "estate", "address")
    index_view_class = EnquiryIndexView
    inspect_view_class = EnquiryInspectView
    without = ("add", "edit", "delete", "usage")
    panels = ()

    @cached_property
    def menu_item_class(self):
        """The menu says how many wait."""

        def render_component(item, request):
            component = super(item_class, item).render_component(request)
            if waiting := new_enquiries(request.user).count():
                component.label = f"{component.label} ({waiting})"
            return component

        item_class = type("EnquiryMenuItem", (super().menu_item_class,), {"render_component": render_component})
        return item_class

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),  # first, since the menu leads to the first
            path("<uuid:pk>/confirm/<slug:how>/", confirm, name="confirm"),
            path("<uuid:pk>/contact/", contact, name="contact"),
            path("<uuid:pk>/close/", close, name="close"),
            path("<uuid:pk>/spam/", spam, name="spam"),
            path("<uuid:pk>/hand-over/", hand_over, name="hand_over"),
            path("<uuid:pk>/note/", note, name="note"),
        ]
