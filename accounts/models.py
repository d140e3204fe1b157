"""Who people are: the login (User), the customer record (Owner), where they are reached, and how they are invited."""

import uuid

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, Group, PermissionsMixin
from django.core.validators import RegexValidator
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from phonenumber_field.modelfields import PhoneNumberField

from .links import make_mac
from .notices.reasons import explained

one_line = RegexValidator(r"^[^\r\n\x00-\x1f\x7f\u2028\u2029]*$", _("Please write this in one line."))

ERASED = "@erased.invalid"  # the address of a login that says nothing any more


class UserManager(BaseUserManager):
    def create_user(self, *, email=None, phone=None, name="", password=None, **fields):
        """A login reached by e-mail, telephone or both. Without a password only codes open it."""
        user = self.model(email=email.lower() if email else None, phone=phone or None, name=name, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email, password=None, **fields):
        """An administrator; the command `createsuperuser` calls this."""
        return self.create_user(email=email, password=password, is_superuser=True, **fields)

    def get_by_natural_key(self, email):
        return self.get(email=(email or "").lower())


class User(AbstractBaseUser, PermissionsMixin):
    """A login. Owners and staff alike; what they may do comes from groups, ownerships and assignments."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("e-mail"), unique=True, null=True, blank=True)
    phone = PhoneNumberField(_("telephone"), unique=True, null=True, blank=True)
    phone_verified = models.BooleanField(_("telephone verified"), default=False)
    name = models.CharField(_("name"), max_length=150, blank=True, validators=[one_line])
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), auto_now_add=True)

    objects = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("login")
        verbose_name_plural = _("logins")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email__isnull=False) | models.Q(phone__isnull=False), name="user_can_be_reached"
            ),
            models.CheckConstraint(condition=models.Q(email=Lower("email")), name="user_email_lower_case"),
        ]

    def __str__(self):
        return self.name or self.email or str(self.phone)

    def clean(self):
        self.email = self.email.lower() if self.email else None

    def get_full_name(self):
        return self.name

    def get_short_name(self):
        return self.name

    @property
    def first_name(self):
        """What Wagtail's sidebar greets with."""
        return self.name

    @property
    def is_erased(self):
        return bool(self.email) and self.email.endswith(ERASED)

    @property
    def is_staff(self):
        """Whether the desk is open to this login; the groups say what it may do there."""
        return self.is_active and (self.is_superuser or self.has_perm("wagtailadmin.access_admin"))


class OwnerQuerySet(models.QuerySet):
    def active(self):
        return self.filter(erased_at__isnull=True)


class Owner(models.Model):
    """The customer record, which may or may not have a login."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    customer_no = models.CharField(_("customer number"), max_length=40, unique=True, validators=[one_line])
    name = models.CharField(_("name"), max_length=150, validators=[one_line])
    user = models.OneToOneField(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="owner", verbose_name=_("login")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    erased_at = models.DateTimeField(_("erased"), null=True, blank=True, editable=False)

    objects = OwnerQuerySet.as_manager()

    class Meta:
        ordering = ["name", "customer_no"]
        verbose_name = _("owner")
        verbose_name_plural = _("owners")

    def __str__(self):
        return str(_("Erased customer")) if self.erased_at else self.name

    @property
    def reading_language(self):
        """The language we write to them in: the login's choice first, then the customer record."""
        return (self.user and self.user.language) or self.language


class Channel(models.TextChoices):
    """Ways in which a person is told."""

    INBOX = "inbox", _("inbox")
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")


class Address(models.Model):
    """Where an owner or a login is reached on one channel. A suppressed address is never written to."""

    owner = models.ForeignKey(Owner, on_delete=models.CASCADE, null=True, blank=True, related_name="addresses")
    user = models.ForeignKey(User, on_delete=models.CASCADE, null=True, blank=True, related_name="addresses")
    channel = models.CharField(_("channel"), max_length=10, choices=Channel)
    value = models.CharField(_("address"), max_length=254, validators=[one_line])
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    suppressed_reason = models.CharField(_("suppressed because"), max_length=200, blank=True)

    class Meta:
        ordering = ["id"]
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(owner__isnull=False, user__isnull=True)
                | models.Q(owner__isnull=True, user__isnull=False),
                name="address_of_one_person",
            ),
            models.UniqueConstraint(fields=["owner", "channel", "value"], name="address_once_an_owner"),
            models.UniqueConstraint(fields=["user", "channel", "value"], name="address_once_a_user"),
        ]

    def __str__(self):
        return self.value

    @property
    def suppressed_because(self):
        """Why it is not written to, in the active language."""
        return explained(self.suppressed_reason)


class Invitation(models.Model):
    """A single-use way in for an owner, a member of staff, or whoever else `purpose` names.

    The link carries an HMAC of row and version.
    """

    class Way(models.TextChoices):
        """How the link comes to the person. A printed code is sent to nobody, and its address is known once claimed."""

        EMAIL = Channel.EMAIL.value, Channel.EMAIL.label
        SMS = Channel.SMS.value, Channel.SMS.label
        CODE = "code", _("printed code")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.ForeignKey(
        Owner, on_delete=models.CASCADE, null=True, blank=True, related_name="invitations", verbose_name=_("owner")
    )
    purpose = models.CharField(max_length=20, blank=True, editable=False)
    channel = models.CharField(_("channel"), max_length=10, choices=Way, default=Way.EMAIL)
    address = models.CharField(_("address"), max_length=254, blank=True, validators=[one_line])
    name = models.CharField(_("name"), max_length=150, blank=True, validators=[one_line])
    written_in = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, blank=True)
    groups = models.ManyToManyField(Group, blank=True, verbose_name=_("groups"))
    version = models.PositiveIntegerField(_("version"), default=1)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    used_by = models.ForeignKey(User, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(used_at__isnull=True) | models.Q(revoked_at__isnull=True),
                name="invitation_used_or_revoked_not_both",
            ),
            models.CheckConstraint(
                condition=~models.Q(address="") | models.Q(channel="code"), name="invitation_sent_has_an_address"
            ),
            models.UniqueConstraint(
                fields=["owner"],
                condition=models.Q(used_at__isnull=True, revoked_at__isnull=True, owner__isnull=False),
                name="one_open_invitation_an_owner",
            ),
        ]

    def __str__(self):
        return self.name or (self.owner.name if self.owner else self.address)

    @property
    def language(self):
        """The language in which we invite."""
        return self.owner.reading_language if self.owner else self.written_in or settings.LANGUAGE_CODE

    @property
    def path(self):
        """The page that the link opens. Whoever has it can accept."""
        return reverse("accounts:invitation", args=[self.pk, make_mac("invitation", self.pk, self.version)])

    def state(self, *, at):
        """In one word: `used`, `revoked`, `expired` or `open`."""
        if self.used_at:
            return "used"
        if self.revoked_at or (self.owner and self.owner.erased_at):
            return "revoked"
        return "open" if at < self.expires_at else "expired"
