"""The words of a page, without its markup: what is looked through, and what is shown of it."""

from django.db.models import CharField, TextField
from wagtail.fields import StreamField
from wagtail.models import Page

OWN = (CharField, TextField, StreamField)


def text_of(page):
    """All that its own fields say, in their order. Codes that stand for a choice are not words."""
    inherited = set(Page._meta.get_fields())
    fields = [field for field in page._meta.concrete_fields if isinstance(field, OWN) and field not in inherited]
    parts = (_words_in(page, field) for field in fields if not field.choices)
    return " ".join(part.strip() for part in parts if part.strip())


def _words_in(page, field):
    value = getattr(page, field.attname)
    if isinstance(field, StreamField):
        return " ".join(field.get_searchable_content(value))
    return value if isinstance(value, str) else ""
