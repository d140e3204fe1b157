"""One page a language: which is the source, which is its translation, and what the translation still lacks."""

from django.db import transaction
from django.db.models import Case, CharField, Exists, F, OuterRef, Q, Subquery, TextChoices, Value, When
from django.dispatch import receiver
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.models import Locale, Page
from wagtail.signals import copy_for_translation_done, page_published

from accounts.events.actions import record

from .models import TranslationNote

BEGUN, CHECKED = TranslationNote.Kind.BEGUN, TranslationNote.Kind.CHECKED


class State(TextChoices):
    MISSING = "missing", _("missing")
    FALLBACK = "fallback", _("only in the other language so far")
    BEGUN = "begun", _("being translated")
    OUTDATED = "outdated", _("outdated")
    CURRENT = "current", _("up to date")


class TranslationError(Exception):
    """What was asked for makes no sense; the text is for whoever reads it."""


def sources(pages):
    """Those of `pages` that were written first, in whatever language: the others follow them.

    A page that somebody has begun to translate never is one, nor is an alias; of the rest, the older.
    """
    begun = TranslationNote.objects.filter(kind=BEGUN, page=OuterRef("pk"))
    alias = Page.objects.filter(pk=OuterRef("pk"), alias_of__isnull=False)
    family = Page.objects.filter(translation_key=OuterRef("translation_key")).order_by()
    # By a sum and through its key: else SQLite walks through all older pages instead of the family.
    older = family.annotate(number=F("pk") + 0).filter(~Exists(begun), ~Exists(alias), number__lt=OuterRef("pk"))
    return pages.filter(~Exists(begun), ~Exists(older), depth__gt=1, alias_of=None)


def with_translation(pages):
    """`pages` (sources), each with its page in the other language and the State of it."""
    # Without an order, and by its key alone: else SQLite walks through the whole tree for each page.
    family = Page.objects.filter(translation_key=OuterRef("translation_key"))
    other = family.exclude(locale=OuterRef("locale")).order_by()
    there = Page.objects.filter(pk=OuterRef("translation")).order_by()
    notes = TranslationNote.objects.filter(source=OuterRef("pk")).order_by("-at")
    annotated = pages.annotate(translation=Subquery(other.values("pk")[:1])).annotate(
        translation_alias_of=Subquery(there.values("alias_of")),
        translation_live=Subquery(there.values("live")),
        translation_revision=Subquery(there.values("live_revision")),
        translation_published_at=Subquery(there.values("last_published_at")),
        translation_untranslated=Subquery(notes.filter(kind=BEGUN).values("untranslated")[:1]),
        translation_checked_at=Subquery(notes.filter(kind=CHECKED).values("at")[:1]),
    )
    return annotated.annotate(translation_state=_state())


def _state():
    in_the_making = Q(translation_live=False) | Q(translation_revision=F("translation_untranslated"))
    behind = Q(last_published_at__gt=F("translation_published_at"))
    unchecked = Q(translation_checked_at__isnull=True) | Q(last_published_at__gt=F("translation_checked_at"))
    return Case(
        When(translation__isnull=True, then=Value(State.MISSING.value)),
        When(translation_alias_of__isnull=False, then=Value(State.FALLBACK.value)),
        When(in_the_making, then=Value(State.BEGUN.value)),
        When(behind & unchecked, then=Value(State.OUTDATED.value)),
        default=Value(State.CURRENT.value),
        output_field=CharField(),
    )


def own_text(pages):
    """Those of `pages` that show a text of their own: no aliases, and no translations that are still being made."""
    begun = TranslationNote.objects.filter(kind=BEGUN, page=OuterRef("pk"), untranslated=OuterRef("live_revision"))
    return pages.filter(~Exists(begun), alias_of=None)


def shown_instead(page):
    """The page whose text `page` shows as long as it has none of its own: its fallback; else None."""
    if page.alias_of_id:
        return page.alias_of if page.alias_of.locale_id != page.locale_id else None
    if page.live_revision_id is None:
        return None
    note = page.translation_notes.filter(kind=BEGUN, untranslated=page.live_revision_id)
    note = note.select_related("source__locale").first()
    return note.source if note else None


def instead_of(page, locales):
    """Where the switch leads from `page` in languages other than `locales`: the nearest page above it that is live."""
    missing = Locale.objects.exclude(pk__in={*locales, page.locale_id}) if page.pk else ()
    above = page.get_ancestors().filter(depth__gt=1).order_by("-depth") if missing else ()
    keys = [each.translation_key for each in above]
    found = []
    for locale in missing:
        pages = Page.objects.live().filter(translation_key__in=keys, locale=locale).select_related("locale")
        there = {each.translation_key: each for each in pages}
        found += [there[key] for key in keys if key in there][:1]
    return found


def note_begun(page, *, source_id, by, at):
    """Note that `page` is being translated; if it is live, it shows the text of its source until it is published."""
    shown = page.live_revision_id if page.live else None
    TranslationNote.objects.create(page=page, source_id=source_id, kind=BEGUN, untranslated=shown, by=by, at=at)


@transaction.atomic
def mark_current(source, *, by, at):
    """Note that the translation of `source`, a row of `with_translation`, needs no change. Returns the TranslationNote.

    Raises TranslationError if it isn't outdated.
    """
    if source.translation_state != State.OUTDATED:
        raise TranslationError(_("This translation isn't outdated; perhaps somebody was faster."))
    note = TranslationNote.objects.create(page_id=source.translation, source=source, kind=CHECKED, by=by, at=at)
    record("checked", note, by=by)
    return note


@receiver(copy_for_translation_done, dispatch_uid="editing.copied_for_translation")
def note_copied(sender, source_obj, target_obj, **kwargs):
    """A copy that Wagtail made for somebody to translate; an alias waits for that."""
    if isinstance(target_obj, Page) and target_obj.alias_of_id is None:
        note_begun(target_obj, source_id=source_obj.pk, by=None, at=timezone.now())


@receiver(page_published, dispatch_uid="editing.same_address")
def keep_same_address(sender, instance, **kwargs):
    """The alias in the other tree takes its source's last word: Wagtail leaves it at that of the first, hasty draft."""
    aliases = Page.objects.filter(alias_of=instance.pk, translation_key=instance.translation_key)
    for alias in aliases.exclude(slug=instance.slug).exclude(locale=instance.locale_id):
        if Page._slug_is_available(instance.slug, alias.get_parent(), alias):
            alias = alias.specific
            alias.slug = instance.slug
            alias.save(clean=False)
