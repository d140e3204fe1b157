"""How what was found is shown: the words of the question stand out."""

from django import template

from cms.search import marking

register = template.Library()


@register.filter
def marked(text, question):
    """`text` with the words of the question in <mark>."""
    return marking.marked(text, question)


@register.filter
def excerpt(text, question):
    """The piece of `text` in which they first stand."""
    return marking.excerpt(text, question)
