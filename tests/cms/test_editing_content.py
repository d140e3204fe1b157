"""What editors bring: pictures too large, pictures without words, a paste from Word."""

import json
import struct
import zlib

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db.models import ForeignKey
from django.urls import reverse
from wagtail.admin.rich_text.converters.contentstate import ContentstateConverter
from wagtail.blocks import RichTextBlock, StreamBlock, StructBlock
from wagtail.blocks.list_block import ListBlock
from wagtail.fields import RichTextField, StreamField
from wagtail.images.blocks import ImageBlock, ImageChooserBlock
from wagtail.images.models import Image
from wagtail.models import Page, TranslatableMixin

from cms.models import HomePage, StandardPage
from tests.factories import StaffFactory

ALLOWED = {"h2", "h3", "bold", "ol", "ul", "link", "document-link"}


def png(width, height):
    """A picture that claims this size, and has one line at most: enough of it to be taken for one."""

    def chunk(name, data):
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * (width + 1))) + chunk(b"IEND", b"")
    return SimpleUploadedFile("estate.png", b"\x89PNG\r\n\x1a\n" + body, content_type="image/png")


@pytest.fixture
def marketing(client, db):
    user = StaffFactory(group="Marketing", language="en")
    client.force_login(user)
    return user


class TestLargePictures:
    @pytest.mark.parametrize(("width", "height"), [(20_000, 10_000), (10_000, 6_000), (14_000, 7_000)])
    def test_several_at_once(self, marketing, client, width, height):
        sent = {"title": "The estate", "files[]": png(width, height)}
        answer = json.loads(client.post(reverse("wagtailimages:add_multiple"), sent).content)
        assert (answer["success"], Image.objects.count()) == (False, 0)
        assert "too many pixels" in answer["error_message"]

    @pytest.mark.parametrize("address", ["wagtailimages:add", "wagtailimages_chooser:create"])
    def test_one_by_one(self, marketing, client, address):
        name = "file" if address == "wagtailimages:add" else "image-chooser-upload-file"
        sent = {"title": "The estate", name: png(20_000, 10_000), "image-chooser-upload-title": "The estate"}
        answer = client.post(reverse(address), sent)
        words = answer.content.decode()
        assert (answer.status_code, Image.objects.count(), "too many pixels" in words) == (200, 0, True)


def blocks_of(block, seen=None):
    """`block` and all that can stand in it."""
    yield block
    children = []
    if isinstance(block, StreamBlock | StructBlock) and not isinstance(block, ImageBlock):
        children = block.child_blocks.values()
    elif isinstance(block, ListBlock):
        children = [block.child_block]
    for child in children:
        yield from blocks_of(child)


def edited():
    """The models that editors write: pages and snippets of ours."""
    ours = ("cms", "guides")
    models = [model for model in apps.get_models() if model._meta.app_label in ours]
    return [model for model in models if issubclass(model, Page | TranslatableMixin) or "Settings" in model.__name__]


def all_blocks():
    for model in edited():
        for field in model._meta.get_fields():
            if isinstance(field, StreamField):
                for block in blocks_of(field.stream_block):
                    yield f"{model.__name__}.{field.name}", block


class TestWordsForPictures:
    def test_no_block_takes_a_picture_without_them(self):
        assert [where for where, block in all_blocks() if isinstance(block, ImageChooserBlock)] == []

    def test_no_field_takes_a_picture_without_them(self):
        bare = []
        for model in edited():
            names = {field.name for field in model._meta.get_fields()}
            for field in model._meta.get_fields():
                if isinstance(field, ForeignKey) and issubclass(field.related_model, Image):
                    bare += [] if f"{field.name}_alt" in names else [f"{model.__name__}.{field.name}"]
        assert bare == ["CompanySettings.logo"]  # beside the company's name, which says it

    def test_a_picture_of_a_page_needs_them(self, db):
        page = StandardPage(title="Our promise", slug="promise", cover=Image(pk=1, title="The gate"))
        with pytest.raises(ValidationError, match="Please say in words what the picture shows"):
            page.clean()


class TestPasteFromWord:
    WORD = (
        '<p class="MsoNormal" style="mso-margin-top-alt:auto"><o:p></o:p><b style="mso-bidi-font-weight:normal">'
        '<span lang="EN-US" style="font-size:28pt;font-family:Calibri;color:red">Warranty</span></b> of '
        '<font color="#ff0000"><i>five</i> <u>years</u></font></p>'
        '<table><tr><td>in a table</td></tr></table><p><img src="file:///C:/secret.png"/></p>'
        '<p><a href="javascript:alert(1)" onclick="alert(2)">here</a><script>alert(3)</script></p>'
    )

    def features(self):
        return sorted(ALLOWED)

    def test_only_what_is_offered_stays(self):
        converter = ContentstateConverter(features=self.features())
        kept = converter.to_database_format(converter.from_database_format(self.WORD))
        for unwanted in (
            "Mso",
            "style",
            "span",
            "font",
            "<i>",
            "<u>",
            "<table",
            "img",
            "javascript",
            "onclick",
            "script",
        ):
            assert unwanted not in kept, unwanted
        assert "<b>Warranty</b> of five years" in kept

    def test_styles_and_entities_that_nobody_offered_are_dropped_though_they_are_posted(self):
        block = {
            "key": "a1b2c",
            "text": "Warranty of five years",
            "type": "unstyled",
            "depth": 0,
            "inlineStyleRanges": [
                {"offset": 0, "length": 8, "style": "BOLD"},
                {"offset": 9, "length": 2, "style": "UNDERLINE"},
                {"offset": 12, "length": 4, "style": "color-red"},
            ],
            "entityRanges": [{"offset": 0, "length": 8, "key": 0}, {"offset": 21, "length": 1, "key": 1}],
        }
        entities = {
            "0": {"type": "LINK", "mutability": "MUTABLE", "data": {"url": "javascript:alert(1)"}},
            "1": {"type": "IMAGE", "mutability": "IMMUTABLE", "data": {"id": 1, "alt": "", "format": "left"}},
        }
        converter = ContentstateConverter(features=self.features())
        kept = converter.to_database_format(json.dumps({"blocks": [block], "entityMap": entities}))
        for unwanted in ("javascript", "embed", "img", "<u>", "color"):
            assert unwanted not in kept, unwanted
        assert ("<b>Warranty</b>" in kept.replace("<a>", "").replace("</a>", ""), "of five year" in kept) == (
            True,
            True,
        )

    def test_no_text_of_ours_offers_more(self):
        offered = {
            where: set(block.features or ["all"]) for where, block in all_blocks() if isinstance(block, RichTextBlock)
        }
        assert {where: features - ALLOWED for where, features in offered.items() if features - ALLOWED} == {}
        fields = [field for model in edited() for field in model._meta.get_fields() if isinstance(field, RichTextField)]
        assert [str(field) for field in fields if set(field.features or ["all"]) - ALLOWED] == []

    def test_what_is_saved_is_shown_without_it(self, client, db):
        body = json.dumps(
            [
                {
                    "type": "text",
                    "value": ContentstateConverter(features=self.features()).to_database_format(
                        ContentstateConverter(features=self.features()).from_database_format(self.WORD)
                    ),
                    "id": "00000000-0000-4000-8000-000000000001",
                }
            ]
        )
        page = HomePage.objects.get(slug="home").add_child(
            instance=StandardPage(title="Our promise", slug="promise", body=body)
        )
        shown = client.get(page.url).content.decode()
        assert "<b>Warranty</b> of five years" in shown
        assert "Mso" not in shown
