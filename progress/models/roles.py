"""What a person is to a home, and what follows from it."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """What a person is to a home."""

    OWNER = "owner", _("owner")
    CO_OWNER = "co_owner", _("co-owner")
    FAMILY = "family", _("family")
    TENANT = "tenant", _("tenant")


# Who follows a home's progress. Tenants have their own tickets, guides and checks instead.
FOLLOWS_PROGRESS = (Role.OWNER, Role.CO_OWNER, Role.FAMILY)

# Who decides who else may come in. Whoever signs the contract is entered by staff.
HOSTS = (Role.OWNER, Role.CO_OWNER)
GUESTS = (Role.FAMILY, Role.TENANT)
