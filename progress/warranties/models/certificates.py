"""The certificate of a home: its warranties as a PDF, for whoever asked for it. Kept for a week."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.files.models import PrivateFile
from progress import scope
from progress.leaflets.models import KEPT, Made, MadeQuerySet
from progress.models import FOLLOWS_PROGRESS, Home


class CertificateQuerySet(MadeQuerySet):
    def for_user(self, user):
        """The person's own, as long as they follow the progress of the home, or work where it is."""
        if not user.is_authenticated:
            return self.none()
        seen = scope.of_own_homes(user, "home", "home", roles=FOLLOWS_PROGRESS)
        return self.filter(seen | scope.of_assigned(user, self.model, "home__development"), asked_by=user)

    def to_be_fetched(self, *, at):
        return self.filter(state=Made.State.READY, ready_at__gt=at - KEPT)

    def to_forget(self, *, at):
        return self.filter(state=Made.State.READY, ready_at__lte=at - KEPT)


class Certificate(Made):
    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="certificates", verbose_name=_("home"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+", verbose_name=_("asked by")
    )
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    objects = CertificateQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("certificate of warranty")
        verbose_name_plural = _("certificates of warranty")
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by"], condition=Q(state="waiting"), name="one_certificate_in_the_making_a_person"
            ),
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False, ready_at__isnull=False)
                | Q(state__in=["waiting", "failed", "gone"], file__isnull=True),
                name="certificate_ready_has_a_file",
            ),
        ]

    def __str__(self):
        return f"{self.home_id} {self.asked_at:%Y-%m-%d %H:%M}"

    @property
    def kept_until(self):
        return self.ready_at and self.ready_at + KEPT
