"""The two reports that editors work from: translations that lag behind, and dated drafts that nobody scheduled."""

import django_filters
from django.contrib import messages
from django.http import Http404
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy
from django.views.decorators.http import require_POST
from wagtail.admin.filters import WagtailFilterSet
from wagtail.admin.ui.tables import Column, DateColumn, TitleColumn
from wagtail.admin.views.reports import PageReportView
from wagtail.models import Locale, Page
from wagtail.permissions import page_permission_policy

from progress.imports.cells import neutral

from . import dated
from .translating import State, TranslationError, mark_current, sources, with_translation

EDITORS = ["add", "change", "publish"]


def edits_pages(user):
    return page_permission_policy.user_has_any_permission(user, EDITORS)


def editable(user):
    """The pages that this person may edit."""
    return page_permission_policy.instances_user_has_permission_for(user, "change")


def to_translate(user):
    """The sources among them, each with the State of its translation; what was withdrawn needs none."""
    pages = sources(editable(user)).exclude(live=False, first_published_at__isnull=False)
    return with_translation(pages).select_related("locale", "content_type")


def without_current(pages):
    return pages.exclude(translation_state=State.CURRENT)


class Report(PageReportView):
    """For whoever edits pages; nobody else is told that it is there."""

    results_template_name = "wagtailadmin/reports/base_report_results.html"
    any_permission_required = EDITORS

    def dispatch(self, request, *args, **kwargs):
        if not edits_pages(request.user):
            raise Http404
        return super().dispatch(request, *args, **kwargs)

    def preprocess_field_value(self, field, value, export_format):
        """A title is no formula in anybody's spreadsheet."""
        value = super().preprocess_field_value(field, value, export_format)
        return neutral(value) if isinstance(value, str) else value

    def edit_url(self, page):
        return reverse("wagtailadmin_pages:edit", args=[page.pk])


class ActionColumn(Column):
    """What to do about a row: links, and a button that posts."""

    cell_template_name = "cms/editing/cell_translation.html"

    def get_cell_context_data(self, instance, parent_context):
        context = super().get_cell_context_data(instance, parent_context)
        return context | {"csrf_token": get_token(context["request"])}  # which no cell is given


class TranslationFilter(WagtailFilterSet):
    language = django_filters.ModelChoiceFilter(
        label=gettext_lazy("Language to translate into"), queryset=Locale.objects.all(), method="into"
    )
    state = django_filters.ChoiceFilter(
        label=pgettext_lazy("of a translation", "State"),
        choices=State.choices,
        empty_label=gettext_lazy("All that need something"),
        method="in_state",
    )

    class Meta:
        model = Page
        fields = []

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.filters.pop("locale", None)  # Wagtail's, of the language a page is in: beside ours it would confuse

    def into(self, pages, name, language):
        return pages.exclude(locale=language)

    def in_state(self, pages, name, state):
        return pages.filter(translation_state=state)

    def filter_queryset(self, queryset):
        found = super().filter_queryset(queryset)
        return found if self.form.cleaned_data.get("state") else without_current(found)


class TranslationsView(Report):
    page_title = gettext_lazy("Translations")
    header_icon = "globe"
    filterset_class = TranslationFilter
    index_url_name = "editing:translations"
    index_results_url_name = "editing:translations_results"
    default_ordering = "-last_published_at"
    export_filename = "translations"
    list_export = ["draft_title", "language", "kind", "state", "last_published_at", "translation_published_at"]
    export_headings = {
        "draft_title": gettext_lazy("Page"),
        "language": gettext_lazy("Written in"),
        "kind": gettext_lazy("Type"),
        "state": gettext_lazy("Translation"),
        "last_published_at": gettext_lazy("Original published"),
        "translation_published_at": gettext_lazy("Translation published"),
    }

    @cached_property
    def columns(self):
        return [
            TitleColumn("draft_title", label=_("Page"), get_url=self.edit_url, sort_key="draft_title"),
            Column("language", label=_("Written in")),
            Column("kind", label=_("Type")),
            DateColumn("last_published_at", label=_("Original published"), sort_key="last_published_at"),
            Column("state", label=_("Translation")),
            DateColumn("translation_published_at", label=_("Translation published")),
            ActionColumn("actions", label=_("To do")),
        ]

    def get_queryset(self):
        self.queryset = to_translate(self.request.user)
        return super().get_queryset()

    def filter_queryset(self, queryset):
        """A choice that is none is passed over."""
        return super().filter_queryset(queryset) if self.filters.is_valid() else without_current(queryset)

    def decorate_paginated_queryset(self, object_list):
        """Everything that a row shows, with no query of its own."""
        for page in object_list:
            page.state = capfirst(State(page.translation_state).label)
            page.language = page.locale.get_display_name()
            page.kind = page.content_type.model_class().get_verbose_name()
        return object_list


class DatedView(Report):
    page_title = gettext_lazy("Dated drafts that nobody scheduled")
    header_icon = "calendar-alt"
    index_url_name = "editing:dated"
    index_results_url_name = "editing:dated_results"
    export_filename = "dated-drafts"
    list_export = ["draft_title", "meant_for", "language", "missing"]
    export_headings = {
        "draft_title": gettext_lazy("Page"),
        "meant_for": gettext_lazy("Meant for"),
        "language": gettext_lazy("Written in"),
        "missing": gettext_lazy("What is missing"),
    }

    @cached_property
    def columns(self):
        return [
            TitleColumn("draft_title", label=_("Page"), get_url=self.edit_url),
            DateColumn("meant_for", label=_("Meant for")),
            Column("language", label=_("Written in")),
            Column("missing", label=_("What is missing")),
        ]

    def get_queryset(self):
        pages = dated.unscheduled(editable(self.request.user))
        self.queryset = pages.select_related("locale", "content_type").prefetch_workflow_states()
        return super().get_queryset()

    def decorate_paginated_queryset(self, object_list):
        now, user = timezone.now(), self.request.user
        for page in object_list:
            page.language = page.locale.get_display_name()
            may_publish = page.permissions_for_user(user).can_publish()
            page.missing = dated.what_is_missing(page, meant_for=page.meant_for, may_publish=may_publish, at=now)
        return object_list


@require_POST
def current(request, pk):
    """The source has changed in a way that its translation need not follow."""
    if not edits_pages(request.user):
        raise Http404
    source = get_object_or_404(to_translate(request.user), pk=pk)
    try:
        mark_current(source, by=request.user, at=timezone.now())
    except TranslationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("Noted: “%(page)s” needs no change in translation.") % {"page": source.draft_title})
    back = request.POST.get("next", "")
    here = url_has_allowed_host_and_scheme(back, {request.get_host()}, require_https=request.is_secure())
    return redirect(back if here else reverse("editing:translations"))
