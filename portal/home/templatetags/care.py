"""Where owners read more of what a rule of care promises them."""

from django import template
from django.urls import reverse

from portal.home.checks.care import SHOWN

register = template.Library()


@register.simple_tag
def promise_url(promise, home):
    """The page of a promise of care, for whoever follows the progress of `home`; "" for every other promise."""
    if promise.kind not in SHOWN or not getattr(home, "is_followed", False):
        return ""
    return reverse("home:care", args=[promise.pk])
