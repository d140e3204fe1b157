"""Journey templates on the desk: each version to look at; a draft to write, to put in force, to move homes to."""

from functools import wraps

from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe
from wagtail.admin.ui.tables import Column, TitleColumn

from progress.contacts.roles import ContactRole
from progress.documents.models import Kind as DocumentKind
from progress.journeys import versions
from progress.journeys.actions import JourneyError
from progress.journeys.models import JourneyTemplate, StageTemplate

from . import version_moves as moves
from .scoped import EverywherePolicy, ScopedIndexView, ScopedModelViewSet, within
from .version_forms import StageForm, StepsFormSet, steps_of


def of_version(action):
    """A view of one version, for those who may do `action` with templates."""

    def decorate(view):
        @wraps(view)
        def guarded(request, pk, **kwargs):
            if not EverywherePolicy(JourneyTemplate, "pk").user_has_permission(request.user, action):
                raise Http404
            return view(request, get_object_or_404(within(JourneyTemplate, request.user), pk=pk), **kwargs)

        return guarded

    return decorate


def changing_version(view):
    """A POST that changes a version; what is refused is said on the page of the version."""

    @require_POST
    @of_version("change")
    @wraps(view)
    def guarded(request, template, **kwargs):
        try:
            return view(request, template, **kwargs)
        except JourneyError as error:
            messages.error(request, str(error))
            return redirect("desk_journeytemplate:version", template.pk)

    return guarded


@require_safe
@of_version("view")
def version(request, template):
    """Its stages and milestones as they stand, and what can be done with it."""
    kinds = dict(DocumentKind.choices)
    stages = list(template.stages.prefetch_related("milestones"))
    for stage in stages:
        stage.asked = [role.label for role in ContactRole if role in stage.contact_roles]
        stage.papers = [kinds[kind] for kind in stage.document_kinds if kind in kinds]
    context = {
        "template": template,
        "stages": stages,
        "homes": template.journey_set.filter(ended=None).count(),
        "elsewhere": moves.movable(request.user, template).count() if template.is_in_force else 0,
    }
    return render(request, "desk/versions/version.html", context)


@changing_version
def draft(request, template):
    made = versions.draft_version(template, by=request.user)
    messages.success(request, gettext("A copy to work on. Nobody follows it until it is put in force."))
    return redirect("desk_journeytemplate:version", made.pk)


@changing_version
def put_in_force(request, template):
    versions.put_in_force(template, by=request.user)
    messages.success(request, gettext("New journeys start with this version. Homes on the way stay on theirs."))
    return redirect("desk_journeytemplate:version", template.pk)


@changing_version
def remove(request, template):
    versions.remove_version(template, by=request.user)
    messages.success(request, gettext("The version is removed."))
    return redirect("desk_journeytemplate:index")


@changing_version
def remove_stage(request, template, stage_pk):
    versions.remove_stage(get_object_or_404(template.stages, pk=stage_pk), by=request.user)
    messages.success(request, gettext("The stage is removed."))
    return redirect("desk_journeytemplate:version", template.pk)


@of_version("change")
def stage(request, template, stage_pk=None):
    """One stage of a draft with its milestones, there already or new."""
    if not template.is_draft:
        messages.error(request, gettext("This version is no draft any more, so it cannot be changed."))
        return redirect("desk_journeytemplate:version", template.pk)
    if stage_pk:
        row = get_object_or_404(template.stages, pk=stage_pk)
    else:
        row = StageTemplate(template=template, order=versions.next_place(template))
    form = StageForm(request.POST or None, instance=row)
    steps = StepsFormSet(request.POST or None, initial=steps_of(row) if row.pk else [], prefix="steps")
    if request.method == "POST" and all([form.is_valid(), steps.is_valid()]):
        try:
            versions.save_stage(form.save(commit=False), steps.steps(), by=request.user)
            messages.success(request, gettext("The stage is saved."))
            return redirect("desk_journeytemplate:version", template.pk)
        except JourneyError as error:
            form.add_error(None, str(error))
    context = {"template": template, "stage": row, "form": form, "steps": steps}
    return render(request, "desk/versions/stage.html", context)


def page_of(template):
    return reverse("desk_journeytemplate:version", args=[template.pk])


class JourneyTemplateIndexView(ScopedIndexView):
    default_ordering = ("kind", "-version")
    columns = [
        TitleColumn("kind", label=_("Kind of work"), accessor="get_kind_display", get_url=page_of),
        Column("version", label=_("Version")),
        Column("state", label=_("State"), accessor="get_state_display"),
        Column("homes", label=_("Homes on the way")),
    ]


class JourneyTemplateViewSet(ScopedModelViewSet):
    model = JourneyTemplate
    path = "pk"
    policy_class = EverywherePolicy
    icon = "list-ol"
    menu_label = _("Journey templates")
    menu_name = "versions"  # from its label it would begin as that of the journeys, and both would be marked
    menu_order = 32
    add_to_admin_menu = True
    annotations = {"homes": Count("journey", filter=Q(journey__ended=None))}
    index_view_class = JourneyTemplateIndexView
    inspect_view_enabled = False
    without = ("add", "edit", "delete", "usage")
    panels = ()

    def get_urlpatterns(self):
        own = [
            path("<int:pk>/version/", version, name="version"),
            path("<int:pk>/draft/", draft, name="draft"),
            path("<int:pk>/stages/new/", stage, name="stage_new"),
            path("<int:pk>/stages/<int:stage_pk>/", stage, name="stage"),
            path("<int:pk>/stages/<int:stage_pk>/remove/", remove_stage, name="stage_remove"),
            path("<int:pk>/put-in-force/", put_in_force, name="put_in_force"),
            path("<int:pk>/remove/", remove, name="remove"),
            path("<int:pk>/homes/", of_version("change")(moves.choose), name="homes"),
            path("<int:pk>/homes/preview/", require_POST(of_version("change")(moves.preview)), name="homes_preview"),
            path("<int:pk>/homes/move/", require_POST(of_version("change")(moves.move)), name="homes_move"),
        ]
        return [*super().get_urlpatterns(), *own]
