"""Opinions, each valid by itself."""

from uuid import uuid4

import factory
from factory.django import DjangoModelFactory

from portal.bookings.opinions.models import AreaOpinion, Opinion, OpinionPhoto
from tests.factories import NOW, PrivateFileFactory

from .factories import BookingFactory


class OpinionFactory(DjangoModelFactory):
    """Of a party that has left. `answered=True`."""

    class Meta:
        model = Opinion

    id = factory.LazyFunction(uuid4)
    booking = factory.SubFactory(BookingFactory, has_left=True)
    open_day = factory.SelfAttribute("booking.open_day")
    home = factory.SelfAttribute("booking.home")
    owner = factory.SelfAttribute("booking.owner")
    rating = 4
    text = "Where do the shoes go? The hall is narrow."
    created_at = NOW

    class Params:
        answered = factory.Trait(state="answered", answer="There will be a niche.", answered_at=NOW)


class AreaOpinionFactory(DjangoModelFactory):
    class Meta:
        model = AreaOpinion

    opinion = factory.SubFactory(OpinionFactory)
    area = "kitchen"
    verdict = "good"


class OpinionPhotoFactory(DjangoModelFactory):
    class Meta:
        model = OpinionPhoto

    opinion = factory.SubFactory(OpinionFactory)
    file = factory.SubFactory(PrivateFileFactory)
    order = factory.Sequence(lambda n: n)
