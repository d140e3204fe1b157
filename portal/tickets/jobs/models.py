"""Contractors, and the jobs that they are given: one ticket, one link, and nothing else of the home."""

import uuid

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from phonenumber_field.modelfields import PhoneNumberField

from accounts.languages import LocalizedText
from accounts.links import check_mac, make_mac
from accounts.models import one_line
from portal.tickets.models import Attachment, Message, Ticket
from progress import scope

PURPOSE = "job"  # of the links
LONGEST_TASK, LONGEST_NOTE = 2000, 2000
MOST_PHOTOS = 40  # that one job takes
MOST_COST = 10_000_000


class ContractorQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(in_use=True).order_by("name", "pk")


class Contractor(models.Model):
    """A firm, or somebody who works for us now and then: an address, and the language in which they read."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("name"), max_length=120, unique=True, validators=[one_line])
    trade = models.CharField(
        _("what they do"), max_length=120, blank=True, validators=[one_line], help_text=_("Such as: plumbing, windows.")
    )
    language = models.CharField(_("language"), max_length=10, choices=settings.LANGUAGES, default="zh-hans")
    phone = PhoneNumberField(_("mobile number"), blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    in_use = models.BooleanField(_("in use"), default=True)

    objects = ContractorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        verbose_name = _("contractor")
        verbose_name_plural = _("contractors")

    def __str__(self):
        return self.name

    def clean(self):
        if not (self.phone or self.email):
            raise ValidationError(_("Please give a mobile number or an e-mail address."))


class JobQuerySet(models.QuerySet):
    def for_user(self, user):
        """For staff, those of the developments assigned to them; for owners none: they read what is published."""
        return self.filter(scope.of_assigned(user, Ticket, "ticket__development"))

    def with_place(self):
        """With all that the link's page and the desk show of them."""
        return self.select_related(
            "contractor",
            "contact",
            "message",
            "ticket__owner",
            "ticket__home__building",
            "ticket__home__development",
            "ticket__component__parent",
        )

    def newest_first(self):
        return self.select_related("contractor").order_by("-given_at", "pk")


class Job(models.Model):
    """One ticket handed to one contractor. `id` comes from the form.

    Whoever has the link of the current `version` sees the job until it is over; raising the version ends the link.
    """

    class State(models.TextChoices):
        GIVEN = "given", pgettext_lazy("a contractor's job", "given")
        DONE = "done", pgettext_lazy("a contractor's job", "done")
        REVOKED = "revoked", pgettext_lazy("a contractor's job", "taken back")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, related_name="jobs", verbose_name=_("ticket"))
    contractor = models.ForeignKey(
        Contractor, on_delete=models.PROTECT, related_name="jobs", verbose_name=_("contractor")
    )
    task_en = models.TextField(_("what is to be done, in English"), max_length=LONGEST_TASK, blank=True)
    task_zh = models.TextField(_("what is to be done, in Chinese"), max_length=LONGEST_TASK, blank=True)
    contact = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("whom they ask")
    )
    shows_owner = models.BooleanField(_("they see the owner's name and telephone number"), default=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.GIVEN, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)
    given_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", editable=False)
    given_at = models.DateTimeField(_("given"), editable=False)
    expires_at = models.DateTimeField(_("link good until"))
    done_at = models.DateTimeField(_("done"), null=True, editable=False)
    note = models.TextField(_("what was done"), max_length=LONGEST_NOTE, blank=True, editable=False)
    cost = models.DecimalField(
        _("cost in yuan"),
        max_digits=10,
        decimal_places=2,
        null=True,
        editable=False,
        validators=[MinValueValidator(0), MaxValueValidator(MOST_COST)],
    )
    message = models.OneToOneField(  # what they said when it was done
        Message, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-given_at", "pk"]
        verbose_name = _("contractor's job")
        verbose_name_plural = _("contractors' jobs")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="done", done_at__isnull=False, message__isnull=False)
                | Q(state__in=["given", "revoked"], done_at=None, message=None, cost=None),
                name="job_done_with_its_moment",
            ),
            models.CheckConstraint(condition=Q(cost=None) | Q(cost__gte=0), name="job_cost_not_negative"),
        ]
        indexes = [models.Index(fields=["ticket", "-given_at"], name="job_of_ticket")]

    def __str__(self):
        return f"{self.ticket} · {self.contractor}"

    @property
    def task(self):
        return LocalizedText.of(self, "task")

    @property
    def zone(self):
        return self.ticket.home.development.time_zone

    @property
    def mac(self):
        return make_mac(PURPOSE, self.pk, self.version)

    @property
    def path(self):
        """What the contractor opens. Whoever has it needs no login."""
        return reverse("jobs:job", args=[self.pk, self.mac])

    def knows(self, mac):
        """Whether this was ever a link of this job."""
        return any(check_mac(PURPOSE, self.pk, version, mac) for version in range(self.version, 0, -1))

    def opens_with(self, mac):
        """Whether it is the link as it was given last."""
        return check_mac(PURPOSE, self.pk, self.version, mac)

    def standing(self, *, at):
        """What a link of it is worth: `open`, `done` (to be looked at), `revoked`, `expired`, or `over`.

        Over: the ticket ended without it, or was merged.
        """
        if self.state == self.State.REVOKED:
            return "revoked"
        if at >= self.expires_at:
            return "expired"
        if self.state == self.State.DONE:
            return "done"
        return "open" if self.ticket.state in WORKING else "over"


WORKING = (Ticket.State.NEW, Ticket.State.OPEN, Ticket.State.PAUSED)


class JobFileQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(job__in=Job.objects.for_user(user))


class JobFile(models.Model):
    """A photo of the job's page: one of the ticket's that staff chose, or one that the contractor sent."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="files")
    attachment = models.ForeignKey(Attachment, on_delete=models.CASCADE, related_name="+")
    by_contractor = models.BooleanField(default=False)
    order = models.PositiveSmallIntegerField(default=0)

    objects = JobFileQuerySet.as_manager()

    class Meta:
        ordering = ["by_contractor", "order", "id"]
        constraints = [models.UniqueConstraint(fields=["job", "attachment"], name="job_file_once")]

    def __str__(self):
        return str(self.pk)
