"""What an invitation is for, besides the login. Each app registers its own in `AppConfig.ready`:

@register("household")
class Household(Purpose): ...
"""

_purposes = {}


class Purpose:
    """The hooks are called inside the transaction of the action that they belong to."""

    def lock(self, invitation):
        """Lock the rows that every action of this app locks first; called before the invitation's own is."""

    def paragraphs(self, invitation):
        """What the message says the invitation is to, in the reader's language; none: the usual words."""
        return []

    def accepted(self, invitation, user, *, at):
        """Give `user` what was promised. Raises AccountError when that is no longer possible: nothing is accepted."""


def register(code):
    """Class decorator: make the purpose known under `code`, which stands in the invitations' rows."""

    def decorate(purpose):
        _purposes[code] = purpose()
        return purpose

    return decorate


def purpose_of(invitation):
    """The purpose of this invitation; one that no app knows (any more) promises nothing but the login."""
    return _purposes.get(invitation.purpose) or Purpose()
