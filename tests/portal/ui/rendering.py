"""Templates as short sources, and their HTML without the white space that doesn't matter."""

import re

from django.template import Context, Template


def render(source, **context):
    """The HTML of `source`, which may use the component tags; runs of white space are one space, none between tags."""
    html = Template("{% load i18n ui %}" + source).render(Context(context))
    html = re.sub(r"\s+", " ", html).replace(" >", ">")
    return re.sub(r">\s+<", "><", html).strip()
