"""Guides for tests, published as an editor would."""

import factory
from factory.django import DjangoModelFactory

from cms.guides.models import GuideIndexPage, GuidePage
from cms.models import HomePage


class GuidePageFactory(DjangoModelFactory):
    """A guide for everybody, published: `GuidePageFactory(for_stages=["handover"])`, `published=False` for a draft.

    `GuidePageFactory(of=page, language="zh-hans")` is its translation.
    """

    class Meta:
        model = GuidePage

    title = factory.Sequence(lambda n: f"Guide {n}")
    slug = factory.Sequence(lambda n: f"guide-{n}")
    lead = "In two sentences."
    body = [("text", "<h2>What to bring</h2><p>Your identity card.</p>")]
    language = "en"
    of = None
    published = True

    @classmethod
    def _create(cls, model_class, *args, language, of, published, **kwargs):
        home = HomePage.objects.get(locale__language_code=language)
        index = GuideIndexPage.objects.filter(locale=home.locale).first()
        index = index or home.add_child(instance=GuideIndexPage(title="Guides", slug="guides"))
        key = {"translation_key": of.translation_key} if of else {}
        page = index.add_child(instance=model_class(locale=home.locale, live=False, **key, **kwargs))
        if published:
            page.save_revision().publish()
            page.refresh_from_db()
        return page
