"""Owners and what ties them to homes, on the desk."""

from django import forms
from django.db.models import Exists, OuterRef, Prefetch
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from phonenumber_field.formfields import PhoneNumberField
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import Column

from accounts.actions import set_address
from accounts.events.actions import record
from accounts.models import Channel, Invitation, Owner
from progress.actions import turn_rights
from progress.households.actions import close_invitations_of_former_hosts
from progress.models import Home, Ownership, RightState, Role

from . import invitations, told
from .choosers import home_chooser, owner_chooser
from .looks import who_looked
from .scoped import (
    ScopedCreateView,
    ScopedEditView,
    ScopedForm,
    ScopedIndexView,
    ScopedInspectView,
    ScopedModelViewSet,
    within,
)

ADDRESSES = {"email": Channel.EMAIL, "phone": Channel.SMS}
DAY = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class OwnerForm(ScopedForm):
    """A new owner comes with a home, or whoever works at one development would lose sight of them at once.

    The addresses are those on the customer's record; the one that a login proved is changed by its holder.
    """

    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = PhoneNumberField(label=_("Telephone"), required=False)
    home = forms.ModelChoiceField(Home.objects.all(), label=_("Home"), widget=home_chooser.widget_class)
    role = forms.ChoiceField(label=_("Role"), choices=Role)
    since = forms.DateField(label=_("From"), widget=DAY)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance._state.adding:
            for name in ("home", "role", "since"):
                del self.fields[name]
            for name, channel in ADDRESSES.items():
                address = self.instance.addresses.filter(channel=channel).first()
                self.initial[name] = address.value if address else ""


class KeepsAddresses:
    """What was written into the form becomes the customer's address on that channel."""

    def save_instance(self):
        owner = super().save_instance()
        for name, channel in ADDRESSES.items():
            if name in self.form.changed_data:
                value = str(self.form.cleaned_data[name] or "")
                set_address(owner, channel=channel, value=value, by=self.request.user, at=timezone.now())
        return owner


class OwnerEditView(KeepsAddresses, ScopedEditView):
    """What was erased is not written anew."""

    def get_queryset(self):
        return super().get_queryset().active()


class OwnerCreateView(KeepsAddresses, ScopedCreateView):
    def get_initial(self):
        return {"since": timezone.localdate(), "role": Role.OWNER}

    def save_instance(self):
        owner, given = super().save_instance(), self.form.cleaned_data
        ownership = Ownership.objects.create(owner=owner, home=given["home"], role=given["role"], since=given["since"])
        record("created", ownership, by=self.request.user, home=ownership.home)
        turn_rights(on=timezone.localdate())
        return owner


class OwnerIndexView(ScopedIndexView):
    def get_base_queryset(self):
        ties = within(Ownership, self.request.user).select_related("home__development")
        return super().get_base_queryset().prefetch_related(Prefetch("ownerships", ties, to_attr="ties_in_sight"))


class OwnerInspectView(ScopedInspectView):
    """The owner's file. Opening it is noted in the log."""

    template_name = "desk/owner.html"

    def get_context_data(self, **kwargs):
        owner = self.object
        invitation = owner.invitations.first()
        return super().get_context_data(
            ownerships=within(Ownership, self.request.user)
            .filter(owner=owner)
            .select_related("home__development", "home__building"),
            addresses=owner.addresses.all(),
            invitation=invitation,
            invitation_state=invitation and invitation.state(at=timezone.now()),
            may_invite=not owner.user_id and not owner.erased_at and self.request.user.has_perm(invitations.PERMISSION),
            invite_form=invitations.form_for(owner),
            looks=who_looked(owner, self.request.user),
            **kwargs,
        )


def in_the_portal(owner):
    """In a word: how far this owner has come into the portal."""
    if owner.erased_at:
        return _("erased")
    if owner.user_id:
        return _("has a login")
    return _("invited") if owner.is_invited else _("not invited")


def homes_in_sight(owner):
    """The owner's homes in the developments of whoever looks."""
    return ", ".join(str(ownership.home) for ownership in owner.ties_in_sight)


OPEN_INVITATIONS = Invitation.objects.filter(owner=OuterRef("pk"), used_at=None, revoked_at=None)


class OwnerViewSet(ScopedModelViewSet):
    model = Owner
    path = "ownerships__home__development"
    icon = "user"
    form_class = OwnerForm
    annotations = {"is_invited": Exists(OPEN_INVITATIONS)}
    list_display = [
        "name",
        "customer_no",
        Column("homes", label=_("Homes"), accessor=homes_in_sight),
        "language",
        Column("portal", label=_("Portal"), accessor=in_the_portal),
    ]
    list_filter = {"ownerships__home__development": ["exact"], "language": ["exact"]}
    search_fields = ("name", "customer_no")
    index_view_class = OwnerIndexView
    add_view_class = OwnerCreateView
    edit_view_class = OwnerEditView
    inspect_view_class = OwnerInspectView
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("customer_no")]),
        FieldRowPanel([FieldPanel("email"), FieldPanel("phone")]),
        FieldPanel("language"),
        MultiFieldPanel(
            [FieldPanel("home"), FieldRowPanel([FieldPanel("role"), FieldPanel("since")])], heading=_("Home")
        ),
    ]

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), *invitations.urlpatterns, *told.urlpatterns]


class TurnsRights:
    """Whoever may come in from today, or no longer, may do so at once; nor may those whom they invited."""

    def save_instance(self):
        right = super().save_instance()
        turn_rights(on=timezone.localdate())
        close_invitations_of_former_hosts(by=self.request.user, at=timezone.now())
        return right


class RightCreateView(TurnsRights, ScopedCreateView):
    def get_initial(self):
        return {"since": timezone.localdate()}


class RightEditView(TurnsRights, ScopedEditView):
    pass


class OwnershipForm(ScopedForm):
    """Another home or another owner is another ownership; this one ends."""

    fixed = ("home", "owner", "since")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.state == RightState.ENDED:
            self.fields["until"].required = True
        if self.instance._state.adding:
            self.fields["owner"].queryset = self.fields["owner"].queryset.active()

    def clean(self):
        cleaned = super().clean()
        pair = {"home": cleaned.get("home"), "owner": cleaned.get("owner")}
        if self.instance._state.adding and Ownership.objects.filter(**pair).exclude(state=RightState.ENDED).exists():
            raise self.instance.unique_error_message(Ownership, ("home", "owner"))
        return cleaned


class OwnershipIndexView(ScopedIndexView):
    """The newest first, and joined with nothing: by place, each page would sort a whole estate through four tables."""

    default_ordering = ("-since", "pk")

    def get_base_queryset(self):
        return super().get_base_queryset().select_related(None).prefetch_related("home__development", "owner")


class OwnershipViewSet(ScopedModelViewSet):
    model = Ownership
    path = "home__development"
    icon = "key"
    form_class = OwnershipForm
    select_related = ("home__development", "owner")
    index_view_class = OwnershipIndexView
    list_display = ["owner", "home", "role", "since", "until", "state"]
    list_filter = {"home__development": ["exact"], "role": ["exact"], "state": ["exact"]}
    search_fields = ("owner__name", "owner__customer_no", "home__number")
    inspect_view_fields = ["owner", "home", "role", "since", "until", "state"]
    add_view_class = RightCreateView
    edit_view_class = RightEditView
    panels = [
        FieldPanel("home", widget=home_chooser.widget_class),
        FieldPanel("owner", widget=owner_chooser.widget_class),
        FieldPanel("role"),
        FieldRowPanel([FieldPanel("since"), FieldPanel("until")]),
    ]
