"""Nothing is kept about anybody that no one declared."""

import pytest
from django.db import models
from django.test.utils import isolate_apps

from accounts.models import Owner, User
from accounts.privacy import registry
from accounts.privacy.registry import Person, Personal, declare, declared, problems
from accounts.privacy.ways import DELETED, After
from progress.models import Ownership
from tests.factories import OwnerFactory, OwnershipFactory, UserFactory

WHY = Personal("to test", DELETED)


def test_every_field_of_every_model_is_declared():
    """Fails for you? Your app's `privacy.py` says what your model holds; accounts/privacy/registry.py shows how."""
    assert problems() == []


@pytest.fixture
def said(monkeypatch):
    """What is found wrong in a declaration of a model with a name and a tie to an owner."""
    monkeypatch.setattr(registry, "_declared", {})

    def say(**declaration):
        with isolate_apps("accounts"):

            class Card(models.Model):
                owner = models.ForeignKey(Owner, models.CASCADE)
                user = models.ForeignKey(User, models.CASCADE)
                name = models.CharField(max_length=10)

                class Meta:
                    app_label = "accounts"

                def __str__(self):
                    return self.name

            declare(Card, **declaration)
            return list(registry._problems_of(registry._declared["accounts.card"]))

    return say


def test_a_model_without_a_declaration_is_named(monkeypatch):
    before = problems()
    others = {label: each for label, each in registry._declared.items() if label != "progress.ownership"}
    monkeypatch.setattr(registry, "_declared", others)  # put back into the registry itself it would come last
    assert set(problems()) - set(before) == {"progress.ownership: not declared in any privacy.py"}


@pytest.mark.parametrize(
    ("declaration", "wrong"),
    [
        ({"of": "owner", "by": "user", "personal": {"name": WHY}, "plain": "id"}, []),
        ({"of": "owner", "by": "user", "plain": "id"}, [".name: neither personal nor plain"]),
        ({"of": "owner", "personal": {"name": WHY}, "plain": "id"}, [".user: neither personal nor plain"]),
        (
            {"of": "owner", "personal": {"name": WHY}, "plain": "id user"},
            [".user: names a person, so it is not plain"],
        ),
        (
            {"of": "owner", "by": "user", "personal": {"name colour": WHY}, "plain": "id"},
            [".colour: declared, but there is no such field"],
        ),
        (
            {"by": "owner user", "personal": {"name": WHY}, "plain": "id"},
            [
                ".name: whose is it? Without `of` or `rows` it can't be exported, so say why it is withheld",
                ".name: without `of` or `rows` it can't be erased, so it needs an end",
            ],
        ),
        (
            {"of": "owner", "by": "user", "plain": "*"},
            [': "*" is for models of packages; name the plain fields'],
        ),
        (
            {"of": "owner name", "by": "user", "plain": "id"},
            [": `of` has 'name', which leads to no Owner or User"],
        ),
    ],
    ids=["whole", "field", "person", "plain person", "misspelt", "of nobody", "everything plain", "wrong path"],
)
def test_a_declaration_with_a_hole_says_where(said, declaration, wrong):
    assert said(**declaration) == wrong


def test_what_is_withheld_and_ends_by_itself_needs_no_owner(said):
    ended = Personal("to test", DELETED, After(3, since="name"), withheld="of nobody")
    assert said(by="owner user", personal={"name": ended}, plain="id") == []


@pytest.mark.django_db
class TestRows:
    def test_of_a_person_are_found_by_login_and_by_record(self):
        mine, other = OwnershipFactory(), OwnershipFactory()
        rows = declared()["progress.ownership"].rows_of
        assert list(rows(Person.of_user(mine.owner.user))) == [mine]
        assert list(rows(Person.of_owner(other.owner))) == [other]

    def test_of_a_record_without_login_are_found(self):
        tie = OwnershipFactory(owner=OwnerFactory(user=None))
        assert list(declared()["progress.ownership"].rows_of(Person.of_owner(tie.owner))) == [tie]

    def test_of_a_login_without_record_are_none(self):
        OwnershipFactory()
        assert not declared()["progress.ownership"].rows_of(Person.of_user(UserFactory())).exists()
        assert Ownership.objects.count() == 1
