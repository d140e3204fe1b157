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
from progress.documents.models import DocumentBatch, HomeDocument
from progress.enquiries.models import Enquiry, Reply
from progress.households.models import HouseholdInvitation
from progress.models import Assignment, Building, Development, Home, HouseType, Ownership, RightState, Role
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


class EnquiryFactory(DjangoModelFactory):
    """An open question about the home, by its owner."""

    class Meta:
        model = Enquiry

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

    enquiry = factory.SubFactory(EnquiryFactory)
    by_staff = True
    author = factory.SubFactory(UserFactory)
    text = factory.Sequence(lambda n: f"In week {n}.")
    at = NOW
