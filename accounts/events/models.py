"""The append-only log of who did what, when and why. Ids only: no names, no texts of messages."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Event(models.Model):
    """One thing that happened to one row. Never changed and never deleted: triggers in the database refuse both.

    They hold against everything, retention included, which keeps events for good since they name nobody. Whoever
    must delete old ones one day does so in a migration that drops `events_event_append_only` and makes it anew.
    On SQLite a migration that rebuilds the table (any change of a field) drops the triggers: it must end with
    making them again; a test looks for them in the finished schema.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("who")
    )
    verb = models.CharField(_("what"), max_length=40)
    subject_kind = models.CharField(_("kind"), max_length=60)
    subject_id = models.CharField(_("id"), max_length=36)
    home_id = models.UUIDField(_("home"), null=True)
    at = models.DateTimeField(_("when"), auto_now_add=True)
    reason = models.CharField(_("why"), max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["subject_kind", "subject_id", "id"], name="event_subject"),
            models.Index(fields=["home_id", "id"], name="event_home"),
        ]

    def __str__(self):
        return f"{self.verb} {self.subject_kind} {self.subject_id}"

    def save(self, *args, **kwargs):
        if self.pk:
            raise TypeError("Events are append-only.")
        super().save(*args, **kwargs)
