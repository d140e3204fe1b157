"""Pictures: one, several, a floor plan, a map. Each needs words for those who can't see it."""

from django.utils.translation import gettext_lazy as _
from wagtail.blocks import CharBlock, DecimalBlock, ListBlock, StructBlock
from wagtail.blocks import TextBlock as PlainTextBlock
from wagtail.images.blocks import ImageBlock


def _caption():
    return CharBlock(label=_("caption"), max_length=300, required=False)


class PictureBlock(StructBlock):
    image = ImageBlock(label=_("picture"))
    caption = _caption()

    class Meta:
        icon = "image"
        label = _("Picture")
        template = "cms/blocks/picture.html"


class GalleryBlock(StructBlock):
    pictures = ListBlock(PictureBlock(), label=_("pictures"), min_num=2, max_num=24)

    class Meta:
        icon = "grip"
        label = _("Gallery")
        template = "cms/blocks/gallery.html"


class RoomBlock(StructBlock):
    name = CharBlock(label=_("room"), max_length=60)
    area = DecimalBlock(label=_("area in m²"), min_value=0, max_digits=8, decimal_places=2, required=False)


class PlanBlock(StructBlock):
    """A floor plan, its rooms beside it as a table, so that nobody has to read them off the drawing."""

    image = ImageBlock(label=_("plan"))
    caption = _caption()
    rooms = ListBlock(RoomBlock(label=_("room")), label=_("rooms"), default=[])

    class Meta:
        icon = "expand-right"
        label = _("Floor plan")
        template = "cms/blocks/plan.html"


class PointBlock(StructBlock):
    mark = CharBlock(label=_("number or letter on the map"), max_length=3)
    label = CharBlock(label=_("what it is"), max_length=160)


class MapBlock(StructBlock):
    """A drawn map: no third party learns who looks at it."""

    image = ImageBlock(label=_("map"))
    caption = _caption()
    address = PlainTextBlock(label=_("address"), rows=2, max_length=300, required=False)
    points = ListBlock(PointBlock(label=_("point")), label=_("points"), default=[])

    class Meta:
        icon = "site"
        label = _("Map")
        template = "cms/blocks/map.html"
