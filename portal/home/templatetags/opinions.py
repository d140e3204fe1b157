"""What owners said, in the news about what was changed because of it."""

from django import template

from progress.updates.cited import cited_in

register = template.Library()


@register.inclusion_tag("home/opinions/cited.html")
def cited_words(update):
    """ "Because you said…", without names; nothing where nobody is cited."""
    return {"cited": cited_in(update)}
