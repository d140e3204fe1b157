"""The kinds of notices. Each app registers its own in `AppConfig.ready`:

@register("update-published")
class UpdatePublished(Kind):
    label = _("News from the site")
    topic = topics.NEWS
    model = Update
    ...
"""

from datetime import timedelta

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Channel

INBOX, EMAIL, SMS = Channel.INBOX, Channel.EMAIL, Channel.SMS
A_DAY = timedelta(hours=24)
_kinds = {}


class UnknownKindError(LookupError):
    """No app registered this code."""


class Kind:
    """What is said on one occasion. The text's hooks are called with the reader's language and `zone` active."""

    label = ""
    topic = None  # of accounts.notices.topics: where readers find it among their preferences
    mandatory = False  # True: comes at once, whatever the reader has chosen for its topic
    model = None
    channels = (INBOX, EMAIL)
    action = _("Open in the portal")
    why = _("You receive this message because it concerns your home or your account with us.")
    emergency = False  # True: also at night
    gathers = False  # True of digests alone: it stands for other messages
    template = "notice"  # of the e-mail
    secret = False  # True: only the title is kept, as for a link that opens something by itself

    def subjects(self):
        """The rows a notice may be about; override it to fetch related rows along with them."""
        return self.model._default_manager.all()

    def people(self, subject):
        """All whom the occasion concerns, a QuerySet of Owners: for what `circulars.tell_all` tells."""
        raise NotImplementedError

    def note_told(self, subject, owners, *, at):
        """Called with the ids of some of them in the transaction that writes their notices."""

    def still_true(self, subject):
        """Whether it is still worth saying: not cancelled, not answered, not past."""
        return True

    def still_concerns(self, subject, person):
        """Whether this Owner or User may still be told: still owner, still responsible.

        `subject.addressees`, where it is set, has all whom a batch tells of it: one query may answer for them.
        """
        return True

    def freshen(self, subject, *, at):
        """Called at sending, before anything is asked of `subject`."""

    def cancelled_at(self, subject):
        """Of a message that calls something off: when it would have been. None of all others."""

    def cannot_wait(self, subject, *, at):
        """Whether it is sent at night, too: an emergency, or the end of something within the next 24 hours."""
        moment = self.cancelled_at(subject)
        return self.emergency or (moment is not None and moment - at <= A_DAY)

    def zone(self, subject):
        """Name of the time zone in which times are written and nights are quiet."""
        return settings.TIME_ZONE

    def title(self, subject):
        return str(self.label)

    def paragraphs(self, subject):
        """The text, a list of plain paragraphs. A LocalizedText among them keeps its language."""
        return []

    def context(self, subject):
        """What the e-mail's template shows besides."""
        return {}

    def in_brief(self, subject):
        """The paragraph that stands for the text where messages are listed, in a list of one or none."""
        return self.paragraphs(subject)[:1]

    def sms(self, subject):
        """The text of a text message, without the link."""
        return self.title(subject)

    def url(self, subject):
        """Path of the page to open, or "" for none."""
        return ""

    def reply_to(self, subject, person):
        """The address at which we read this reader's answer to the e-mail, or "" where nobody does."""
        return ""


def register(code):
    """Class decorator: make the kind known under `code`, which stands in keys for ever."""

    def decorate(kind):
        if code in _kinds and type(_kinds[code]) is not kind:
            raise ValueError(f"Two kinds of notices are called {code!r}.")
        kind.code = code
        _kinds[code] = kind()
        return kind

    return decorate


def get(code):
    """The kind registered under `code`. Raises UnknownKindError."""
    try:
        return _kinds[code]
    except KeyError:
        raise UnknownKindError(code) from None


def known(code):
    """The kind registered under `code`, or None."""
    return _kinds.get(code)


def of_topic(topic):
    """The kinds that come under `topic`."""
    return [kind for kind in _kinds.values() if kind.topic is topic]


def codes():
    """The codes of all kinds."""
    return list(_kinds)
