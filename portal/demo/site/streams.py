"""Texts as Wagtail keeps streams: every value in the form that its block asks for, with ids that languages share."""

import json
import uuid

from wagtail.blocks import ListBlock, RichTextBlock, StreamBlock, StructBlock
from wagtail.images.blocks import ImageBlock
from wagtail.snippets.blocks import SnippetChooserBlock

from portal.demo.news import NAMES

from .plans import rooms_of
from .texts import as_html

SINGLE = {"value", "card", "table"}


class Streams:
    """Makes streams in one language.

    `pictures`: {name: Picture}. `snippets`: {key: the row in this language}. `ids`: {key: id of the page} so far.
    """

    def __init__(self, language, *, pictures=None, snippets=None):
        self.language, self.pictures, self.snippets, self.ids = language, pictures, snippets, {}

    def stream(self, block, value, *, key):
        """The JSON of a StreamField. `key` names the page and its field, the same in all languages."""
        return json.dumps(self.raw(block, value, key))

    def raw(self, block, value, key):
        for sort, write in self.WRITERS:
            if isinstance(block, sort):
                return write(self, block, value, key)
        return value

    def _stream(self, block, value, key):
        return [
            {
                "type": each["type"],
                "value": self.raw(block.child_blocks[each["type"]], _value_of(each), f"{key}.{number}"),
                "id": id_of(f"{key}.{number}"),
            }
            for number, each in enumerate(value)
        ]

    def _list(self, block, value, key):
        return [
            {
                "type": "item",
                "value": self.raw(block.child_block, each, f"{key}.{number}"),
                "id": id_of(f"{key}.{number}"),
            }
            for number, each in enumerate(value)
        ]

    def _struct(self, block, value, key):
        if "plan" in value:
            value = {**value, "rooms": self._rooms(value["plan"])}
        return {
            name: self.raw(child, value[name], f"{key}.{name}")
            for name, child in block.child_blocks.items()
            if name in value
        }

    def _rooms(self, plan):
        return [{"name": name[self.language], "area": area} for name, area in rooms_of(plan)]

    def _rich_text(self, block, value, key):
        return as_html(value, self.ids)

    def _image(self, block, value, key):
        picture = self.pictures[value]
        return {"image": picture.image.pk, "alt_text": picture.words[self.language], "decorative": False}

    def _snippet(self, block, value, key):
        return self.snippets[value].pk

    WRITERS = (
        (ImageBlock, _image),  # a StructBlock too
        (StructBlock, _struct),
        (StreamBlock, _stream),
        (ListBlock, _list),
        (RichTextBlock, _rich_text),
        (SnippetChooserBlock, _snippet),
    )


def _value_of(block):
    """What stands in a block of a file: its one value, as of a text or a chooser, or else everything but its type."""
    rest = {name: each for name, each in block.items() if name != "type"}
    return next(iter(rest.values())) if rest.keys() <= SINGLE and len(rest) == 1 else rest


def id_of(key):
    """The id of a block or of an item of a list, the same in all languages."""
    return str(uuid.uuid5(NAMES, key))
