"""Headers of mail, whatever stands in them: Python's parser and anymail's raise on some of what strangers write."""

from email.utils import getaddresses


def header(message, name):
    """What stands in a header, decoded; "" where there is none or nobody can read it."""
    try:
        return str(message.get(name) or "")
    except Exception:  # the parser's own errors on hostile input are of every kind
        return ""


def headers(message, name):
    """The same of a header that may stand there more than once."""
    try:
        return [str(value) for value in message.get_all(name) or []]
    except Exception:
        return []


def people(message, name):
    """[(name, address)] in a header of addresses, those that can be read."""
    try:
        return [(each.display_name or "", each.addr_spec) for each in message.get_address_header(name)]
    except Exception:
        return [(name, address) for name, address in getaddresses(headers(message, name)) if "@" in address]
