"""Who looks after the demonstration's estates, and the day on which one of them handed over to another."""

from typing import NamedTuple

from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.files.images import read_photo
from progress.contacts.actions import hand_over_contact, name_contact
from progress.contacts.models import Card, Contact
from progress.contacts.portraits import as_portrait, set_photo
from progress.contacts.roles import ContactRole

from . import news

FROM = -480  # the day on which they were named
PORTRAITS = news.HERE / "portraits"
# By the keys of staff.py: English, Chinese, the last two figures of a telephone number that belongs to nobody
CARDS = {
    "zhou": ("Zhou Ning", "周宁", 60),
    "tang": ("Tang Jie", "唐洁", 61),
    "gu": ("Gu Qing", "顾青", 62),
    "xu": ("Xu Man", "许蔓", 63),
    "bai": ("Bai Lin", "白琳", 64),
}


class Post(NamedTuple):
    """A colleague at a whole development; without hours those of the company."""

    place: str
    role: str
    colleague: str
    hours: str = ""
    every_day: bool = False


ALL_WEEK = {"hours": "08:00-22:00", "every_day": True}
POSTS = (
    Post("qinghuai", ContactRole.SITE_MANAGER, "zhou", hours="07:30-11:30 13:00-17:30"),
    Post("qinghuai", ContactRole.SUPERVISOR, "gu"),
    Post("qinghuai", ContactRole.CUSTOMER_SERVICE, "xu"),
    Post("qinghuai", ContactRole.SERVICE_CENTRE, "xu", **ALL_WEEK),
    Post("tinghe", ContactRole.CUSTOMER_SERVICE, "xu"),
    Post("tinghe", ContactRole.SERVICE_CENTRE, "xu", **ALL_WEEK),
    Post("willow", ContactRole.PROJECT_MANAGER, "tang", hours="07:30-11:30 13:00-17:30"),
    Post("willow", ContactRole.CUSTOMER_SERVICE, "xu"),
    Post("willow", ContactRole.SERVICE_CENTRE, "xu", **ALL_WEEK),
)
HANDED_OVER = -19  # a Sunday, on which nothing else is told
WORD = {
    "note_en": "Xu Man leads the service centre now. Bai Lin knows your building from its first day.",
    "note_zh": "许蔓现在负责客户服务中心；白琳从开工第一天起就熟悉您这栋楼。",
}


class Contacts:
    """`loaded` is the Loader: its colleagues, places and days."""

    def __init__(self, loaded):
        self.loaded = loaded

    def name(self):
        """Before all that is told: nobody hears of those who look after a whole development."""
        at = news.afternoon(self.loaded.day(FROM), 9)
        given = {"by": self.loaded.staff["han"], "today": at.date(), "at": at}
        for key in CARDS:
            self._write_card(key)
        for post in POSTS:
            name_contact(
                development=self.loaded.places[post.place],
                role=post.role,
                user=self.loaded.staff[post.colleague],
                hours=post.hours,
                every_day=post.every_day,
                since=at.date(),
                **given,
            )

    def _write_card(self, key):
        en, zh, number = CARDS[key]
        user = self.loaded.staff[key]
        card = Card.objects.create(user=user, name_en=en, name_zh=zh, phone=f"+120255501{number}", email=user.email)
        path = PORTRAITS / f"{key}.jpg"
        photo = read_photo(SimpleUploadedFile(path.name, path.read_bytes(), "image/jpeg"))
        set_photo(card, as_portrait(photo), by=user)

    def hand_over(self):
        """(moment, what happens then)."""
        return news.afternoon(self.loaded.day(HANDED_OVER), 9), self._hand_over

    def _hand_over(self, *, at):
        contact = Contact.objects.get(
            development=self.loaded.places["qinghuai"], role=ContactRole.CUSTOMER_SERVICE, until=None
        )
        given = {"to": self.loaded.staff["bai"], "on": at.date(), "today": at.date(), "at": at}
        hand_over_contact(contact=contact, by=self.loaded.staff["xu"], **given, **WORD)
