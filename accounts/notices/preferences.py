"""How people want to hear of what: decided when they are told, asked again when something that waited is sent."""

from accounts.models import Channel, Owner

from . import kinds, topics
from .addresses import PASSING
from .topics import Mode

ONLY_NOW = (Mode.NOW,)


def offered(kind, channel):
    """The modes that a reader may choose for this kind on this channel. Without a choice it comes at once."""
    if channel == Channel.INBOX or kind.topic is None or kind.mandatory or kind.emergency:
        return ONLY_NOW
    return offered_for(kind.topic, channel)


def offered_for(topic, channel):
    """The same for what is optional of a topic. Text messages come one by one or not at all."""
    if channel == Channel.INBOX:
        return ONLY_NOW
    if channel == Channel.SMS:
        return tuple(mode for mode in topic.modes if mode in (Mode.NOW, Mode.OFF))
    return topic.modes


def offered_to(person, kind, channel):
    """The same for this reader: what stands on nobody's page, or on others', comes at once."""
    return offered(kind, channel) if kind.topic in _topics_for(person) else ONLY_NOW


def may_be_off(person, kind, channel):
    """Whether this reader may do without the kind on this channel."""
    return Mode.OFF in offered_to(person, kind, channel)


def _topics_for(person):
    """Customers choose for their home, logins for their work; an invitation or a guest is neither yet."""
    if isinstance(person, PASSING):
        return ()
    return topics.OF_OWNERS if isinstance(person, Owner) else topics.OF_STAFF


def mode_for(person, kind, channel):
    """How `person` gets what is told of `kind` on `channel`."""
    modes = offered_to(person, kind, channel)
    chosen = None if modes is ONLY_NOW else chosen_by(person, kind.topic.code, channel)
    return Mode(chosen.mode) if chosen and chosen.mode in modes else Mode.NOW


def chosen_by(person, topic_code, channel):
    """Their Preference, or None."""
    rows = all_of(person)
    return next((row for row in rows if row.topic == topic_code and row.channel == channel), None)


def all_of(person):
    """What an Owner or User has chosen; no query for somebody fetched by `addresses.reachable`."""
    if isinstance(person, PASSING):
        return []
    return person.chosen if hasattr(person, "chosen") else list(person.preferences.all())


def topics_of(person):
    """[(topic, its kinds)] that concern this Owner or User, in the order of the page; topics without a kind are not."""
    pairs = [(topic, kinds.of_topic(topic)) for topic in _topics_for(person)]
    return [(topic, each) for topic, each in pairs if each]
