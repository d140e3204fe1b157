"""What the portal prints: the monthly leaflet of a place, and the diary of one home. Workers make them."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.models import PrivateFile
from accounts.languages import SUFFIX
from progress import scope
from progress.models import FOLLOWS_PROGRESS, HOSTS, Building, Development, Home

KEPT = timedelta(days=7)  # a diary that is ready
MAX_CLAIMS = 3


class MadeQuerySet(models.QuerySet):
    def waiting(self):
        return self.filter(state=Made.State.WAITING)

    def to_begin(self, *, at):
        """Asked for, and in no worker's hands."""
        return self.waiting().filter(Q(lease=None) | Q(leased_until__lte=at)).order_by("asked_at")


class Made(models.Model):
    """A document that somebody asked for and a worker makes; making.py has the lease and its counting."""

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("a document", "being made")
        READY = "ready", pgettext_lazy("a document", "ready")
        FAILED = "failed", pgettext_lazy("a document", "could not be made")
        SENT = "sent", pgettext_lazy("a document", "sent")
        GONE = "gone", pgettext_lazy("a document", "thrown away")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.WAITING, editable=False)
    asked_at = models.DateTimeField(_("asked for"))
    as_of = models.DateTimeField(null=True, editable=False)  # when what it says was read
    ready_at = models.DateTimeField(pgettext_lazy("a document", "ready"), null=True, editable=False)
    claims = models.PositiveSmallIntegerField(default=0, editable=False)  # counted before each attempt
    lease = models.UUIDField(null=True, editable=False)
    leased_until = models.DateTimeField(null=True, editable=False)
    progress = models.PositiveSmallIntegerField(default=0, editable=False)  # per cent

    class Meta:
        abstract = True

    @property
    def is_waiting(self):
        return self.state == self.State.WAITING

    @property
    def is_ready(self):
        return self.state == self.State.READY

    @property
    def is_failed(self):
        return self.state == self.State.FAILED


def first_of_a_month(day):
    """A validator of months, which are kept as their first day."""
    if day.day != 1:
        raise ValidationError(_("A month is kept as its first day."))


class LeafletQuerySet(MadeQuerySet):
    def for_user(self, user):
        """Those that were sent to the homes whose progress this person follows; for staff, all where they work."""
        return self.filter(_sent_to(user) | scope.of_assigned(user, self.model, "development"))

    def sent_to(self, user):
        """Those for this person's own homes, whatever else they may see as staff."""
        return self.filter(_sent_to(user))

    def for_home(self, home):
        """Those that were sent to one home, newest first."""
        here = Q(building=None, development=home.development_id)
        here |= Q(building=home.building_id, building__isnull=False)
        return self.filter(here, state=Made.State.SENT).order_by("-month", "-sent_at")


def _sent_to(user):
    of_building = scope.of_own_homes(user, "building", "home__building", roles=FOLLOWS_PROGRESS)
    of_place = scope.of_own_homes(user, "development", "home__development", roles=FOLLOWS_PROGRESS)
    return Q(state=Made.State.SENT) & (of_building | (of_place & Q(building=None)))


class Leaflet(Made):
    """What happened at a development, or at one of its buildings, in a month: a PDF in each language.

    Made anew until it is sent; from then on it stays as its readers have it.
    """

    class Trouble(models.TextChoices):
        NOTHING = "nothing", _("There was nothing to say of this month.")
        BROKEN = "broken", _("It was tried three times; the administrator finds more in the log.")

    development = models.ForeignKey(
        Development, on_delete=models.PROTECT, related_name="leaflets", verbose_name=_("development")
    )
    building = models.ForeignKey(
        Building, on_delete=models.PROTECT, null=True, blank=True, related_name="leaflets", verbose_name=_("building")
    )
    month = models.DateField(_("month"), validators=[first_of_a_month])
    trouble = models.CharField(max_length=10, choices=Trouble, blank=True, editable=False)
    file_en = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    file_zh = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("asked by")
    )
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("sent by")
    )
    sent_at = models.DateTimeField(pgettext_lazy("a document", "sent"), null=True, editable=False)

    objects = LeafletQuerySet.as_manager()

    class Meta:
        ordering = ["-month", "development", "building"]
        verbose_name = _("leaflet")
        verbose_name_plural = _("leaflets")
        constraints = [
            models.UniqueConstraint(
                fields=["development", "month"], condition=Q(building__isnull=True), name="leaflet_once_a_development"
            ),
            models.UniqueConstraint(fields=["building", "month"], name="leaflet_once_a_building"),
            models.CheckConstraint(
                condition=Q(state__in=["ready", "sent"], file_en__isnull=False, file_zh__isnull=False)
                | Q(state__in=["waiting", "failed"], file_en__isnull=True, file_zh__isnull=True),
                name="leaflet_ready_has_its_files",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="leaflet_sent_has_a_time",
            ),
        ]

    def __str__(self):
        return f"{self.place}, {date_format(self.month, 'YEAR_MONTH_FORMAT')}"

    @property
    def place(self):
        return self.building or self.development

    @property
    def is_sent(self):
        return self.state == self.State.SENT

    def file_in(self, language):
        """The PDF in `language`, None while there is none."""
        return getattr(self, f"file_{SUFFIX[language]}")


class DiaryQuerySet(MadeQuerySet):
    def for_user(self, user):
        """The person's own, as long as the home is theirs. Nobody else sees one, staff neither."""
        own = scope.of_own_homes(user, "home", "home", roles=HOSTS)
        return self.filter(own, asked_by=user) if user.is_authenticated else self.none()

    def to_be_fetched(self, *, at):
        return self.filter(state=Made.State.READY, ready_at__gt=at - KEPT)

    def to_forget(self, *, at):
        return self.filter(state=Made.State.READY, ready_at__lte=at - KEPT)


class Diary(Made):
    """All that was ever said of one home, as a PDF, for the owner who asked for it. Kept for a week."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="diaries", verbose_name=_("home"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="diaries", verbose_name=_("asked by")
    )
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    left_out = models.PositiveIntegerField(default=0, editable=False)  # photos for which there was no room

    objects = DiaryQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("diary of a home")
        verbose_name_plural = _("diaries of homes")
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by"], condition=Q(state="waiting"), name="one_diary_in_the_making_a_person"
            ),
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False, ready_at__isnull=False)
                | Q(state__in=["waiting", "failed", "gone"], file__isnull=True),
                name="diary_ready_has_a_file",
            ),
        ]

    def __str__(self):
        return f"{self.home_id} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def kept_until(self):
        return self.ready_at and self.ready_at + KEPT
