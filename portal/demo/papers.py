"""The papers of the demonstration's homes: which of the files in `papers/` belongs to which home, from which day on."""

from pathlib import Path
from typing import NamedTuple

FOLDER = Path(__file__).with_name("papers")


class Paper(NamedTuple):
    """One document of one home, handed out `day` days before the newest Friday (as -30)."""

    home: str
    file: str
    kind: str
    title_en: str
    title_zh: str
    day: int
    min_role: str = ""


BOUGHT = ("3-1102", "3-901", "2-402", "2-1002", "6-501", "6-1101")
WORKS = ("5-302", "27")
PLANS = {"3-1102": "B", "3-901": "A", "3-1101": "A", "2-402": "B", "2-1002": "C", "6-501": "K", "6-301": "K"}
IN_BUILDING_3 = ("3-1102", "3-901", "3-1101", "3-301", "3-502")
IN_BUILDING_2 = ("2-402", "2-1002", "2-801")
IN_BUILDING_6 = ("6-501", "6-301", "6-601", "6-1002", "6-1101")


def _for_each(homes, file, kind, title_en, title_zh, day, min_role=""):
    return tuple(Paper(home, file, kind, title_en, title_zh, day, min_role) for home in homes)


PAPERS = (
    *(
        Paper(home, f"contract-{home}", "contract", "Purchase contract, extract", "购房合同（摘要）", -270)
        for home in BOUGHT
        if home != "6-1101"
    ),
    Paper("6-1101", "contract-6-1101", "contract", "Purchase contract, extract", "购房合同（摘要）", -107),
    *(
        Paper(home, f"contract-{home}", "contract", "Works contract, extract", "施工合同（摘要）", day)
        for home, day in zip(WORKS, (-131, -54), strict=True)
    ),
    *(
        Paper(home, f"plan-{plan}", "plan", f"Floor plan, type {plan}", f"户型图 {plan}", -260)
        for home, plan in PLANS.items()
    ),
    *_for_each(IN_BUILDING_3, "permit-3", "permit", "Building permit, Building 3", "3号楼施工许可证", -258),
    *_for_each(IN_BUILDING_2, "permit-2", "permit", "Building permit, Building 2", "2号楼施工许可证", -250),
    *_for_each(
        IN_BUILDING_3,
        "pressure-3",
        "report",
        "Pressure test of the water pipes, floors 1 to 3",
        "给水管试压记录，一至三层",
        -28,
    ),
    *_for_each(
        IN_BUILDING_6,
        "acceptance-6",
        "certificate",
        "Certificate of acceptance, Building 6",
        "6号楼竣工验收证书",
        -265,
        "tenant",
    ),
    *_for_each(IN_BUILDING_6, "warranty-6", "certificate", "What is under warranty, and until when", "保修书", -264),
    Paper("27", "invoice-27", "invoice", "First instalment, 55 %", "首期款，55%", -52),
)
