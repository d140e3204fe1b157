"""Opinions that updates cite: shown there without names, and made known to whoever said them."""

from accounts.notices.actions import tell
from progress.updates.cited import source, when_published

from .models import Citation


@source
def words_of_opinions(update):
    return [citation.words for citation in Citation.objects.filter(update=update)]


@when_published
def tell_the_cited(update, *, at):
    cited = Citation.objects.filter(update=update, opinion__isnull=False).select_related("opinion__owner")
    for citation in cited:
        tell([citation.opinion.owner], "opinion-cited", citation, at=at)
