"""Questions of satisfaction, each valid by itself."""

import factory
from factory.django import DjangoModelFactory

from portal.surveys.models import Satisfaction
from tests.factories import NOW, OwnershipFactory


class SatisfactionFactory(DjangoModelFactory):
    """Asked now of the owner of a home, about that home. `score=2` and `answered_at` together."""

    class Meta:
        model = Satisfaction

    class Params:
        ownership = factory.SubFactory(OwnershipFactory)
        answered = factory.Trait(score=5, answered_at=NOW)

    key = factory.Sequence(lambda n: f"test:{n}")
    owner = factory.SelfAttribute("ownership.owner")
    home = factory.SelfAttribute("ownership.home")
    development = factory.SelfAttribute("home.development")
    subject_kind = "progress.home"
    subject_id = factory.LazyAttribute(lambda row: str(row.home.pk))
    asked_at = NOW
