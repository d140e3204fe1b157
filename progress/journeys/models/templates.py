"""Templates: the stages of one kind of work and the milestones of each, in versions."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.languages import LocalizedText


class Kind(models.TextChoices):
    """The four kinds of work."""

    NEW_HOME = "new_home", _("new home")
    RENOVATION = "renovation", _("renovation")
    REFURBISHMENT = "refurbishment", _("refurbishment")
    REPAIR = "repair", _("repair")


class JourneyTemplateQuerySet(models.QuerySet):
    def in_force(self):
        """The version of each kind with which new journeys start."""
        return self.filter(state=JourneyTemplate.State.IN_FORCE)

    def known(self):
        """Without drafts, which nobody has put in force yet."""
        return self.exclude(state=JourneyTemplate.State.DRAFT)


class JourneyTemplate(models.Model):
    """The stages of one kind of work, in one version. A home keeps the version it started with until staff move it."""

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("a version", "draft")
        IN_FORCE = "in_force", pgettext_lazy("a version", "in force")
        RETIRED = "retired", pgettext_lazy("a version", "replaced")

    kind = models.CharField(_("kind of work"), max_length=20, choices=Kind)
    version = models.PositiveIntegerField(_("version"), default=1)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)

    objects = JourneyTemplateQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "-version"]
        verbose_name = _("journey template")
        verbose_name_plural = _("journey templates")
        constraints = [
            models.UniqueConstraint(fields=["kind", "version"], name="one_template_a_kind_and_version"),
            models.UniqueConstraint(
                fields=["kind"], condition=models.Q(state="in_force"), name="one_version_in_force_a_kind"
            ),
            models.UniqueConstraint(fields=["kind"], condition=models.Q(state="draft"), name="one_draft_a_kind"),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.version}"

    @property
    def is_draft(self):
        return self.state == self.State.DRAFT

    @property
    def is_in_force(self):
        return self.state == self.State.IN_FORCE


def _words(label):
    return models.TextField(label, max_length=1000, blank=True)


class StageTemplate(models.Model):
    """One stage, and what owners read of it. Standing stages ("always") have no order and are never the current one."""

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
    happens_en = _words(_("what happens, in English"))
    happens_zh = _words(_("what happens, in Chinese"))
    to_do_en = _words(_("what the owner should do, in English"))
    to_do_zh = _words(_("what the owner should do, in Chinese"))
    contact_en = _words(_("whom to contact, in English"))
    contact_zh = _words(_("whom to contact, in Chinese"))
    contact_roles = models.JSONField(_("who is asked about it"), default=list, blank=True)
    document_kinds = models.JSONField(_("documents that belong to it"), default=list, blank=True)

    class Meta:
        ordering = ["template", models.F("order").asc(nulls_last=True), "code"]
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

    @property
    def happens(self):
        return LocalizedText.of(self, "happens")

    @property
    def to_do(self):
        return LocalizedText.of(self, "to_do")

    @property
    def contact(self):
        return LocalizedText.of(self, "contact")


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
