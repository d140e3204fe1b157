"""Guides as one reader sees them: the edition of today in their language, and what changed since they read it."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.utils.timezone import localdate
from django.utils.translation import get_language

from accounts.languages import LocalizedText

from .models import Edition, EditionText, GuideReading
from .sections import difference, outline_of, sections_of, words_in

NEW_FOR = timedelta(days=30)  # as long an edition that nobody has read is called new
CODES = {"zh-hans": "zh-Hans"}


@dataclass
class Guide:
    """`text` is what is shown; `edition` the one of today, which may be newer than the text in the reader's language.

    `read`: the highest edition this reader has opened, 0 for none. `history`: the texts in the language of `text`
    from that one on, the oldest first.
    """

    edition: Edition
    text: EditionText
    language: str
    on: date
    for_stage: bool = False
    follows: bool = True
    read: int = 0
    newer: EditionText | None = None
    history: list = field(default_factory=list)

    @property
    def key(self):
        return self.edition.guide_key

    @property
    def title(self):
        return self._in_its_language(self.text.title)

    @property
    def lead(self):
        return self._in_its_language(self.text.lead)

    @property
    def lang(self):
        return CODES.get(self.text.language, self.text.language)

    @property
    def is_fallback(self):
        return self.text.language != self.language

    @property
    def number(self):
        """Of what is shown, and so of what is noted as read."""
        return self.text.edition.number

    @property
    def day(self):
        """The day of which it is: of its last correction, else the one from which it is valid."""
        text = self.text
        moment = text.amended_at or text.published_at
        return (None if text.amended_at else text.edition.valid_from) or (moment and localdate(moment))

    @property
    def is_changed(self):
        """Whether this reader knows an earlier edition."""
        return 0 < self.read < self.number

    @property
    def is_new(self):
        """Whether it is fresh, and not opened by this reader yet."""
        begun = self.edition.valid_from or localdate(self.edition.published_at)
        return self.read == 0 and self.on - begun < NEW_FOR

    @property
    def words(self):
        """What the editors said of the editions since, the newest first."""
        later = [text for text in self.history if text.edition.number > self.read and text.what_changed]
        return [self._in_its_language(text.what_changed) for text in reversed(later)]

    @property
    def changes(self):
        """The sections that were added, changed or taken out since this reader's edition; None where it is not kept."""
        known = next((text for text in self.history if text.edition.number == self.read), None)
        return difference(known.sections, self.text.sections) if known and self.is_changed else None

    @property
    def what_changed(self):
        """What the editors said of the edition that is shown."""
        return self._in_its_language(self.text.what_changed)

    @property
    def sections(self):
        return sections_of(self.text.body, follows=self.follows)

    def _in_its_language(self, words):
        text = LocalizedText(words)
        text.lang, text.is_fallback = self.lang, self.is_fallback
        return text


def guides_for(editions, *, owner=None, on, follows=True, language=None, asked="", known_before=None, with_body=False):
    """The Guides of `editions` (in force and fitting, a page of them perhaps), in their order. Two queries.

    `asked`: in this language, if it is there, though the reader's is `language` (by default the active one).
    `known_before`: what `owner` opened only after that moment counts as not read yet.
    """
    editions = list(editions)
    language = language or get_language()
    texts = EditionText.objects.filter(edition__guide_key__in=[edition.guide_key for edition in editions])
    texts = texts.readable(on=on).select_related("edition").order_by("edition__number")
    texts = texts if with_body else texts.defer("blocks")
    by_guide = defaultdict(list)
    for text in texts:
        by_guide[text.edition.guide_key].append(text)
    read = _read_by(owner, by_guide, before=known_before)
    return [
        _guide(
            edition,
            by_guide[edition.guide_key],
            language,
            asked=asked,
            on=on,
            follows=follows,
            read=read.get(edition.guide_key, 0),
        )
        for edition in editions
    ]


def _read_by(owner, keys, *, before):
    """{key: the highest edition that `owner` has opened}."""
    if owner is None:
        return {}
    readings = GuideReading.objects.filter(owner=owner, guide_key__in=list(keys)).order_by("number")
    readings = readings.filter(at__lt=before) if before else readings
    return dict(readings.values_list("guide_key", "number"))


def _guide(edition, texts, language, *, asked, on, follows, read):
    own = [text for text in texts if text.language == (asked or language)]
    shown, newest = (own or texts)[-1], texts[-1]
    return Guide(
        edition=edition,
        text=shown,
        language=language,
        on=on,
        for_stage=getattr(edition, "for_stage", False),
        follows=follows,
        read=read,
        newer=newest if newest.edition.number > shown.edition.number else None,
        history=[text for text in texts if text.language == shown.language and text.edition.number >= read],
    )


def as_draft(page, *, on, follows=True):
    """A page as its editor has it now, before it is published."""
    edition = Edition(guide_key=page.translation_key, number=page.version, valid_from=page.valid_from)
    text = draft_text(page, edition, at=page.latest_revision_created_at)
    language = page.locale.language_code
    return Guide(edition=edition, text=text, language=language, on=on, follows=follows)


def draft_text(page, edition, *, at):
    """The text of `page` in `edition`, not saved."""
    text = EditionText(
        edition=edition,
        page=page,
        language=page.locale.language_code,
        title=page.title,
        lead=page.lead,
        blocks=list(page.body.get_prep_value()),
        what_changed=page.what_changed,
        published_at=at,
    )
    text.sections, text.words = outline_of(text), words_in(text.body)
    return text
