"""What was said of milestones in the demonstration's months: two towers' new dates, what was reached, one mistake.

Everything is said by the acts that staff use, on the day on which the news tells of it.
"""

from functools import partial
from typing import NamedTuple

from progress.journeys.changing import approve_change, change_forecast, claim_reached, withdraw_reached
from progress.journeys.evidence import Proof
from progress.journeys.models import Milestone

from . import news

SIGNED = 15  # days from the beginning of a journey until its contract and the introduction after it


class Said(NamedTuple):
    """Said on a day, in days from the newest Friday, of steps of the homes in a building, or those named."""

    day: int
    hour: int
    steps: tuple
    building: str = ""
    floors: range = range(1, 100)
    numbers: tuple = ()
    by: str = "zhou"
    late: int = 0  # days; 0: they are reached
    photos: tuple = ()
    en: str = ""
    zh: str = ""

    def concerns(self, place, code, *, bought):
        if code not in self.steps:
            return False
        here = self.building and place.building == self.building and place.floor in self.floors
        known_since = bought if self.late else bought + SIGNED  # evidence is from after the stage began
        return bool(here or place.number in self.numbers) and known_since <= self.day


MISTAKE = "3-1102"  # Shen Yue's home: reported as reached with those on the ninth floor
SAID = (
    Said(
        -77,
        17,
        ("topping-out",),
        "q3",
        photos=("topping-out", "b3-full-height"),
        en="The last bucket of concrete, at ten past four",
        zh="下午四点十分，最后一斗混凝土",
    ),
    Said(
        -42,
        17,
        ("topping-out", "windows", "pipes-and-wires"),
        "q2",
        late=9,
        en="The hoist stands still until its gear has been repaired, and without it no material goes up. Full height, "
        "windows and pipes come nine days later.",
        zh="施工电梯停机检修，材料上不去。封顶、外窗和水电管线都顺延九天。",
    ),
    Said(
        -35,
        17,
        ("one-year-check",),
        "t6",
        range(1, 7),
        by="han",
        late=38,
        en="In three of twenty bathrooms the seal around the floor drain had come loose. The two people who renew it "
        "are those who do the checks, so the lower six floors wait about five weeks.",
        zh="查过的二十个卫生间里，三个地漏边防水松了，要重做。做防水和做检查的是同两位师傅，下面六层因此晚五周左右。",
    ),
    Said(
        -14,
        17,
        ("windows", "pipes-and-wires"),
        "q3",
        range(8, 19),
        late=9,
        en="34 of 216 panes came cracked and went back; the maker cuts them anew. Your windows come nine days later, "
        "and the pipes after them. The date of your keys stays.",
        zh="216块玻璃裂了34块，已退回厂家重做。外窗晚九天，水电管线跟着顺延；交房日不变。",
    ),
    Said(
        -6,
        16,
        ("windows",),
        "q3",
        range(8, 9),
        photos=("cradle-close",),
        en="The cradle leaves the eighth floor",
        zh="吊篮离开八层",
    ),
    Said(
        -1,
        17,
        ("windows",),
        "q3",
        range(9, 10),
        numbers=(MISTAKE,),
        photos=("b3-nine-glazed",),
        en="The last pane of the ninth floor",
        zh="九层的最后一块玻璃",
    ),
    Said(
        -1,
        17,
        ("half-way", "works-finished"),
        numbers=("5-302", "5-401"),
        by="tang",
        late=12,
        en="The waste pipe below the stairs is rusted through and is replaced before the new floor is laid. Your "
        "second instalment moves with the date.",
        zh="楼梯间地面下的铸铁排水管锈穿了，要先换管，再做新地面。第二期款随之顺延。",
    ),
)
WITHDRAWN = (
    (
        "Reported by mistake: your home was ticked along with those on the ninth floor. Your windows are not in yet; "
        "the date that we gave you stands."
    ),
    "误报：勾选九层各户时，把您家也勾上了。您家的外窗还没有装，之前告诉您的日子不变。",
)


def is_said(place, code, *, bought):
    """Whether its date was moved or reported in these months, so that at first there is only the plan."""
    return any(said.concerns(place, code, bought=bought) for said in SAID)


class Milestones:
    """`loaded` is the Loader; `bought` says on which day each of its homes was, by number."""

    def __init__(self, loaded, *, places, bought):
        self.loaded, self.places, self.bought = loaded, places, bought

    def happened(self):
        """[(moment, what happens then)]"""
        moments = [(self._at(said.day, said.hour), partial(self.say, said)) for said in SAID]
        return [*moments, (self._at(0, 10), self.withdraw)]

    def _at(self, day, hour):
        return news.afternoon(self.loaded.day(day), hour)

    def say(self, said, *, at):
        numbers = [
            number
            for number, bought in self.bought.items()
            for code in said.steps[:1]
            if said.concerns(self.places[number], code, bought=bought)
        ]
        steps = self._steps(numbers, said.steps)
        common = {"by": self.loaded.staff[said.by], "today": at.date(), "at": at}
        if said.late:
            change_forecast(steps, later_by=said.late, reason_en=said.en, reason_zh=said.zh, **common)
        else:
            words = {"caption_en": said.en, "caption_zh": said.zh}
            proofs = [Proof(news.photo_called(name), at.date(), **words) for name in said.photos]
            change = claim_reached(steps, on=at.date(), evidence=proofs, **common)
            approve_change(change, by=self.loaded.staff["gu"], at=at)

    def withdraw(self, *, at):
        steps = self._steps([MISTAKE], ("windows",))
        reason_en, reason_zh = WITHDRAWN
        withdraw_reached(
            steps,
            reason_en=reason_en,
            reason_zh=reason_zh,
            forecast=steps[0].forecast,
            by=self.loaded.staff["zhou"],
            today=at.date(),
            at=at,
        )

    def _steps(self, numbers, codes):
        steps = Milestone.objects.filter(journey__home__number__in=numbers, template__code__in=codes)
        return list(steps.filter(journey__ended=None).select_related("template"))
