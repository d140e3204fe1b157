"""What happens to guides: an edition is published or amended, owners are told of it, somebody reads it."""

from django.db import transaction

from accounts.events.actions import record
from accounts.notices.circulars import tell_all

from .models import AudienceEntry, Edition, EditionText, GuideReading, Sort
from .reading import draft_text

FIELDS = {
    Sort.KIND: "for_kinds",
    Sort.DEVELOPMENT: "for_developments",
    Sort.BUILDING: "for_buildings",
    Sort.HOUSE_TYPE: "for_house_types",
    Sort.STAGE: "for_stages",
    Sort.ROLE: "for_roles",
}


def named_on(page):
    """{sort: values} of those whom a page is for, as it stands."""
    return {sort: getattr(page, name) for sort, name in FIELDS.items() if getattr(page, name)}


def audience_of(edition):
    """{name of the page's field: values}, as the edition was published."""
    named = {name: [] for name in FIELDS.values()}
    for entry in edition.audience.order_by("pk"):
        named[FIELDS[entry.sort]].append(entry.value)
    return named


@transaction.atomic
def publish_edition(*, page, by, at):
    """Keep what `page` (a live GuidePage) says as the edition of its number.

    Published with the same number before, that edition is amended: nobody is told, and nothing counts as changed.
    Audience and dates are those of the page published last, whichever its language. Returns the Edition.
    """
    values = {"valid_from": page.valid_from, "published_at": at}
    Edition.objects.get_or_create(guide_key=page.translation_key, number=page.version, defaults=values)
    edition = Edition.objects.select_for_update().get(guide_key=page.translation_key, number=page.version)
    edition.valid_from, edition.tell = page.valid_from, edition.tell or page.tell
    edition.save(update_fields=["valid_from", "tell"])
    edition.audience.all().delete()
    entries = {(sort, str(value)) for sort, values in named_on(page).items() for value in values}
    AudienceEntry.objects.bulk_create(AudienceEntry(edition=edition, sort=s, value=v) for s, v in sorted(entries))
    is_new = _keep_text(draft_text(page, edition, at=at), at=at)
    record("published" if is_new else "amended", edition, by=by)
    return edition


def _keep_text(text, *, at):
    """Save it in place of the one that the edition has in this language, if it has one. Returns whether it is new."""
    earlier = EditionText.objects.filter(edition=text.edition, language=text.language).first()
    if earlier:
        text.pk, text.published_at, text.amended_at = earlier.pk, earlier.published_at, at
    text.save()
    return earlier is None


@transaction.atomic
def tell_of_edition(edition, *, at, on):
    """Tell the owners whom it concerns, once. Does nothing while it is not in force, or once they were told."""
    if Edition.objects.to_tell(on=on).select_for_update(of=("self",)).filter(pk=edition.pk).exists():
        Edition.objects.filter(pk=edition.pk).update(told_at=at)
        edition.told_at = at
        tell_all("guide-published", edition, at=at)


def note_read(guide, *, owner, at):
    """Remember that `owner` opened the edition that `guide` (a reading.Guide) shows. Said again, nothing changes."""
    if owner is not None and guide.read < guide.number:
        seen = {"owner": owner, "guide_key": guide.key, "number": guide.number}
        GuideReading.objects.get_or_create(**seen, defaults={"at": at})
