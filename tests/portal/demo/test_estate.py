"""What the demonstration holds. It is loaded once for this module; each test works on top of it and is undone."""

from collections import Counter
from datetime import timedelta
from io import StringIO
from itertools import pairwise

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db.models import F
from django.urls import reverse
from wagtail.fields import StreamField
from wagtail.images import get_image_model
from wagtail.models import Page

from accounts.files.models import PrivateFile
from accounts.merges.models import OwnerMerge
from accounts.models import Address, Channel, Invitation, Owner, User
from accounts.notices.models import Notice
from cms.checklists.models import Tick
from cms.editing.dated import unscheduled
from cms.editing.translating import sources, with_translation
from cms.guides.models import Edition, GuideIndexPage, GuidePage, GuideReading
from cms.models import DevelopmentIndexPage, NewsIndexPage
from portal.bookings.models import Booking, OpenDay, WaitingEntry
from portal.bookings.opinions.models import Citation, Opinion
from portal.demo import news, people, staff, workbook
from portal.demo.news import newest_friday
from portal.demo.site.texts import read_pages, read_pictures
from portal.visits.models import Visit
from progress.contacts.people import contacts_for
from progress.documents.models import HomeDocument
from progress.households.models import HouseholdInvitation
from progress.imports.models import ImportRun
from progress.journeys.models import Journey, Milestone, MilestoneChange
from progress.journeys.stages import stages_of
from progress.models import Building, Development, Home, HouseType, Ownership, RightState, Role
from progress.promises.models import Promise
from progress.questions.models import Question
from progress.transfers.models import HomeTransfer
from progress.updates.models import Receipt, Update
from tests.factories import NOW, TODAY

State, Kind = Update.State, Update.Kind


@pytest.fixture(autouse=True)
def _on_top_of_it(loaded, db):
    """The order matters: first the estate, then the test's own transaction."""


def user(key):
    return User.objects.get(email=next(person.email for person in people.OWNERS if person.key == key))


def test_there_are_three_buildings_with_120_homes_and_91_owners():
    counts = [model.objects.count() for model in (Development, Building, HouseType, Home, Owner)]
    assert counts == [3, 3, 9, 120, 91]
    in_building = Counter(Home.objects.values_list("building__name", flat=True))
    assert in_building == {"Building 3 · 3号楼": 54, "Building 2 · 2号楼": 36, "Building 6 · 6号楼": 24, None: 6}


def test_all_of_it_came_by_one_import():
    run = ImportRun.objects.get()
    created = {sheet["code"]: sheet["created"] for sheet in run.result["sheets"]}
    assert (run.state, run.name) == (ImportRun.State.DONE, "estate.xlsx")
    assert created == {
        "developments": 3, "buildings": 3, "house_types": 9, "homes": 120, "owners": 91, "ownerships": 91,
    }  # fmt: skip


def test_the_workbook_imported_again_finds_nothing_to_do(tmp_path):
    path, out = tmp_path / "estate.xlsx", StringIO()
    workbook.write(path, newest_friday(TODAY))
    before = set(Ownership.objects.values_list("pk", "role", "since", "until", "state"))
    call_command("import_estate", str(path), stdout=out)
    result = ImportRun.objects.first().result
    assert [(sheet["created"], sheet["changed"]) for sheet in result["sheets"]] == [(0, 0)] * 6
    assert set(Ownership.objects.values_list("pk", "role", "since", "until", "state")) == before


def test_some_homes_are_unsold_and_only_those_that_are_sold_have_a_journey():
    sold = set(Ownership.objects.exclude(state=RightState.ENDED).values_list("home", flat=True))
    assert len(sold) == 75
    assert set(Journey.objects.values_list("home", flat=True)) == sold


def test_loading_again_changes_nothing():
    def rows():
        return {model: model._default_manager.count() for model in apps.get_models() if model._meta.managed}

    before = rows()
    call_command("load_demo", verbosity=0)
    assert rows() == before


def test_a_home_being_built_is_in_its_construction_with_a_forecast_later_than_planned():
    journey = Home.objects.get(number="3-1102").journeys.get()
    assert [stage.stage.code for stage in stages_of(journey) if stage.state == "now"] == ["construction"]
    assert Milestone.objects.get(journey=journey, template__code="windows").moved


@pytest.mark.parametrize(
    ("number", "stage"),
    [
        ("6-1202", "handover"),
        ("6-1101", "three-months"),
        ("6-501", "one-year"),
        ("31", "design"),
        ("5-302", "works"),
    ],
)
def test_other_homes_are_elsewhere(number, stage):
    journey = Home.objects.get(number=number).journeys.get()
    assert [each.stage.code for each in stages_of(journey) if each.state == "now"] == [stage]


def test_floors_are_built_one_after_the_other():
    steps = Milestone.objects.filter(template__code="structure", journey__home__building__name__startswith="Building 3")
    days = {step.journey.home.number: step.actual for step in steps.select_related("journey__home")}
    by_floor = [days[number] for number in ("3-101", "3-301", "3-502", "3-901", "3-1102", "3-1502")]
    assert by_floor == sorted(set(by_floor))


def test_everybody_with_a_login_can_use_it(rf):
    by_number = people.PERSONAS + tuple(person for person in people.OWNERS if person.login == "sms")[:3]
    for person in [each for each in by_number if each.has_login] + [staff.ADMINISTRATOR, *staff.STAFF]:
        credentials = {"email": person.email} if person.email else {"phone": person.phone}
        found = authenticate(rf.post("/"), password=people.PASSWORD, **credentials)
        assert found is not None, person.name
        assert found.name == person.name


def test_the_neighbours_have_logins_too():
    logins = [person for person in people.OWNERS if person.has_login]
    assert Owner.objects.filter(user__isnull=False).count() == len(logins) == 82
    assert {login.password for login in User.objects.all()} == {user("shen").password}


def test_the_owner_with_two_homes_finds_them_at_the_door(client):
    answer = client.post(
        reverse("account_login"), {"login": "shen.yue@example.com", "password": people.PASSWORD}, follow=True
    )
    assert answer.redirect_chain[-1][0] == "/my/"
    assert [str(home) for home in answer.context["masthead"]["homes"]] == [
        "Qinghuai Lane 3-1102",
        "Tinghe Court 6-501",
    ]


def test_addresses_of_logins_are_verified():
    assert set(EmailAddress.objects.values_list("verified", "primary")) == {(True, True)}
    assert set(User.objects.filter(phone__isnull=False).values_list("phone_verified", flat=True)) == {True}


def test_two_owners_and_one_relative_are_invited():
    waiting = [each for each in Invitation.objects.filter(used_at=None) if each.state(at=NOW) == "open"]
    assert sorted(str(each) for each in waiting) == ["Shen Lan 沈岚", "孙静", "方志华"]
    invited = HouseholdInvitation.objects.get()
    assert (invited.home.number, invited.role) == ("6-501", Role.FAMILY)


def test_rights_are_in_force_but_those_of_the_former_owner():
    assert [tie.owner.name for tie in Ownership.objects.exclude(state=RightState.LIVE)] == ["冯建国"]
    assert not Home.objects.lived_in_by(user("feng")).exists()


def test_households_have_families_tenants_and_co_owners():
    roles = Counter(Ownership.objects.live().values_list("role", flat=True))
    assert roles == {Role.OWNER: 75, Role.CO_OWNER: 12, Role.FAMILY: 2, Role.TENANT: 2}


def test_one_home_has_changed_hands_and_one_is_about_to():
    transfers = HomeTransfer.objects.order_by("on")
    assert [(each.home.number, each.state) for each in transfers] == [("6-301", "done"), ("6-1001", "planned")]
    assert transfers.last().on > TODAY


def test_a_customer_entered_twice_is_one_again():
    merge = OwnerMerge.objects.get()
    assert (merge.kept.name, merge.kept.user) == ("何立新", user("he"))


def test_documents_are_for_those_whom_they_concern():
    kinds = Counter(HomeDocument.objects.held_by(user("shen")).values_list("kind", flat=True))
    assert kinds == {"contract": 2, "plan": 2, "permit": 1, "report": 1, "certificate": 2}
    assert set(HomeDocument.objects.held_by(user("priya")).values_list("kind", flat=True)) == {"certificate"}
    assert not HomeDocument.objects.held_by(user("feng")).exists()


def test_documents_were_handed_out_in_the_months_before():
    days = list(HomeDocument.objects.order_by("created_at").values_list("created_at", flat=True))
    assert NOW - days[0] > timedelta(days=250)
    assert NOW - days[-1] > timedelta(days=20)


def test_addresses_are_those_of_the_workbook():
    mails = {person.email for person in people.OWNERS if person.email}
    assert (
        set(Address.objects.filter(channel=Channel.EMAIL, owner__isnull=False).values_list("value", flat=True)) == mails
    )


def test_every_update_is_in_both_languages():
    for update in Update.objects.all():
        assert all((update.title_en, update.title_zh, update.body_en, update.body_zh)), update.pk


def test_no_day_is_left_out_of_the_texts():
    for update in Update.objects.all():
        assert "{" not in update.title_en + update.title_zh + update.body_en + update.body_zh


def test_progress_has_pictures_that_say_what_they_show():
    for update in Update.objects.filter(kind=Kind.PROGRESS):
        photos = list(update.photos.all())
        assert 1 <= len(photos) <= 4, update.title_en
        assert all(photo.caption_zh and photo.caption_en for photo in photos)


def test_the_photos_have_their_variants():
    assert not PrivateFile.objects.filter(content_type="image/jpeg").lacking_variants().exists()


def test_the_updates_cover_nine_months():
    published = list(Update.objects.published().order_by("published_at"))
    assert timedelta(days=1) < NOW - published[-1].published_at < timedelta(days=8)
    assert NOW - published[0].published_at > timedelta(days=270)
    months = {(update.published_at.year, update.published_at.month) for update in published}
    assert len(months) >= 9
    assert 45 <= len(published) <= 70


def test_each_building_hears_at_least_every_five_weeks():
    for building in Building.objects.all():
        days = sorted(
            Update.objects.published()
            .filter(homes__building=building)
            .distinct()
            .values_list("published_at", flat=True)
        )
        assert max(later - earlier for earlier, later in pairwise(days)) <= timedelta(weeks=5)


def test_one_update_waits_for_a_friday_and_one_is_a_draft():
    scheduled = Update.objects.get(state=State.SCHEDULED)
    assert scheduled.publish_at.weekday() == 4
    assert scheduled.publish_at > NOW
    assert Update.objects.filter(state=State.DRAFT).count() == 1


def test_corrections_name_what_they_correct():
    corrected = {each.corrects.kind for each in Update.objects.filter(kind=Kind.CORRECTION)}
    assert corrected == {Kind.PROGRESS, Kind.ANNOUNCEMENT}


def test_one_announcement_is_valid_and_the_others_are_over():
    homes = Building.objects.get(name__startswith="Building 6").homes.all()
    valid = Update.objects.announced(homes, at=NOW)
    assert [each.pk for each in valid] == [news.id_of("water-off")]
    assert Update.objects.filter(urgent=True).count() == 2
    assert Update.objects.filter(kind=Kind.ANNOUNCEMENT).count() == 7


def test_water_is_off_on_a_tuesday_to_come():
    update = Update.objects.get(pk=news.id_of("water-off"))
    assert update.valid_until.weekday() == 1
    assert update.valid_until.date() > TODAY
    assert f"Tuesday {update.valid_until.day} " in update.title_en
    assert "（周二）" in update.title_zh


def test_nine_messages_are_unread_and_the_others_lie_in_the_months_before():
    inbox = Notice.objects.for_user(User.objects.get(email="shen.yue@example.com")).inbox()
    assert inbox.unread().count() == 9
    assert inbox.last().sent_at.date() < TODAY - timedelta(days=250)


# --- what was said of milestones, and what became of what was promised -----------------------------------------


def test_each_date_that_moved_was_explained_in_both_languages_by_the_news_of_its_day():
    moved = MilestoneChange.objects.filter(kind="forecast").order_by("at")
    assert [
        {
            line.milestone.journey.home.building and line.milestone.journey.home.building.name[:10]
            for line in each.lines.all()
        }
        for each in moved
    ] == [{"Building 2"}, {"Building 6"}, {"Building 3"}, {None}]
    assert all(each.reason_en and each.reason_zh for each in moved)
    still_to_come = Milestone.objects.exclude(state="reached").exclude(forecast=None).exclude(forecast=F("planned"))
    assert not still_to_come.filter(changes=None).exists()


def test_one_milestone_was_reported_by_mistake_and_withdrawn_in_public():
    withdrawn = MilestoneChange.objects.get(kind="withdrawn")
    line = withdrawn.lines.get()
    home = line.milestone.journey.home
    assert (home.number, line.milestone.state, line.to_date) == ("3-1102", "withdrawn", line.milestone.forecast)
    assert withdrawn.reason_en
    assert withdrawn.reason_zh
    assert Home.objects.lived_in_by(user("shen")).filter(pk=home.pk).exists()


def test_what_was_reached_in_these_months_was_shown_and_approved_by_somebody_else():
    claims = MilestoneChange.objects.filter(kind="reached")
    assert {(each.by.name, each.approver.name) for each in claims} == {("Zhou Ning 周宁", "Gu Qing 顾青")}
    assert all(each.evidence.exists() for each in claims)


def test_one_silence_was_broken_and_those_above_heard_of_it():
    counts = Counter(Promise.objects.filter(kind="next-update").values_list("state", flat=True))
    assert (counts["late"], counts["missed"]) == (1, 0)
    late = Promise.objects.get(kind="next-update", state="late")
    silent = Update.objects.get(pk=late.subject_id)
    assert set(silent.homes.values_list("number", flat=True)) == {"5-302", "5-401"}
    told = Notice.objects.filter(kind="promise", subject_id=str(late.pk)).values_list("user__name", flat=True)
    assert set(told) >= {"Tang Jie 唐洁", "Han Lei 韩磊"}


def test_questions_are_answered_but_the_newest():
    states = {each.home.number: each.state for each in Question.objects.select_related("home")}
    assert states == {"3-901": "closed", "3-1102": "answered", "2-402": "answered", "6-501": "open"}


def test_most_owners_open_what_they_are_told():
    told = Receipt.objects.filter(update__published_at__lt=NOW - timedelta(days=20))
    opened = told.filter(opened_at__isnull=False).count()
    assert 0.6 < opened / told.count() < 0.95


def test_only_mail_about_what_is_new_goes_out():
    waiting = Notice.objects.filter(state=Notice.State.QUEUED)
    newest = Update.objects.published().latest("published_at")
    subjects = {str(newest.pk)} | {str(each.pk) for each in Invitation.objects.filter(used_at=None)}
    subjects |= {str(each.pk) for each in WaitingEntry.objects.offered()}
    subjects |= {str(each.pk) for each in Booking.objects.filter(cancelled_at__date=TODAY)}
    assert set(waiting.values_list("subject_id", flat=True)) == subjects
    assert not waiting.filter(channel="inbox").exists()


# --- open days and visits -------------------------------------------------------------------------------------


def test_one_open_day_has_places_one_is_full_with_a_line_and_one_lies_behind():
    places = {
        str(day.title_en): [(slot.free, slot.waiting_parties) for slot in day.slots.open().with_places()]
        for day in OpenDay.objects.published()
    }
    assert places == {
        "Stand at your own window": [(0, 3), (11, 0), (2, 0)],
        "Up under the roof": [(0, 2), (0, 1)],
        "Walk through the structure": [(5, 0), (7, 0)],
    }
    assert OpenDay.objects.past(at=NOW).get().title_en == "Walk through the structure"


def test_opinions_are_answered_and_two_of_them_changed_something():
    states = Opinion.objects.values_list("home__number", "state")
    assert dict(states) == dict.fromkeys(("3-901", "3-1102", "3-502", "3-603"), "answered") | {"3-1203": "open"}
    cited = Citation.objects.values_list("opinion__home__number", "update__state")
    assert set(cited) == {("3-502", "published"), ("3-603", "published")}


def test_visits_are_done_booked_and_waiting_for_a_time():
    states = {(visit.kind, visit.state) for visit in Visit.objects.all()}
    assert states == {("survey", "done"), ("survey", "booked"), ("handover", "booked"), ("check", "asked")}
    assert not Visit.objects.live().filter(starts__lt=NOW).exists()


def test_the_logins_of_the_story_are_printed():
    out = StringIO()
    call_command("load_demo", "--logins", stdout=out)
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert ["Password", "of", "all:", people.PASSWORD] in lines
    assert sum("@example.com" in line or "+1202555" in line for line in out.getvalue().splitlines()) == 27


def test_one_colleague_handed_over_to_another_and_the_owners_were_told():
    home = Home.objects.get(number="3-1102")
    around = contacts_for(home, today=TODAY)
    assert [person.card.name_en for person in around] == ["Zhou Ning", "Gu Qing", "Bai Lin", "Xu Man"]
    assert {person.card.photo.width for person in around} == {640}
    inbox = Notice.objects.for_user(User.objects.get(email="shen.yue@example.com")).inbox()
    assert inbox.get(kind="contact-changed").title == "Customer service: Bai Lin takes over from Xu Man"


# --- the public site and the guides ----------------------------------------------------------------------------


def written_pages():
    """All pages of the site, those that say nothing of their own (aliases) left out."""
    return Page.objects.filter(depth__gt=1, alias_of=None).select_related("locale").order_by("path").specific()


def test_every_page_is_live_in_both_languages_but_one_that_waits_and_a_draft():
    waiting = Page.objects.filter(depth__gt=1, live=False)
    scheduled = {page.slug: page.approved_schedule for page in waiting}
    assert scheduled == {"site-walk-for-everyone": True, "the-old-tree-checked": False}
    assert {page.get_latest_revision_as_object().go_live_at > NOW for page in waiting} == {True}
    assert {page.slug for page in unscheduled(Page.objects.all())} == {"the-old-tree-checked"}
    languages = Counter(page.locale.language_code for page in written_pages())
    assert languages["en"] == languages["zh-hans"] + 1 == len(read_pages())


def test_every_stream_of_the_site_passes_its_own_checks():
    """What an editor could not save, the demonstration does not hold either."""
    for page in written_pages():
        page.full_clean()
        for field in page._meta.fields:
            if isinstance(field, StreamField):
                field.stream_block.clean(getattr(page, field.name))


def test_no_page_is_empty_and_each_says_the_same_in_both_languages():
    shapes = {}
    for page in written_pages():
        streams = {
            field.name: [block.id for block in getattr(page, field.name)]
            for field in page._meta.fields
            if isinstance(field, StreamField)
        }
        shapes.setdefault(page.translation_key, []).append(streams)
        empty = isinstance(page, GuideIndexPage | NewsIndexPage | DevelopmentIndexPage)
        assert empty or any(streams.values()), page.slug
    assert {key for key, streams in shapes.items() if any(each != streams[0] for each in streams)} == set()


def test_the_report_of_translations_has_something_to_say():
    pages = with_translation(sources(Page.objects.live()))
    behind = {page.slug: page.translation_state for page in pages if page.translation_state != "current"}
    assert behind == {"owners-abroad": "fallback", "warranty-and-care": "outdated"}


def test_the_pictures_are_described_and_nothing_is_made_of_them_at_loading():
    images = get_image_model().objects.all()
    assert images.count() == len(read_pictures())
    assert not images.filter(description="").exists()
    assert not get_image_model().get_rendition_model().objects.exists()


def guides_of(number, *roles):
    """The slugs of the guides that somebody in one of these roles reads at a home."""
    home = Home.objects.get(number=number)
    pages = GuidePage.objects.for_home(home, roles=roles, on=TODAY).filter(locale__language_code="en")
    return set(pages.values_list("slug", flat=True))


HANDOVER = {
    "what-to-bring", "inspection-room-by-room", "fees-on-the-day", "how-the-handover-goes", "fitting-out-rules",
    "property-services", "warranty-by-component", "group-purchases",
}  # fmt: skip


def test_an_owner_about_to_get_the_keys_reads_the_guides_of_the_handover():
    assert guides_of("6-1202", Role.OWNER) == HANDOVER | {"how-to-complain"}


def test_an_owner_whose_home_is_being_built_does_not_read_them_yet():
    assert guides_of("3-1102", Role.OWNER) == {"visiting-your-site", "how-to-complain"}


def test_a_tenant_reads_of_care_and_complaints_but_not_of_fees():
    assert guides_of("6-1002", Role.TENANT) >= {"how-to-complain", "care-by-season"}
    assert not guides_of("6-1202", Role.TENANT) & {"fees-on-the-day", "what-to-bring"}


def test_some_owners_have_read_an_edition_that_was_replaced_since():
    readings = GuideReading.objects.filter(owner__user=user("yu"))
    assert [(each.number, each.at < NOW) for each in readings] == [(2, True)]
    newest = Edition.objects.in_force(on=TODAY).get(guide_key=readings.get().guide_key)
    assert newest.number == 3
    assert newest.published_at < NOW


def test_the_household_about_to_get_the_keys_has_ticked_some_entries_off():
    made = Tick.objects.values_list("home__number", "by__name", "ticked")
    assert list(made) == [("6-1202", "余佳", True)] * 3
