"""Checks of homes: their forms, what was found item by item, and who signed for it."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.models import PrivateFile
from accounts.languages import LocalizedText
from accounts.models import Owner, one_line
from portal.tickets.models import Ticket
from portal.visits.models import Visit
from progress import scope
from progress.components.models import Component
from progress.leaflets.models import Made, MadeQuerySet
from progress.models import Development, Home
from progress.promises.models import Promise
from progress.touchpoints.models import Touchpoint

LONGEST = 500


class CheckForm(models.Model):
    """One version of a form. `code` stays the same; one that was ever in use is not edited, another follows it."""

    class By(models.TextChoices):
        VISIT = "visit", pgettext_lazy("a form is filled in", "by a colleague at the home")
        CALL = "call", pgettext_lazy("a form is filled in", "by a colleague on the telephone")
        OWNER = "owner", pgettext_lazy("a form is filled in", "by the owner")

    class State(models.TextChoices):
        DRAFT = "draft", pgettext_lazy("a form", "draft")
        ON = "on", pgettext_lazy("a form", "in use")
        OFF = "off", pgettext_lazy("a form", "replaced")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    code = models.SlugField(_("code"), max_length=40)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    name_en = models.CharField(_("name in English"), max_length=80, blank=True, validators=[one_line])
    name_zh = models.CharField(_("name in Chinese"), max_length=80, blank=True, validators=[one_line])
    intro_en = models.TextField(_("introduction in English"), max_length=LONGEST, blank=True)
    intro_zh = models.TextField(_("introduction in Chinese"), max_length=LONGEST, blank=True)
    by = models.CharField(_("who fills it in"), max_length=10, choices=By, default=By.VISIT)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    made_at = models.DateTimeField(_("made"), editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )

    class Meta:
        ordering = ["code", "-version"]
        verbose_name = _("form of a check")
        verbose_name_plural = _("forms of checks")
        constraints = [
            models.UniqueConstraint(fields=["code", "version"], name="check_form_version_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(state="on"), name="check_form_in_use_once"),
            models.CheckConstraint(condition=~Q(name_en="") | ~Q(name_zh=""), name="check_form_has_a_name"),
        ]

    def __str__(self):
        return str(self.name)

    @property
    def name(self):
        return LocalizedText.of(self, "name")

    @property
    def intro(self):
        return LocalizedText.of(self, "intro")


class FormItem(models.Model):
    """One thing to look at. `code` names the same thing in all versions of its form."""

    class Photo(models.TextChoices):
        NEVER = "never", pgettext_lazy("a photo", "not asked for")
        FAILED = "failed", pgettext_lazy("a photo", "where it is not in order")
        ALWAYS = "always", pgettext_lazy("a photo", "always")

    form = models.ForeignKey(CheckForm, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField(default=0)
    code = models.SlugField(_("code"), max_length=40)
    section_en = models.CharField(_("section in English"), max_length=80, blank=True, validators=[one_line])
    section_zh = models.CharField(_("section in Chinese"), max_length=80, blank=True, validators=[one_line])
    text_en = models.CharField(_("what is looked at, in English"), max_length=200, blank=True, validators=[one_line])
    text_zh = models.CharField(_("what is looked at, in Chinese"), max_length=200, blank=True, validators=[one_line])
    component = models.ForeignKey(
        Component, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("component")
    )
    touchpoint = models.ForeignKey(
        Touchpoint, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("touchpoint")
    )
    measured = models.BooleanField(_("measured"), default=False)
    unit = models.CharField(_("unit"), max_length=12, blank=True, validators=[one_line])
    low = models.DecimalField(_("at least"), max_digits=9, decimal_places=3, null=True, blank=True)
    high = models.DecimalField(_("at most"), max_digits=9, decimal_places=3, null=True, blank=True)
    photo = models.CharField(_("photo"), max_length=8, choices=Photo, default=Photo.FAILED)

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("item of a form")
        verbose_name_plural = _("items of a form")
        constraints = [
            models.UniqueConstraint(fields=["form", "code"], name="check_form_item_once"),
            models.CheckConstraint(condition=~Q(text_en="") | ~Q(text_zh=""), name="check_form_item_has_words"),
            models.CheckConstraint(
                condition=Q(measured=False, unit="", low__isnull=True, high__isnull=True)
                | Q(measured=True) & ~Q(unit="") & (Q(low__isnull=False) | Q(high__isnull=False)),
                name="check_form_item_measured_whole",
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(low__lte=F("high")),
                name="check_form_item_low_below_high",
            ),
        ]

    def __str__(self):
        return str(self.text)

    @property
    def text(self):
        return LocalizedText.of(self, "text")

    @property
    def section(self):
        return LocalizedText.of(self, "section")


def _lived_in(user):
    """What was asked on the telephone is a call, not a check that anybody looks at again."""
    theirs = scope.of_own_homes(user, "home", "home") & Q(of_former_household=False)
    return theirs & ~Q(form__by=CheckForm.By.CALL)


class CheckQuerySet(MadeQuerySet):
    def for_user(self, user):
        """Those of the homes that this person lives in now, since they are theirs; for staff, of those assigned."""
        return self.filter(_lived_in(user) | scope.of_assigned(user, self.model, "development"))

    def of_household(self, user):
        """Those of the homes that this person lives in, whatever else they may see as staff."""
        return self.filter(_lived_in(user))

    def open(self):
        return self.filter(stage__in=[Check.Stage.PLANNED, Check.Stage.BEGUN, Check.Stage.FILLED])


class Check(Made):
    """One check at one home, with a version of a form that stays the same once it was begun.

    As a document that is made (`Made`) it is its report: WAITING for the worker from the signature on.
    """

    class Stage(models.TextChoices):
        PLANNED = "planned", pgettext_lazy("a check", "to be done")
        BEGUN = "begun", pgettext_lazy("a check", "begun")
        FILLED = "filled", pgettext_lazy("a check", "filled in")
        SIGNED = "signed", pgettext_lazy("a check", "signed")
        DROPPED = "dropped", pgettext_lazy("a check", "not done")

    promise = models.OneToOneField(
        Promise, on_delete=models.PROTECT, null=True, related_name="check_of_home", editable=False
    )
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="checks", verbose_name=_("home"))
    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, related_name="+", verbose_name=_("development"), editable=False
    )
    form = models.ForeignKey(CheckForm, on_delete=models.PROTECT, related_name="checks", verbose_name=_("form"))
    visit = models.ForeignKey(
        Visit, on_delete=models.SET_NULL, null=True, related_name="checks", verbose_name=_("visit"), editable=False
    )
    stage = models.CharField(_("state"), max_length=10, choices=Stage, default=Stage.PLANNED, editable=False)
    self_check = models.BooleanField(_("filled in by the owner"), default=False, editable=False)
    of_former_household = models.BooleanField(default=False, editable=False)
    planned_at = models.DateTimeField(editable=False)
    begun_at = models.DateTimeField(_("begun"), null=True, editable=False)
    begun_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    filled_at = models.DateTimeField(_("filled in"), null=True, editable=False)
    filled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )
    found_on = models.DateField(_("found on"), null=True, editable=False)  # the day that counts for the warranty
    signed_name = models.CharField(_("signed by"), max_length=80, blank=True, validators=[one_line])
    signed_at = models.DateTimeField(_("signed"), null=True, editable=False)
    signed_by = models.ForeignKey(
        Owner, on_delete=models.PROTECT, null=True, related_name="+", editable=False
    )  # who signed in the portal; on the spot only a name and a signature
    signature = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    pdf = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, related_name="+", editable=False)
    asked_at = models.DateTimeField(null=True, editable=False)  # for the report: since the signature

    objects = CheckQuerySet.as_manager()

    class Meta:
        ordering = ["-planned_at", "pk"]
        verbose_name = _("check")
        verbose_name_plural = _("checks")
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["planned", "dropped"]) | Q(begun_at__isnull=False), name="check_begun_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(stage__in=["filled", "signed"]) | Q(filled_at__isnull=False, found_on__isnull=False),
                name="check_filled_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(stage="signed", signed_at__isnull=False) & ~Q(signed_name="")
                | (~Q(stage="signed") & Q(signed_at__isnull=True, signature__isnull=True)),
                name="check_signed_has_a_name",
            ),
        ]
        indexes = [
            models.Index(fields=["home", "-planned_at"], name="check_of_its_home"),
            models.Index(
                fields=["asked_at"], condition=Q(state="waiting", asked_at__isnull=False), name="check_to_print"
            ),
            models.Index(fields=["development", "stage"], name="check_there"),
        ]

    def __str__(self):
        return str(self.form)

    @property
    def is_call(self):
        return self.form.by == CheckForm.By.CALL


class Result(models.Model):
    """What one person found of one item. `id` comes from the phone, so sent twice it counts once.

    Two people may have looked at the same item: both stay. `stands` marks the one that counts; of two that
    disagree none does until somebody chooses.
    """

    class Verdict(models.TextChoices):
        PASS = "pass", pgettext_lazy("an item of a check", "in order")
        FAIL = "fail", pgettext_lazy("an item of a check", "not in order")
        NO_ACCESS = "no_access", pgettext_lazy("an item of a check", "could not be reached")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    check_of = models.ForeignKey(Check, on_delete=models.PROTECT, related_name="results")
    item = models.ForeignKey(FormItem, on_delete=models.PROTECT, related_name="results")
    verdict = models.CharField(_("found"), max_length=10, choices=Verdict)
    value = models.DecimalField(_("measured"), max_digits=9, decimal_places=3, null=True, blank=True)
    note = models.CharField(_("note"), max_length=LONGEST, blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    done_at = models.DateTimeField(_("found at"))  # as the phone says
    arrived_at = models.DateTimeField()
    stands = models.BooleanField(default=True, editable=False)
    ticket = models.ForeignKey(Ticket, on_delete=models.PROTECT, null=True, related_name="+", editable=False)

    class Meta:
        ordering = ["done_at", "pk"]
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
        constraints = [
            models.UniqueConstraint(
                fields=["check_of", "item"], condition=Q(stands=True), name="check_result_stands_once"
            ),
        ]

    def __str__(self):
        return self.get_verdict_display()

    @property
    def measured(self):
        """What was read, with its unit; "" where nothing was measured."""
        return "" if self.value is None else f"{self.value.normalize():f} {self.item.unit}"


class ResultPhoto(models.Model):
    """A photo of what was found."""

    result = models.ForeignKey(Result, on_delete=models.PROTECT, related_name="photos")
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(default=0, validators=[MinValueValidator(0), MaxValueValidator(20)])

    class Meta:
        ordering = ["order", "pk"]
        verbose_name = _("photo of a check")
        verbose_name_plural = _("photos of a check")

    def __str__(self):
        return str(self.pk)
