"""Ready sentences: what staff say to owners again and again, written once in each language."""

import uuid

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.languages import LocalizedText
from accounts.models import one_line

from .variables import known_variables


class MacroQuerySet(models.QuerySet):
    def in_use(self):
        return self.filter(in_use=True)


class Macro(models.Model):
    """One of them. `{home}`, `{number}` and the like in its text are filled in when it is put into a reply."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    title_en = models.CharField(_("title in English"), max_length=60, blank=True, validators=[one_line])
    title_zh = models.CharField(_("title in Chinese"), max_length=60, blank=True, validators=[one_line])
    text_en = models.TextField(_("text in English"), max_length=2000, blank=True, validators=[known_variables])
    text_zh = models.TextField(_("text in Chinese"), max_length=2000, blank=True, validators=[known_variables])
    in_use = models.BooleanField(_("in use"), default=True)

    objects = MacroQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]
        verbose_name = _("ready sentence")
        verbose_name_plural = _("ready sentences")
        constraints = [
            models.CheckConstraint(condition=~Q(title_en="") | ~Q(title_zh=""), name="macro_has_a_title"),
            models.CheckConstraint(condition=~Q(text_en="") | ~Q(text_zh=""), name="macro_has_a_text"),
        ]

    def __str__(self):
        return str(self.title)

    @property
    def title(self):
        return LocalizedText.of(self, "title")

    def text_in(self, language):
        """The text as whoever is written to reads it; where that language has none, the other."""
        return LocalizedText.of(self, "text", language)

    def clean(self):
        for field, words in (
            ("title", _("Please give a title in at least one language.")),
            ("text", _("Please write the text in at least one language.")),
        ):
            if not any(getattr(self, f"{field}_{language}").strip() for language in ("en", "zh")):
                raise ValidationError({f"{field}_en": words})
