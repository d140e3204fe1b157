"""Materials and recalls for tests."""

import factory
from factory.django import DjangoModelFactory

from progress.materials.finding import spread
from progress.materials.models import Material, Recall
from progress.materials.recalling import homes_found, publish_recall
from tests.factories import NOW, HomeFactory, StaffFactory


class MaterialFactory(DjangoModelFactory):
    class Meta:
        model = Material

    home = factory.SubFactory(HomeFactory)
    maker = "Nimbus"
    product = "Boiler 24"
    batch = "B-10"


class RecallFactory(DjangoModelFactory):
    """A draft that somebody has written."""

    class Meta:
        model = Recall

    maker = "Nimbus"
    product = "Boiler 24"
    title_en = "Boilers may leak gas"
    title_zh = "锅炉可能漏气"
    todo_en = "Switch it off and open a window."
    todo_zh = "请关闭并开窗。"
    telephone = "400 800 1234"


def published(recall=None, *, at=NOW, **fields):
    """A recall in force, published by a second person."""
    recall = recall or RecallFactory(written_by=StaffFactory(group="Supervisors"), **fields)
    someone_else = StaffFactory(group="Supervisors")
    return publish_recall(recall, seen=homes_found(recall).count(), by=someone_else, at=at)


def recalled(home):
    """For tests/test_urls.py: what is built into the home, and a recall in force that has found it."""
    material, recall = MaterialFactory(home=home), published()
    spread(at=NOW)
    return {"material": material, "recall": recall, "recalled home": recall.homes.get()}
