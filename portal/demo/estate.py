"""Who and what there is in the demonstration. Days count from the newest Friday: -30 is thirty days before it."""

from decimal import Decimal
from typing import NamedTuple

from accounts import groups
from progress.journeys.models import Kind
from progress.models import Assignment, Role

PASSWORD = "light-under-the-eaves"  # noqa: S105  for the demonstration's logins only; printed by `load_demo --logins`
EN, ZH = "en", "zh-hans"

# Development by code: English, Chinese
DEVELOPMENTS = {
    "qinghuai": ("Qinghuai Lane", "青槐里"),
    "tinghe": ("Tinghe Court", "听河苑"),
    "willow": ("Willow Lane renewal", "柳巷焕新"),
}

# Building by code: development, name
BUILDINGS = {
    "q2": ("qinghuai", "Building 2 · 2号楼"),
    "q3": ("qinghuai", "Building 3 · 3号楼"),
    "t1": ("tinghe", "Building 1 · 1号楼"),
    "t6": ("tinghe", "Building 6 · 6号楼"),
    "w5": ("willow", "Block 5 · 5号楼"),
    "w7": ("willow", "Block 7 · 7号楼"),
}

HOUSE_TYPES = {
    "qinghuai": {"A": Decimal("78.40"), "B": Decimal("98.60"), "C": Decimal("121.30"), "D": Decimal("142.80")},
    "tinghe": {"K": Decimal("76.20"), "M": Decimal("92.50"), "N": Decimal("118.00")},
    "willow": {"1992-2": Decimal("54.60"), "1992-3": Decimal("68.90")},
}


class Place(NamedTuple):
    """A home. `building` is "" for a house of its own, which then has an area and no type."""

    number: str
    building: str
    house_type: str
    kind: str = Kind.NEW_HOME
    floor: int = 0
    area: str = ""


HOMES = (
    Place("3-301", "q3", "A", floor=3),
    Place("3-502", "q3", "B", floor=5),
    Place("3-702", "q3", "B", floor=7),
    Place("3-901", "q3", "C", floor=9),
    Place("3-1101", "q3", "A", floor=11),
    Place("3-1102", "q3", "B", floor=11),
    Place("3-1502", "q3", "D", floor=15),
    Place("2-402", "q2", "B", floor=4),
    Place("2-801", "q2", "A", floor=8),
    Place("2-1002", "q2", "C", floor=10),
    Place("2-1601", "q2", "D", floor=16),
    Place("6-301", "t6", "K"),
    Place("6-501", "t6", "K"),
    Place("6-601", "t6", "K"),
    Place("6-1002", "t6", "N"),
    Place("1-202", "t1", "M"),
    Place("1-403", "t1", "K"),
    Place("1-801", "t1", "N"),
    Place("5-302", "w5", "1992-2", Kind.RENOVATION),
    Place("5-401", "w5", "1992-3", Kind.RENOVATION),
    Place("7-101", "w7", "1992-2", Kind.RENOVATION),
    Place("7-503", "w7", "1992-3", Kind.RENOVATION),
    Place("27", "", "", Kind.RENOVATION, area="86.40"),
    Place("31", "", "", Kind.RENOVATION, area="112.00"),
)


class Person(NamedTuple):
    """An owner. `email` is the login's, or where the invitation goes that is still open."""

    key: str
    name: str
    language: str
    email: str
    phone: str
    has_login: bool = True


# Telephone numbers ending in 555-0100 to 0199 belong to nobody: they are kept for stories.
OWNERS = (
    Person("shen", "Shen Yue", EN, "shen.yue@example.com", "+12025550101"),
    Person("chen", "陈博", ZH, "chen.bo@example.com", "+12025550102"),
    Person("lin", "林素琴", ZH, "", "+12025550103"),
    Person("wang", "王磊", ZH, "wang.lei@example.com", "+12025550104"),
    Person("grant", "Oliver Grant", EN, "oliver.grant@example.com", "+12025550105"),
    Person("emily", "Emily Hart", EN, "emily.hart@example.com", "+12025550106"),
    Person("daniel", "Daniel Hart", EN, "daniel.hart@example.com", ""),
    Person("sun", "孙静", ZH, "sun.jing@example.com", "", has_login=False),
    Person("gao", "高远", ZH, "gao.yuan@example.com", "+12025550107"),
    Person("he", "何立新", ZH, "he.lixin@example.com", "+12025550108"),
    Person("priya", "Priya Nair", EN, "priya.nair@example.com", "+12025550109"),
    Person("feng", "冯建国", ZH, "feng.jianguo@example.com", "+12025550110"),
    Person("ma", "马晓雯", ZH, "ma.xiaowen@example.com", "+12025550111"),
    Person("zhou", "周敏", ZH, "zhou.min@example.com", "+12025550112"),
    Person("qian", "钱桂兰", ZH, "qian.guilan@example.com", "+12025550113"),
    Person("ding", "丁浩", ZH, "ding.hao@example.com", "+12025550114"),
    Person("grace", "Grace Lin", EN, "grace.lin@example.com", "+12025550115"),
)


class Tie(NamedTuple):
    """Who is what to which home, from a day until a day."""

    home: str
    owner: str
    role: str
    since: int
    until: int | None = None
    invited_by: str = ""


TIES = (
    Tie("3-1102", "shen", Role.OWNER, -463),
    Tie("3-1102", "chen", Role.CO_OWNER, -463),
    Tie("6-501", "shen", Role.OWNER, -820),
    Tie("6-501", "chen", Role.CO_OWNER, -820),
    Tie("6-501", "lin", Role.FAMILY, -390, invited_by="shen"),
    Tie("3-901", "wang", Role.OWNER, -470),
    Tie("2-402", "grant", Role.OWNER, -401),
    Tie("2-1002", "emily", Role.OWNER, -388),
    Tie("2-1002", "daniel", Role.CO_OWNER, -388),
    Tie("2-1601", "sun", Role.OWNER, -52),
    Tie("6-601", "gao", Role.OWNER, -815),
    Tie("6-1002", "he", Role.OWNER, -840),
    Tie("6-1002", "priya", Role.TENANT, -200, invited_by="he"),
    Tie("6-301", "feng", Role.OWNER, -830, until=-30),
    Tie("6-301", "ma", Role.OWNER, -30),
    Tie("1-403", "zhou", Role.OWNER, -610),
    Tie("5-302", "qian", Role.OWNER, -240),
    Tie("27", "ding", Role.OWNER, -130),
    Tie("31", "grace", Role.OWNER, -75),
)


class Colleague(NamedTuple):
    """A member of staff: `post` is a role at `place`, "" for all developments; marketing has none."""

    key: str
    name: str
    language: str
    email: str
    group: str
    post: str = ""
    place: str = ""


ADMINISTRATOR = Colleague(
    "han", "Han Lei 韩磊", EN, "han.lei@example.com", groups.SUPERVISORS, Assignment.Role.SUPERVISOR
)
STAFF = (
    Colleague(
        "zhou",
        "Zhou Ning 周宁",
        EN,
        "zhou.ning@example.com",
        groups.SITE_MANAGERS,
        Assignment.Role.SITE_MANAGER,
        "qinghuai",
    ),
    Colleague(
        "tang",
        "Tang Jie 唐洁",
        EN,
        "tang.jie@example.com",
        groups.SITE_MANAGERS,
        Assignment.Role.SITE_MANAGER,
        "willow",
    ),
    Colleague(
        "gu", "Gu Qing 顾青", ZH, "gu.qing@example.com", groups.SUPERVISORS, Assignment.Role.SUPERVISOR, "qinghuai"
    ),
    Colleague("xu", "Xu Man 许蔓", ZH, "xu.man@example.com", groups.CUSTOMER_SERVICE, Assignment.Role.CUSTOMER_SERVICE),
    Colleague("luo", "Luo Yi 罗怡", ZH, "luo.yi@example.com", groups.MARKETING),
)
