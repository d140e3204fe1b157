"""Publishing the site: pages, guides, snippets and the company's data, as marketing would have done by today."""

import logging
import uuid
from contextlib import contextmanager
from datetime import timedelta

from django.apps import apps
from wagtail.fields import StreamField
from wagtail.models import Locale, Page, Site
from wagtail.signal_handlers import disable_reference_index_auto_update

from accounts.models import User
from cms.checklists.actions import tick
from cms.guides.models import Edition, GuideReading
from cms.models import CompanySettings, ContactCard, HomePage, PriceTable
from portal.demo import news
from progress.models import HouseType

from .days import days_of
from .pictures import discard, upload_pictures
from .streams import Streams, id_of
from .texts import LANGUAGES, in_language, languages_of, read_pages, read_snippets

WEEK = 7
TRANSLATED = -75  # the day on which the page that is outdated by now was translated
AUDIENCE = {"kinds": "for_kinds", "stages": "for_stages", "roles": "for_roles"}
# What is no field of a page, or becomes one only by `_ties` and `_moments`.
OURS = {"model", "key", "parent", "languages", "scheduled", "draft", "outdated", "before", "ticks"}
TIED = {"cover", "development", "house_type", "date", "valid_from"}


@contextmanager
def quietly():
    """Within it Wagtail doesn't report each of some hundred pages, nor the jobs that follow the commit."""
    loggers = [logging.getLogger(name) for name in ("wagtail", "django_tasks")]
    levels = [logger.level for logger in loggers]
    for logger in loggers:
        logger.setLevel(logging.WARNING)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)


class Published:
    """`loaded` is the Loader: its people, places and days. Pages are made in the order of the files."""

    def __init__(self, loaded):
        self.loaded, self.by, self.approver = loaded, loaded.staff["luo"], loaded.staff["han"]
        self.locales = {language: Locale.objects.get(language_code=code) for language, code in LANGUAGES.items()}
        self.pages, self.streams, self.pictures = {}, {}, {}

    def publish(self):
        """All of it; when it fails, the pictures' files go as the rows do."""
        try:
            self._publish_all()
        except BaseException:
            discard(self.pictures)
            raise

    def _publish_all(self):
        self.pictures.update(upload_pictures(by=self.by))
        self.write_company()
        snippets = self.write_snippets()
        for language in LANGUAGES:
            self.streams[language] = Streams(language, pictures=self.pictures, snippets=snippets[language])
        for written in read_pages():
            self.write_page(written)
        self.remember_readers()
        self.tick_off()

    def write_company(self):
        site = Site.objects.get(is_default_site=True)
        CompanySettings.objects.update_or_create(site=site, defaults=read_snippets()["company"])

    def write_snippets(self):
        """{language: {key: row}}"""
        made = {language: {} for language in LANGUAGES}
        written = read_snippets()
        for language in LANGUAGES:
            streams = Streams(language)
            for model, kind in ((ContactCard, "cards"), (PriceTable, "tables")):
                for key, values in written[kind].items():
                    made[language][key] = self._write_snippet(model, f"{kind}.{key}", values, language, streams)
        return made

    def _write_snippet(self, model, key, values, language, streams):
        said = in_language(values, language, {})
        if rows := said.get("rows"):
            block = model._meta.get_field("rows").stream_block
            said["rows"] = streams.stream(block, [{"type": "row", "value": row} for row in rows], key=key)
        return model.objects.create(locale=self.locales[language], translation_key=_key(key), **said)

    def write_page(self, written):
        key = written["key"]
        for language in languages_of(written):
            page = self._front(written, language) if key == "home" else self._new(written, language)
            for name, value in self._fields(written, type(page), language).items():
                setattr(page, name, value)
            if not page.pk:
                with disable_reference_index_auto_update():  # publishing does it
                    self.pages[written.get("parent", "home"), language].add_child(instance=page)
            self.pages[key, language] = page
            self.streams[language].ids[key] = page.pk
            if "before" in written:
                self._publish_before(page, written, language)
            if written.get("draft"):  # it has a day, and nobody has scheduled it
                page.save_revision(user=self.by)
            else:
                self._publish(page)
        self._leave_to_be_done(written)

    def _front(self, written, language):
        """The front page is there from the beginning, in each language."""
        return HomePage.objects.get(locale=self.locales[language])

    def _new(self, written, language):
        model = apps.get_model(written["model"])
        return model(locale=self.locales[language], translation_key=_key(written["key"]), owner=self.by, live=False)

    def _publish(self, page):
        page.save_revision(user=self.by).publish(user=self.approver)

    def _publish_before(self, page, written, language):
        """The edition before today's: it lacked the last block, and there are some who read it."""
        said = {name: getattr(page, name) for name in ("version", "valid_from", "what_changed", "body")}
        earlier = {**written, "version": written["version"] - 1, "body": written["body"][:-1], "what_changed": ""}
        fields = self._fields({**earlier, "valid_from": written["before"]["valid_from"]}, type(page), language)
        for name in said:
            setattr(page, name, fields[name])
        self._publish(page)
        for name, value in said.items():
            setattr(page, name, value)

    def _leave_to_be_done(self, written):
        """What the report of translations shows: one page in one language only, one changed since it was translated."""
        key = written["key"]
        if languages_of(written) == ["en"]:
            Page.objects.get(pk=self.pages[key, "en"].pk).specific.copy_for_translation(self.locales["zh"], alias=True)
        if written.get("outdated"):
            page = Page.objects.filter(pk=self.pages[key, "zh"].pk)
            page.update(last_published_at=news.afternoon(self.loaded.day(TRANSLATED)))

    def remember_readers(self):
        """Editions are as old as they are valid, and some owners have read one."""
        for edition in Edition.objects.all():
            at = {"published_at": news.afternoon(edition.valid_from, 9)}
            Edition.objects.filter(pk=edition.pk).update(**at)
            edition.texts.update(**at)
        for written in read_pages():
            for key, day in written.get("before", {}).get("readers", {}).items():
                seen = {"guide_key": _key(written["key"]), "number": written["version"] - 1}
                at = news.afternoon(self.loaded.day(day), 19)
                GuideReading.objects.create(owner=self.loaded.owners[key], at=at, **seen)

    def tick_off(self):
        """What households have done of the checklists."""
        for written in read_pages():
            for each in written.get("ticks", []):
                item = id_of(f"{written['key']}.body.{each['entry']}")
                tick(
                    op=_key(f"{each['home']} {item}"),
                    home=self.loaded.homes[each["home"]],
                    guide_key=_key(written["key"]),
                    item=item,
                    ticked=True,
                    by=User.objects.get(owner=self.loaded.owners[each["by"]]),
                    at=news.afternoon(self.loaded.day(each["day"]), 20),
                )

    def _fields(self, written, model, language):
        """The values of the page's fields in this language."""
        said = in_language(written, language, days_of(self.loaded.friday, language))
        fields = {AUDIENCE.get(name, name): value for name, value in said.items() if name not in OURS | TIED}
        for name, value in list(fields.items()):
            field = model._meta.get_field(name)
            if isinstance(field, StreamField):
                fields[name] = self.streams[language].stream(field.stream_block, value, key=f"{written['key']}.{name}")
        return fields | self._ties(written, language) | self._moments(written)

    def _ties(self, written, language):
        """What a page points to: its picture, its development, its house type."""
        ties = {}
        if "cover" in written:
            picture = self.pictures[written["cover"]]
            ties = {"cover": picture.image, "cover_alt": picture.words[language]}
        if "development" in written:
            ties["development"] = self.loaded.places[written["development"]]
        if "house_type" in written:
            development, name = written["house_type"].split()
            ties["house_type"] = HouseType.objects.get(development=self.loaded.places[development], name=name)
        return ties

    def _moments(self, written):
        moments = {name: self.loaded.day(written[name]) for name in ("date", "valid_from") if name in written}
        if written.get("scheduled") or written.get("draft"):
            moments["date"] = news.coming_friday(self.loaded.today) + timedelta(days=written["date"] - WEEK)
            moments["go_live_at"] = news.afternoon(moments["date"], 9)
        return moments


def _key(name):
    return uuid.uuid5(news.NAMES, f"site {name}")
