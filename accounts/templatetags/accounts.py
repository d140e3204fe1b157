"""`{% load accounts %}`: how what the door keeps is shown."""

import json
import re

from django import template
from django.core.serializers.json import DjangoJSONEncoder
from django.utils.translation import gettext as _

from accounts.events.looks import WHAT

register = template.Library()

# In this order: Edge and Opera call themselves Chrome, Chrome calls itself Safari. WeChat calls itself all of them.
BROWSERS = [
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("OPR", "Opera"),
    ("Firefox", "Firefox"),
    ("FxiOS", "Firefox"),
    ("CriOS", "Chrome"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
]
SYSTEMS = [
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Android", "Android"),
    ("Windows", "Windows"),
    ("Mac OS", "Mac"),
    ("CrOS", "ChromeOS"),
    ("Linux", "Linux"),
]


@register.filter
def device(user_agent):
    """In a few words, what somebody reads the portal with; as far as it says so itself."""
    browser, system = _first(BROWSERS, user_agent), _first(SYSTEMS, user_agent)
    if browser and system:
        return _("%(browser)s on %(system)s") % {"browser": browser, "system": system}
    return browser or system or _("an unknown device")


def _first(known, user_agent):
    return next((name for sign, name in known if re.search(rf"\b{re.escape(sign)}", user_agent or "")), "")


@register.filter
def as_json(value):
    """For an attribute that a script reads; escaped there as any text."""
    return json.dumps(value, cls=DjangoJSONEncoder)


@register.filter
def what_was_looked_at(event):
    """In a few words, for staff and customers alike."""
    return WHAT.get(event.subject_kind, _("a file"))
