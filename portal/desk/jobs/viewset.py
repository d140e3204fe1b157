"""The lists of contractors and of their jobs."""

from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.panels import FieldPanel, FieldRowPanel
from wagtail.admin.ui.tables import BooleanColumn, Column, DateColumn, TitleColumn

from portal.tickets.jobs.models import Contractor, Job

from ..scoped import ScopedIndexView, ScopedInspectView, ScopedModelViewSet, ScopedPolicy
from . import views


class ContractorPolicy(ScopedPolicy):
    """They work for the company, wherever it builds."""

    def within(self, user):
        rows = self.model._default_manager.all()
        return rows if self.user_has_any_permission(user, ["view", "change"]) else rows.none()


class ContractorIndexView(ScopedIndexView):
    default_ordering = ("name", "pk")


def page_of(contractor):
    return reverse("desk_contractor:inspect", args=[contractor.pk])


class ContractorViewSet(ScopedModelViewSet):
    model = Contractor
    path = "pk"
    policy_class = ContractorPolicy
    icon = "group"
    menu_label = _("Contractors")
    list_display = [
        TitleColumn("name", label=_("Name"), accessor="name", get_url=page_of),
        Column("trade", label=_("What they do"), accessor="trade"),
        Column("phone", label=_("Mobile number"), accessor="phone"),
        BooleanColumn("in_use", label=_("In use")),
    ]
    list_filter = ["in_use", "language"]
    search_fields = ("name", "trade")
    index_view_class = ContractorIndexView
    inspect_view_fields = ["name", "trade", "language", "phone", "email", "in_use"]
    panels = [
        FieldRowPanel([FieldPanel("name"), FieldPanel("trade")]),
        FieldRowPanel([FieldPanel("phone"), FieldPanel("email")]),
        FieldRowPanel([FieldPanel("language"), FieldPanel("in_use")]),
    ]


class JobIndexView(ScopedIndexView):
    default_ordering = ("-given_at", "pk")


class JobInspectView(ScopedInspectView):
    """One job, its link, and what came back. Opening it is noted in the log."""

    template_name = "desk/jobs/job.html"

    def get_context_data(self, **kwargs):
        shown = views.context_of(self.object, self.request.user, at=timezone.now())
        return super().get_context_data(**shown, **kwargs)


def page_of_job(job):
    return reverse("desk_job:inspect", args=[job.pk])


def _number(job):
    return job.ticket.number


def _home(job):
    return job.ticket.home


class JobViewSet(ScopedModelViewSet):
    model = Job
    path = "ticket__development"
    icon = "clipboard-list"
    menu_label = _("Contractors' jobs")
    menu_name = "jobs"
    menu_order = 3
    add_to_admin_menu = True
    select_related = (
        "contractor",
        "contact",
        "message",
        "ticket__owner",
        "ticket__home__development",
        "ticket__home__building",
        "ticket__component__parent",
    )
    list_display = [
        TitleColumn(
            "ticket",
            label=_("Ticket"),
            accessor=_number,
            get_url=page_of_job,
        ),
        Column("home", label=_("Home"), accessor=_home),
        Column("contractor", label=_("Contractor"), accessor="contractor", sort_key="contractor__name"),
        Column("state", label=_("State"), accessor="get_state_display", sort_key="state"),
        DateColumn("given_at", label=_("Given"), accessor="given_at", sort_key="given_at"),
    ]
    list_filter = {"state": ["exact"], "contractor": ["exact"], "ticket__development": ["exact"]}
    search_fields = ("ticket__number", "contractor__name")
    index_view_class = JobIndexView
    inspect_view_class = JobInspectView
    without = ("add", "edit", "delete", "usage")
    panels = ()

    def get_urlpatterns(self):
        return [
            *super().get_urlpatterns(),  # first, since the menu leads to the first
            path("new/<uuid:ticket_pk>/", views.give, name="give"),
            path("<uuid:pk>/renew/", views.renew, name="renew"),
            path("<uuid:pk>/revoke/", views.revoke, name="revoke"),
            path("<uuid:pk>/end/", views.end, name="end"),
            path("<uuid:pk>/publish/", views.publish, name="publish"),
        ]
