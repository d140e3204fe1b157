"""The design change of the demonstration: Building 3 is asked about its stairwell windows, and its owners answer."""

from progress.designs.answering import acknowledge, object_to
from progress.designs.drafting import draft_change
from progress.designs.models import DesignChange
from progress.designs.publishing import publish_change
from progress.models import Home, Ownership, Role

from . import news

PLACE, ASKED, ANSWER_BY = "q3", -8, 6  # the building, and days from the newest Friday
NOT_YET = ("3-1102",)  # Shen Yue's and Chen Bo's home
OBJECTS = "3-901"
EVERY_THIRD_WAITS = 3
TEXTS = {
    "title_en": "Stairwell windows that open outwards",
    "title_zh": "楼梯间窗改为外开",
    "what_en": "The stairwell windows on each landing open outwards instead of sliding. Their frames and the width of "
    "the opening stay as they were drawn.",
    "what_zh": "各层楼梯间的窗由推拉改为外开，窗框和洞口宽度不变。",
    "why_en": "The fire service wants a clear opening of one square metre on each landing for letting smoke out. A "
    "sliding window gives only half of that.",
    "why_zh": "消防要求每层楼梯间有一平方米的有效排烟面积，推拉窗只能开一半，达不到。",
    "means_en": "Nothing changes inside your home, and nothing is charged. On the landing an opened window stands "
    "0.6 m outside the wall; a stay holds it in the wind.",
    "means_zh": "您家室内没有变化，也不收任何费用。窗开启时伸出外墙0.6米，装有风撑，刮风时不会自己关上。",
}
OBJECTION = "我家就在窗边，夏天开窗会不会碰到空调外机？请先给我看看位置。"


class Designs:
    """`loaded` is the Loader."""

    def __init__(self, loaded):
        self.loaded = loaded

    def happened(self):
        """[(moment, what happens then)]"""
        return [(self._at(ASKED, 10), self.ask), (self._at(ASKED + 3, 19), self.answer)]

    def _at(self, day, hour):
        return news.afternoon(self.loaded.day(day), hour)

    def ask(self, *, at):
        by = self.loaded.staff["zhou"]
        change = draft_change(
            change_id=news.id_of("stairwell windows"),
            places=[self.loaded.places[PLACE]],
            texts=TEXTS,
            answer_by=self.loaded.day(ANSWER_BY),
            drawings=[],
            by=by,
            today=at.date(),
        )
        publish_change(change, by=by, at=at)

    def answer(self, *, at):
        """Most have acknowledged it after three days, one objects, and some have not answered yet."""
        change = DesignChange.objects.get(pk=news.id_of("stairwell windows"))
        said = {"seen": change.text_version, "at": at}
        for number, (home, user) in enumerate(self._hosts(change)):
            if home.number == OBJECTS:
                object_to(change, home=home, comment=OBJECTION, by=user, **said)
            elif home.number not in NOT_YET and number % EVERY_THIRD_WAITS:
                acknowledge(change, home=home, by=user, **said)

    def _hosts(self, change):
        """[(home, login of its owner)] of those who can log in."""
        homes = Home.objects.filter(design_changes=change)
        ties = Ownership.objects.live().filter(home__in=homes, role=Role.OWNER, owner__user__isnull=False)
        ties = ties.select_related("home", "owner__user").order_by("home__number")
        return [(tie.home, tie.owner.user) for tie in ties]
