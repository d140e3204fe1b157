"""What fields are called for those whom they are about. Many have no more than the name that Django made up."""

from django.utils.encoding import force_str
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

BETTER = {
    "asked at": _("asked at"),
    "comment notifications": _("messages about comments"),
    "created at": _("made at"),
    "data": _("details"),
    "dismissibles": _("hints put away"),
    "ip": _("IP address"),
    "is editing": _("being edited"),
    "key hash": _("check sum of the key"),
    "label": _("what it is about"),
    "last seen at": _("last seen"),
    "last updated at": _("last changed"),
    "last used at": _("last used"),
    "opened at": _("opened at"),
    "page": _("page of the site"),
    "prefix": _("beginning of the key"),
    "ready at": _("ready at"),
    "subject id": _("number of the subject"),
    "told at": _("told at"),
    "transfer": _("change of owner"),
    "type": _("kind"),
    "url": _("address of the page"),
    "user agent": _("browser"),
}


def in_words(verbose_name):
    """In the active language, also where the model gives its field no name that can be translated."""
    name = force_str(verbose_name)
    return force_str(BETTER[name]) if name in BETTER else gettext(name)
