"""The gallery: thumbnails that are links to pages of one photo, and a lightbox where scripts run."""

from django import template

register = template.Library()


@register.inclusion_tag("ui/parts/gallery.html")
def gallery(photos, lead=False, more_url=""):
    """Photos: dicts of page_url, thumb_url, large_url, alt, width, height and, if there is one, caption.

    With `lead` the first is large, two stand beside it, and the rest wait behind "+4", which leads
    to `more_url` where no script runs.
    """
    photos = [photo | {"href": photo["page_url"], "caption": photo.get("caption") or ""} for photo in photos]
    leads = lead and len(photos) >= 3
    shown = photos[:3] if leads else photos
    if more_url and len(photos) > len(shown):
        shown[-1] |= {"href": more_url}
    return {
        "shown": shown,
        "waiting": photos[len(shown) :],
        "more": len(photos) - len(shown),
        "lead": leads,
        "count": "" if leads or len(photos) not in (1, 3, 5) else len(photos),
    }


@register.inclusion_tag("ui/parts/photo_page.html")
def photo_page(photo, number, total, back_url, back_label, previous_url="", next_url=""):
    """One photo on a page of its own: the picture, its caption, where it stands, and the ways on.

    `photo` is a dict as for `gallery`.
    """
    return {
        "photo": photo,
        "number": number,
        "total": total,
        "back_url": back_url,
        "back_label": back_label,
        "previous_url": previous_url,
        "next_url": next_url,
    }
