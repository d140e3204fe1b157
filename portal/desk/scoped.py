"""Customers' rows in the Wagtail admin: every view starts from the rows of the developments assigned to the person.

Wagtail asks a permission policy about rows only here and there; its index, edit, inspect and history views
show any row. So the views below narrow their querysets themselves, and the policy stands beside them for whatever
else asks: choosers, usage, reports, editing sessions.
"""

from functools import wraps

from django.core.exceptions import PermissionDenied
from django.db.models.constants import LOOKUP_SEP
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_filters import ModelChoiceFilter
from django_filters.utils import get_model_field
from wagtail.admin.admin_url_finder import ModelAdminURLFinder
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.forms.models import WagtailAdminModelForm
from wagtail.admin.panels import ObjectList
from wagtail.admin.ui.tables import Column, DateColumn
from wagtail.admin.views import generic
from wagtail.admin.viewsets.model import ModelViewSet
from wagtail.permission_policies import ModelPermissionPolicy
from wagtail.permissions import policy_registry, register_permission_policy

from accounts.events.actions import record
from accounts.events.models import Event
from accounts.events.words import reason_in_words, verb_in_words
from progress import scope
from progress.staff.actions import everywhere

from .looks import NotesLooks


class ScopedPolicy(ModelPermissionPolicy):
    """The groups say what, the assignments say where. `path` leads from a row to its development."""

    def __init__(self, model, path):
        super().__init__(model)
        self.path = path

    def within(self, user):
        """The rows of the developments assigned to `user`; nothing that they merely own."""
        rows = self.model._default_manager.all()
        # A subquery, since a path such as "ownerships__home__development" meets the same row more than once.
        assigned = scope.of_assigned(user, self.model, self.path)
        if assigned is scope.EVERYTHING:
            return rows
        return rows.filter(pk__in=rows.filter(assigned).order_by().values("pk"))

    def user_has_permission_for_instance(self, user, action, instance):
        return self.user_has_permission(user, action) and self.within(user).filter(pk=instance.pk).exists()

    def instances_user_has_any_permission_for(self, user, actions):
        return self.within(user) if self.user_has_any_permission(user, actions) else self.model._default_manager.none()


def works_everywhere(user):
    """Whether this member of staff is assigned all developments. Asked once a request: lists ask for each row."""
    if not hasattr(user, "_works_everywhere"):
        user._works_everywhere = everywhere(user)
    return user._works_everywhere


class EverywherePolicy(ScopedPolicy):
    """For what counts in several developments: only those who work everywhere see or change it."""

    def user_has_permission(self, user, action):
        return super().user_has_permission(user, action) and works_everywhere(user)

    def within(self, user):
        rows = self.model._default_manager.all()
        return rows if self.user_has_any_permission(user, ["view", "change"]) else rows.none()


def allowed(permission):
    """Decorator: whoever's groups do not say so is told that there is no such page."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.has_perm(permission):
                raise Http404
            return view(request, *args, **kwargs)

        return guarded

    return decorate


def register(model, policy):
    """Give `model` its policy, once. Raises RuntimeError when Wagtail has already made one that knows no place."""
    known = policy_registry.get_by_type(model, fallback=False)
    if known is None:
        register_permission_policy(model, policy)
    elif not isinstance(known, ScopedPolicy):
        raise RuntimeError(f"Wagtail made a policy of its own for {model.__name__}, before ours was registered.")


def within(model, user):
    """The rows of `model` that this member of staff may see on the desk."""
    return policy_registry.get_by_type(model).within(user)


def narrow(choices, user):
    """A queryset offered to choose from, without the rows of developments that aren't `user`'s."""
    policy = policy_registry.get_by_type(choices.model, fallback=False)
    if not isinstance(policy, ScopedPolicy):
        return choices
    rows = policy.within(user)
    return rows.select_related("development") if policy.path == "development" else rows  # their names say where


class ScopedForm(WagtailAdminModelForm):
    """Offers and accepts only rows that the person may see. `fixed` fields can't change once the row is there."""

    fixed = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if hasattr(field, "queryset"):
                field.queryset = narrow(field.queryset, self.for_user)
                field.widget.user = self.for_user  # choosers ask for whom they show a row
            field.disabled = field.disabled or (name in self.fixed and not self.instance._state.adding)


class ScopedFilterSet(WagtailFilterSet):
    """Filters name only what the person may see, and are called after the field that they end at."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for declared in self.filters.values():
            if LOOKUP_SEP in declared.field_name:
                declared.label = capfirst(get_model_field(self._meta.model, declared.field_name).verbose_name)
            if getattr(declared, "queryset", None) is not None:
                declared.queryset = narrow(declared.queryset, self.request.user)
                if isinstance(declared, ModelChoiceFilter):
                    declared.extra["empty_label"] = _("All")


class Scoped:
    """What each view of a scoped viewset adds: its rows, and 404 for whoever may not see them at all."""

    select_related = ()

    def dispatch(self, request, *args, **kwargs):
        try:
            return super().dispatch(request, *args, **kwargs)
        except PermissionDenied as error:
            raise Http404 from error

    def rows(self):
        return within(self.model, self.request.user).select_related(*self.select_related)


class SavesWithEvent:
    """Saves without Wagtail's log, which keeps customers' names and shows them to other sites; our events have ids."""

    verb = ""

    def save_instance(self):
        """Runs in a transaction. The view has checked the permission already."""
        row, user = self.form.instance, self.request.user
        self.action_class(row, user=user, form=self.form, log_action=False).execute(skip_permission_checks=True)
        record(self.verb, row, by=user, home=_home_of(row))
        return row


def _home_of(instance):
    return instance if instance._meta.model_name == "home" else getattr(instance, "home", None)


class ScopedIndexView(Scoped, generic.IndexView):
    base_filterset_class = ScopedFilterSet
    annotations = {}

    def setup(self, request, *args, **kwargs):
        super().setup(request, *args, **kwargs)
        self.is_export = False  # exports come as a job of their own, logged

    def get_base_queryset(self):
        return self.rows().annotate(**self.annotations)


class ScopedCreateView(Scoped, SavesWithEvent, generic.CreateView):
    verb = "created"


class ScopedEditView(NotesLooks, Scoped, SavesWithEvent, generic.EditView):
    verb = "changed"
    can_delete = False

    def get_queryset(self):
        return self.rows()


class ScopedInspectView(NotesLooks, Scoped, generic.InspectView):
    page_title = ""

    def get_header_title(self):
        return self.get_page_subtitle()

    def get_object(self, queryset=None):
        return get_object_or_404(self.rows(), pk=self.pk)

    def get_fields_context(self):
        """A line for what there is; what nobody has decided or said yet has none."""
        return [each for each in super().get_fields_context() if each["value"] not in ("", None)]


class ScopedHistoryView(NotesLooks, Scoped, generic.HistoryView):
    """Who did what to this row, from our own log."""

    any_permission_required = ["add", "change", "view"]
    filterset_class = None
    columns = [
        Column("verb", label=_("What"), accessor=verb_in_words),
        Column("actor", label=_("Who"), accessor=lambda event: event.actor or _("the portal")),
        Column("reason", label=pgettext_lazy("the reason", "Why"), accessor=reason_in_words),
        DateColumn("at", label=_("When")),
    ]
    header_buttons = []

    def get_base_object_queryset(self):
        return self.rows()

    def get_queryset(self):
        label = self.model._meta.label_lower
        return Event.objects.filter(subject_kind=label, subject_id=str(self.pk)).select_related("actor")


class ScopedModelViewSet(ModelViewSet):
    """The only viewset for customers' data. Without copy, delete, usage and export, whose pages ask nobody.

    `path` leads from a row to its development: "pk", "development", "home__development".
    """

    path = "development"
    form_class = ScopedForm
    select_related = ()
    annotations = {}  # for the list
    policy_class = ScopedPolicy
    add_to_reference_index = False
    copy_view_enabled = False
    inspect_view_enabled = True
    search_backend_name = None
    search_fields = ()
    without = ("delete", "usage")

    index_view_class = ScopedIndexView
    add_view_class = ScopedCreateView
    edit_view_class = ScopedEditView
    inspect_view_class = ScopedInspectView
    history_view_class = ScopedHistoryView

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        register(self.model, self.policy_class(self.model, self.path))

    @cached_property
    def name(self):
        """The namespace of its addresses; the owners' pages have the plain nouns."""
        return f"desk_{self.model_name}"

    @cached_property
    def url_finder_class(self):
        """Leads to a row's form, or to its page where it has no form."""
        view = "inspect" if "edit" in self.without else "edit"
        return type("ScopedURLFinder", (ModelAdminURLFinder,), {"edit_url_name": self.get_url_name(view)})

    @cached_property
    def url_prefix(self):
        return self.name.removeprefix("desk_")

    def get_common_view_kwargs(self, **kwargs):
        names = {f"{view}_url_name": None for view in self.without}
        return super().get_common_view_kwargs(select_related=self.select_related, **names, **kwargs)

    def get_index_view_kwargs(self, **kwargs):
        return super().get_index_view_kwargs(annotations=self.annotations, **kwargs)

    def get_edit_handler(self):
        handler = ObjectList(self.panels, base_form_class=self.form_class)
        return handler.bind_to_model(self.model)

    def get_urlpatterns(self):
        return [pattern for pattern in super().get_urlpatterns() if pattern.name not in self.without]
