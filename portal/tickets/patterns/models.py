"""Patterns: the same component fails in several homes of one house type, or where one contractor worked."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText
from accounts.models import one_line
from portal.tickets.jobs.models import Contractor, Job
from portal.tickets.models import Ticket
from progress import scope
from progress.components.models import Component
from progress.models import Development, Home, HouseType

LONGEST = 2000


def defects():
    """Tickets that say of a component that something is wrong with it."""
    kinds, no_more = (Ticket.Kind.REPAIR, Ticket.Kind.COMPLAINT), (Ticket.Outcome.DUPLICATE, Ticket.Outcome.WITHDRAWN)
    found = Ticket.objects.filter(kind__in=kinds, component__isnull=False)
    return found.exclude(state=Ticket.State.MERGED).exclude(outcome__in=no_more)


def given_jobs():
    """Jobs that a contractor has, or had done."""
    return Job.objects.exclude(state=Job.State.REVOKED)


class PatternQuerySet(models.QuerySet):
    def for_user(self, user):
        """For staff, those of the developments assigned to them; for owners none."""
        return self.filter(scope.of_assigned(user, Pattern, "development"))

    def unsettled(self):
        return self.exclude(state=Pattern.State.SETTLED)

    def with_place(self):
        return self.select_related("development", "component__parent", "house_type", "contractor")


class Pattern(models.Model):
    """One component, and what its homes have in common: either a house type or a contractor.

    Its tickets are those reported from `since` on. There is one at a time; after it is settled, new cases make another.
    """

    class State(models.TextChoices):
        FOUND = "found", pgettext_lazy("a pattern", "found")
        WARNED = "warned", pgettext_lazy("a pattern", "the other homes were told")
        SETTLED = "settled", pgettext_lazy("a pattern", "settled")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, related_name="+", verbose_name=_("development"), editable=False
    )
    component = models.ForeignKey(
        Component, on_delete=models.PROTECT, related_name="+", verbose_name=_("component"), editable=False
    )
    house_type = models.ForeignKey(
        HouseType, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("house type"), editable=False
    )
    contractor = models.ForeignKey(
        Contractor, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("contractor"), editable=False
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.FOUND, editable=False)
    since = models.DateTimeField(editable=False)
    found_at = models.DateTimeField(_("found"), editable=False)
    words_en = models.TextField(_("what the owners read, in English"), max_length=LONGEST, blank=True)
    words_zh = models.TextField(_("what the owners read, in Chinese"), max_length=LONGEST, blank=True)
    warned_at = models.DateTimeField(_("told"), null=True, editable=False)
    warned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    settled_at = models.DateTimeField(_("settled"), null=True, editable=False)
    settled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    reason = models.CharField(_("why it is settled"), max_length=300, blank=True, validators=[one_line])

    objects = PatternQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "pk"]
        verbose_name = _("pattern")
        verbose_name_plural = _("patterns")
        constraints = [
            models.CheckConstraint(
                condition=Q(house_type__isnull=False, contractor=None) | Q(house_type=None, contractor__isnull=False),
                name="pattern_of_a_type_or_a_contractor",
            ),
            models.CheckConstraint(
                condition=Q(state="settled", settled_at__isnull=False) & ~Q(reason="")
                | (~Q(state="settled") & Q(settled_at=None, reason="")),
                name="pattern_settled_with_a_reason",
            ),
            models.CheckConstraint(
                condition=(Q(state="found", warned_at=None) | Q(state="warned", warned_at__isnull=False))
                | Q(state="settled"),
                name="pattern_warned_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(warned_at=None) | ~Q(words_en="") | ~Q(words_zh=""), name="pattern_warned_in_words"
            ),
            models.UniqueConstraint(
                fields=["component", "house_type"],
                condition=~Q(state="settled") & Q(house_type__isnull=False),
                name="one_pattern_a_house_type",
            ),
            models.UniqueConstraint(
                fields=["development", "component", "contractor"],
                condition=~Q(state="settled") & Q(contractor__isnull=False),
                name="one_pattern_a_contractor",
            ),
        ]

    def __str__(self):
        return f"{self.component.path}: {self.house_type or self.contractor}"

    @property
    def words(self):
        return LocalizedText.of(self, "words")

    @property
    def is_settled(self):
        return self.state == self.State.SETTLED

    def tickets(self):
        """Those that it was found by, and what came since, until it was settled."""
        rows = defects().filter(
            development=self.development_id, component=self.component_id, reported_at__gte=self.since
        )
        if self.settled_at:
            rows = rows.filter(reported_at__lte=self.settled_at)
        if self.house_type_id:
            return rows.filter(home__house_type=self.house_type_id)
        return rows.filter(Exists(given_jobs().filter(ticket=OuterRef("pk"), contractor=self.contractor_id)))

    def affected_homes(self):
        return Home.objects.filter(pk__in=self.tickets().order_by().values("home"))

    def other_homes(self):
        """Those that have not complained yet: of the same type, or where the contractor did something, too."""
        others = Home.objects.filter(development=self.development_id)
        if self.house_type_id:
            others = others.filter(house_type=self.house_type_id)
        else:
            jobs = given_jobs().filter(contractor=self.contractor_id)
            others = others.filter(pk__in=jobs.order_by().values("ticket__home"))
        return others.exclude(pk__in=self.tickets().order_by().values("home"))
