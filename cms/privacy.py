"""What pages hold about people: nothing of customers. They are public.

A designer's page and a team's contact name staff who agreed to it; editors take them down when somebody leaves.
"""

from accounts.privacy.registry import declare

from . import models

PUBLIC = "page_ptr lead cover cover_alt"

declare(
    models.HomePage, plain=f"{PUBLIC} headline cover_on_top highlights promises_heading promises_lead promises body"
)
declare(models.DevelopmentIndexPage, plain=PUBLIC)
declare(
    models.DevelopmentPage,
    plain=f"{PUBLIC} development state overline address facts gallery gallery_note risks_lead risks location body",
)
declare(models.HouseTypePage, plain=f"{PUBLIC} house_type rooms plan facts body")
declare(models.OpenDayPage, plain=f"{PUBLIC} body")
declare(models.ComplaintsBoardPage, plain=f"{PUBLIC} body")
declare(models.NewsIndexPage, plain=PUBLIC)
declare(models.ArticlePage, plain=f"{PUBLIC} date author_name body")
declare(models.StandardPage, plain=f"{PUBLIC} in_footer body")
declare(models.ContactPage, plain=f"{PUBLIC} cards location body")
declare(models.QuestionsPage, plain=f"{PUBLIC} questions")
declare(
    models.DesignersPage,
    plain=f"{PUBLIC} fee_standard fee_senior fee_associate fee_principal fee_package fees_note body",
)
declare(models.DesignerPage, plain=f"{PUBLIC} grade styles awards homes_done years clients_a_year works body")
declare(models.ServicesPage, plain=f"{PUBLIC} services prices body")
declare(models.ContactCard, plain="id translation_key locale name text phone email address hours")
declare(models.PriceTable, plain="id translation_key locale title text what_heading price_heading rows note")
declare(
    models.CompanySettings,
    plain="id site name_en name_zh legal_name_en legal_name_zh logo hotline filing_number address_en address_zh"
    " hours_en hours_zh",
)
