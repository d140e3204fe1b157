"""People who asked for work lately, and what became of it. Their numbers belong to nobody."""

from dataclasses import dataclass, field
from datetime import timedelta
from decimal import Decimal
from functools import partial

from progress.enquiries import handling
from progress.enquiries.actions import receive
from progress.enquiries.models import ConsentText, Enquiry

from . import news
from .people import EN, ZH

NOTHING = {
    "emergency": False,
    "development": None,
    **dict.fromkeys(("estate", "address", "start", "focus", "email", "survey_part"), ""),
    **dict.fromkeys(("area", "received_on", "residents", "budget", "survey_on"), None),
    "call_when": "any",
}


@dataclass(frozen=True)
class Asked:
    """`day`: distance to the Friday of the demonstration. `acts`: (hours later, verb, what it is told)."""

    key: str
    day: int
    language: str
    place: str
    said: dict
    acts: tuple = field(default=())


CONFIRMED = (0.5, "confirm", {"how": "telephone"})
ASKED = (
    Asked(
        "enquiry fang",
        -16,
        ZH,
        "",
        {
            "kind": "renovation",
            "name": "方晓 Fang Xiao",
            "phone": "+12025550181",
            "estate": "云锦苑",
            "address": "3号楼 1201",
            "area": Decimal("96.5"),
            "residents": 3,
            "start": "quarter",
            "budget": 260_000,
            "focus": "孩子明年上学，需要一间安静的书房；老人同住，卫生间要防滑。",
        },
        (
            CONFIRMED,
            (30, "contact", {}),
            (54, "close", {"outcome": "Designer chosen, meeting agreed 已选设计师，约定见面"}),
        ),
    ),
    Asked(
        "enquiry brook",
        -5,
        EN,
        "willow",
        {
            "kind": "refurbishment",
            "name": "Helen Brook",
            "phone": "+12025550182",
            "address": "18 Willow Lane",
            "area": Decimal("74"),
            "start": "half_year",
            "call_when": "evening",
            "focus": "The windows let the wind in, and the kitchen has no daylight.",
        },
        (CONFIRMED, (26, "contact", {})),
    ),
    Asked(
        "enquiry meng",
        -2,
        ZH,
        "qinghuai",
        {
            "kind": "new_home",
            "name": "孟凡 Meng Fan",
            "phone": "+12025550183",
            "residents": 4,
            "call_when": "afternoon",
            "focus": "想了解六号楼还有没有朝南的三居室。",
        },
        (CONFIRMED,),
    ),
    Asked(
        "enquiry advertising",
        -3,
        EN,
        "",
        {
            "kind": "new_home",
            "name": "Best Prices Online",
            "phone": "+12025550184",
            "focus": "We bring your website to the top of every list.",
        },
        ((1, "mark_spam", {}),),
    ),
)


def happened(loaded):
    """[(moment, what happens then)] of all that was asked, and all that was done about it."""
    found = []
    for asked in ASKED:
        at = news.afternoon(loaded.day(asked.day), 10)
        found.append((at, partial(_ask, asked, loaded.places.get(asked.place))))
        for hours, verb, more in asked.acts:
            found.append((at + timedelta(hours=hours), partial(_act, asked, verb, {"by": loaded.staff["xu"], **more})))
    return found


def _ask(asked, development, *, at):
    receive(
        enquiry_id=news.id_of(asked.key),
        consent_version=ConsentText.objects.current().version,
        language=asked.language,
        given=NOTHING | asked.said | {"development": development},
        at=at,
    )


def _act(asked, verb, more, *, at):
    getattr(handling, verb)(Enquiry.objects.get(pk=news.id_of(asked.key)), at=at, **more)
