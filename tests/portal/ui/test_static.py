"""Static files as production serves them: hashed, compressed, each reference resolved."""

import re

import pytest
from django.contrib.staticfiles import storage
from django.core.management import call_command
from django.template import Context, Template
from django.test import override_settings

from portal.ui.tags import marks

BACKEND = "portal.ui.stylesheets.OnePieceStorage"
HASHED = re.compile(r"\.[0-9a-f]{12}\.")


@pytest.fixture(scope="module")
def collected(tmp_path_factory):
    """A folder with the hashed files of our own look."""
    root = tmp_path_factory.mktemp("static")
    storages = {
        "staticfiles": {"BACKEND": BACKEND},
        "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    }
    with override_settings(
        STATIC_ROOT=root, STORAGES=storages, INSTALLED_APPS=["portal.ui", "django.contrib.staticfiles"]
    ):
        call_command("collectstatic", interactive=False, verbosity=0)
        storage.staticfiles_storage._setup()
        marks._icon.cache_clear()  # it remembers the addresses of the plain storage
        yield root
    storage.staticfiles_storage._setup()
    marks._icon.cache_clear()


def hashed(root, name):
    return root / storage.staticfiles_storage.stored_name(name)


def test_the_stylesheet_is_one_piece_with_its_layers_in_order(collected):
    css = hashed(collected, "ui/css/portal.css").read_text()
    assert "@import" not in css
    assert css.startswith("@layer reset, tokens, base, layout, components, utilities;")
    layers = re.findall(r"^@layer (\w+) \{", css, re.MULTILINE)
    assert layers == ["tokens", "base", "layout", "components", "reset", "utilities"]
    assert css.count("{") == css.count("}")


def test_nothing_of_a_layer_is_lost_in_the_one_piece(collected):
    css = hashed(collected, "ui/css/portal.css").read_text()
    for layer in ("tokens", "base", "layout", "components"):
        own = hashed(collected, f"ui/css/{layer}.css").read_text()
        assert re.sub(r"/\*.*?\*/\n?", "", own, flags=re.DOTALL) in css


def test_what_a_first_view_needs_of_styles_and_scripts_stays_small(collected):
    """Compressed; at most 60 kB are wanted, fonts and all."""
    names = ("ui/css/portal.css", "ui/ui.js", "ui/gallery.js")
    files = (hashed(collected, name) for name in names)
    assert sum(file.with_name(file.name + ".gz").stat().st_size for file in files) < 30_000


@pytest.mark.parametrize("sheet", ["tokens", "base", "layout", "components", "desk"])
def test_every_address_in_a_sheet_exists(collected, sheet):
    css = hashed(collected, f"ui/css/{sheet}.css")
    addresses = re.findall(r'url\("([^"]+)"\)', css.read_text())
    assert all(HASHED.search(name) and (css.parent / name).exists() for name in addresses)
    assert (addresses != []) == (sheet == "components")


def test_icons_are_drawn_from_the_hashed_sprite(collected):
    html = Template("{% load ui %}{% icon 'check' %}").render(Context())
    assert re.search(r'href="/static/ui/icons\.[0-9a-f]{12}\.svg#check"', html)


def test_text_files_are_kept_compressed_too(collected):
    assert (
        hashed(collected, "ui/css/components.css")
        .with_name(hashed(collected, "ui/css/components.css").name + ".gz")
        .exists()
    )


def test_nothing_comes_from_outside(collected):
    for sheet in (collected / "ui/css").glob("*.css"):
        assert "//" not in re.sub(r"/\*.*?\*/", "", sheet.read_text(), flags=re.DOTALL)
