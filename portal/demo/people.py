"""Who there is in the demonstration: the people whose story it tells, and their neighbours.

Days count from the newest Friday: -30 is thirty days before it.
"""

import csv
from pathlib import Path
from typing import NamedTuple

PASSWORD = "light-under-the-eaves"  # noqa: S105  for the demonstration's logins only; printed by `load_demo --logins`
EN, ZH = "en", "zh-hans"
NEIGHBOURS = Path(__file__).with_name("neighbours.csv")


class Person(NamedTuple):
    """An owner. `login` is "yes", "sms" (by telephone alone), "open" (invited, not come yet) or "no"."""

    key: str
    name: str
    language: str
    email: str
    phone: str
    login: str = "yes"

    @property
    def has_login(self):
        return self.login in {"yes", "sms"}


class Tie(NamedTuple):
    """Who is what to which home, from a day on."""

    home: str
    owner: str
    role: str
    since: int
    invited_by: str = ""


class Resale(NamedTuple):
    """A home changes hands: on that day if it is past, otherwise it is planned."""

    home: str
    to: str
    on: int


# Telephone numbers ending in 555-0100 to 0199 belong to nobody: they are kept for stories.
PERSONAS = (
    Person("shen", "Shen Yue", EN, "shen.yue@example.com", "+12025550101"),
    Person("chen", "陈博", ZH, "chen.bo@example.com", "+12025550102"),
    Person("lin", "林素琴", ZH, "", "+12025550103", "sms"),
    Person("wang", "王磊", ZH, "wang.lei@example.com", "+12025550104"),
    Person("grant", "Oliver Grant", EN, "oliver.grant@example.com", "+12025550105"),
    Person("emily", "Emily Hart", EN, "emily.hart@example.com", "+12025550106"),
    Person("daniel", "Daniel Hart", EN, "daniel.hart@example.com", ""),
    Person("sun", "孙静", ZH, "sun.jing@example.com", "", "open"),
    Person("gao", "高远", ZH, "gao.yuan@example.com", "+12025550107"),
    Person("he", "何立新", ZH, "he.lixin@example.com", "+12025550108"),
    Person("priya", "Priya Nair", EN, "priya.nair@example.com", "+12025550109"),
    Person("feng", "冯建国", ZH, "feng.jianguo@example.com", "+12025550110"),
    Person("ma", "马晓雯", ZH, "ma.xiaowen@example.com", "+12025550111"),
    Person("zhou", "周敏", ZH, "zhou.min@example.com", "+12025550112"),
    Person("qian", "钱桂兰", ZH, "qian.guilan@example.com", "+12025550113"),
    Person("ding", "丁浩", ZH, "ding.hao@example.com", "+12025550114"),
    Person("grace", "Grace Lin", EN, "grace.lin@example.com", "+12025550115"),
    Person("yu", "余佳", ZH, "yu.jia@example.com", "+12025550116"),
)

OWNER, CO_OWNER, FAMILY, TENANT = "owner", "co_owner", "family", "tenant"
STORIES = (
    Tie("3-1102", "shen", OWNER, -463),
    Tie("3-1102", "chen", CO_OWNER, -463),
    Tie("6-501", "shen", OWNER, -820),
    Tie("6-501", "chen", CO_OWNER, -820),
    Tie("6-501", "lin", FAMILY, -390, invited_by="shen"),
    Tie("3-901", "wang", OWNER, -470),
    Tie("2-402", "grant", OWNER, -401),
    Tie("2-1002", "emily", OWNER, -388),
    Tie("2-1002", "daniel", CO_OWNER, -388),
    Tie("2-1601", "sun", OWNER, -52),
    Tie("6-601", "gao", OWNER, -815),
    Tie("6-1002", "he", OWNER, -840),
    Tie("6-1002", "priya", TENANT, -200, invited_by="he"),
    Tie("6-301", "feng", OWNER, -830),
    Tie("6-1101", "zhou", OWNER, -108),
    Tie("5-302", "qian", OWNER, -240),
    Tie("27", "ding", OWNER, -130),
    Tie("31", "grace", OWNER, -75),
    Tie("6-1202", "yu", OWNER, -24),
)

RESALES = (Resale("6-301", "ma", -30), Resale("6-1001", "Victor Almeida", 25))
ENTERED_TWICE = ("he", "何立新")  # the second came from the sales office, and goes into the first


def _neighbours():
    """(people, ties) of neighbours.csv. Their key is their name; a line without a home is a customer without one."""
    people, ties = {}, []
    with NEIGHBOURS.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            name = row["name"]
            people[name] = Person(name, name, row["language"], row["email"], row["phone"], row["login"])
            if row["home"]:
                ties.append(Tie(row["home"], name, row["role"], int(row["since"])))
    return tuple(people.values()), tuple(ties)


_people, _ties = _neighbours()
OWNERS = PERSONAS + _people
TIES = STORIES + _ties


def customer_no(key):
    return f"YX-{[person.key for person in OWNERS].index(key) + 1:04}"


def joined(key):
    """The day on which somebody became a customer."""
    days = [tie.since for tie in TIES if tie.owner == key]
    return min(days + [resale.on for resale in RESALES if resale.to == key], default=-20)
