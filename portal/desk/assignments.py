"""Where each member of staff works."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel

from accounts.again import ProvedAgain
from accounts.models import User
from progress.models import Assignment

from .people import RightCreateView, RightEditView
from .scoped import ScopedForm, ScopedModelViewSet, works_everywhere


def staff():
    """Logins that work at the desk, or will once their groups say so."""
    return User.objects.filter(Q(groups__isnull=False) | Q(is_superuser=True)).distinct()


class AssignmentForm(ScopedForm):
    """Only who works everywhere may send somebody everywhere."""

    fixed = ("user", "development", "since")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = staff().order_by("name")

    def clean_development(self):
        development = self.cleaned_data["development"]
        if development is None and not works_everywhere(self.for_user):
            raise forms.ValidationError(_("Please choose one of your developments."))
        return development


class AssignmentCreateView(ProvedAgain, RightCreateView):
    pass


class AssignmentEditView(ProvedAgain, RightEditView):
    pass


class AssignmentViewSet(ScopedModelViewSet):
    model = Assignment
    icon = "group"
    form_class = AssignmentForm
    select_related = ("user", "development")
    list_display = ["user", "role", "development", "since", "until", "state"]
    list_filter = ["development", "role", "state"]
    search_fields = ("user__name", "user__email")
    inspect_view_fields = ["user", "role", "development", "since", "until", "state"]
    add_view_class = AssignmentCreateView
    edit_view_class = AssignmentEditView
    panels = [
        FieldPanel("user"),
        FieldRowPanel([FieldPanel("role"), FieldPanel("development")]),
        FieldRowPanel([FieldPanel("since"), FieldPanel("until")]),
    ]
