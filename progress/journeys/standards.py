"""The four kinds of work as the company does them: stages with their milestones, in both languages.

Read by the data migration; from then on the tables are the truth. A stage is
(code, English, Chinese, milestones); a milestone is (code, English, Chinese).
"""

NEW_HOME = [
    ("welcome", "Welcome", "初见", [("risks-disclosed", "Risks around the site disclosed", "周边不利因素公示")]),
    (
        "contract",
        "Contract",
        "签约",
        [
            ("contract-signed", "Contract signed", "合同签署"),
            ("service-introduced", "Service centre introduced", "客服中心介绍"),
        ],
    ),
    (
        "construction",
        "Construction",
        "建设",
        [
            ("ground", "Foundations finished", "基础完工"),
            ("structure", "Structure at your floor", "主体到您家楼层"),
            ("topping-out", "Topping out", "主体封顶"),
            ("windows", "Windows in your home", "您家外窗安装"),
            ("pipes-and-wires", "Pipes and wires", "水电管线"),
            ("finishing", "Fittings and finishing", "精装与收尾"),
            ("acceptance", "Official acceptance", "竣工验收"),
        ],
    ),
    (
        "handover",
        "Handover",
        "交付",
        [("inspection", "Inspection with you", "陪您验房"), ("keys", "Your keys", "交钥匙")],
    ),
    ("three-months", "Three months in", "入住三个月", [("three-month-visit", "Three-month visit", "三个月回访")]),
    ("one-year", "One year in", "入住一年", [("one-year-check", "One-year check", "一年质量检查")]),
]
NEW_HOME_STANDING = [("always", "Always", "始终"), ("years-on", "X years on", "多年以后")]

RENOVATION = [
    ("enquiry", "Enquiry", "咨询", [("enquired", "Enquiry received", "收到咨询")]),
    ("need", "Understanding the need", "了解需求", [("need-understood", "Need understood", "需求已明确")]),
    ("designer", "Designer recommended", "推荐设计师", [("designer-named", "Designer named", "设计师已推荐")]),
    ("feedback", "Feedback after the meeting", "面谈反馈", [("feedback-given", "Your feedback heard", "听取您的反馈")]),
    ("follow-up", "Follow-up", "跟进", [("decided", "Your decision", "您的决定")]),
    (
        "design-agreement",
        "Design agreement",
        "设计协议",
        [("agreement-signed", "Design agreement signed", "设计协议签署")],
    ),
    (
        "design",
        "Design followed",
        "设计跟踪",
        [
            ("first-draft", "First draft", "首稿"),
            ("materials-chosen", "Materials chosen", "选材"),
            ("quotation", "Quotation", "报价"),
        ],
    ),
    ("works-contract", "Works contract", "施工合同", [("works-signed", "Works contract signed", "施工合同签署")]),
    (
        "works",
        "Site looked after",
        "施工维护",
        [
            ("works-started", "Works started", "开工"),
            ("half-way", "Half-way", "工程过半"),
            ("works-finished", "Works finished", "施工完成"),
        ],
    ),
    ("completion", "Completion", "竣工", [("settlement", "Settlement and warranty certificate", "结算与保修证书")]),
]

REFURBISHMENT = [
    ("survey", "Survey", "勘察", [("surveyed", "Survey visit", "上门勘察")]),
    ("quotation", "Quotation", "报价", [("quoted", "Quotation explained", "报价说明")]),
    ("contract", "Contract", "合同", [("contract-paid", "Contract and first payment", "签约与首付款")]),
    (
        "works",
        "Works",
        "施工",
        [
            ("works-started", "Works started", "开工"),
            ("half-way", "Half-way", "工程过半"),
            ("works-finished", "Works finished", "施工完成"),
        ],
    ),
    ("acceptance", "Acceptance", "验收", [("accepted", "Accepted by you", "您已验收")]),
]

REPAIR = [
    ("order", "Order", "报修", [("order-confirmed", "Order confirmed", "受理确认")]),
    ("survey", "Survey", "勘察", [("surveyed", "Survey visit", "上门勘察")]),
    ("quotation", "Quotation", "报价", [("quoted", "Quotation explained", "报价说明")]),
    (
        "works",
        "Works",
        "维修",
        [("works-started", "Works started", "开工"), ("works-finished", "Works finished", "完工")],
    ),
    ("sign-off", "Sign-off", "签收", [("signed-off", "Service sheet signed", "服务单签字")]),
]

STANDARDS = {
    "new_home": (NEW_HOME, NEW_HOME_STANDING),
    "renovation": (RENOVATION, []),
    "refurbishment": (REFURBISHMENT, []),
    "repair": (REPAIR, []),
}

# Who is asked about a stage, by the codes of progress.contacts.roles: owners read the names of those who are named.
CONTACT_ROLES = {
    "new_home": {
        "welcome": ["sales"],
        "contract": ["service_centre", "customer_service"],
        "construction": ["site_manager", "service_centre"],
        "handover": ["customer_service", "service_centre"],
        "three-months": ["customer_service", "service_centre"],
        "one-year": ["customer_service", "service_centre"],
        "always": ["service_centre"],
        "years-on": ["property_service"],
    },
    "renovation": {
        "enquiry": ["service_centre"],
        "need": ["adviser"],
        "designer": ["adviser"],
        "feedback": ["adviser"],
        "follow-up": ["adviser"],
        "design-agreement": ["designer"],
        "design": ["designer"],
        "works-contract": ["adviser"],
        "works": ["project_manager", "site_supervisor"],
        "completion": ["customer_service"],
    },
    "refurbishment": {
        "survey": ["customer_service", "service_centre"],
        "quotation": ["customer_service", "service_centre"],
        "contract": ["service_centre"],
        "works": ["project_manager"],
        "acceptance": ["service_centre"],
    },
    "repair": {
        "order": ["service_centre"],
        "survey": ["service_centre"],
        "quotation": ["service_centre"],
        "works": ["service_centre"],
        "sign-off": ["service_centre"],
    },
}
