"""Every kind of page can be seen before it is published, inside the editor, where the checkers look at it."""

import pytest
from django.apps import apps
from django.db.models import CharField, DateField, ForeignKey, TextField
from django.urls import reverse
from wagtail.models import Page

from cms.models import DevelopmentPage, HomePage, StandardPage
from tests.factories import TODAY, DevelopmentFactory, HouseTypeFactory, StaffFactory

OURS = {"cms", "guides"}
MADE = {"development": DevelopmentFactory, "house_type": HouseTypeFactory}


def kinds():
    """Our page types, by their name."""
    models = (model for model in apps.get_models() if issubclass(model, Page) and model._meta.app_label in OURS)
    return {model.__name__: model for model in models}


def value_of(field):
    if isinstance(field, ForeignKey):
        return MADE[field.name]()
    if isinstance(field, DateField):
        return TODAY
    return field.choices[0][0] if field.choices else "Words"


def draft(model):
    """A page of this type with no more than it needs."""
    own = [field for field in model._meta.local_fields if field.editable and not field.null and not field.has_default()]
    needed = [field for field in own if isinstance(field, CharField | TextField | DateField | ForeignKey)]
    fields = {field.name: value_of(field) for field in needed if not field.blank and not field.primary_key}
    slug = f"draft-of-{model.__name__.lower()}"
    page = parent_for(model).add_child(instance=model(title="A draft", slug=slug, live=False, **fields))
    page.save_revision()
    return page


def parent_for(model):
    """The front page, or a draft of where such pages stand."""
    above = model.allowed_parent_page_models()
    return HomePage.objects.get(slug="home") if {HomePage, Page} & set(above) else draft(above[0])


@pytest.fixture
def marketing(client, db):
    user = StaffFactory(group="Marketing")
    client.force_login(user)
    return user


def test_there_are_a_dozen_kinds(db):
    assert {"HomePage", "DevelopmentPage", "ArticlePage", "StandardPage", "GuidePage"} <= set(kinds())


@pytest.mark.parametrize("name", sorted(kinds()))
def test_a_draft_is_shown_with_the_checkers(client, marketing, settings, name):
    settings.PAGE_CACHE_SECONDS = 60  # a draft must not come from what is kept, nor go there
    page = draft(kinds()[name])
    for mode, _label in page.preview_modes:
        shown = client.get(reverse("wagtailadmin_pages:view_draft", args=[page.pk]), {"mode": mode})
        text = shown.content.decode()
        assert (shown.status_code, "wagtail-userbar" in text) == (200, True)
        assert "A draft" in text or name == "HomePage"  # it shows a headline instead
        assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
        assert "public" not in shown.headers.get("Cache-Control", "")


def test_what_is_being_written_is_shown_in_the_editor_s_frame(client, marketing):
    page = draft(StandardPage)
    url = reverse("wagtailadmin_pages:preview_on_edit", args=[page.pk])
    empty = {"TOTAL_FORMS": 0, "INITIAL_FORMS": 0, "MIN_NUM_FORMS": 0, "MAX_NUM_FORMS": 1000}
    forms = {f"comments-{name}": number for name, number in empty.items()} | {"body-count": 0}
    posted = client.post(url, forms | {"title": "Being written", "slug": "draft", "lead": "Not saved."})
    assert posted.json() == {"is_valid": True, "is_available": True}
    shown = client.get(url, {"in_preview_panel": "true"})
    text = shown.content.decode()
    assert ("Being written" in text, "Not saved." in text, "wagtail-userbar" in text) == (True, True, True)
    assert "frame-ancestors 'self'" in shown["Content-Security-Policy"]
    assert shown["X-Frame-Options"] == "SAMEORIGIN"


def test_the_public_page_carries_nothing_of_the_editor(client, marketing):
    """Not even for whoever is logged in: it is kept for everybody."""
    assert "wagtail-userbar" not in client.get("/en/").content.decode()


def test_the_checkers_look_at_what_the_editor_writes_alone(client, marketing):
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[HomePage.objects.get(slug="home").pk]))
    assert '"include": ["main"]' in editor.content.decode()


def test_comments_and_history_are_there(client, marketing):
    page = draft(DevelopmentPage)
    editor = client.get(reverse("wagtailadmin_pages:edit", args=[page.pk])).content.decode()
    assert 'data-side-panel="comments"' in editor
    assert client.get(reverse("wagtailadmin_pages:history", args=[page.pk])).status_code == 200
