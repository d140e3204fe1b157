"""Choosing how to hear of what: one question a topic and channel, those that leave nothing to choose left out."""

from django import forms
from django.utils.translation import gettext as _

from accounts.models import Channel

from .actions import by_text_alone
from .addresses import model_of, reachable
from .choosing import choose
from .preferences import chosen_by, offered, offered_for, topics_of
from .topics import Mode


class PreferencesForm(forms.Form):
    """Of one Owner or User. `locked` has what always comes: (topic, what of it; nothing where all of it does)."""

    def __init__(self, *args, person, **kwargs):
        super().__init__(*args, **kwargs)
        self.person = reachable(model_of(person).objects).get(pk=person.pk)
        self.questions, self.locked = {}, []
        by_text = by_text_alone(self.person)
        for topic, kinds in topics_of(self.person):
            for channel in (Channel.EMAIL, Channel.SMS):
                if any(_optional(kind, channel, by_text) for kind in kinds):
                    self._ask(topic, channel)
            if always := [kind for kind in kinds if kind.mandatory or kind.emergency]:
                labels = dict.fromkeys(str(kind.label) for kind in always)
                self.locked.append((topic, list(labels) if len(always) < len(kinds) else []))

    def _ask(self, topic, channel):
        modes = offered_for(topic, channel)
        chosen = chosen_by(self.person, topic.code, channel)
        name = f"{topic.code}-{channel}"
        self.questions[name] = (topic, channel)
        self.fields[name] = forms.ChoiceField(
            label=topic.label,
            help_text=topic.about,
            choices=[(mode.value, mode.label) for mode in modes],
            initial=chosen.mode if chosen and chosen.mode in modes else Mode.NOW,
        )

    def by_channel(self):
        """[(heading, bound fields)] of the channels that leave something to choose."""
        headings = {Channel.EMAIL: _("By e-mail"), Channel.SMS: _("By text message")}
        found = [(heading, self._fields_of(channel)) for channel, heading in headings.items()]
        return [(heading, fields) for heading, fields in found if fields]

    def _fields_of(self, channel):
        return [self[name] for name, (__, of) in self.questions.items() if of == channel]

    def save(self, *, by, at):
        for name, (topic, channel) in self.questions.items():
            if name in self.changed_data:
                choose(self.person, topic, channel, Mode(self.cleaned_data[name]), by=by, at=at)


def _optional(kind, channel, by_text):
    """Whether messages of this kind come to them on this channel, and may be left out or wait."""
    comes = channel in kind.channels
    if by_text and Channel.EMAIL in kind.channels:
        comes = channel == Channel.SMS
    return comes and len(offered(kind, channel)) > 1
