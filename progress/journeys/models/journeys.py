"""Journeys: the stages of one home's life, with dated milestones."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from progress import scope
from progress.models import FOLLOWS_PROGRESS, Home

from .templates import JourneyTemplate, MilestoneTemplate


class JourneyQuerySet(models.QuerySet):
    def for_user(self, user):
        """Journeys of the homes whose progress this person follows, or which are assigned to them."""
        return self.filter(
            scope.of_own_homes(user, "home", "home", roles=FOLLOWS_PROGRESS)
            | scope.of_assigned(user, self.model, "home__development")
        )

    def with_stage(self):
        """Adds `stage_now`: the first ordered stage that still has a step open; None when all are done."""
        open_steps = Milestone.objects.exclude(state=Milestone.State.REACHED)
        open_steps = open_steps.filter(journey=models.OuterRef("pk"), template__stage__order__isnull=False)
        open_steps = open_steps.order_by("template__stage__order")
        return self.annotate(stage_now=models.Subquery(open_steps.values("template__stage")[:1]))


class Journey(models.Model):
    """One job at one home, from its start to its end."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="journeys", verbose_name=_("home"))
    template = models.ForeignKey(JourneyTemplate, on_delete=models.PROTECT, verbose_name=_("template"))
    started = models.DateField(_("started"))
    ended = models.DateField(_("ended"), null=True, blank=True)

    objects = JourneyQuerySet.as_manager()

    class Meta:
        ordering = ["-started", "id"]
        verbose_name = _("journey")
        verbose_name_plural = _("journeys")
        constraints = [
            models.UniqueConstraint(
                fields=["home", "template"],
                condition=models.Q(ended__isnull=True),
                name="one_open_journey_a_home_and_template",
            ),
            models.CheckConstraint(
                condition=models.Q(ended__isnull=True) | models.Q(ended__gte=models.F("started")),
                name="journey_ends_after_it_starts",
            ),
        ]

    def __str__(self):
        return f"{self.home}: {self.template.get_kind_display()}"


class MilestoneQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(journey__in=Journey.objects.for_user(user))


class Milestone(models.Model):
    """A dated step of one journey: what was planned, what is forecast, what came."""

    class State(models.TextChoices):
        PLANNED = "planned", _("to come")
        REACHED = "reached", _("reached")
        WITHDRAWN = "withdrawn", _("withdrawn")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    journey = models.ForeignKey(Journey, on_delete=models.PROTECT, related_name="milestones")
    template = models.ForeignKey(MilestoneTemplate, on_delete=models.PROTECT)
    planned = models.DateField(_("planned"), null=True, blank=True)
    forecast = models.DateField(_("forecast"), null=True, blank=True)
    actual = models.DateField(_("actual"), null=True, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State, default=State.PLANNED, editable=False)
    row_version = models.PositiveIntegerField(default=1, editable=False)

    objects = MilestoneQuerySet.as_manager()

    class Meta:
        ordering = ["journey", "template__stage__order", "template__order"]
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")
        constraints = [
            models.UniqueConstraint(fields=["journey", "template"], name="milestone_once_a_journey"),
            models.CheckConstraint(
                condition=models.Q(state="reached", actual__isnull=False)
                | (~models.Q(state="reached") & models.Q(actual__isnull=True)),
                name="milestone_reached_has_a_day",
            ),
        ]

    def __str__(self):
        return str(self.template)

    @property
    def expected(self):
        """The day to reckon with: the forecast if there is one, else the plan."""
        return self.forecast or self.planned

    @property
    def is_undated(self):
        """Whether nobody has said anything of when it comes."""
        return self.state == self.State.PLANNED and self.expected is None

    @property
    def moved(self):
        """Whether the forecast is another day than the plan."""
        return bool(self.planned and self.forecast and self.planned != self.forecast)


class Look(models.Model):
    """When somebody last looked at a home's journey, and when before: what changed between is marked for them."""

    VISIT = timedelta(hours=1)  # looking again within it is the same visit

    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    home = models.ForeignKey(Home, on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()
    before = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("look at a journey")
        verbose_name_plural = _("looks at journeys")
        constraints = [models.UniqueConstraint(fields=["user", "home"], name="look_once_a_person_and_home")]

    def __str__(self):
        return f"{self.user_id} {self.home_id}"
