"""Guides: pages for owners, as marketing writes them, and their editions, as owners read them."""

from .editions import AudienceEntry, Edition, EditionText, GuideReading, Sort
from .pages import GuideIndexPage, GuidePage

__all__ = ["AudienceEntry", "Edition", "EditionText", "GuideIndexPage", "GuidePage", "GuideReading", "Sort"]
