"""Who works at the demonstration's company."""

from typing import NamedTuple

from accounts import groups
from progress.models import Assignment

from .people import EN, ZH


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
SITE_MANAGER, SUPERVISOR = Assignment.Role.SITE_MANAGER, Assignment.Role.SUPERVISOR
REPAIRS, MANAGER = Assignment.Role.REPAIRS, Assignment.Role.MANAGER
STAFF = (
    Colleague("zhou", "Zhou Ning 周宁", EN, "zhou.ning@example.com", groups.SITE_MANAGERS, SITE_MANAGER, "qinghuai"),
    Colleague("tang", "Tang Jie 唐洁", EN, "tang.jie@example.com", groups.SITE_MANAGERS, SITE_MANAGER, "willow"),
    Colleague("gu", "Gu Qing 顾青", ZH, "gu.qing@example.com", groups.SUPERVISORS, SUPERVISOR, "qinghuai"),
    Colleague("xu", "Xu Man 许蔓", ZH, "xu.man@example.com", groups.CUSTOMER_SERVICE, Assignment.Role.CUSTOMER_SERVICE),
    Colleague(
        "bai",
        "Bai Lin 白琳",
        ZH,
        "bai.lin@example.com",
        groups.CUSTOMER_SERVICE,
        Assignment.Role.CUSTOMER_SERVICE,
        "qinghuai",
    ),
    Colleague("gaow", "Gao Weiguo 高卫国", ZH, "gao.weiguo@example.com", groups.REPAIRS, REPAIRS, "tinghe"),
    Colleague("wu", "Wu Lan 吴岚", ZH, "wu.lan@example.com", groups.REPAIRS, REPAIRS, "tinghe"),
    Colleague("jin", "Jin Yue 金悦", ZH, "jin.yue@example.com", groups.SUPERVISORS, MANAGER),
    Colleague("luo", "Luo Yi 罗怡", ZH, "luo.yi@example.com", groups.MARKETING),
)
