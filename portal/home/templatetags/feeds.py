"""Dates of the owner's pages that can be put into a calendar."""

from django import template
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.ui.markup import element, join
from portal.ui.tags.marks import icon

register = template.Library()


@register.simple_tag
def date_link(milestone, handed_out):
    """To come and dated: into a calendar. No longer, and in one perhaps: out of it."""
    expected = milestone.forecast if milestone.state == "withdrawn" else milestone.expected
    if expected and milestone.state != "reached":
        label, name = _("Put “%(date)s” into your calendar"), "calendar"
    elif milestone.state == "withdrawn" and f"milestone:{milestone.pk}" in handed_out:
        label, name = _("Take “%(date)s” out of your calendar"), "undo"
    else:
        return ""
    label %= {"date": milestone}
    words = join(icon(name), element("span", label, _class="unseen"))
    url = reverse("home:feed-date", args=["milestone", milestone.pk])
    return element("a", words, _class="beside-words", title=label, href=url)
