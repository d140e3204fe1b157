"""One answer a home; an objection stands until its author withdraws it; silence is never consent."""

from datetime import timedelta

import pytest

from accounts.notices import kinds
from progress.designs import answering
from progress.designs.errors import DesignError, TextChangedError
from progress.designs.models import Answer, DesignChange
from progress.designs.publishing import withdraw_change
from progress.models import Ownership, RightState, Role
from progress.transfers.actions import transfer_home
from tests.factories import (
    NOW,
    TODAY,
    AssignmentFactory,
    DesignChangeFactory,
    OwnerFactory,
    OwnershipFactory,
    StaffFactory,
)
from tests.progress.test_designs import amended

pytestmark = pytest.mark.django_db


@pytest.fixture
def wife():
    return OwnershipFactory(owner__name="Lin Wen")


@pytest.fixture
def husband(wife):
    return OwnershipFactory(home=wife.home, role=Role.CO_OWNER, owner__name="Gao Ming")


@pytest.fixture
def change(wife):
    return DesignChangeFactory(homes=[wife.home])


def acknowledge(change, tie, *, seen=1, at=NOW):
    return answering.acknowledge(change, home=tie.home, seen=seen, by=tie.owner.user, at=at)


def object_to(change, tie, *, comment="Too dark", seen=1, at=NOW):
    return answering.object_to(change, home=tie.home, comment=comment, seen=seen, by=tie.owner.user, at=at)


def take_back(answer, tie, at=NOW):
    return answering.withdraw_objection(answer, by=tie.owner.user, at=at)


def standing(change):
    return [(answer.owner.name, answer.answer) for answer in Answer.objects.standing().filter(change=change)]


class TestOneAnswer:
    def test_it_stands_with_who_when_and_which_text(self, change, wife):
        answer = acknowledge(change, wife)
        assert (answer.owner, answer.at, answer.text_version, answer.late) == (wife.owner, NOW, 1, False)

    def test_sent_twice_it_is_one(self, change, wife):
        assert acknowledge(change, wife) == acknowledge(change, wife, at=NOW + timedelta(minutes=1))

    def test_the_second_owner_reads_who_has_answered(self, change, wife, husband):
        acknowledge(change, wife)
        with pytest.raises(DesignError, match="Lin Wen has acknowledged this on"):
            object_to(change, husband)
        assert standing(change) == [("Lin Wen", "acknowledged")]

    def test_the_other_owner_is_told(self, change, wife, husband, told):
        acknowledge(change, wife)
        assert told() == [(husband.owner, "design-change-answered")]

    @pytest.mark.parametrize("role", [Role.FAMILY, Role.TENANT])
    def test_family_and_tenants_do_not_answer(self, change, wife, role):
        with pytest.raises(DesignError, match="Only an owner or co-owner"):
            acknowledge(change, OwnershipFactory(home=wife.home, role=role))

    def test_after_selling_nobody_answers(self, change, wife):
        Ownership.objects.filter(pk=wife.pk).update(state=RightState.ENDED, until=TODAY)
        with pytest.raises(DesignError, match="Only an owner or co-owner"):
            acknowledge(change, wife)

    def test_after_the_last_day_it_is_taken_and_marked_late(self, change, wife):
        at = change.ends_at
        assert not acknowledge(DesignChangeFactory(homes=[wife.home]), wife, at=at - timedelta(seconds=1)).late
        assert acknowledge(change, wife, at=at).late

    def test_to_what_is_withdrawn_there_is_no_answer(self, change, wife):
        withdraw_change(change, reason_en="Glass is back", by=None, at=NOW)
        with pytest.raises(DesignError, match="has been withdrawn"):
            acknowledge(change, wife)

    def test_whoever_read_an_earlier_text_reads_the_new_one_first(self, change, wife):
        amended(change)
        with pytest.raises(TextChangedError, match="text has changed"):
            acknowledge(change, wife, seen=1)
        assert acknowledge(change, wife, seen=2).text_version == 2


class TestObjection:
    def test_without_a_comment_it_is_refused(self, change, wife):
        with pytest.raises(DesignError, match="what you object to"):
            object_to(change, wife, comment="  ")

    def test_the_author_of_the_change_is_told_while_they_work_there(self, change, wife, told):
        colleague = StaffFactory(development=change.development)
        DesignChange.objects.filter(pk=change.pk).update(author=StaffFactory(development=change.development))
        author = DesignChange.objects.get(pk=change.pk).author
        object_to(change, wife)
        assert told() == [(author, "design-change-objection")]
        DesignChange.objects.filter(pk=change.pk).update(author=wife.owner.user)  # who has no post there
        assert set(answering.staff_for(DesignChange.objects.get(pk=change.pk))) == {author, colleague}

    def test_nobody_but_its_author_withdraws_it(self, change, wife, husband):
        objection = object_to(change, wife)
        with pytest.raises(DesignError, match="Lin Wen has objected on .* until they withdraw it"):
            take_back(objection, husband)
        with pytest.raises(DesignError, match="until they withdraw it"):
            acknowledge(change, husband)
        assert standing(change) == [("Lin Wen", "objected")]

    def test_even_its_author_withdraws_it_before_acknowledging(self, change, wife):
        objection = object_to(change, wife)
        with pytest.raises(DesignError, match="until they withdraw it"):
            acknowledge(change, wife)
        take_back(objection, wife)
        take_back(objection, wife, at=NOW + timedelta(hours=1))
        acknowledge(change, wife)
        history = [(answer.answer, answer.ended_because, answer.ended_at) for answer in change.answers.all()]
        assert sorted(history, key=str) == [("acknowledged", "", None), ("objected", "withdrawn", NOW)]

    def test_withdrawn_it_is_silence_again(self, change, wife):
        take_back(object_to(change, wife), wife)
        assert list(change.waiting_homes()) == [wife.home]

    def test_once_withdrawn_the_other_owner_may_answer(self, change, wife, husband):
        take_back(object_to(change, wife), wife)
        acknowledge(change, husband)
        assert standing(change) == [("Gao Ming", "acknowledged")]


class TestAmended:
    def test_an_acknowledgement_is_given_anew_by_either(self, change, wife, husband):
        acknowledge(change, wife)
        amended(change)
        acknowledge(change, husband, seen=2)
        history = [(a.owner.name, a.text_version, a.ended_because) for a in change.answers.order_by("text_version")]
        assert history == [("Lin Wen", 1, "anew"), ("Gao Ming", 2, "")]

    def test_an_objection_to_the_earlier_text_is_its_authors_to_replace(self, change, wife, husband):
        object_to(change, wife)
        amended(change)
        assert standing(change) == [("Lin Wen", "objected")]
        with pytest.raises(DesignError, match="until they withdraw it"):
            acknowledge(change, husband, seen=2)
        acknowledge(change, wife, seen=2)
        assert standing(change) == [("Lin Wen", "acknowledged")]


class TestResale:
    def sold(self, home, to):
        transfer_home(home=home, to=[to], on=TODAY, by=StaffFactory(everywhere=True), at=NOW)

    def test_the_open_question_goes_to_the_new_owner(self, change, wife, told):
        new = OwnerFactory()
        self.sold(wife.home, new)
        assert (new, "design-change-published") in told()
        answering.acknowledge(change, home=wife.home, seen=1, by=new.user, at=NOW)
        assert not DesignChange.objects.for_user(wife.owner.user).exists()

    def test_the_answer_stays_with_the_home(self, change, wife, told):
        acknowledge(change, wife)
        new = OwnerFactory()
        self.sold(wife.home, new)
        assert (new, "design-change-published") not in told()
        with pytest.raises(DesignError, match="An owner before you has acknowledged"):
            answering.acknowledge(change, home=wife.home, seen=1, by=new.user, at=NOW)

    def test_an_objection_of_whoever_has_sold_is_the_new_owners_to_replace(self, change, wife):
        object_to(change, wife)
        new = OwnerFactory(name="Zhou Jie")
        self.sold(wife.home, new)
        assert standing(change) == [("Lin Wen", "objected")]
        answering.acknowledge(change, home=wife.home, seen=1, by=new.user, at=NOW)
        assert standing(change) == [("Zhou Jie", "acknowledged")]


class TestWords:
    def test_each_reader_is_told_what_concerns_them(self, change, wife, husband):
        AssignmentFactory(development=change.development)
        answer = object_to(change, wife)
        owners, staff = kinds.get("design-change-answered"), kinds.get("design-change-objection")
        assert owners.paragraphs(answer) == [f"Lin Wen has objected for {wife.home}."]
        assert owners.still_concerns(answer, husband.owner)
        assert not owners.still_concerns(answer, OwnerFactory())
        assert staff.paragraphs(answer) == [str(wife.home), "Too dark"]
        assert staff.still_concerns(answer, StaffFactory(development=change.development))
        assert not staff.still_concerns(answer, StaffFactory())
        take_back(answer, wife)
        answer.refresh_from_db()
        assert not staff.still_true(answer)
