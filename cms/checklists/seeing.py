"""Which edition of a guide somebody reads at a home, and which entries its readers have before them."""

from cms.guides.models import Edition, EditionText

from .entries import entries_of


def edition_seen(home, guide_key, *, roles, on):
    """The edition in force on that day, for somebody in any of `roles` at `home`; None where there is none."""
    return Edition.objects.for_home(home, roles=roles, on=on).filter(guide_key=guide_key).first()


def entries_shown(guide_key, *, on):
    """{id: Entry} of the newest text in each language: one that waits for its translation shows the edition before."""
    texts = EditionText.objects.filter(edition__guide_key=guide_key).readable(on=on)
    newest = {text.language: text for text in texts.select_related("edition").order_by("edition__number")}
    texts = sorted(newest.values(), key=lambda text: text.edition.number)
    return {entry.id: entry for text in texts for entry in entries_of(text.blocks)}
