"""Guides on paper: a PDF of one, or of all that fit a home, for the member of the household who asked for it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.files.models import PrivateFile
from progress import scope
from progress.leaflets.models import KEPT, Made, MadeQuerySet
from progress.models import Home


class GuidePrintQuerySet(MadeQuerySet):
    def for_user(self, user):
        """The person's own, as long as they live there. Nobody else sees one, staff neither."""
        own = scope.of_own_homes(user, "home", "home")
        return self.filter(own, asked_by=user) if user.is_authenticated else self.none()

    def to_be_fetched(self, *, at):
        return self.filter(state=Made.State.READY, ready_at__gt=at - KEPT)

    def to_forget(self, *, at):
        return self.filter(state=Made.State.READY, ready_at__lte=at - KEPT)


class GuidePrint(Made):
    """`guide_key` is empty for the set of all guides that fit the home. `digest`: of the texts that stand in it."""

    home = models.ForeignKey(Home, on_delete=models.PROTECT, related_name="guide_prints", verbose_name=_("home"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="guide_prints", verbose_name=_("asked by")
    )
    language = models.CharField(_("language"), max_length=12, choices=settings.LANGUAGES)
    guide_key = models.UUIDField(_("guide"), null=True, blank=True)
    digest = models.CharField(max_length=64, editable=False)
    file = models.ForeignKey(PrivateFile, on_delete=models.PROTECT, null=True, editable=False, related_name="+")

    objects = GuidePrintQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        verbose_name = _("guide on paper")
        verbose_name_plural = _("guides on paper")
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by"], condition=Q(state="waiting"), name="one_print_in_the_making_a_person"
            ),
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False, ready_at__isnull=False)
                | Q(state__in=["waiting", "failed", "gone"], file__isnull=True),
                name="guide_print_ready_has_a_file",
            ),
        ]

    def __str__(self):
        return f"{self.home_id} {self.guide_key or '*'} {self.asked_at:%Y-%m-%d %H:%M}"

    def is_same(self, home, key):
        return (self.home_id, self.guide_key) == (home.pk, key)

    @property
    def kept_until(self):
        return self.ready_at and self.ready_at + KEPT
