"""What editing holds about people: which member of staff looked after which translation."""

from accounts.privacy.registry import declare

from .models import TranslationNote

declare(TranslationNote, by="by", plain="id page source kind untranslated at")
