"""The names in curly brackets that a ready sentence may hold, and what stands in their place."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

VARIABLES = {
    "owner": gettext_lazy("the name of whoever is written to"),
    "home": gettext_lazy("the home"),
    "number": gettext_lazy("the number of the ticket"),
    "title": gettext_lazy("what the ticket is about"),
    "component": gettext_lazy("the part of the home that it concerns"),
    "agent": gettext_lazy("the name of whoever writes"),
    "visit": gettext_lazy("day and time of the next visit for it"),
    "due": gettext_lazy("by when it is promised"),
    "hotline": gettext_lazy("the telephone of the hotline"),
    "company": gettext_lazy("the name of the company"),
}
_NAME = re.compile(r"\{([^{}]*)\}")


def known_variables(text):
    """A validator: each name in curly brackets is one of ours, and no bracket stands alone."""
    unknown = [name for name in _NAME.findall(text) if name not in VARIABLES]
    if unknown:
        names = ", ".join(f"{{{name}}}" for name in VARIABLES)
        raise ValidationError(
            _("There is no {%(name)s}. What can be filled in: %(names)s.") % {"name": unknown[0], "names": names}
        )
    if set("{}") & set(_NAME.sub("", text)):
        raise ValidationError(_("A curly bracket has no partner. Names to be filled in stand between two: {home}."))


def filled(text, values):
    """`text` with what is known put in; what has no value yet keeps its name, for whoever writes to see.

    One pass: what an owner has called themselves is never read as a name to be filled in.
    """
    return _NAME.sub(lambda found: values.get(found[1]) or found[0], text)


def unfilled(text):
    """The names of ours that still stand in a text, each once, in their order."""
    return list(dict.fromkeys(name for name in _NAME.findall(text) if name in VARIABLES))
