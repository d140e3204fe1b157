"""What would tell readers whose complaint it is. Found by what we know of the home and its people."""

import re

from accounts.models import Address
from progress.models import Ownership

DIGITS = re.compile(r"\d{5,}")  # telephones, customer numbers, identity cards
MAIL = re.compile(r"\S+@\S+\.\S+")
SPACES = re.compile(r"[\s\-()+]")
SHORTEST = 2  # characters of a name that says something


def telling(ticket, texts):
    """The pieces of `texts` that name somebody or a place: names, numbers of the home, addresses, telephones."""
    said = "\n".join(texts)
    packed = SPACES.sub("", said).casefold()
    found = [each for each in _known(ticket) if SPACES.sub("", each).casefold() in packed]
    found += MAIL.findall(said)
    found += DIGITS.findall(SPACES.sub("", said))
    return list(dict.fromkeys(found))


def _known(ticket):
    """What names the home and everybody who ever belonged to it, and the case."""
    home = ticket.home
    people = Ownership.objects.filter(home=home).values_list("owner", "owner__name", "owner__customer_no")
    owners = {pk for pk, _name, _no in people} | {ticket.owner_id}
    known = [word for _pk, name, number in people for word in (*_names(name), number)]
    known += [ticket.number, *([ticket.owner.name] if ticket.owner else []), *_places(home)]
    known += Address.objects.filter(owner__in=owners - {None}).values_list("value", flat=True)
    return [word for word in known if len(word.strip()) >= SHORTEST]


def _names(name):
    """A name whole, and each of its parts that is long enough to tell."""
    return [name, *(part for part in name.split() if len(part) > SHORTEST)]


def _places(home):
    """How the home is called where people speak of it: its number when that alone says which, and with its building."""
    number = str(home.number)
    places = [str(home)]
    if len(number) > SHORTEST:
        places.append(number)
    return places
