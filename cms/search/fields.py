"""How pages are put into Wagtail's index, so that Chinese is found in them."""

from wagtail.search import index

from .words import indexed


class FoundInPieces(index.SearchField):
    """A field of which the pieces are indexed. One called "title" counts for more than the rest."""

    def get_value(self, obj):
        return indexed(str(super().get_value(obj) or ""))
