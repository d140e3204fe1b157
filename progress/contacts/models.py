"""Who looks after a home: colleagues with a role, a place and hours; and what owners see of each of them."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from accounts.files.models import PrivateFile
from accounts.languages import LocalizedText
from accounts.models import Owner, one_line
from progress import scope
from progress.calendar.hours import valid_hours
from progress.journeys.models import Journey
from progress.models import FOLLOWS_PROGRESS, Development, Home

from .roles import FOR_TENANTS, ContactRole

TAKEN = _("Somebody has this role there already. Hand that over instead.")


class CardQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the people around this person's homes; their own; for staff, of whom they look after."""
        around = Contact.objects.for_user(user).order_by()
        return self.filter(Q(user_id=user.pk) | Q(user__in=around.values("user")))


class Card(models.Model):
    """What owners see of a colleague. Nothing of a login is shown that does not stand here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    user = models.OneToOneField(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="card", verbose_name=_("who")
    )
    name_en = models.CharField(_("name in English"), max_length=80, blank=True, validators=[one_line])
    name_zh = models.CharField(_("name in Chinese"), max_length=80, blank=True, validators=[one_line])
    phone = PhoneNumberField(_("telephone"), blank=True, help_text=_("Owners can ring this number."))
    email = models.EmailField(_("e-mail"), blank=True, help_text=_("Owners can write to this address."))
    photo = models.ForeignKey(
        PrivateFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+", verbose_name=_("photo")
    )

    objects = CardQuerySet.as_manager()

    class Meta:
        ordering = ["user__name", "pk"]
        verbose_name = _("contact card")
        verbose_name_plural = _("contact cards")

    def __str__(self):
        return str(self.name)

    @property
    def name(self):
        """As owners read it: the name on the card, else that of the login."""
        return LocalizedText.of(self, "name") if self.name_en or self.name_zh else str(self.user)


class ContactQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those around this person's own homes, as far as their role goes; for staff, all where they work.

        Of the homes of others nothing: neither who is in charge there nor that anybody is.
        """
        followed = self._around_homes_of(user, roles=FOLLOWS_PROGRESS)
        lived_in = self._around_homes_of(user, roles=None) & Q(role__in=FOR_TENANTS)
        return self.filter(followed | lived_in | scope.of_assigned(user, self.model, "development"))

    def _around_homes_of(self, user, *, roles):
        of_home = scope.of_own_homes(user, "home", "home", roles=roles)
        of_place = scope.of_own_homes(user, "development", "home__development", roles=roles)
        return of_home | (of_place & Q(home=None))

    def on(self, day):
        """Those who look after their place on `day`; whoever has left the company does not."""
        return self.working().filter(Q(until=None) | Q(until__gt=day), since__lte=day)

    def not_over(self, *, today):
        """Those of today and those to come."""
        return self.filter(Q(until=None) | Q(until__gt=today))

    def working(self):
        """Of colleagues who still work here."""
        groups = self.model._meta.get_field("user").related_model.groups.through.objects
        in_a_group = models.Exists(groups.filter(user=models.OuterRef("user")))
        return self.filter(Q(user__is_superuser=True) | in_a_group, user__is_active=True)

    def at_the_place_of(self, contact):
        """All of the same role at the same place."""
        return self.filter(
            development=contact.development_id, home=contact.home_id, journey=contact.journey_id, role=contact.role
        )

    def with_people(self):
        """With all that a page shows of them."""
        return self.select_related("user__card__photo", "development", "home", "journey__template")


class Contact(models.Model):
    """A colleague who looks after a development, one home or one job there, as `role`, from a day on.

    `until` is the first day on which they no longer do. Whoever takes over `follows` the one before.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("development")
    )
    home = models.ForeignKey(
        Home,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("home"),
        help_text=_("Empty: for the whole development."),
    )
    journey = models.ForeignKey(
        Journey,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="contacts",
        verbose_name=_("journey"),
        help_text=_("Empty: for the home, whatever is done there."),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="contacts", verbose_name=_("who")
    )
    role = models.CharField(_("role"), max_length=20, choices=ContactRole)
    hours = models.CharField(
        _("hours"),
        max_length=80,
        blank=True,
        validators=[valid_hours],
        help_text=_("Such as 09:00-12:00 13:30-18:00, or 00:00-24:00. Empty: the working hours of the company."),
    )
    every_day = models.BooleanField(_("also on weekends and holidays"), default=False)
    since = models.DateField(_("from"))
    until = models.DateField(_("until"), null=True, blank=True)
    follows = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="followed_by",
        verbose_name=pgettext_lazy("a contact", "took over from"),
    )
    note_en = models.CharField(_("word to the owners, in English"), max_length=300, blank=True, validators=[one_line])
    note_zh = models.CharField(_("word to the owners, in Chinese"), max_length=300, blank=True, validators=[one_line])
    work_moved = models.BooleanField(default=True, editable=False)  # False: promises pass on when its day comes

    objects = ContactQuerySet.as_manager()

    class Meta:
        ordering = ["development", "role", "since"]
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=models.F("since")),
                name="contact_ends_after_it_begins",
                violation_error_message=_("The end comes before the beginning."),
            ),
            models.CheckConstraint(condition=Q(journey__isnull=True) | Q(home__isnull=False), name="contact_of_a_home"),
            # Two that have an end and overlap are refused by the actions, which take turns at the development.
            models.UniqueConstraint(
                fields=["development", "role"],
                condition=Q(home__isnull=True, until__isnull=True),
                name="contact_once_a_development",
                violation_error_message=TAKEN,
            ),
            models.UniqueConstraint(
                fields=["home", "role"],
                condition=Q(home__isnull=False, journey__isnull=True, until__isnull=True),
                name="contact_once_a_home",
                violation_error_message=TAKEN,
            ),
            models.UniqueConstraint(
                fields=["journey", "role"],
                condition=Q(journey__isnull=False, until__isnull=True),
                name="contact_once_a_journey",
                violation_error_message=TAKEN,
            ),
        ]
        indexes = [models.Index(fields=["development", "home"], name="contact_of_place")]

    def __str__(self):
        return f"{self.get_role_display()}: {self.name}"

    @property
    def card(self):
        """The Card of the colleague, or None."""
        return getattr(self.user, "card", None)

    @property
    def name(self):
        return self.card.name if self.card else str(self.user)

    @property
    def note(self):
        return LocalizedText.of(self, "note")

    @property
    def place(self):
        return self.journey or self.home or self.development

    @property
    def nearness(self):
        """How close to one home it is: who looks after a job there comes before who looks after the whole site."""
        return 2 if self.journey_id else 1 if self.home_id else 0

    def is_over(self, *, today):
        return self.until is not None and self.until <= today

    def clean(self):
        if self.home and self.home.development_id != self.development_id:
            raise ValidationError({"home": _("%(place)s belongs to another development.") % {"place": self.home}})
        if self.journey and self.journey.home_id != self.home_id:
            raise ValidationError({"journey": _("This journey belongs to another home.")})


class Introduction(models.Model):
    """The service centre was introduced to an owner of a home: once, after the contract."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="+", verbose_name=_("home"))
    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, related_name="+", verbose_name=_("owner"))
    at = models.DateTimeField(_("when"))

    class Meta:
        ordering = ["at", "pk"]
        verbose_name = _("introduction of the service centre")
        verbose_name_plural = _("introductions of the service centre")
        constraints = [models.UniqueConstraint(fields=["home", "owner"], name="introduced_once_a_home_and_owner")]

    def __str__(self):
        return f"{self.home_id} {self.owner_id}"
