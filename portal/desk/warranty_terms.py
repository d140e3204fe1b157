"""The terms of the warranty on the desk: staff read them beside tickets; who works everywhere adds to them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn

from progress.warranties.covering import length_of
from progress.warranties.models import Term

from .scoped import ScopedForm, ScopedIndexView, ScopedModelViewSet
from .touchpoints import TouchpointPolicy


class TermForm(ScopedForm):
    """How long a term lasts, and for what, never changes: one with a later day takes over."""

    fixed = ("kind", "system", "component", "since", "months", "seasons", "excluded", "renews")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if component := self.fields.get("component"):
            component.queryset = component.queryset.select_related("parent")


class TermIndexView(ScopedIndexView):
    default_ordering = ("kind", "system", "component", "-since")


def page_of(term):
    return reverse("desk_term:inspect", args=[term.pk])


def what_for(term):
    return term.component or term.get_system_display() or _("everything else")


def how_long(term):
    return length_of(term) or term._meta.get_field("excluded").verbose_name


class TermViewSet(ScopedModelViewSet):
    model = Term
    path = "pk"
    policy_class = TouchpointPolicy
    form_class = TermForm
    icon = "lock"
    select_related = ("component__parent",)
    list_display = [
        TitleColumn("name", label=_("Term"), accessor="name", get_url=page_of),
        Column("kind", label=_("Kind of work"), accessor="get_kind_display", sort_key="kind"),
        Column("what", label=_("What it is for"), accessor=what_for),
        Column(
            "length",
            label=_("How long"),
            accessor=how_long,
        ),
        Column("since", label=_("For work finished from"), accessor="since", sort_key="since"),
        BooleanColumn("in_use", label=_("In use")),
    ]
    list_per_page = 50
    list_filter = ["kind", "system", "in_use"]
    search_fields = ("name_en", "name_zh", "clause_en", "clause_zh")
    index_view_class = TermIndexView
    inspect_view_fields = [
        *("kind", "system", "component", "since", "months", "seasons", "excluded"),
        *("name_en", "name_zh", "clause_en", "clause_zh", "exclusions_en", "exclusions_zh"),
        *("provider_en", "provider_zh", "phone", "renews", "in_use"),
    ]
    panels = [
        FieldRowPanel([FieldPanel("kind"), FieldPanel("since"), FieldPanel("in_use")]),
        FieldRowPanel([FieldPanel("system"), FieldPanel("component")]),
        FieldRowPanel([FieldPanel("months"), FieldPanel("seasons"), FieldPanel("excluded")]),
        FieldRowPanel([FieldPanel("name_en"), FieldPanel("name_zh")]),
        FieldPanel("clause_en"),
        FieldPanel("clause_zh"),
        FieldPanel("exclusions_en"),
        FieldPanel("exclusions_zh"),
        FieldRowPanel([FieldPanel("provider_en"), FieldPanel("provider_zh"), FieldPanel("phone")]),
        FieldPanel("renews"),
    ]
