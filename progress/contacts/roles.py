"""What a member of staff is to a home, as its owners read it."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ContactRole(models.TextChoices):
    """In the order in which owners see them."""

    SITE_MANAGER = "site_manager", _("site manager")
    PROJECT_MANAGER = "project_manager", _("project manager")
    SUPERVISOR = "site_supervisor", _("site supervisor")
    DESIGNER = "designer", pgettext_lazy("a person", "designer")
    ADVISER = "adviser", _("customer adviser")
    SALES = "sales", _("sales office")
    CUSTOMER_SERVICE = "customer_service", _("customer service")
    SERVICE_CENTRE = "service_centre", _("service centre")
    PROPERTY_SERVICE = "property_service", _("property service")


# Whom tenants see: those who look after whoever lives there. The others tell of building and of contracts.
FOR_TENANTS = (ContactRole.CUSTOMER_SERVICE, ContactRole.SERVICE_CENTRE, ContactRole.PROPERTY_SERVICE)
ORDER = {role: place for place, role in enumerate(ContactRole.values)}
