"""What the desk adds to the Wagtail admin and takes out of it."""

from django.templatetags.static import static
from django.urls import include, path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import Menu, MenuItem, SubmenuMenuItem
from wagtail.permissions import policy_registry

from accounts.models import User
from cms.checklists.models import Tick
from portal.care.models import Rule
from portal.tickets.models import Ticket
from progress.journeys.models import Milestone, MilestoneChange
from progress.leaflets.models import Leaflet
from progress.promises.models import Promise
from progress.scope import may_view
from progress.updates.models import Update

from .assignments import AssignmentViewSet
from .calendar import CalendarOverrideViewSet
from .cards import CardViewSet
from .choosers import home_chooser, owner_chooser
from .complaints import ComplaintViewSet, DeadlinesViewSet
from .complaints_board import EntryViewSet
from .contacts import ContactViewSet
from .designs_list import DesignChangeViewSet
from .documents import HomeDocumentViewSet
from .enquiries import EnquiryViewSet
from .guides import guides
from .imports import may_export, may_import
from .jobs.viewset import ContractorViewSet, JobViewSet
from .journeys import JourneyViewSet
from .ledger import PromiseViewSet
from .mail import MailViewSet
from .materials.viewset import MaterialViewSet, RecalledHomeViewSet, RecallViewSet
from .merges import OwnerMergeViewSet
from .open_days.viewset import OpenDayViewSet
from .opinions import OpinionViewSet
from .people import OwnershipViewSet, OwnerViewSet
from .places import BuildingViewSet, DevelopmentViewSet, HomeViewSet, HouseTypeViewSet
from .privacy import ErasureRequestViewSet
from .questions import QuestionViewSet
from .scoped import ScopedPolicy, register
from .tickets.rules import DutyViewSet, EmergencyWordViewSet, RouteViewSet
from .tickets.sentences import MacroViewSet
from .tickets.viewset import TicketViewSet
from .today import Today
from .touchpoints import TouchpointViewSet
from .transfers import HomeTransferViewSet
from .undelivered import UndeliveredViewSet
from .updates import UpdateViewSet, desk_updates
from .versions import JourneyTemplateViewSet
from .visits.times import AbsenceViewSet, AvailabilityViewSet, VisitSettingViewSet
from .visits.viewset import VisitViewSet
from .warranties import WarrantyViewSet
from .warranty_terms import TermViewSet

homes_and_owners = [
    HomeViewSet(),
    OwnerViewSet(),
    OwnershipViewSet(),
    ContactViewSet(),
    CardViewSet(),
    HomeTransferViewSet(),
    OwnerMergeViewSet(),
    ErasureRequestViewSet(),
    DevelopmentViewSet(),
    BuildingViewSet(),
    HouseTypeViewSet(),
    CalendarOverrideViewSet(),
    TouchpointViewSet(),
    TermViewSet(),
    WarrantyViewSet(),
    MaterialViewSet(),
    RecallViewSet(),
    RecalledHomeViewSet(),
]
assignments = AssignmentViewSet()
contractors = ContractorViewSet()
register(Milestone, ScopedPolicy(Milestone, "journey__home__development"))
register(MilestoneChange, ScopedPolicy(MilestoneChange, "development"))
register(Leaflet, ScopedPolicy(Leaflet, "development"))
register(Tick, ScopedPolicy(Tick, "home__development"))


@hooks.register("register_admin_viewset")
def register_viewsets():
    others = [
        TicketViewSet(),
        MacroViewSet(),
        DutyViewSet(),
        EmergencyWordViewSet(),
        RouteViewSet(),
        UpdateViewSet(),
        DesignChangeViewSet(),
        OpenDayViewSet(),
        QuestionViewSet(),
        OpinionViewSet(),
        ComplaintViewSet(),
        DeadlinesViewSet(),
        EntryViewSet(),
        EnquiryViewSet(),
        MailViewSet(),
        VisitViewSet(),
        AvailabilityViewSet(),
        AbsenceViewSet(),
        VisitSettingViewSet(),
        HomeDocumentViewSet(),
        JourneyViewSet(),
        JourneyTemplateViewSet(),
        PromiseViewSet(),
        assignments,
        contractors,
        JobViewSet(),
        UndeliveredViewSet(),
    ]
    return [home_chooser, owner_chooser, *homes_and_owners, *others]


@hooks.register("register_admin_urls")
def register_update_pages():
    return [path("site/", include((desk_updates(), "site"), namespace="desk_updates"))]


@hooks.register("register_admin_urls")
def register_import_pages():
    return [path("estate/", include("portal.desk.imports_urls"))]


class ImportsMenuItem(MenuItem):
    def is_shown(self, request):
        return may_import(request.user) or bool(may_export(request.user))


class LoginsMenuItem(MenuItem):
    def is_shown(self, request):
        return policy_registry.get_by_type(User).user_has_permission(request.user, "change")


@hooks.register("register_admin_menu_item")
def homes_and_owners_menu():
    items = [viewset.get_menu_item(order) for order, viewset in enumerate(homes_and_owners)]
    items.append(
        ImportsMenuItem(
            _("Import and export"), reverse("desk_imports:front"), name="estate", icon_name="download", order=90
        )
    )
    return SubmenuMenuItem(_("Homes and owners"), Menu(items=items), name="homes", icon_name="home", order=20)


@hooks.register("register_admin_menu_item")
def staff_menu():
    logins = LoginsMenuItem(_("Logins"), reverse("wagtailusers_users:index"), icon_name="user", order=2)
    items = [assignments.get_menu_item(1), logins, contractors.get_menu_item(3)]
    return SubmenuMenuItem(_("Staff"), Menu(items=items), name="staff", icon_name="group", order=40)


class MyDayMenuItem(MenuItem):
    def is_shown(self, request):
        return may_view(request.user, Promise)


class BoardMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm("journeys.change_milestone")


@hooks.register("register_admin_menu_item")
def my_day_menu():
    return MyDayMenuItem(_("My day"), reverse("desk_updates:my-day"), name="my-day", icon_name="date", order=5)


class LeafletsMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm("leaflets.change_leaflet")


@hooks.register("register_admin_menu_item")
def leaflets_menu():
    address = reverse("desk_updates:leaflets")
    return LeafletsMenuItem(_("Leaflets"), address, name="leaflets", icon_name="doc-full-inverse", order=16)


@hooks.register("register_admin_menu_item")
def board_menu():
    return BoardMenuItem(_("Board"), reverse("desk_updates:board"), name="board", icon_name="table", order=15)


class ChecklistsMenuItem(MenuItem):
    def is_shown(self, request):
        return may_view(request.user, Tick)


@hooks.register("register_admin_menu_item")
def checklists_menu():
    address = reverse("desk_updates:checklists")
    return ChecklistsMenuItem(_("Checklists"), address, name="checklists", icon_name="list-ul", order=17)


@hooks.register("register_admin_urls")
def register_guides():
    return [path("guides/", guides, name="desk_guides")]


@hooks.register("register_admin_menu_item")
def guides_menu():
    return MenuItem(_("Guides"), reverse("desk_guides"), name="guides", icon_name="clipboard-list", order=18)


@hooks.register("register_admin_urls")
def register_ticket_figures():
    return [path("ticket-figures/", include("portal.desk.tickets_reports.urls"))]


@hooks.register("register_admin_urls")
def register_care_pages():
    return [path("care-rules/", include("portal.desk.care.urls"))]


@hooks.register("register_admin_urls")
def register_checks():
    return [path("checks/", include("portal.desk.care_checks.urls"))]


class ChecksMenuItem(MenuItem):
    def is_shown(self, request):
        return request.user.has_perm("care_checks.view_check")


@hooks.register("register_admin_menu_item")
def checks_menu():
    address = reverse("desk_checks:checks")
    return ChecksMenuItem(_("Checks"), address, name="checks", icon_name="tasks", order=27)


class CareRulesMenuItem(MenuItem):
    def is_shown(self, request):
        return may_view(request.user, Rule)


@hooks.register("register_admin_menu_item")
def care_rules_menu():
    address = reverse("desk_care:rules")
    return CareRulesMenuItem(_("Rules of care"), address, name="care-rules", icon_name="resubmit", order=26)


class TicketFiguresMenuItem(MenuItem):
    def is_shown(self, request):
        return may_view(request.user, Ticket)


@hooks.register("register_admin_menu_item")
def ticket_figures_menu():
    address = reverse("desk_reports:figures")
    return TicketFiguresMenuItem(_("Figures and patterns"), address, name="ticket-figures", icon_name="table", order=2)


@hooks.register("construct_main_menu")
def without_help(request, items):
    """Wagtail's help leads away from the desk, to pages about Wagtail."""
    items[:] = [item for item in items if item.name != "help"]


@hooks.register("construct_homepage_panels")
def put_today_first(request, panels):
    if may_view(request.user, Update):
        panels.insert(0, Today(request.user))


@hooks.register("insert_global_admin_css")
def company_colours():
    return format_html('<link rel="stylesheet" href="{}">', static("desk/desk.css"))


@hooks.register("register_account_menu_item")
def to_the_sessions(request):
    return {
        "url": reverse("usersessions_list"),
        "label": _("Where you are signed in"),
        "help_text": _("Each browser, and a way to sign it out from here."),
    }


@hooks.register("register_account_menu_item")
def to_the_one_door(request):
    return {
        "url": reverse("account_email"),
        "label": _("E-mail, password and second factor"),
        "help_text": _("They are kept behind the log-in that everybody uses."),
    }
