"""Pages of the public site, what several of them share, and the company's own data."""

from .base import PublicPage
from .board import ComplaintsBoardPage
from .company import CompanySettings
from .designers import DesignerPage, DesignersPage, Grade
from .developments import DevelopmentIndexPage, DevelopmentPage, HouseTypePage
from .home import HomePage
from .news import ArticlePage, NewsIndexPage
from .open_days import OpenDayPage
from .services import ServicesPage
from .snippets import ContactCard, PriceTable
from .standard import ContactPage, QuestionsPage, StandardPage

__all__ = [
    "ArticlePage",
    "CompanySettings",
    "ComplaintsBoardPage",
    "ContactCard",
    "ContactPage",
    "DesignerPage",
    "DesignersPage",
    "DevelopmentIndexPage",
    "DevelopmentPage",
    "Grade",
    "HomePage",
    "HouseTypePage",
    "NewsIndexPage",
    "OpenDayPage",
    "PriceTable",
    "PublicPage",
    "QuestionsPage",
    "ServicesPage",
    "StandardPage",
]
