"""Make the demonstration's papers anew: `python -m portal.demo.draw_papers` writes the PDF files in `papers/`."""

from html import escape
from pathlib import Path

from weasyprint import HTML

from portal.ui.art.picture import Picture
from portal.ui.art.plans import words

from .papers import BOUGHT, FOLDER, PLANS, WORKS
from .site.plans import ROOMS

OWNERS = {
    "3-1102": "Shen Yue, 陈博",
    "3-901": "王磊",
    "2-402": "Oliver Grant",
    "2-1002": "Emily Hart, Daniel Hart",
    "6-501": "Shen Yue, 陈博",
    "6-1101": "周敏",
    "5-302": "钱桂兰",
    "27": "丁浩",
}
ESTATES = {"3": "Qinghuai Lane 青槐里", "2": "Qinghuai Lane 青槐里", "6": "Tinghe Court 听河苑"}
PAGE = """<!doctype html><html lang="zh-Hans"><meta charset="utf-8"><title>{title}</title><style>
  @page {{ size: A4; margin: 22mm 20mm; @bottom-center {{ content: "Yanxia Homes 檐下  ·  demonstration 演示";
    font: 8pt "Noto Sans CJK SC"; color: #6a7672 }} }}
  body {{ font: 10pt/1.65 "Noto Sans CJK SC", sans-serif; color: #26312d }}
  header {{ border-bottom: 1.5pt solid #1a5a4b; margin-bottom: 8mm; color: #1a5a4b }}
  h1 {{ font-size: 20pt; font-weight: 400; line-height: 1.25; margin: 0 0 6mm }}
  h1 span {{ display: block; font-size: 13pt }}
  table {{ width: 100%; border-collapse: collapse; margin: 0 0 6mm }}
  td, th {{ border-bottom: .5pt solid #c9d2cc; padding: 1.6mm 2mm 1.6mm 0; text-align: left; vertical-align: top }}
  th {{ width: 38%; font-weight: 400; color: #5a6662 }}  p {{ margin: 0 0 3mm }}  svg {{ width: 100% }}
</style><header>Yanxia Homes 檐下</header><h1>{title}<span>{title_zh}</span></h1>{body}</html>"""


def table(*rows):
    cells = (f"<tr><th>{escape(name)}</th><td>{escape(value)}</td></tr>" for name, value in rows)
    return f"<table>{''.join(cells)}</table>"


def text(*pairs):
    """Paragraphs, English and then Chinese."""
    return "".join(f'<p lang="en">{escape(english)}</p><p>{escape(chinese)}</p>' for english, chinese in pairs)


def contract(home):
    body = table(
        ("Home 房屋", f"{ESTATES[home[0]]} {home}"),
        ("Owners 业主", OWNERS[home]),
        ("Price 房款", "as in schedule 1 of the signed original 见合同原件附件一"),
        ("Seller 出卖人", "Yanxia Homes 檐下"),
    ) + text(
        (
            (
                "This is an extract to look things up in. The days that were agreed stand in the signed original, "
                "and on the page of your home in the portal."
            ),
            "这是便于查阅的摘要。约定的日期以签字原件为准，也写在您家的页面上。",
        ),
        (
            "Risks inside and around the site were disclosed before signature; the list is schedule 3.",
            "红线内外的不利因素已在签约前公示，清单见附件三。",
        ),
        (
            (
                "The area is measured again at acceptance. If it differs by more than three per cent, the "
                "difference is paid back, or you may withdraw."
            ),
            "竣工时重新测量面积。误差超过百分之三的，差额退还，您也可以退房。",
        ),
        (
            "Changes to the design are notified in writing before they are built. Silence is not consent.",
            "设计变更在施工前书面告知。不回复不等于同意。",
        ),
        (
            "If the keys come late through our fault, we pay for each day what the contract names in clause 11.",
            "因我方原因逾期交房的，按合同第十一条逐日赔付。",
        ),
    )
    return "Purchase contract, extract", f"购房合同摘要 {home}", body


def works_contract(home):
    body = table(
        ("Home 房屋", f"Willow Lane renewal 柳巷焕新 {home}"),
        ("Customer 客户", OWNERS[home]),
        ("Payment 付款", "55 % · 40 % · 5 %"),
        ("Warranty 保修", "works 2 years 施工两年; waterproofing 5 years 防水五年"),
    ) + text(
        (
            "Work starts three working days after signature and the first payment.",
            "签约并支付首期款后三个工作日开工。",
        ),
        (
            "The second payment falls due at half-way, with extras and omissions that both sides have signed.",
            "第二期款在工程过半时支付，连同双方签字的增减项。",
        ),
        (
            (
                "Project manager, supervisor and your contact in customer service are named on the first day. Every "
                "Friday somebody asks you how the week went."
            ),
            "开工当天公布项目经理、监理和客服联系人。每周五回访，问您这一周怎么样。",
        ),
        (
            "At completion you receive the settlement, the warranty certificate and the list of materials.",
            "竣工时交付结算单、保修证书和材料清单。",
        ),
    )
    return "Works contract, extract", f"施工合同摘要 {home}", body


def permit(number):
    body = table(
        ("Project 工程", f"Qinghuai Lane 青槐里, Building {number} {number}号楼"),
        ("Floors 层数", "18 above ground 地上, 2 below 地下"),
        ("Builder 施工单位", "Yanxia Construction 檐下建设"),
        ("Supervision 监理", "Huanhe Supervision 浣河监理"),
        ("Site hours 施工时间", "7:00 to 18:00, Saturdays from 8:00 周六自8:00起"),
    ) + text(
        (
            "A copy for the owners. The original hangs in the site office at the north gate.",
            "业主留存件。原件挂在北门工地办公室。",
        ),
    )
    return f"Building permit, Building {number}", f"{number}号楼施工许可证", body


def pressure():
    body = table(
        ("Place 部位", "Building 3, floors 1 to 3 3号楼一至三层"),
        ("Pipe 管材", "PP-R, rated 额定 1.2 MPa"),
        ("Working pressure 工作压力", "0.6 MPa"),
        ("Test pressure 试验压力", "0.9 MPa"),
        ("Held for 保压", "24 h"),
        ("Drop 压降", "0.00 MPa"),
        ("Result 结论", "tight 合格"),
    ) + text(
        (
            (
                "Two joints on the second floor wept when the pipes were first filled. They were made again before the "
                "test began."
            ),
            "首次充水时二层两处接头渗水，返工后开始试压。",
        ),
    )
    return "Pressure test of the water pipes", "给水管试压记录", body


def acceptance():
    body = table(
        ("Building 楼栋", "Tinghe Court 听河苑, Building 6 6号楼"),
        ("Homes 户数", "24"),
        ("Structure 主体结构", "accepted 合格"),
        ("Fire safety 消防", "accepted 合格"),
        ("Lifts 电梯", "2, licensed 已登记"),
        ("Water, gas, electricity 水气电", "connected 已接通"),
    ) + text(
        (
            (
                "The building may be lived in. Energy class, noise between flats and the air in the rooms were "
                "measured in four homes each; the figures are in the annex at the porter's."
            ),
            "准予入住。节能、户间隔声和室内空气各抽测四户，数据见门卫处存放的附件。",
        ),
    )
    return "Certificate of acceptance", "竣工验收证书", body


def warranty():
    body = table(
        ("Structure 主体结构", "for its designed life 设计使用年限"),
        ("Waterproofing 防水", "5 years 五年"),
        ("Pipes and wires 水电管线", "2 years 两年"),
        ("Fittings 装修", "2 years 两年"),
        ("Repairs under warranty 保修期内维修", "1 year from the repair 自维修之日起一年"),
    ) + text(
        (
            (
                "Years count from your keys. After three months and after a year we come without being asked, and "
                "every repair is followed by a call."
            ),
            "自交钥匙之日起算。满三个月和满一年我们主动上门，每次维修后都会回访。",
        ),
    )
    return "Warranty", "保修书", body


def invoice():
    body = table(
        ("Customer 客户", "丁浩"),
        ("Works 工程", "Willow Lane 27 柳巷27号"),
        ("Sum of the contract 合同总额", "186,400.00"),
        ("First instalment 首期款 55 %", "102,520.00"),
        ("State 状态", "paid 已付"),
    )
    return "First instalment", "首期款发票", body


def plan(name):
    width = max(left + across for left, _top, across, *_rest in ROOMS[name])
    height = max(top + down for _left, top, _across, down, *_rest in ROOMS[name])
    p = Picture(width * 6 + 40, height * 6 + 70, themed=False)
    for left, top, across, down, english, chinese in ROOMS[name]:
        x, y = 20 + left * 6, 20 + top * 6
        p.rect(x, y, across * 6, down * 6, "paper")
        p.line(f"M{x} {y}h{across * 6}v{down * 6}h{-across * 6}z", "ink", 5)
        p.line(f"M{x + across * 2} {y if top == 0 else y + down * 6}h{across * 2}", "glass", 6)
        words(p, x + across * 3, y + down * 3 - 4, english, size=13)
        words(p, x + across * 3, y + down * 3 + 16, chinese, size=13)
        words(p, x + across * 3, y + down * 3 + 36, f"{across / 10:.1f} × {down / 10:.1f} m", size=11)
    p.line(f"M20 {height * 6 + 44}h300M20 {height * 6 + 38}v12M320 {height * 6 + 38}v12", "ink", 2)
    words(p, 170, height * 6 + 62, "5 m", size=13)
    measured = text(("Measured between finished walls; the balcony is not drawn.", "按完成面净尺寸，未画阳台。"))
    return f"Floor plan, type {name}", f"户型图 {name}", p.svg() + measured


def papers():
    """Every file by its name: (title, Chinese title, body)."""
    made = {f"contract-{home}": contract(home) for home in BOUGHT}
    made |= {f"contract-{home}": works_contract(home) for home in WORKS}
    made |= {f"plan-{name}": plan(name) for name in sorted(set(PLANS.values()))}
    made |= {f"permit-{number}": permit(number) for number in (2, 3)}
    made |= {"pressure-3": pressure(), "acceptance-6": acceptance(), "warranty-6": warranty(), "invoice-27": invoice()}
    return made


def write_all(folder=FOLDER):
    for name, (title, title_zh, body) in papers().items():
        page = PAGE.format(title=escape(title), title_zh=escape(title_zh), body=body)
        HTML(string=page).write_pdf(Path(folder) / f"{name}.pdf")


if __name__ == "__main__":
    write_all()
