"""The groups of the staff and what each may do. Where they may do it, their assignments say.

Permissions stand here as text, so that this app needs no other; one whose model is
not there (yet) is skipped and given at the next `migrate`.
"""

from django.apps import apps
from django.conf import settings
from django.contrib.auth.management import create_permissions
from django.utils.translation import gettext, gettext_noop

MARKETING = gettext_noop("Marketing")
SITE_MANAGERS = gettext_noop("Site managers")
CUSTOMER_SERVICE = gettext_noop("Customer service")
SUPERVISORS = gettext_noop("Supervisors")
REPAIRS = gettext_noop("Repairs")

DESK = {"wagtailadmin.access_admin"}
SEE_PLACES = {
    "progress.view_development",
    "progress.view_building",
    "progress.view_housetype",
    "progress.view_home",
    "journeys.view_journey",
    "touchpoints.view_touchpoint",
    "warranties.view_term",
    "care.view_rule",
    "warranties.view_warranty",
    "materials.view_material",
    "materials.view_recall",
    "materials.view_recalledhome",
    "contacts.view_contact",
    "contacts.view_card",
    "promises.view_promise",
    "promises.change_promise",
}
MATERIALS = {"materials.add_material", "materials.change_material", "materials.change_recalledhome"}
CHECKLISTS = {"checklists.view_tick"}
CHECKS = {"care_checks.view_check", "care_checks.change_check", "care_checks.view_checkform"}
TICKETS = {"tickets.view_ticket", "tickets.change_ticket", "components.view_component"}
ANSWERS = {
    "questions.view_question",
    "questions.change_question",
    "opinions.view_opinion",
    "opinions.change_opinion",
}
OPEN_DAYS = {
    f"bookings.{verb}_{model}"
    for model in ("openday", "slot", "safetyrule", "booking", "waitingentry")
    for verb in ("add", "change", "view")
}
VISITS = {
    *(f"visits.{verb}_{name}" for verb in ("add", "change", "view") for name in ("visit", "availability", "absence")),
    "visits.view_visitsetting",
}
COMPLAINTS = {
    "formal_complaints.view_formalcomplaint",
    "formal_complaints.change_formalcomplaint",
    "complaints_board.view_entry",
    "complaints_board.change_entry",
}
JOBS = {
    *(f"ticket_jobs.{verb}_contractor" for verb in ("add", "change", "view")),
    "ticket_jobs.view_job",
    "ticket_jobs.change_job",
}
AT_SITES = (
    DESK
    | SEE_PLACES
    | TICKETS
    | ANSWERS
    | VISITS
    | MATERIALS
    | CHECKS
    | CHECKLISTS
    | OPEN_DAYS
    | {"updates.add_update", "updates.change_update", "journeys.change_milestone", "journeys.view_milestonechange"}
    | {"designs.add_designchange", "designs.change_designchange", "designs.view_designchange"}
    | {"leaflets.add_leaflet", "leaflets.change_leaflet", "leaflets.view_leaflet"}
)
AT_THE_TELEPHONE = (
    DESK
    | SEE_PLACES
    | TICKETS
    | ANSWERS
    | VISITS
    | COMPLAINTS
    | JOBS
    | MATERIALS
    | CHECKS
    | CHECKLISTS
    | OPEN_DAYS
    | {
        "enquiries.view_enquiry",
        "enquiries.change_enquiry",
        "surveys.view_satisfaction",
        "ticket_patterns.view_pattern",
        "ticket_macros.view_macro",
        "ticket_mail.view_incomingmail",
        "ticket_mail.change_incomingmail",
        "accounts.view_owner",
        "accounts.change_address",
        "accounts.add_invitation",
        "accounts.change_invitation",
        "progress.view_ownership",
        "updates.view_update",
        "updates.announce_update",
        "designs.view_designchange",
        "designs.add_designcall",
        "transfers.add_hometransfer",
        "transfers.change_hometransfer",
        "transfers.view_hometransfer",
        "merges.add_ownermerge",
        "merges.change_ownermerge",
        "merges.view_ownermerge",
        "documents.add_homedocument",
        "documents.change_homedocument",
        "documents.view_homedocument",
        "contacts.add_contact",
        "contacts.change_contact",
        "contacts.add_card",
        "contacts.change_card",
    }
)
PAGES = {
    "simple_translation.submit_translation",
    "cms.change_companysettings",
    *(f"cms.{verb}_{name}" for verb in ("add", "change", "delete", "view") for name in ("contactcard", "pricetable")),
    *(f"wagtailredirects.{verb}_redirect" for verb in ("add", "change", "delete", "view")),
}
PERMISSIONS = {
    MARKETING: DESK | PAGES,
    SITE_MANAGERS: AT_SITES,
    CUSTOMER_SERVICE: AT_THE_TELEPHONE,
    REPAIRS: DESK | SEE_PLACES | TICKETS | VISITS | JOBS | MATERIALS | CHECKS,
    SUPERVISORS: AT_SITES
    | AT_THE_TELEPHONE
    | PAGES
    | {
        f"{app}.{verb}_{model}"
        for app, model in [
            ("progress", "development"),
            ("progress", "building"),
            ("progress", "housetype"),
            ("progress", "home"),
            ("progress", "ownership"),
            ("progress", "assignment"),
            ("accounts", "owner"),
            ("journeys", "journey"),
            ("journeys", "journeytemplate"),
            ("calendar", "calendaroverride"),
            ("touchpoints", "touchpoint"),
            ("warranties", "term"),
            ("care", "rule"),
            ("care_checks", "checkform"),
            ("materials", "recall"),
            ("visits", "visitsetting"),
            ("components", "component"),
            ("tickets", "route"),
            ("tickets", "emergencyword"),
            ("tickets", "duty"),
            ("formal_complaints", "deadlines"),
            ("ticket_macros", "macro"),
        ]
        for verb in ("add", "change", "view")
    }
    | {"imports.add_importrun", "imports.view_importrun"}
    | {"tickets.delete_route", "tickets.delete_emergencyword", "tickets.delete_duty"}
    | {"ticket_patterns.change_pattern"}
    | {"privacy.change_erasurerequest", "privacy.view_erasurerequest"}
    | {"accounts.view_user", "accounts.change_user", "notices.view_notice", "complaints_board.publish_entry"},
}

# In Wagtail the rights on pages and on collections hang on their roots.
WRITE = {"add_page", "change_page", "lock_page"}
PUBLISH = {"publish_page", "unlock_page"}
ON_PAGES = {MARKETING: WRITE, SUPERVISORS: WRITE | PUBLISH}
FILES = {f"{verb}_{model}" for model in ("image", "document") for verb in ("add", "change", "delete", "choose")}
ON_COLLECTIONS = {MARKETING: FILES, SUPERVISORS: FILES}
# Groups that Wagtail's migrations make and nobody here belongs to.
STRAY = ("Editors", "Moderators")


def in_words(groups):
    """Their names in the active language. What an administrator has called a group stays as it is."""
    return [gettext(group.name) for group in groups]


def make_groups(using="default", **kwargs):
    """Make the groups and give them exactly these permissions. Running it again changes nothing.

    Connected to `post_migrate` of the last application: inside a migration the permissions do not exist yet.
    """
    for config in apps.get_app_configs():
        create_permissions(config, using=using, verbosity=0)
    group_class = apps.get_model("auth", "Group")
    known = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in apps.get_model("auth", "Permission").objects.using(using).select_related("content_type")
    }
    for name, codes in PERMISSIONS.items():
        group, _created = group_class.objects.using(using).get_or_create(name=name)
        group.permissions.set([known[code] for code in codes if code in known])
        _give_on_root("GroupPagePermission", "page", group, on_pages(name), using)
        _give_on_root("GroupCollectionPermission", "collection", group, ON_COLLECTIONS.get(name, ()), using)
    group_class.objects.using(using).filter(name__in=STRAY, user__isnull=True).delete()


def on_pages(name):
    """What a group may do with pages. In a small firm marketing publishes what it has written."""
    publishes = name == MARKETING and not settings.PAGE_APPROVAL
    return ON_PAGES.get(name, set()) | (PUBLISH if publishes else set())


def _give_on_root(model, field, group, codenames, using):
    """Give the group exactly these permissions on the root of the pages or the collections, if there is one."""
    held = apps.get_model("wagtailcore", model).objects.using(using)
    root = apps.get_model("wagtailcore", field.capitalize()).objects.using(using).filter(depth=1).first()
    if root is None:
        return
    held.filter(group=group, **{field: root}).exclude(permission__codename__in=codenames).delete()
    permissions = apps.get_model("auth", "Permission").objects.using(using)
    for permission in permissions.filter(
        codename__in=codenames, content_type__app_label__in=["wagtailcore", "wagtailimages", "wagtaildocs"]
    ):
        held.get_or_create(group=group, permission=permission, **{field: root})


def last_application():
    """The application after which `post_migrate` is sent to nobody else."""
    return [config for config in apps.get_app_configs() if config.models_module][-1]
