"""What the editors of pages decide besides what Wagtail keeps."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class TranslationNote(models.Model):
    """Somebody took a translation in hand, or found that it needs no change. Rows are added, never altered."""

    class Kind(models.TextChoices):
        BEGUN = "begun", _("begun")
        CHECKED = "checked", _("found up to date")

    page = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="translation_notes")
    source = models.ForeignKey("wagtailcore.Page", models.CASCADE, related_name="+")
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    # While this is the live revision, the page still shows the text of its source: set where an alias was begun.
    untranslated = models.PositiveBigIntegerField(_("revision in the other language"), null=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("note on a translation")
        verbose_name_plural = _("notes on translations")
        constraints = [models.CheckConstraint(condition=~models.Q(page=models.F("source")), name="note_not_on_itself")]
