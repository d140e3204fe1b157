"""Wagtail's accessibility and content checker, on what editors write: the frame around it isn't theirs to mend."""

from wagtail.admin.userbar import ContentCheckerItem


class CheckTheText(ContentCheckerItem):
    axe_include = ["main"]


def check_the_text(request, items, page):
    """Hook `construct_wagtail_userbar`, which the editor asks, too."""
    items[:] = [
        CheckTheText(in_editor=item.in_editor) if isinstance(item, ContentCheckerItem) else item for item in items
    ]
