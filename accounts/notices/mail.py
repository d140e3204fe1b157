"""An e-mail that is quick to write down: thousands go out in a row, and what is in them is Django's."""

from email.policy import Compat32
from secrets import token_hex

from django.core.mail import EmailMultiAlternatives


class _AsItIs(Compat32):
    """A short header is written as it stands. Asking whether it must be folded takes longer than all the rest."""

    def fold_binary(self, name, value):
        if isinstance(value, str) and value.isascii() and value.isprintable():
            line = f"{name}: {value}"
            if len(line) <= self.max_line_length:
                return f"{line}{self.linesep}".encode("ascii")
        return super().fold_binary(name, value)


_POLICY = _AsItIs()


class Mail(EmailMultiAlternatives):
    def message(self):
        message = super().message()
        message.policy = _POLICY
        # No text has it; Python would look through each for one of its own.
        message.set_boundary(f"=_{token_hex(16)}")
        return message
