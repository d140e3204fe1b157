"""Ready sentences on the desk: everybody who answers uses them; supervisors write them."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel, HelpPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, TitleColumn

from portal.tickets.macros.models import Macro
from portal.tickets.macros.variables import VARIABLES

from ..scoped import ScopedIndexView, ScopedModelViewSet, ScopedPolicy


class SharedPolicy(ScopedPolicy):
    """They are nobody's data and serve in all developments: the groups alone decide."""

    def within(self, user):
        rows = self.model._default_manager.all()
        return rows if self.user_has_any_permission(user, ["view", "change"]) else rows.none()


class MacroIndexView(ScopedIndexView):
    default_ordering = ("order", "pk")


class MacroViewSet(ScopedModelViewSet):
    model = Macro
    path = "pk"
    policy_class = SharedPolicy
    icon = "openquote"
    menu_label = _("Ready sentences")
    list_display = [
        TitleColumn(
            "title",
            label=_("Title"),
            accessor="title",
            get_url=lambda macro: reverse("desk_macro:inspect", args=[macro.pk]),
        ),
        Column("order", label=_("Order"), sort_key="order"),
        BooleanColumn("in_use", label=_("In use")),
    ]
    search_fields = ("title_en", "title_zh", "text_en", "text_zh")
    index_view_class = MacroIndexView
    inspect_view_fields = ["title_en", "title_zh", "text_en", "text_zh", "order", "in_use"]
    panels = [
        FieldRowPanel([FieldPanel("title_en"), FieldPanel("title_zh")]),
        HelpPanel(content=VARIABLES, template="desk/tickets/variables.html"),
        FieldPanel("text_en"),
        FieldPanel("text_zh"),
        FieldRowPanel([FieldPanel("order"), FieldPanel("in_use")]),
    ]
