"""Opinions: what owners say after an open day, what staff answer, and where it was cited."""

import uuid

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.models import PrivateFile
from accounts.languages import LocalizedText
from accounts.models import Owner
from portal.bookings.models import Booking, OpenDay
from portal.bookings.models.bookings import OfHousehold
from progress import scope
from progress.models import Home
from progress.touchpoints.models import Touchpoint
from progress.updates.models import Update

from .areas import Area, Verdict

LONGEST, LONGEST_ON_AREA = 4000, 500


class OpinionQuerySet(OfHousehold):
    def for_user(self, user):
        """Those of the household, but for tenants; for staff, of the developments assigned to them.

        A former owner sees nothing, and whoever has the home next does not see what was said before.
        """
        own = Exists(Opinion.objects.own(user).filter(pk=OuterRef("pk")))
        return self.filter(own | scope.of_assigned(user, self.model, "open_day__development"))

    def open(self):
        return self.filter(state=Opinion.State.OPEN)


class Opinion(models.Model):
    """What a household says of one visit to an open day: one opinion a booking, theirs to edit until it is answered."""

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("an opinion", "not answered yet")
        ANSWERED = "answered", pgettext_lazy("an opinion", "answered")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    booking = models.OneToOneField(Booking, on_delete=models.SET_NULL, null=True, related_name="opinion")
    open_day = models.ForeignKey(OpenDay, on_delete=models.PROTECT, related_name="opinions", verbose_name=_("open day"))
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="opinions", verbose_name=_("home"))
    owner = models.ForeignKey(Owner, on_delete=models.PROTECT, related_name="opinions", verbose_name=_("owner"))
    touchpoint = models.ForeignKey(
        Touchpoint, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("touchpoint")
    )
    rating = models.PositiveSmallIntegerField(_("rating"), validators=[MinValueValidator(1), MaxValueValidator(5)])
    text = models.TextField(_("opinion"), max_length=LONGEST, blank=True)
    version = models.PositiveIntegerField(default=1)  # each edit is another one: nobody answers what they haven't read
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.OPEN)
    answer = models.TextField(_("answer"), max_length=LONGEST, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("answered by")
    )
    answered_at = models.DateTimeField(_("answered"), null=True)
    created_at = models.DateTimeField(_("said"))
    edited_at = models.DateTimeField(_("edited"), null=True)

    objects = OpinionQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "id"]
        verbose_name = _("opinion")
        verbose_name_plural = _("opinions")
        constraints = [
            models.CheckConstraint(condition=Q(rating__range=(1, 5)), name="opinion_rating_1_to_5"),
            models.CheckConstraint(
                condition=Q(state="open", answer="", answered_at__isnull=True)
                | (Q(state="answered", answered_at__isnull=False) & ~Q(answer="")),
                name="opinion_answered_with_words",
            ),
        ]
        indexes = [models.Index(fields=["open_day", "-created_at"], name="opinion_of_open_day")]

    def __str__(self):
        return f"{self.rating}/5 · {self.home}"

    @property
    def is_answered(self):
        return self.state == self.State.ANSWERED


class AreaOpinion(models.Model):
    """What it says of one part of the home."""

    opinion = models.ForeignKey(Opinion, on_delete=models.CASCADE, related_name="areas")
    area = models.CharField(_("area"), max_length=12, choices=Area)
    verdict = models.CharField(_("verdict"), max_length=6, choices=Verdict)
    text = models.CharField(_("in words"), max_length=LONGEST_ON_AREA, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["opinion", "area"], name="one_opinion_an_area"),
            models.CheckConstraint(condition=Q(area__in=Area.values), name="opinion_area_known"),
            models.CheckConstraint(condition=Q(verdict__in=Verdict.values), name="opinion_verdict_known"),
        ]

    def __str__(self):
        return f"{self.get_area_display()}: {self.get_verdict_display()}"


class OpinionPhotoQuerySet(models.QuerySet):
    def for_user(self, user):
        return self.filter(opinion__in=Opinion.objects.for_user(user))


class OpinionPhoto(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    opinion = models.ForeignKey(Opinion, on_delete=models.CASCADE, related_name="photos")
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField()

    objects = OpinionPhotoQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        constraints = [models.UniqueConstraint(fields=["opinion", "order"], name="opinion_photo_order_once")]

    def __str__(self):
        return str(self.pk)


class OpinionRequest(models.Model):
    """That the household of a booking was asked for its opinion: once."""

    booking = models.OneToOneField(Booking, on_delete=models.CASCADE, related_name="opinion_request")
    asked_at = models.DateTimeField()

    def __str__(self):
        return str(self.pk)


class Citation(models.Model):
    """Words of an opinion in an update that says what was changed because of it. They name nobody.

    The words stay with the update when the opinion goes with its author.
    """

    update = models.ForeignKey(Update, on_delete=models.CASCADE, related_name="citations")
    opinion = models.ForeignKey(Opinion, on_delete=models.SET_NULL, null=True, related_name="citations")
    words_en = models.CharField(_("words in English"), max_length=300, blank=True)
    words_zh = models.CharField(_("words in Chinese"), max_length=300, blank=True)

    class Meta:
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["update", "opinion"], name="opinion_cited_once_an_update"),
            models.CheckConstraint(condition=~Q(words_en="", words_zh=""), name="citation_has_words"),
        ]

    def __str__(self):
        return str(self.words)

    @property
    def words(self):
        return LocalizedText.of(self, "words")
