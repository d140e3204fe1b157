"""Ticks: who may tick what, what counts, what stays, and what a resale makes of it."""

from datetime import timedelta
from threading import Event
from uuid import uuid4

import pytest
from django.db import IntegrityError

from accounts.models import Owner
from accounts.privacy import erasure
from accounts.privacy.models import WAIT, end_of_day
from accounts.privacy.registry import Person, declared
from cms.checklists import actions
from cms.checklists.actions import ChecklistError, EntryGoneError, NotYoursError, tick
from cms.checklists.models import Tick
from cms.checklists.reading import Progress, progress_of, ticking_of
from cms.checklists.seeing import edition_seen
from progress.transfers import parts
from progress.transfers.actions import transfer_home
from tests.cms.checklists.guides import BRING, METERS, PASSPORT, TORCH, publish
from tests.concurrency import all_at_once, without_locks
from tests.factories import NOW, TODAY, BuildingFactory, OwnerFactory, OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie():
    return OwnershipFactory(owner__name="Chen Bo")


@pytest.fixture
def guide():
    return publish()


def ticked(tie, guide, item=PASSPORT, done=True, op=None, at=NOW, made_at=None, by=None):
    return tick(
        op=op or uuid4(),
        home=tie.home,
        guide_key=guide.translation_key,
        item=item,
        ticked=done,
        made_at=made_at,
        by=by or tie.owner.user,
        at=at,
    )


def standing(tie, guide):
    """{entry: (who, ticked)} of what counts."""
    rows = Tick.objects.last().filter(home=tie.home, guide_key=guide.translation_key).select_related("owner")
    return {row.item: (row.owner.name, row.ticked) for row in rows}


class TestTicks:
    def test_the_household_sees_who_ticked_and_when(self, tie, guide):
        ticked(tie, guide)
        ticking = ticking_of(tie.home, guide.translation_key, today=TODAY)
        line = ticking.line(PASSPORT, {"text": "Your identity card"})
        assert (line.ticked, line.who, line.when) == (True, "Chen Bo", NOW)

    def test_a_tick_taken_back_stays_in_the_history(self, tie, guide):
        ticked(tie, guide)
        ticked(tie, guide, done=False, at=NOW + timedelta(minutes=1))
        assert standing(tie, guide) == {PASSPORT: ("Chen Bo", False)}
        assert [row.ticked for row in Tick.objects.in_order()] == [True, False]

    def test_sent_twice_it_counts_once(self, tie, guide):
        op = uuid4()
        assert ticked(tie, guide, op=op) == ticked(tie, guide, op=op, at=NOW + timedelta(hours=1))
        assert Tick.objects.count() == 1

    def test_what_somebody_else_used_is_refused_without_a_word_of_whose(self, tie, guide):
        op = ticked(OwnershipFactory(), guide).pk
        with pytest.raises(ChecklistError, match="^This form has been sent already. Please begin anew.$"):
            ticked(tie, guide, op=op)
        assert standing(tie, guide) == {}

    def test_one_form_can_not_say_two_things(self, tie, guide):
        op = ticked(tie, guide).pk
        with pytest.raises(ChecklistError, match="sent already"):
            ticked(tie, guide, op=op, done=False)

    def test_family_ticks_for_the_same_household(self, tie, guide):
        family = OwnershipFactory(home=tie.home, role="family", owner__name="Chen Mei")
        ticked(tie, guide)
        ticked(family, guide, done=False, at=NOW + timedelta(minutes=5))
        assert standing(tie, guide) == {PASSPORT: ("Chen Mei", False)}

    def test_each_household_ticks_for_itself(self, tie, guide):
        ticked(OwnershipFactory(), guide)
        assert standing(tie, guide) == {}

    def test_both_languages_share_the_ticks(self, tie, guide):
        publish(key=guide.translation_key, language="zh-hans", title="带什么")
        ticked(tie, guide)
        body = publish(key=guide.translation_key, language="zh-hans", title="带什么").body.raw_data
        assert progress_of(tie.home, {guide.translation_key: body}) == {guide.translation_key: Progress(1, 3)}

    def test_a_changed_guide_keeps_the_ticks_of_what_stayed(self, tie, guide):
        ticked(tie, guide, PASSPORT)
        ticked(tie, guide, TORCH)
        changed = [BRING[1] | {"text": "A strong torch"}, {"id": "new", "text": "A pen"}]
        body = publish(changed, key=guide.translation_key, number=2).body.raw_data
        assert progress_of(tie.home, {guide.translation_key: body}) == {guide.translation_key: Progress(1, 2)}
        assert Tick.objects.filter(item=PASSPORT).count() == 1

    def test_an_entry_that_went_can_not_be_ticked(self, tie, guide):
        publish(BRING[1:], key=guide.translation_key, number=2)
        with pytest.raises(EntryGoneError):
            ticked(tie, guide, PASSPORT)

    def test_what_we_do_is_not_for_the_household_to_tick(self, tie, guide):
        with pytest.raises(ChecklistError, match="We tick this off ourselves"):
            ticked(tie, guide, METERS)


class TestRights:
    def test_a_stranger_ticks_nothing(self, tie, guide):
        with pytest.raises(NotYoursError):
            ticked(tie, guide, by=OwnershipFactory().owner.user)

    @pytest.mark.parametrize("audience", [{"for_roles": ["owner"]}, {"for_kinds": ["repair"]}])
    def test_a_guide_for_others_is_not_ticked(self, audience):
        guide, tenant = publish(**audience), OwnershipFactory(role="tenant")
        with pytest.raises(NotYoursError):
            ticked(tenant, guide)

    def test_a_tenant_ticks_what_is_for_tenants(self):
        guide, tenant = publish(for_roles=["tenant"]), OwnershipFactory(role="tenant")
        assert ticked(tenant, guide).owner == tenant.owner

    def test_a_guide_of_another_building_is_not_ticked(self, tie):
        guide = publish(for_buildings=[str(BuildingFactory().pk)])
        with pytest.raises(NotYoursError):
            ticked(tie, guide)

    def test_whoever_has_just_sold_writes_nothing(self, tie, guide):
        transfer_home(home=tie.home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW)
        with pytest.raises(NotYoursError):
            ticked(tie, guide)
        assert Tick.objects.count() == 0

    def test_a_thousand_a_day_are_enough(self, tie, guide, monkeypatch):
        monkeypatch.setattr("cms.checklists.actions.MOST_A_DAY", 2)
        ticked(tie, guide)
        ticked(tie, guide, at=NOW + timedelta(minutes=1))
        with pytest.raises(ChecklistError, match="enough for one day"):
            ticked(tie, guide, at=NOW + timedelta(minutes=2))
        assert ticked(tie, guide, at=NOW + timedelta(days=1, minutes=1)).ticked


class TestWithoutSignal:
    def test_what_was_done_last_counts_and_both_stay(self, tie, guide):
        ticked(tie, guide, done=False, made_at=NOW - timedelta(hours=1))
        ticked(tie, guide, done=True, made_at=NOW - timedelta(hours=2), at=NOW + timedelta(minutes=1))
        assert standing(tie, guide) == {PASSPORT: ("Chen Bo", False)}
        assert [row.ticked for row in Tick.objects.in_order()] == [True, False]

    @pytest.mark.parametrize("made_at", [NOW + timedelta(seconds=1), NOW - timedelta(days=7, seconds=1), None])
    def test_a_clock_that_can_not_be_right_counts_as_now(self, tie, guide, made_at):
        assert ticked(tie, guide, made_at=made_at).made_at == NOW

    @pytest.mark.parametrize("made_at", [NOW, NOW - timedelta(days=7)])
    def test_up_to_a_week_is_believed(self, tie, guide, made_at):
        assert ticked(tie, guide, made_at=made_at).made_at == made_at

    def test_a_tick_made_after_it_arrived_is_impossible(self, tie, guide):
        with pytest.raises(IntegrityError, match="tick_made_before_it_arrives"):
            Tick.objects.filter(pk=ticked(tie, guide).pk).update(made_at=NOW + timedelta(seconds=1))


class TestResale:
    def test_the_new_household_begins_with_empty_boxes(self, tie, guide):
        ticked(tie, guide)
        assert [line.count for line in parts.preview(tie.home)["ends"] if "ticked" in str(line.label)] == [1]
        buyer = OwnerFactory()
        transfer_home(home=tie.home, to=[buyer], on=TODAY, by=None, at=NOW)
        assert (standing(tie, guide), Tick.objects.count()) == ({}, 1)
        new = buyer.ownerships.get()
        ticked(new, guide, done=False, made_at=NOW - timedelta(hours=3))
        assert standing(new, guide) == {PASSPORT: (buyer.name, False)}

    def test_the_old_ticks_go_after_180_days(self, tie, guide):
        ticked(tie, guide)
        transfer_home(home=tie.home, to=[OwnerFactory()], on=TODAY, by=None, at=NOW)
        declaration = declared()["checklists.tick"]
        [(term, fields)] = declaration.terms().items()
        assert [term.over(declaration, fields, at=NOW + timedelta(days=days)).count() for days in (180, 181)] == [0, 1]

    def test_erasure_leaves_the_tick_without_a_name(self, tie, guide):
        mei = OwnershipFactory(home=tie.home, role="family", owner__name="Chen Mei")
        row = ticked(mei, guide)
        assert list(declared()["checklists.tick"].rows_of(Person.of_owner(mei.owner))) == [row]
        wish = erasure.ask_erasure(owner=mei.owner, by=mei.owner.user, at=NOW)
        erasure.approve(wish, by=StaffFactory(group="Supervisors", everywhere=True), at=NOW)
        assert erasure.carry_out(wish, at=end_of_day(NOW + WAIT))
        nobody = Owner.objects.get(pk=mei.owner.pk).name
        assert standing(tie, guide) == {PASSPORT: (nobody, True)}
        assert nobody != "Chen Mei"


class TestRace:
    """Two tabs, a double click, and a tick against the sale of the home."""

    @pytest.fixture
    def tie(self, transactional_db):
        return OwnershipFactory()

    def test_a_double_click_counts_once(self, tie):
        guide, op = publish(), uuid4()
        outcomes = all_at_once(lambda _n: ticked(tie, guide, op=op), range(6))
        assert (len(outcomes.returned), Tick.objects.count()) == (6, 1)

    def test_two_tabs_both_stand_in_the_history(self, tie):
        guide = publish()
        all_at_once(lambda done: ticked(tie, guide, done=done), [True, False])
        assert sorted(Tick.objects.values_list("ticked", flat=True)) == [False, True]
        assert Tick.objects.last().count() == 1

    @pytest.fixture
    def sold_meanwhile(self, tie, monkeypatch):
        """Once the rights are looked at, the home is sold; the tick goes on when that is done, or held back."""
        guide, looked, sold = publish(), Event(), Event()

        def slowly(*args, **kwargs):
            edition = edition_seen(*args, **kwargs)
            looked.set()
            sold.wait(0.5)
            return edition

        monkeypatch.setattr(actions, "edition_seen", slowly)

        def act(what):
            if what == "tick":
                return ticked(tie, guide)
            looked.wait(5)
            transfer_home(home=tie.home, to=[buyer], on=TODAY, by=None, at=NOW)
            return sold.set()

        buyer = OwnerFactory()
        return lambda: all_at_once(act, ["tick", "sell"])

    def test_a_tick_while_the_home_is_sold_is_none_of_the_buyers(self, sold_meanwhile):
        assert sold_meanwhile().raised == []
        assert (Tick.objects.count(), Tick.objects.of_household().count()) == (1, 0)

    @pytest.mark.postgresql
    def test_without_the_lock_the_buyer_would_find_it(self, sold_meanwhile):
        with without_locks():
            sold_meanwhile()
        assert Tick.objects.of_household().count() == 1
