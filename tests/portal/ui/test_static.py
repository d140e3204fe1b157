"""Static files as production serves them: hashed, compressed, each reference resolved."""

import re

import pytest
from django.contrib.staticfiles import storage
from django.core.management import call_command
from django.template import Context, Template
from django.test import override_settings

from portal.ui.tags import marks

BACKEND = "whitenoise.storage.CompressedManifestStaticFilesStorage"
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


def test_the_entry_imports_hashed_layers_in_their_order(collected):
    css = hashed(collected, "ui/css/portal.css").read_text()
    imports = re.findall(r'@import url\("([^"]+)"\) layer\((\w+)\);', css)
    assert [layer for _name, layer in imports] == ["tokens", "base", "layout", "components"]
    assert all(HASHED.search(name) and (collected / "ui/css" / name).exists() for name, _layer in imports)


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
