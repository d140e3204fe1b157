"""What is covered at one home until when, and by which repairs that became longer. keeping.py writes it."""

import uuid

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from progress import scope
from progress.components.models import Component, System
from progress.journeys.models import Journey
from progress.models import FOLLOWS_PROGRESS, Home

from .terms import Term

REST = pgettext_lazy("a warranty covers", "everything else")


class WarrantyQuerySet(models.QuerySet):
    def for_user(self, user):
        """Those of the homes whose progress this person follows; for staff, all where they work. Tenants: none."""
        return self.filter(
            scope.of_own_homes(user, "home", "home", roles=FOLLOWS_PROGRESS)
            | scope.of_assigned(user, self.model, "home__development")
        )

    def standing(self):
        """Without those whose work is not finished any more, or whose terms hold no longer."""
        return self.filter(voided_at__isnull=True)

    def with_last_day(self):
        """Adds `last`, the last day on which a defect can be reported, longer times after repairs included."""
        return self.annotate(last=Coalesce("extended_to", "ends"))

    def with_words(self):
        """With all that its words need, and the repairs that made it longer."""
        parts = ("component__parent", "term__component__parent")
        return self.select_related(*parts).prefetch_related("extensions")

    def of_home(self, home):
        """Those that stand, what ends first on top."""
        rows = self.standing().filter(home=home).with_words().with_last_day()
        return rows.order_by("last", "-term__system", "starts", "pk")

    def ending(self, *, first, last):
        """Standing ones whose last day lies between these two days, both included."""
        return self.standing().with_last_day().filter(last__gte=first, last__lte=last)


class Warranty(models.Model):
    """What one term covers at one home, for work that was finished on the day `starts`.

    `component` is what was repaired, or the part of a longer warranty that began anew after a repair; None: all that
    the term speaks of. `source` is the milestone or the repair from which it counts. `ends` is the last day by the
    term, `extended_to` the last day where repairs made it longer.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="warranties", verbose_name=_("home"))
    journey = models.ForeignKey(
        Journey, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("journey"), editable=False
    )
    component = models.ForeignKey(
        Component, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("component"), editable=False
    )
    term = models.ForeignKey(Term, on_delete=models.PROTECT, related_name="warranties", verbose_name=_("term"))
    starts = models.DateField(pgettext_lazy("a warranty", "from"))
    ends = models.DateField(pgettext_lazy("a warranty", "until"))
    extended_to = models.DateField(_("longer, until"), null=True, editable=False)
    source_kind = models.CharField(max_length=60, editable=False)
    source_id = models.UUIDField(editable=False)
    voided_at = models.DateTimeField(_("no longer applies since"), null=True, editable=False)

    objects = WarrantyQuerySet.as_manager()

    class Meta:
        ordering = ["home", "ends", "pk"]
        verbose_name = _("warranty")
        verbose_name_plural = _("warranties")
        constraints = [
            models.UniqueConstraint(
                fields=["home", "term", "source_id"],
                condition=Q(component__isnull=True),
                name="warranty_once_a_term_and_source",
            ),
            models.UniqueConstraint(
                fields=["home", "term", "component", "source_id"],
                condition=Q(component__isnull=False),
                name="warranty_once_a_component_and_source",
            ),
            models.CheckConstraint(condition=Q(ends__gte=F("starts")), name="warranty_ends_after_it_starts"),
            models.CheckConstraint(
                condition=Q(extended_to__isnull=True) | Q(extended_to__gt=F("ends")), name="warranty_extended_is_longer"
            ),
        ]
        indexes = [
            models.Index(
                Coalesce("extended_to", "ends"), condition=Q(voided_at__isnull=True), name="warranty_last_day"
            ),
            models.Index(fields=["source_id"], name="warranty_of_source"),
        ]

    def __str__(self):
        return f"{self.term}: {self.component}" if self.component else str(self.term)

    @property
    def last_day(self):
        return self.extended_to or self.ends

    @property
    def system(self):
        """Its System; "" where the term covers whatever no other one names."""
        part = self.component or self.term.component
        return part.system if part else self.term.system

    @property
    def what(self):
        """What is covered, in words: a part of the home, a system, or all the rest."""
        if part := self.component or self.term.component:
            return str(part)
        return str(System(self.term.system).label if self.term.system else REST)

    def is_over(self, *, on):
        return self.last_day < on


class WarrantyExtension(models.Model):
    """Why a warranty lasts longer for a component: it was repaired under it, and the term says that it begins anew.

    `source` is the repair; only the app above knows what it is.
    """

    warranty = models.ForeignKey(Warranty, on_delete=models.CASCADE, related_name="extensions")
    source_kind = models.CharField(max_length=60, editable=False)
    source_id = models.UUIDField(editable=False)
    repaired_on = models.DateField(_("repaired on"))
    from_day = models.DateField(pgettext_lazy("a warranty", "from"))
    to_day = models.DateField(_("longer, until"))

    class Meta:
        ordering = ["repaired_on", "pk"]
        verbose_name = _("longer warranty")
        verbose_name_plural = _("longer warranties")
        constraints = [
            models.UniqueConstraint(fields=["warranty", "source_id"], name="warranty_extended_once_a_repair"),
            models.CheckConstraint(condition=Q(to_day__gt=F("from_day")), name="warranty_extension_is_longer"),
        ]

    def __str__(self):
        return f"{self.from_day} → {self.to_day}"
