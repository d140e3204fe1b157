"""Mail providers: what django-anymail says of a message that one of them took or refused.

Which provider, if any, is a setting (EMAIL_PROVIDER). Mail by SMTP passes through here untouched.
"""

from dataclasses import dataclass

from anymail.exceptions import AnymailAPIError, AnymailRecipientsRefused

ID_LENGTH = 120  # of what a Notice keeps of a provider's own name for it
NOTICE = "notice"  # the name under which a message carries the id of its notice
TOO_MANY = 429
OURS_TO_MEND = {401, 402, 403, 404, 408}  # keys, bills, addresses of interfaces: the message waits for us


@dataclass(frozen=True)
class Answer:
    """What was said, as if it had been said by SMTP: from 500 on it is final."""

    code: int
    words: str
    address_at_fault: bool = False


def id_of(mail):
    """What the provider calls a message that it took; "" by SMTP."""
    status = getattr(mail, "anymail_status", None)
    known = status.message_id if status else ""
    return (known if isinstance(known, str) else "")[:ID_LENGTH]


def refusal_of(mail):
    """The Answer of a provider that has not taken a message though the library raised nothing, or None."""
    status = getattr(mail, "anymail_status", None)
    code = getattr(status.esp_response, "status_code", 200) if status else 200
    if code >= 400 or (status and status.status == {"failed"}):
        return Answer(554, f"answered {code}")
    return None


def answer_in(error):
    """The Answer in an exception of anymail, or None where nobody answered."""
    if isinstance(error, AnymailRecipientsRefused):
        # On its own list of addresses that bounced or complained, or no address at all.
        return Answer(550, "refused by the mail provider", address_at_fault=True)
    if isinstance(error, AnymailAPIError) and error.status_code:
        final = 400 <= error.status_code < 500 and error.status_code not in {TOO_MANY, *OURS_TO_MEND}
        return Answer(554 if final else 450, f"answered {error.status_code}")
    return None
