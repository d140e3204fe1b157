"""The pages of checklists: the household's box and history, what staff see of it, and the block that editors write."""

from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from accounts.events.models import Event
from cms.checklists import promising, sweep
from cms.checklists.actions import tick
from cms.checklists.blocks import ChecklistBlock, ChecklistItemBlock
from cms.checklists.models import DueItem, Tick
from progress.promises.models import Promise
from progress.transfers.actions import transfer_home
from tests.cms.checklists.guides import METERS, PASSPORT, TORCH, body_of, dated, publish
from tests.factories import HomeFactory, OwnerFactory, OwnershipFactory, StaffFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tie():
    return OwnershipFactory(owner__name="Chen Bo")


@pytest.fixture
def guide():
    return publish()


def pressed(client, tie, guide, item=PASSPORT, user=None, headers=None, **fields):
    client.force_login(user or tie.owner.user)
    url = reverse("home:tick", args=[tie.home_id, guide.translation_key])
    return client.post(url, {"op": uuid4(), "item": item, "ticked": "1"} | fields, headers=headers)


def page_of(client, tie, guide):
    client.force_login(tie.owner.user)
    return client.get(reverse("home:guide", args=[tie.home_id, guide.translation_key])).content.decode()


class TestBoxes:
    def test_a_press_comes_back_to_the_box(self, client, tie, guide):
        answer = pressed(client, tie, guide)
        assert answer.url == reverse("home:guide", args=[tie.home_id, guide.translation_key]) + f"#tick-{PASSPORT}"
        page = page_of(client, tie, guide)
        assert [words in page for words in ("1 of 3 done", "Chen Bo, ", 'aria-pressed="true"')] == [True] * 3

    def test_each_box_is_a_form_that_may_wait_on_the_phone(self, client, tie, guide):
        page = page_of(client, tie, guide)
        assert (page.count('data-offline="keep"'), page.count('name="op"')) == (2, 2)  # the third entry is ours

    def test_a_stranger_and_whoever_sold_find_nothing(self, client, tie, guide, stranger):
        assert pressed(client, tie, guide, user=stranger).status_code == 404
        transfer_home(home=tie.home, to=[OwnerFactory()], on=timezone.localdate(), by=None, at=timezone.now())
        assert pressed(client, tie, guide, headers={"X-Offline": "send"}).status_code == 404
        assert Tick.objects.count() == 0

    def test_what_makes_no_sense_is_refused_in_words(self, client, tie, guide):
        wrong = [{"op": "none"}, {"op": ""}, {"ticked": "2"}, {"item": ""}, {"item": "x" * 37}, {"item": METERS}]
        sent = [pressed(client, tie, guide, headers={"X-Offline": "send"}, **fields) for fields in wrong]
        assert [(answer.status_code, answer["Content-Type"]) for answer in sent] == [
            (400, "text/plain; charset=utf-8")
        ] * len(wrong)
        assert pressed(client, tie, guide, headers={"X-Offline": "send"}, item="gone").status_code == 410
        assert pressed(client, tie, guide, item="gone").status_code == 302
        assert Tick.objects.count() == 0

    def test_a_time_that_is_none_keeps_no_tick_away(self, client, tie, guide):
        wrong = ["", "yesterday", "2026-13-45T99:99:99Z", "2026-11-21T10:00:00", "x" * 5000]
        assert [pressed(client, tie, guide, made_at=each).status_code for each in wrong] == [302] * len(wrong)
        assert [row.made_at == row.at for row in Tick.objects.all()] == [True] * len(wrong)

    def test_the_history_names_who_took_it_back(self, client, tie, guide):
        pressed(client, tie, guide)
        pressed(client, tie, guide, ticked="0")
        publish([{"id": TORCH, "text": "A torch"}], key=guide.translation_key, number=2)
        pressed(client, tie, guide, item=TORCH)
        page = client.get(reverse("home:ticks", args=[tie.home_id, guide.translation_key])).content.decode()
        said = ["Taken back by Chen Bo", "Ticked off by Chen Bo", "A torch", "An entry that the guide no longer has"]
        assert [page.count(words) for words in said] == [1, 2, 1, 2]

    def test_the_page_costs_as_much_with_many_ticks(self, client, tie, guide):
        counts = []
        for _each in range(2):
            page_of(client, tie, guide)
            with CaptureQueriesContext(connection) as seen:
                page_of(client, tie, guide)
            counts.append(len(seen))
            for item in (PASSPORT, TORCH):
                pressed(client, tie, guide, item=item)
        assert counts[0] == counts[1]

    def test_the_front_page_says_how_far_the_guide_of_today_is(self, client, tie):
        keys = dated(tie.home)
        guide = publish(for_stages=[keys.journey.home.journeys.with_stage().get().template.stages.get(order=1).code])
        pressed(client, tie, guide)
        assert "1 of 3 done" in client.get(reverse("home:home", args=[tie.home_id])).content.decode()


class TestReport:
    @pytest.fixture
    def service(self, tie):
        return StaffFactory(group="Customer service", development=tie.home.development)

    def report(self, client, user, url="site:checklists", **chosen):
        client.force_login(user)
        return client.get(reverse(url), chosen)

    def test_staff_see_how_far_each_home_is_and_nobody_by_name(self, client, tie, guide, service):
        pressed(client, tie, guide)
        OwnershipFactory(home=HomeFactory(building=tie.home.building))
        HomeFactory(building=tie.home.building)  # nobody lives there
        answer = self.report(client, service)
        assert [(home.number, home.done, home.total) for home in answer.context["page"]] == [
            (tie.home.number, 1, 3),
            (str(int(tie.home.number) + 1), 0, 3),
        ]
        assert answer.context["sum"] == {"homes": 2, "complete": 0, "ticked": 1, "entries": 6, "percent": 17}
        assert "Chen" not in answer.content.decode()

    def test_what_we_have_done_counts_too(self, client, tie, guide, service):
        dated(tie.home, on=timezone.localdate())
        sweep.bring_up_to_date(on=timezone.localdate())
        promising.bring_up_to_date(at=timezone.now())
        promise = Promise.objects.get(kind=promising.CODE)
        Promise.objects.update(state="kept", settled_at=promise.made_at)
        assert [home.done for home in self.report(client, service).context["page"]] == [1]

    def test_homes_are_chosen_by_how_far_they_are(self, client, tie, guide, service):
        OwnershipFactory(home=HomeFactory(building=tie.home.building))
        pressed(client, tie, guide)
        states = ["", "none", "some", "all", "nonsense"]
        pages = [self.report(client, service, state=state).context["page"].object_list for state in states]
        assert [len(page) for page in pages] == [2, 1, 1, 0, 2]

    def test_marketing_and_others_elsewhere_see_nothing_of_it(self, client, tie, guide):
        pressed(client, tie, guide)
        marketing = StaffFactory(group="Marketing", everywhere=True)
        assert self.report(client, marketing).status_code == 404
        assert self.report(client, marketing, "site:checklists-export").status_code == 404
        elsewhere = StaffFactory(group="Supervisors", development=OwnershipFactory().home.development)
        place = {"place": f"building:{tie.home.building_id}", "guide": guide.translation_key}
        homes = self.report(client, elsewhere, **place).context["page"]
        assert tie.home not in list(homes)

    def test_the_table_has_the_same_homes_and_taking_it_is_noted(self, client, tie, guide, service):
        type(tie.home).objects.filter(pk=tie.home_id).update(number="=1+1")
        pressed(client, tie, guide)
        answer = self.report(client, service, "site:checklists-export")
        lines = answer.content.decode().removeprefix("\ufeff").splitlines()
        assert lines[0] == "Building,Home,Done,Of,Last tick"
        assert lines[1].startswith(f"{tie.home.building.name},'=1+1,1,3,20")
        assert Event.objects.filter(verb="exported", actor=service).count() == 1

    def test_the_report_costs_as_much_for_many_homes(self, client, tie, guide, service):
        counts = []
        for _each in range(2):
            self.report(client, service)
            with CaptureQueriesContext(connection) as seen:
                self.report(client, service)
            counts.append(len(seen))
            for _home in range(3):
                other = OwnershipFactory(home=HomeFactory(building=tie.home.building))
                pressed(client, other, guide)
        assert counts[0] == counts[1]

    def test_the_page_of_a_home_has_a_line(self, client, tie, guide, service):
        pressed(client, tie, guide)
        client.force_login(service)
        page = client.get(reverse("desk_home:inspect", args=[tie.home_id])).content.decode()
        assert "1 of 3 done" in page


class TestBlock:
    @pytest.mark.parametrize(
        ("entry", "wrong"),
        [
            ({"milestone": "keys"}, {"days"}),
            ({"days": 3}, {"milestone"}),
            ({"ours": True}, {"milestone"}),
            ({"milestone": "no-such-step", "days": 3}, {"milestone"}),
            ({"milestone": "keys", "days": 4000}, {"days"}),
        ],
    )
    def test_an_entry_that_can_not_be_dated_is_refused(self, entry, wrong):
        block = ChecklistItemBlock()
        with pytest.raises(ValidationError) as refused:
            block.clean(block.to_python({"text": "A torch"} | entry))
        assert set(refused.value.block_errors) == wrong

    def test_without_a_home_the_boxes_are_empty_and_none_can_be_ticked(self):
        block = ChecklistBlock()
        shown = block.render(block.to_python(body_of([{"id": TORCH, "text": "A torch"}])[0]["value"]))
        assert ("A torch" in shown, "<form" in shown, "done" in shown) == (True, False, False)


def test_staff_who_live_there_tick_as_everybody_else(guide):
    clerk = StaffFactory(group="Customer service", everywhere=True)
    tie = OwnershipFactory(owner__user=clerk)
    key, now = guide.translation_key, timezone.now()
    row = tick(op=uuid4(), home=tie.home, guide_key=key, item=PASSPORT, ticked=True, by=clerk, at=now)
    assert (row.owner, DueItem.objects.count()) == (tie.owner, 0)
