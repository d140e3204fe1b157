"""The people around homes on the desk: who looks after what, and how one hands over to another."""

from django.contrib import messages
from django.db.models import Q
from django.forms import RadioSelect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from django_filters import ChoiceFilter
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import Column, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from progress.contacts import actions
from progress.contacts.actions import ContactError
from progress.contacts.concerned import owners_of
from progress.contacts.hours import hours_of
from progress.contacts.models import Contact

from .choosers import home_chooser
from .contacts_forms import ContactChangeForm, ContactForm, HandOverForm, WhoseForm
from .scoped import (
    ScopedCreateView,
    ScopedEditView,
    ScopedFilterSet,
    ScopedIndexView,
    ScopedInspectView,
    ScopedModelViewSet,
    allowed,
    within,
)

CHANGE = "contacts.change_contact"
RELATED = ("user__card", "development", "home__development", "home__building", "journey__template")


def _now():
    return {"today": timezone.localdate(), "at": timezone.now()}


class ContactFilterSet(ScopedFilterSet):
    state = ChoiceFilter(
        label=_("State"),
        choices=[("now", _("today")), ("coming", _("begins later")), ("over", _("over"))],
        method="in_state",
        empty_label=_("All"),
        widget=RadioSelect,
    )

    class Meta:
        model = Contact
        fields = {"development": ["exact"], "role": ["exact"]}

    def in_state(self, contacts, name, value):
        today = timezone.localdate()
        over = Q(until__isnull=False, until__lte=today)
        if value == "over":
            return contacts.filter(over)
        return contacts.exclude(over).filter(**{"since__gt" if value == "coming" else "since__lte": today})


class ContactIndexView(ScopedIndexView):
    default_ordering = ("development", "home", "role", "-since")

    @property
    def header_buttons(self):
        if not self.user_has_permission("change"):
            return super().header_buttons
        url = reverse("desk_contact:hand_over_all")
        return [*super().header_buttons, HeaderButton(_("Hand over many"), url, icon_name="order")]


class Refused:
    """What an action refuses stands on the form."""

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except ContactError as error:
            form.add_error(None, str(error))
            self.produced_error_message = str(error)
            return self.form_invalid(form)


class ContactCreateView(Refused, ScopedCreateView):
    def get_initial(self):
        return {"since": timezone.localdate()}

    def save_instance(self):
        return actions.name_contact(by=self.request.user, **self.form.contact(), **_now())


class HandsOver:
    """A button that leads to the hand-over, while somebody can still take over."""

    @property
    def header_buttons(self):
        contact = self.object
        may = self.request.user.has_perm(CHANGE) and not hasattr(contact, "followed_by")
        if not may or contact.is_over(today=timezone.localdate()):
            return super().header_buttons
        url = reverse("desk_contact:hand_over", args=[contact.pk])
        return [*super().header_buttons, HeaderButton(_("Hand over"), url, icon_name="order")]


class ContactEditView(Refused, HandsOver, ScopedEditView):
    def save_instance(self):
        return actions.change_contact(
            self.object, by=self.request.user, today=timezone.localdate(), **self.form.cleaned_data
        )


class ContactInspectView(HandsOver, ScopedInspectView):
    def get_hours_display_value(self):
        return hours_of(self.object)

    def get_user_display_value(self):
        return self.object.name

    def get_follows_display_value(self):
        return self.object.follows and self.object.follows.name


def _own(request, pk):
    return get_object_or_404(within(Contact, request.user).select_related(*RELATED), pk=pk)


@allowed(CHANGE)
def hand_over(request, pk):
    """From one to another: the owners concerned are told."""
    contact = _own(request, pk)
    initial = {"on": timezone.localdate()}
    form = HandOverForm(request.POST if request.method == "POST" else None, initial=initial, leaves=contact.user)
    if request.method == "POST" and form.is_valid():
        try:
            new = actions.hand_over_contact(contact=contact, by=request.user, **form.cleaned_data, **_now())
        except ContactError as error:
            form.add_error(None, str(error))
        else:
            told = owners_of(new).count()
            words = ngettext("Handed over. %(n)s owner is told.", "Handed over. %(n)s owners are told.", told)
            messages.success(request, words % {"n": told})
            return redirect("desk_contact:inspect", new.pk)
    context = {"contact": contact, "form": form, "concerned": owners_of(contact).count()}
    return render(request, "desk/contacts/hand_over.html", context)


@allowed(CHANGE)
def hand_over_all(request):
    """Everything that one colleague looks after, as far as this person sees it: first whose, then to whom."""
    contacts = within(Contact, request.user).filter(followed_by=None).not_over(today=timezone.localdate())
    whose = WhoseForm(request.GET or None, contacts=contacts)
    if not whose.is_valid():
        return render(request, "desk/contacts/hand_over_all.html", {"whose": whose})
    user = whose.cleaned_data["user"]
    initial = {"on": timezone.localdate()}
    form = HandOverForm(request.POST if request.method == "POST" else None, initial=initial, leaves=user)
    if request.method == "POST" and form.is_valid():
        given = {**form.cleaned_data, **_now(), "by": request.user}
        try:
            count = actions.hand_over_all(user=user, contacts=within(Contact, request.user), **given)
        except ContactError as error:
            form.add_error(None, str(error))
        else:
            words = ngettext("%(n)s place is handed over.", "%(n)s places are handed over.", count)
            messages.success(request, words % {"n": count})
            return redirect("desk_contact:index")
    theirs = contacts.filter(user=user).select_related(*RELATED).order_by("development", "home", "role")
    context = {"whose": whose, "form": form, "leaver": user, "contacts": theirs}
    return render(request, "desk/contacts/hand_over_all.html", context)


def page_of(contact):
    return reverse("desk_contact:inspect", args=[contact.pk])


def home_of(contact):
    return contact.journey or contact.home or _("the whole development")


class ContactViewSet(ScopedModelViewSet):
    model = Contact
    icon = "mail"
    menu_label = _("People around homes")
    menu_name = "contacts"
    form_class = ContactForm
    select_related = RELATED
    list_display = [
        Column("role", label=_("Role"), accessor="get_role_display", sort_key="role"),
        TitleColumn("name", label=_("Who"), accessor="name", get_url=page_of),
        "development",
        Column("place", label=_("Home"), accessor=home_of),
        "since",
        "until",
    ]
    filterset_class = ContactFilterSet
    search_fields = ("user__name", "user__card__name_en", "user__card__name_zh", "home__number")
    inspect_view_fields = [
        "role",
        "user",
        "development",
        "home",
        "journey",
        "hours",
        "since",
        "until",
        "follows",
        "note_en",
        "note_zh",
    ]
    index_view_class = ContactIndexView
    add_view_class = ContactCreateView
    edit_view_class = ContactEditView
    inspect_view_class = ContactInspectView
    panels = [
        FieldRowPanel([FieldPanel("role"), FieldPanel("user")]),
        FieldPanel("development"),
        FieldPanel("home", widget=home_chooser.widget_class),
        FieldPanel("work"),
        FieldRowPanel([FieldPanel("hours"), FieldPanel("every_day")]),
        FieldRowPanel([FieldPanel("since"), FieldPanel("until")]),
    ]

    def get_edit_view_kwargs(self, **kwargs):
        return super().get_edit_view_kwargs(panel=None, form_class=ContactChangeForm, **kwargs)

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),  # first, since the menu leads to the first
            path("hand-over/", hand_over_all, name="hand_over_all"),
            path("<uuid:pk>/hand-over/", hand_over, name="hand_over"),
        ]
