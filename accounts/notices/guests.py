"""Bare addresses: of people who are neither customers nor colleagues, and wrote to us first."""

import uuid
from functools import reduce
from operator import or_

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Channel, one_line

ADDRESSES = (Channel.EMAIL, Channel.SMS)


class Guest(models.Model):
    """One address that somebody gave us once, for one answer. Nothing else is ever sent there."""

    name = ""  # whoever typed the address may have typed any name: no message repeats it

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=[(way.value, way.label) for way in ADDRESSES])
    address = models.CharField(_("address"), max_length=254, validators=[one_line])
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES)
    created_at = models.DateTimeField(_("created"), default=timezone.now)

    class Meta:
        app_label = "notices"
        verbose_name = _("address of a guest")
        verbose_name_plural = _("addresses of guests")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(channel__in=["email", "sms"]) & ~models.Q(address=""),
                name="guest_has_an_address",
            ),
        ]
        indexes = [models.Index(fields=["address", "created_at"], name="guest_address")]

    def __str__(self):
        return self.address


def to_one_of(*fields):
    """A condition: exactly one of these foreign keys is set."""
    return reduce(or_, [models.Q(**{f"{each}__isnull": each != chosen for each in fields}) for chosen in fields])
