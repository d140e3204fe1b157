"""All that is known of one home, for one of its owners: a document to read, or an archive of the originals."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.files.models import PrivateFile
from progress import scope
from progress.leaflets.models import KEPT, Made, MadeQuerySet
from progress.models import HOSTS, Home


class DossierQuerySet(MadeQuerySet):
    def for_user(self, user):
        """The person's own, as long as they are owner or co-owner of the home. Nobody else sees one, staff neither."""
        own = scope.of_own_homes(user, "home", "home", roles=HOSTS)
        return self.filter(own, asked_by=user) if user.is_authenticated else self.none()

    def to_be_fetched(self, *, at):
        return self.filter(state=Made.State.READY, ready_at__gt=at - KEPT)

    def to_forget(self, *, at):
        return self.filter(state=Made.State.READY, ready_at__lte=at - KEPT)

    def living(self):
        """Those that are being made or lie ready."""
        return self.filter(state__in=[Made.State.WAITING, Made.State.READY])


class Dossier(Made):
    """Kept for a week. `handed_over`: the portal had it made for somebody to whom the home has gone.

    `left_out`: how many files found no room, or are gone.
    """

    class Kind(models.TextChoices):
        PDF = "pdf", pgettext_lazy("a dossier", "document")
        ZIP = "zip", pgettext_lazy("a dossier", "archive of the originals")

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="dossiers", verbose_name=_("home"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="dossiers", verbose_name=_("asked by")
    )
    kind = models.CharField(_("kind"), max_length=4, choices=Kind)
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    handed_over = models.BooleanField(default=False, editable=False)
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+")
    left_out = models.PositiveIntegerField(default=0, editable=False)

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("dossier of a home")
        verbose_name_plural = _("dossiers of homes")
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "kind"],
                condition=Q(state="waiting"),
                name="one_dossier_of_a_kind_in_the_making_a_person",
            ),
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False, ready_at__isnull=False)
                | Q(state__in=["waiting", "failed", "gone"], file__isnull=True),
                name="dossier_ready_has_a_file",
            ),
            models.CheckConstraint(condition=Q(kind__in=["pdf", "zip"]), name="dossier_kind_known"),
        ]

    def __str__(self):
        return f"{self.home_id} {self.kind} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def is_archive(self):
        return self.kind == self.Kind.ZIP

    @property
    def kept_until(self):
        return self.ready_at and self.ready_at + KEPT
