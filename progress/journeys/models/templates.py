"""Templates: the stages of one kind of work and the milestones of each, in versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.languages import LocalizedText


class Kind(models.TextChoices):
    """The four kinds of work."""

    NEW_HOME = "new_home", _("new home")
    RENOVATION = "renovation", _("renovation")
    REFURBISHMENT = "refurbishment", _("refurbishment")
    REPAIR = "repair", _("repair")


class JourneyTemplate(models.Model):
    """The stages of one kind of work. A home keeps the version it started with."""

    kind = models.CharField(_("kind of work"), max_length=20, choices=Kind)
    version = models.PositiveIntegerField(_("version"), default=1)

    class Meta:
        ordering = ["kind", "-version"]
        verbose_name = _("journey template")
        verbose_name_plural = _("journey templates")
        constraints = [models.UniqueConstraint(fields=["kind", "version"], name="one_template_a_kind_and_version")]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.version}"


class StageTemplate(models.Model):
    """One stage. Standing stages ("always") have no order and are never the current one."""

    template = models.ForeignKey(JourneyTemplate, on_delete=models.CASCADE, related_name="stages")
    code = models.SlugField(_("code"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"), null=True, blank=True)
    name_en = models.CharField(_("name in English"), max_length=80)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)
    regular_news = models.BooleanField(
        _("regular news"),
        default=False,
        help_text=_("Owners are promised news at regular intervals while in this stage."),
    )

    class Meta:
        ordering = ["template", models.F("order").asc(nulls_last=True)]
        verbose_name = _("stage")
        verbose_name_plural = _("stages")
        constraints = [
            models.UniqueConstraint(fields=["template", "code"], name="stage_code_once_a_template"),
            models.UniqueConstraint(fields=["template", "order"], name="stage_order_once_a_template"),
        ]

    def __str__(self):
        return str(self.name)

    @property
    def name(self):
        return LocalizedText.of(self, "name")


class MilestoneTemplate(models.Model):
    """One dated step of a stage; reaching all of a stage's steps ends the stage."""

    stage = models.ForeignKey(StageTemplate, on_delete=models.CASCADE, related_name="milestones")
    code = models.SlugField(_("code"), max_length=40)
    order = models.PositiveSmallIntegerField(_("order"))
    name_en = models.CharField(_("name in English"), max_length=80)
    name_zh = models.CharField(_("name in Chinese"), max_length=80)

    class Meta:
        ordering = ["stage", "order"]
        verbose_name = _("milestone of a template")
        verbose_name_plural = _("milestones of a template")
        constraints = [models.UniqueConstraint(fields=["stage", "code"], name="milestone_code_once_a_stage")]

    def __str__(self):
        return str(self.name)

    @property
    def name(self):
        return LocalizedText.of(self, "name")
