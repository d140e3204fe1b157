"""Rows for tests, each valid by itself."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import factory
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from factory.django import DjangoModelFactory
from PIL import Image

from accounts.files.models import PrivateFile
from accounts.merges.models import OwnerMerge
from accounts.models import Channel, Invitation, Owner, User
from accounts.privacy.models import Download, ErasureRequest
from cms.prints.models import GuidePrint
from progress.contacts.models import Card, Contact
from progress.contacts.roles import ContactRole
from progress.designs.models import Answer, DesignChange, DesignPlace, DesignRecord, DesignText
from progress.designs.reminders import plan_next
from progress.documents.models import DocumentBatch, HomeDocument
from progress.enquiries.models import ConsentText, Enquiry
from progress.feeds.models import Feed
from progress.households.models import HouseholdInvitation
from progress.leaflets.models import Diary, Leaflet
from progress.models import Assignment, Building, Development, Home, HouseType, Ownership, RightState, Role
from progress.questions.models import Question, Reply
from progress.staff.models import PromisedPost, StaffInvitation
from progress.transfers.models import HomeTransfer
from progress.updates.models import Audience, Update

TODAY = date(2026, 11, 22)
_picture = BytesIO()
Image.new("RGB", (8, 6), "#1a5a4b").save(_picture, "JPEG")
TINY_JPEG = _picture.getvalue()
NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)  # 10:00 in Shanghai, a Sunday


class UserFactory(DjangoModelFactory):
    class Meta:
        model = User
        skip_postgeneration_save = True

    email = factory.Sequence(lambda n: f"person{n}@example.com")
    name = factory.Sequence(lambda n: f"Person {n}")
    language = "en"

    @classmethod
    def _create(cls, model_class, *args, **kwargs):
        return model_class.objects.create_user(*args, **kwargs)


class OwnerFactory(DjangoModelFactory):
    class Meta:
        model = Owner

    customer_no = factory.Sequence(lambda n: f"C{n:05}")
    name = factory.Sequence(lambda n: f"Owner {n}")
    user = factory.SubFactory(UserFactory)
    language = "en"


class DevelopmentFactory(DjangoModelFactory):
    class Meta:
        model = Development

    name_en = factory.Sequence(lambda n: f"Estate {n}")
    name_zh = factory.Sequence(lambda n: f"小区{n}")


class BuildingFactory(DjangoModelFactory):
    class Meta:
        model = Building

    development = factory.SubFactory(DevelopmentFactory)
    name = factory.Sequence(lambda n: f"Building {n}")


class HouseTypeFactory(DjangoModelFactory):
    class Meta:
        model = HouseType

    development = factory.SubFactory(DevelopmentFactory)
    name = factory.Sequence(lambda n: f"Type {n}")


class HomeFactory(DjangoModelFactory):
    class Meta:
        model = Home

    building = factory.SubFactory(BuildingFactory)
    development = factory.SelfAttribute("building.development")
    number = factory.Sequence(lambda n: f"{n + 101}")


class OwnershipFactory(DjangoModelFactory):
    """A live ownership, with an owner who has a login."""

    class Meta:
        model = Ownership

    home = factory.SubFactory(HomeFactory)
    owner = factory.SubFactory(OwnerFactory)
    role = Role.OWNER
    since = TODAY - timedelta(days=300)
    state = RightState.LIVE

    class Params:
        former = factory.Trait(state=RightState.ENDED, until=TODAY - timedelta(days=10))


class AssignmentFactory(DjangoModelFactory):
    class Meta:
        model = Assignment

    user = factory.SubFactory(UserFactory)
    role = Assignment.Role.SITE_MANAGER
    development = factory.SubFactory(DevelopmentFactory)
    since = TODAY - timedelta(days=300)
    state = RightState.LIVE


class StaffFactory(UserFactory):
    """A login in one of the staff groups: `StaffFactory(group="Site managers", development=…)`.

    `development=None` with a group assigns nothing; `everywhere=True` assigns all developments.
    """

    group = "Site managers"
    development = None
    everywhere = False

    @classmethod
    def _create(cls, model_class, *args, group, development, everywhere, **kwargs):
        user = super()._create(model_class, *args, **kwargs)
        user.groups.add(Group.objects.get(name=group))
        if development or everywhere:
            AssignmentFactory(user=user, development=development)
        return user


class InvitationFactory(DjangoModelFactory):
    class Meta:
        model = Invitation

    owner = factory.SubFactory(OwnerFactory, user=None)
    channel = Channel.EMAIL
    address = factory.Sequence(lambda n: f"invited{n}@example.com")
    expires_at = NOW + timedelta(days=14)


class OwnerMergeFactory(DjangoModelFactory):
    """A merge in which nothing moved."""

    class Meta:
        model = OwnerMerge

    kept = factory.SubFactory(OwnerFactory)
    gone = factory.SubFactory(OwnerFactory)
    moved = factory.Dict({})
    at = NOW


class DownloadFactory(DjangoModelFactory):
    """A copy that waits for a worker. `ready=True`: made a moment ago."""

    class Meta:
        model = Download

    user = factory.SubFactory(UserFactory)
    record_id = factory.LazyAttribute(
        lambda row: Owner.objects.filter(user=row.user).values_list("pk", flat=True).first()
    )
    asked_at = NOW

    class Params:
        ready = factory.Trait(
            state="ready", ready_at=NOW, file=factory.SubFactory("tests.factories.PrivateFileFactory")
        )


class ErasureRequestFactory(DjangoModelFactory):
    """Asked now, and not decided."""

    class Meta:
        model = ErasureRequest

    owner = factory.SubFactory(OwnerFactory)
    asked_at = NOW
    due_at = NOW + timedelta(days=30)


class HouseholdInvitationFactory(DjangoModelFactory):
    """An open invitation of family, by e-mail."""

    class Meta:
        model = HouseholdInvitation

    invitation = factory.SubFactory(InvitationFactory, owner=None, purpose="household", name="Lin Wen")
    home = factory.SubFactory(HomeFactory)
    role = Role.FAMILY
    invited_by = factory.SubFactory(OwnerFactory)


class StaffInvitationFactory(DjangoModelFactory):
    """An open invitation of a colleague: `StaffInvitationFactory(invited_by=…, places=[development])`, None for all."""

    class Meta:
        model = StaffInvitation
        skip_postgeneration_save = True

    invitation = factory.SubFactory(InvitationFactory, owner=None, purpose="staff", name="Ye Fan")

    @factory.post_generation
    def places(self, create, places):
        for place in places or ():
            PromisedPost.objects.create(promise=self, role="site_manager", development=place, since=TODAY)


class HomeTransferFactory(DjangoModelFactory):
    """Planned for next week, to nobody yet."""

    class Meta:
        model = HomeTransfer

    home = factory.SubFactory(HomeFactory)
    on = TODAY + timedelta(days=7)
    created_at = NOW


class UpdateFactory(DjangoModelFactory):
    """A draft. `UpdateFactory(homes=[home])` is published for these homes."""

    class Meta:
        model = Update
        skip_postgeneration_save = True

    development = factory.SubFactory(DevelopmentFactory)
    title_en = factory.Sequence(lambda n: f"Windows reach floor {n}")
    title_zh = factory.Sequence(lambda n: f"装窗到{n}层")
    body_en = "The cradle is on the south side."
    body_zh = "吊篮在南侧。"
    author = factory.SubFactory(UserFactory)

    @factory.post_generation
    def homes(self, create, homes, **kwargs):
        if create and homes:
            self.state, self.published_at = Update.State.PUBLISHED, NOW
            self.save()
            self.homes.set(homes)
            Audience.objects.bulk_create(Audience(update=self, home=home) for home in homes)


class PrivateFileFactory(DjangoModelFactory):
    """A small stored photo, row and bytes."""

    class Meta:
        model = PrivateFile

    file = factory.LazyFunction(lambda: ContentFile(TINY_JPEG, name="photo.jpg"))
    sha256 = factory.Sequence(lambda n: f"{n:064x}")
    content_type = "image/jpeg"
    size = factory.LazyAttribute(lambda row: len(TINY_JPEG))
    width = 8
    height = 6


class DocumentBatchFactory(DjangoModelFactory):
    """Published, unless told otherwise."""

    class Meta:
        model = DocumentBatch

    uploader = factory.SubFactory(UserFactory)
    published_at = NOW


class HomeDocumentFactory(DjangoModelFactory):
    """A plan, which family sees too."""

    class Meta:
        model = HomeDocument

    home = factory.SubFactory(HomeFactory)
    batch = factory.SubFactory(DocumentBatchFactory)
    kind = "plan"
    min_role = "family"
    title_en = factory.Sequence(lambda n: f"Plan of floor {n}")
    file = factory.SubFactory(PrivateFileFactory)
    file_name = "plan.jpg"


class FeedFactory(DjangoModelFactory):
    """A calendar address that its owner has just made."""

    class Meta:
        model = Feed

    owner = factory.SubFactory(OwnerFactory)
    made_by = factory.SelfAttribute("owner.user")
    made_at = NOW


class LeafletFactory(DjangoModelFactory):
    """Last month's of a building, waiting for a worker. `ready=True`, `sent=True`: with its files."""

    class Meta:
        model = Leaflet

    building = factory.SubFactory(BuildingFactory)
    development = factory.SelfAttribute("building.development")
    month = date(2026, 10, 1)
    asked_at = NOW

    class Params:
        files = {name: factory.SubFactory(PrivateFileFactory) for name in ("file_en", "file_zh")}
        ready = factory.Trait(state="ready", ready_at=NOW, as_of=NOW, **files)
        sent = factory.Trait(state="sent", ready_at=NOW, as_of=NOW, sent_at=NOW, **files)


class DiaryFactory(DjangoModelFactory):
    """One that waits for a worker. `ready=True`: made a moment ago."""

    class Meta:
        model = Diary

    class Params:
        tie = factory.SubFactory(OwnershipFactory)
        ready = factory.Trait(state="ready", ready_at=NOW, as_of=NOW, file=factory.SubFactory(PrivateFileFactory))

    home = factory.SelfAttribute("tie.home")
    asked_by = factory.SelfAttribute("tie.owner.user")
    language = "en"
    asked_at = NOW


class GuidePrintFactory(DjangoModelFactory):
    """One that waits for a worker. `ready=True`: made a moment ago."""

    class Meta:
        model = GuidePrint

    class Params:
        tie = factory.SubFactory(OwnershipFactory)
        ready = factory.Trait(state="ready", ready_at=NOW, as_of=NOW, file=factory.SubFactory(PrivateFileFactory))

    home = factory.SelfAttribute("tie.home")
    asked_by = factory.SelfAttribute("tie.owner.user")
    language = "en"
    asked_at = NOW


class EnquiryFactory(DjangoModelFactory):
    """A new one, at no development."""

    class Meta:
        model = Enquiry

    reference = factory.Sequence(lambda n: f"{n // 10000:04d}-{n % 10000:04d}")
    kind = "renovation"
    name = "Lin Yue"
    phone = factory.Sequence(lambda n: f"+86138{n:08d}")
    language = "en"
    consent = factory.LazyFunction(lambda: ConsentText.objects.current())
    created_at = NOW


class QuestionFactory(DjangoModelFactory):
    """An open question about the home, by its owner."""

    class Meta:
        model = Question

    class Params:
        tie = factory.SubFactory(OwnershipFactory)

    home = factory.SelfAttribute("tie.home")
    owner = factory.SelfAttribute("tie.owner")
    asked_by = factory.SelfAttribute("owner.user")
    text = factory.Sequence(lambda n: f"When does step {n} come?")
    created_at = NOW


class ReplyFactory(DjangoModelFactory):
    """An answer by the staff."""

    class Meta:
        model = Reply

    question = factory.SubFactory(QuestionFactory)
    by_staff = True
    author = factory.SubFactory(UserFactory)
    text = factory.Sequence(lambda n: f"In week {n}.")
    at = NOW


class CardFactory(DjangoModelFactory):
    """What owners see of a colleague."""

    class Meta:
        model = Card

    user = factory.SubFactory(StaffFactory)
    name_en = factory.Sequence(lambda n: f"Xu Man {n}")
    phone = "+8613800000826"
    email = factory.Sequence(lambda n: f"xu{n}@example.com")


class ContactFactory(DjangoModelFactory):
    """Somebody of the customer service at a whole development. `ContactFactory(home=home)`: at this home."""

    class Meta:
        model = Contact

    class Params:
        card = factory.SubFactory(CardFactory)

    home = None
    development = factory.Maybe(
        "home", factory.SelfAttribute("home.development"), factory.SubFactory(DevelopmentFactory)
    )
    user = factory.SelfAttribute("card.user")
    role = ContactRole.CUSTOMER_SERVICE
    since = TODAY - timedelta(days=100)


class DesignChangeFactory(DjangoModelFactory):
    """A draft. `DesignChangeFactory(homes=[home])` is published for these homes."""

    class Meta:
        model = DesignChange
        skip_postgeneration_save = True

    development = factory.SubFactory(DevelopmentFactory)
    title_en = factory.Sequence(lambda n: f"Balcony rail {n}")
    title_zh = factory.Sequence(lambda n: f"阳台栏杆{n}")
    what_en, what_zh = "The rail is of steel.", "栏杆改用钢材。"
    why_en, why_zh = "Glass of this size is no longer made.", "这种尺寸的玻璃已停产。"
    means_en, means_zh = "You see less of the garden.", "您看到的花园会少一些。"
    answer_by = TODAY + timedelta(days=14)
    author = factory.SubFactory(UserFactory)

    @factory.post_generation
    def homes(self, create, homes, **kwargs):
        if create and homes:
            self.development = homes[0].development
            self.state, self.published_at, self.text_version = DesignChange.State.PUBLISHED, NOW, 1
            plan_next(self, after=NOW)
            self.save()
            self.homes.set(homes)
            DesignPlace.objects.bulk_create(DesignPlace(change=self, home=home) for home in homes)
            DesignText.objects.create(
                change=self, version=1, answer_by=self.answer_by, by=self.author, at=NOW, **self.words()
            )


class AnswerFactory(DjangoModelFactory):
    """An acknowledgement of the present text."""

    class Meta:
        model = Answer

    change = factory.SubFactory(DesignChangeFactory)
    home = factory.SubFactory(HomeFactory)
    owner = factory.SubFactory(OwnerFactory)
    answer = Answer.Kind.ACKNOWLEDGED
    text_version = factory.SelfAttribute("change.text_version")
    at = NOW


class DesignRecordFactory(DjangoModelFactory):
    """One that waits for a worker. `ready=True`: made a moment ago."""

    class Meta:
        model = DesignRecord

    change = factory.SubFactory(DesignChangeFactory)
    asked_by = factory.SubFactory(UserFactory)
    language = "en"
    asked_at = NOW
    heard_at = NOW

    class Params:
        ready = factory.Trait(state="done", made_at=NOW, file=factory.SubFactory(PrivateFileFactory))
