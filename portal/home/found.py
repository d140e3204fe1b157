"""What an owner's search finds here besides public pages: their guides, news from their sites, their documents."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from cms.guides.models import Edition, EditionText
from cms.guides.reading import guides_for
from cms.search.sources import Hit, source, titles_first
from cms.search.words import words_of
from progress.documents.models import HomeDocument
from progress.updates.models import Update


@source("guides", label=_("Guides"), icon="book")
def guides(question, *, reader, limit):
    """The guides that fit a home of the reader, once each, in the texts that they would read there."""
    found = {}
    for home in reader.homes:
        editions = Edition.objects.for_home(home, roles=home.roles, on=reader.today).in_order()
        texts = EditionText.objects.readable(on=reader.today).mentioning(words_of(question))
        editions = editions.filter(Exists(texts.filter(edition=OuterRef("pk"))))[:limit]
        for guide in guides_for(editions, on=reader.today, follows=home.is_followed, language=reader.language):
            url = reverse("home:guide", args=[home.pk, guide.key])
            lang = guide.lang if guide.is_fallback else ""
            found.setdefault(guide.key, Hit(guide.title, url, f"{guide.lead} {guide.text.words}", lang=lang))
    return titles_first(list(found.values()), question)[:limit]


@source("updates", label=_("News from the site"), icon="camera")
def updates(question, *, reader, limit):
    """Updates for the reader's homes; for those who follow no progress, announcements."""
    found = Update.objects.shown_at(reader.homes).mentioning(words_of(question))
    hits = [_of_update(update) for update in found.order_by("-published_at", "-id")[: limit * 2]]
    return titles_first(hits, question)[:limit]


def _of_update(update):
    title, body = update.title, update.body
    lang = title.lang if title.is_fallback else ""
    return Hit(title, reverse("home:update", args=[update.pk]), body, day=update.published_at, lang=lang)


@source("documents", label=_("Documents"), icon="document")
def documents(question, *, reader, limit):
    """The documents of the reader's homes that their role opens, by title, file name and kind."""
    held = HomeDocument.objects.held_by(reader.user).search(" ".join(words_of(question)))
    held = held.select_related("home__development").order_by("-created_at", "pk")
    return titles_first([_of_document(each) for each in held[:limit]], question)


def _of_document(document):
    place = f"{document.get_kind_display()} · {document.home}"
    url = reverse("home:document", args=[document.pk])
    return Hit(str(document), url, document.file_name, day=document.created_at, place=place)
