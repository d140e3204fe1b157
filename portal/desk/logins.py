"""The logins of the staff. Nobody is created here and no password is set: people are invited to the one door.

Owners' logins are not listed; their files are under Owners.
"""

from django import forms
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import Button, HeaderButton

from accounts.actions import AccountError
from accounts.again import ProvedAgain
from accounts.groups import in_words
from accounts.models import User
from accounts.staff import change_rights, groups_to_give

from . import leaving, staff_invitations
from .colleagues import colleagues_of
from .scoped import SavesWithEvent, Scoped, ScopedHistoryView, ScopedIndexView
from .staff_invitations import GroupsField


class OnlyStaff(Scoped):
    def rows(self):
        return colleagues_of(self.request.user)


class LoginForm(WagtailAdminModelForm):
    """What may be changed about a colleague. Their addresses are theirs: with another's, one could come in as them."""

    groups = GroupsField(Group.objects.none(), required=False)
    is_superuser = forms.BooleanField(label=_("Administrator: may do everything everywhere"), required=False)

    class Meta:
        model = User
        fields = ["name", "email", "phone", "language"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("email", "phone"):
            self.fields[name].disabled = True
        self._offer_groups()
        self.initial["is_superuser"] = self.instance.is_superuser
        if not self.for_user.is_superuser:
            del self.fields["is_superuser"]
        if self.for_user == self.instance:
            for name in {"is_superuser", "groups"} & set(self.fields):
                self.fields[name].disabled = True

    def _offer_groups(self):
        """Those that the person may give; what the colleague has beyond is named, and stays."""
        offered, held = groups_to_give(self.for_user), list(self.instance.groups.all())
        self.fields["groups"].queryset = offered
        self.initial["groups"] = held
        beyond = in_words(group for group in held if group not in set(offered))
        if beyond:
            words = gettext("Besides, from an administrator: %(groups)s.")
            self.fields["groups"].help_text = words % {"groups": ", ".join(beyond)}

    def save(self, commit=True):
        """Only these fields: the row may have changed meanwhile, as when the login is being closed."""
        self.instance.save(update_fields=["name", "language"])
        return self.instance

    def change_rights(self, *, by):
        """Raises AccountError."""
        if self.instance == by:
            return
        held = set(self.instance.groups.all())
        beyond = held - set(self.fields["groups"].queryset)
        change_rights(
            self.instance,
            groups=set(self.cleaned_data["groups"]) | beyond,
            administrator=self.cleaned_data.get("is_superuser"),
            by=by,
        )


class LoginIndexView(OnlyStaff, ScopedIndexView):
    page_title = _("Logins of the staff")

    def get_base_queryset(self):
        return self.rows().prefetch_related("groups")

    @property
    def header_buttons(self):
        return [
            HeaderButton(gettext("Invite staff"), url=reverse("wagtailusers_users:invite"), icon_name="mail"),
            HeaderButton(gettext("Invited"), url=reverse("wagtailusers_users:invitations"), icon_name="group"),
            HeaderButton(gettext("Have left"), url=reverse("wagtailusers_users:former"), icon_name="history"),
        ]


class LoginEditView(OnlyStaff, ProvedAgain, SavesWithEvent, generic.EditView):
    verb = "changed"
    can_delete = False

    def get_queryset(self):
        return self.rows()

    @property
    def header_more_buttons(self):
        ways = [
            ("access", gettext("Where they are logged in"), "desktop"),
            ("leave", gettext("This person leaves"), "logout"),
        ]
        return [
            Button(label, url=reverse(f"wagtailusers_users:{name}", args=[self.object.pk]), icon_name=icon)
            for name, label, icon in ways
        ]

    def save_instance(self):
        saved = super().save_instance()
        self.form.change_rights(by=self.request.user)
        return saved

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except AccountError as error:
            form.add_error(None, str(error))
            return self.form_invalid(form)


class LoginHistoryView(OnlyStaff, ScopedHistoryView):
    pass


class LoginViewSet(ModelViewSet):
    model = User
    icon = "group"
    menu_label = _("Logins")
    add_to_reference_index = False
    copy_view_enabled = False
    search_backend_name = None
    search_fields = ("name", "email")
    ordering = "name"
    list_display = [
        "name",
        "email",
        "phone",
        Column("groups", label=_("Groups"), accessor=lambda user: ", ".join(in_words(user.groups.all()))),
        BooleanColumn("is_active", label=_("Active")),
        DateColumn("last_login", label=_("Last login")),
    ]
    list_filter = ["groups", "is_active"]
    index_view_class = LoginIndexView
    edit_view_class = LoginEditView
    history_view_class = LoginHistoryView
    without = ("add", "delete", "usage")

    def get_form_class(self, for_update=False):
        return LoginForm

    def get_common_view_kwargs(self, **kwargs):
        return super().get_common_view_kwargs(**{f"{view}_url_name": None for view in self.without}, **kwargs)

    def get_urlpatterns(self):
        kept = [pattern for pattern in super().get_urlpatterns() if pattern.name not in self.without]
        return [*kept, *staff_invitations.urlpatterns, *leaving.urlpatterns]
