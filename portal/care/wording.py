"""What a rule tells an owner: its words, with the names of the people who look after the home."""

from django.utils.translation import get_language, override

from accounts.languages import LocalizedText
from progress.contacts.people import contacts_for
from progress.contacts.roles import ContactRole

PEOPLE = "{people}"
BETWEEN = {"zh-hans": "、"}


def message_of(rule, home, *, today, language=None):
    """The message of a rule to the household of `home`, in `language`, by default the active one.

    A LocalizedText, as the rule says it: it knows its language. Where nobody is named for the home, or there is no
    home, {people} becomes the service centre.
    """
    text = LocalizedText.of(rule, "message", language)
    if PEOPLE not in text:
        return text
    with override(text.lang.lower()):
        return text.part(text.replace(PEOPLE, _people(home, today=today)))


def _people(home, *, today):
    contacts = contacts_for(home, today=today) if home else []
    named = [f"{contact.name} ({contact.get_role_display()})" for contact in contacts if str(contact.name)]
    return BETWEEN.get(get_language(), ", ").join(named) or str(ContactRole.SERVICE_CENTRE.label)
