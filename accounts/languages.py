"""Text that staff write once per language, shown in the reader's with a visible fallback."""

from django.conf import settings
from django.utils.translation import get_language

SUFFIX = {"en": "en", "zh-hans": "zh"}


class LocalizedText(str):
    """A text that knows the language it is in, and whether that is the one asked for."""

    lang: str
    is_fallback: bool

    @classmethod
    def of(cls, row, field, language=None):
        """The text of `field` in `language` (by default the active one), else in the first one that has it.

        `row` keeps one column a language: `title_en`, `title_zh`.
        """
        wanted = language or get_language() or settings.LANGUAGE_CODE
        wanted = wanted if wanted in SUFFIX else settings.LANGUAGE_CODE
        order = [wanted] + [code for code in SUFFIX if code != wanted]
        lang = next((code for code in order if getattr(row, f"{field}_{SUFFIX[code]}")), wanted)
        text = cls(getattr(row, f"{field}_{SUFFIX[lang]}"))
        text.lang = "zh-Hans" if lang == "zh-hans" else lang
        text.is_fallback = lang != wanted
        return text

    def part(self, words):
        """Some words of this text, in its language."""
        part = type(self)(words)
        part.lang, part.is_fallback = self.lang, self.is_fallback
        return part


def half_of(name):
    """Of a name that is written in both languages, “Building 3 · 3号楼”, the reader's half; any other as it is."""
    halves = name.split(" · ")
    chinese = [any("\u4e00" <= letter <= "\u9fff" for letter in half) for half in halves]
    if sorted(chinese) != [False, True]:
        return name
    return halves[chinese.index(get_language() == "zh-hans")]
