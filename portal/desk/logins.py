"""The logins of the staff. Nobody is created here and no password is set: people are invited to the one door.

Owners' logins are not listed; their files are under Owners.
"""

from django import forms
from django.contrib.auth.models import Group
from django.db.models import Exists, OuterRef, Q
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _
from wagtail.admin import messages
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.admin.widgets.button import HeaderButton

from accounts import actions
from accounts.models import User
from progress.models import Assignment

from .assignments import staff
from .scoped import SavesWithEvent, Scoped, ScopedHistoryView, ScopedIndexView, works_everywhere

PERMISSION = "accounts.change_user"


class OnlyStaff(Scoped):
    """Administrators are seen and changed by administrators alone; colleagues by who works wherever they do."""

    def rows(self):
        user, colleagues = self.request.user, staff()
        if user.is_superuser:
            return colleagues
        colleagues = colleagues.filter(is_superuser=False)
        if works_everywhere(user):
            return colleagues
        mine = Q(development__in=user.assignments.live().values("development"))
        posts = Assignment.objects.live().filter(user=OuterRef("pk"))
        return colleagues.filter(Exists(posts.filter(mine)), ~Exists(posts.exclude(mine)))


class GroupsField(forms.ModelMultipleChoiceField):
    """Compares ids as text: the database breaks over one that is too long for its column."""

    def __init__(self, **kwargs):
        super().__init__(Group.objects.all(), label=_("Groups"), widget=forms.CheckboxSelectMultiple, **kwargs)

    def clean(self, value):
        known = {str(pk) for pk in self.queryset.values_list("pk", flat=True)}
        for unknown in {str(pk) for pk in value or ()} - known:
            raise forms.ValidationError(self.error_messages["invalid_choice"], params={"value": unknown})
        return super().clean(value)


class LoginForm(WagtailAdminModelForm):
    """What may be changed about a colleague. Their addresses are theirs: with another's, one could come in as them."""

    groups = GroupsField(required=False)

    class Meta:
        model = User
        fields = ["name", "email", "phone", "language", "groups", "is_active", "is_superuser"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("email", "phone"):
            self.fields[name].disabled = True
        self.fields["is_superuser"].label = _("Administrator: may do everything everywhere")
        if not self.for_user.is_superuser:
            del self.fields["is_superuser"]
        if self.for_user == self.instance:
            for name in {"is_active", "is_superuser", "groups"} & set(self.fields):
                self.fields[name].disabled = True


class InviteStaffForm(forms.Form):
    """Someone who will work at the desk."""

    name = forms.CharField(label=_("Name"), max_length=150)
    email = forms.EmailField(label=_("E-mail"))
    groups = GroupsField()


class LoginIndexView(OnlyStaff, ScopedIndexView):
    page_title = _("Logins of the staff")

    def get_base_queryset(self):
        return self.rows().prefetch_related("groups")

    @property
    def header_buttons(self):
        return [HeaderButton(translate("Invite staff"), url=reverse("wagtailusers_users:invite"), icon_name="mail")]


class LoginEditView(OnlyStaff, SavesWithEvent, generic.EditView):
    verb = "changed"
    can_delete = False

    def get_queryset(self):
        return self.rows()


class LoginHistoryView(OnlyStaff, ScopedHistoryView):
    pass


def invite(request):
    """Invite somebody who will work at the desk."""
    if not request.user.has_perm(PERMISSION):
        raise Http404
    form = InviteStaffForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            actions.invite_staff(by=request.user, at=timezone.now(), **form.cleaned_data)
        except actions.AccountError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, translate("The invitation is on its way. It is good for 14 days."))
            return redirect("wagtailusers_users:index")
    return render(request, "desk/invite_staff.html", {"form": form})


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
        Column("groups", label=_("Groups"), accessor=lambda user: ", ".join(str(group) for group in user.groups.all())),
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
        return [*kept, path("invite/", invite, name="invite")]
