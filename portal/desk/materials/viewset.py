"""Materials of homes, recalls, and the homes that recalls have found, as lists and pages on the desk."""

from django.urls import path, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from wagtail.admin.panels import FieldPanel, FieldRowPanel, MultiFieldPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn
from wagtail.admin.widgets.button import HeaderButton

from progress.materials.actions import MaterialError
from progress.materials.models import Material, Recall, RecalledHome
from progress.materials.recalling import write_recall

from ..choosers import home_chooser
from ..scoped import ScopedCreateView, ScopedEditView, ScopedIndexView, ScopedInspectView, ScopedModelViewSet
from ..touchpoints import TouchpointPolicy
from . import views
from .forms import MaterialForm


class MaterialIndexView(ScopedIndexView):
    default_ordering = ("home__development", "home__building", "home__number", "product")

    @cached_property
    def header_buttons(self):
        ways = [HeaderButton(_("Recalls"), reverse("desk_recall:index"), icon_name="warning")]
        if self.user_has_permission("add"):
            ways.append(HeaderButton(_("For a whole building"), reverse("desk_material:many"), icon_name="copy"))
        return [*super().header_buttons, *ways]


def page_of(material):
    return reverse("desk_material:inspect", args=[material.pk])


class MaterialViewSet(ScopedModelViewSet):
    model = Material
    path = "home__development"
    form_class = MaterialForm
    icon = "tag"
    menu_label = _("Materials")
    menu_name = "materials"
    select_related = ("home__development", "home__building", "component__parent")
    list_display = [
        TitleColumn("product", label=_("Product"), accessor="product", get_url=page_of, sort_key="product"),
        Column("maker", label=_("Maker"), accessor="maker", sort_key="maker"),
        Column("batch", label=pgettext_lazy("of a material", "Batch"), accessor="batch", sort_key="batch"),
        Column("home", label=_("Home"), accessor="home"),
        Column("component", label=pgettext_lazy("a material", "Where it is"), accessor=lambda row: row.component or ""),
        DateColumn("installed_on", label=_("Built in on"), accessor="installed_on", sort_key="installed_on"),
    ]
    list_filter = {"home__development": ["exact"], "home__building": ["exact"]}
    search_fields = ("maker", "product", "batch", "home__number", "maker_key", "product_key")
    index_view_class = MaterialIndexView
    inspect_view_fields = ["home", "component", "maker", "product", "batch", *("telephone", "contact", "note")]
    inspect_view_fields += ["installed_on", "removed_on"]
    panels = [
        FieldPanel("home", widget=home_chooser.widget_class),
        FieldPanel("component"),
        FieldRowPanel([FieldPanel("maker"), FieldPanel("product"), FieldPanel("batch")]),
        FieldRowPanel([FieldPanel("telephone"), FieldPanel("contact")]),
        FieldPanel("note"),
        FieldRowPanel([FieldPanel("installed_on"), FieldPanel("removed_on")]),
    ]

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("building/", views.many, name="many")]


class Writes:
    """A draft, saved by the action, which notes who wrote it; what it refuses stands on the form."""

    def save_instance(self):
        return write_recall(self.form.instance, by=self.request.user)

    def form_valid(self, form):
        try:
            return super().form_valid(form)
        except MaterialError as error:
            form.add_error(None, str(error))
            self.produced_error_message = str(error)
            return self.form_invalid(form)

    def get_success_url(self):
        return reverse("desk_recall:inspect", args=[self.object.pk])


class RecallCreateView(Writes, ScopedCreateView):
    pass


class RecallEditView(Writes, ScopedEditView):
    pass


class RecallInspectView(ScopedInspectView):
    """The recall, the homes it finds or has found, and what can be done."""

    template_name = "desk/materials/recall.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**views.context_of_recall(self.request, self.object), **kwargs)


class RecallIndexView(ScopedIndexView):
    default_ordering = ("-published_at", "maker", "pk")


class RecallViewSet(ScopedModelViewSet):
    model = Recall
    path = "pk"
    policy_class = TouchpointPolicy  # written by those who work everywhere, since it strikes everywhere
    icon = "warning"
    menu_label = _("Recalls")
    menu_name = "recalls"
    list_display = [
        TitleColumn(
            "title", label=_("Recall"), accessor=str, get_url=lambda row: reverse("desk_recall:inspect", args=[row.pk])
        ),
        Column("maker", label=_("Maker"), accessor="maker", sort_key="maker"),
        Column("product", label=_("Product"), accessor="product", sort_key="product"),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        DateColumn("published_at", label=_("Published"), accessor="published_at", sort_key="published_at"),
    ]
    list_filter = ["state"]
    search_fields = ("maker", "product", "title_en", "title_zh")
    index_view_class = RecallIndexView
    add_view_class = RecallCreateView
    edit_view_class = RecallEditView
    inspect_view_class = RecallInspectView
    panels = [
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("maker"), FieldPanel("product")]),
                FieldPanel("batches"),
                FieldRowPanel([FieldPanel("first_batch"), FieldPanel("last_batch")]),
                FieldPanel("unknown_too"),
            ],
            heading=_("What is recalled"),
        ),
        MultiFieldPanel(
            [
                FieldRowPanel([FieldPanel("title_en"), FieldPanel("title_zh")]),
                FieldPanel("todo_en"),
                FieldPanel("todo_zh"),
                FieldRowPanel([FieldPanel("telephone"), FieldPanel("days")]),
            ],
            heading=_("What the owners read"),
        ),
    ]

    def get_urlpatterns(self):
        own = [
            path("<uuid:pk>/publish/", views.publish, name="publish"),
            path("<uuid:pk>/end/", views.end, name="end"),
        ]
        return [*super().get_urlpatterns(), *own]


class RecalledHomeIndexView(ScopedIndexView):
    default_ordering = ("-found_at", "home__development", "home__building", "home__number")


class RecalledHomeInspectView(ScopedInspectView):
    """One home: what is recalled there, who was warned and has read it, and what was done. Opening it is noted."""

    template_name = "desk/materials/home.html"

    def get_context_data(self, **kwargs):
        return super().get_context_data(**views.context_of_home(self.request, self.object), **kwargs)


class RecalledHomeViewSet(ScopedModelViewSet):
    model = RecalledHome
    path = "home__development"
    icon = "home"
    menu_label = _("Recalled homes")
    menu_name = "recalled-homes"
    select_related = ("recall", "home__development", "home__building", "done_by")
    list_display = [
        TitleColumn(
            "home",
            label=_("Home"),
            accessor="home",
            get_url=lambda row: reverse("desk_recalledhome:inspect", args=[row.pk]),
        ),
        Column("recall", label=_("Recall"), accessor="recall"),
        DateColumn("due_at", label=_("Promised by"), accessor="due_at", sort_key="due_at"),
        DateColumn("done_at", label=_("Dealt with"), accessor="done_at", sort_key="done_at"),
        BooleanColumn("unreached", label=_("Nobody is reached"), accessor="unreached"),
    ]
    list_filter = {"recall": ["exact"], "home__development": ["exact"], "unreached": ["exact"]}
    search_fields = ("home__number", "recall__maker", "recall__product")
    index_view_class = RecalledHomeIndexView
    inspect_view_class = RecalledHomeInspectView
    without = ("add", "edit", "delete", "usage")
    panels = ()

    def get_urlpatterns(self):
        return [*super().get_urlpatterns(), path("<uuid:pk>/done/", views.done, name="done")]
