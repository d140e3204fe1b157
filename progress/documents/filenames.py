"""Which home, kind and title the name of a file means: "3-1102 Contract 2026.pdf", "青槐里_3-1102_合同.pdf"."""

import re
import unicodedata
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from progress.models import Development

from .models import Kind

# The longest that stands in a name decides: 许可证 is a permit, not a certificate.
WORDS = {
    Kind.CONTRACT: ("contract", "agreement", "合同", "协议"),
    Kind.PLAN: ("floor plan", "plan", "drawing", "平面图", "户型图", "图纸"),
    Kind.PERMIT: ("permit", "licence", "license", "许可证", "许可", "批文"),
    Kind.INVOICE: ("invoice", "receipt", "bill", "发票", "收据", "账单"),
    Kind.CERTIFICATE: ("certificate", "warranty", "合格证", "证书", "质保书", "保修书", "产权证"),
    Kind.REPORT: ("report", "报告"),
}
CHINESE = re.compile(r"[\u3400-\u9fff]")


@dataclass
class Meant:
    """What a file's name says. Without a problem, `homes` are those it may be for: one, or several to choose from."""

    homes: list = field(default_factory=list)
    kind: str = ""
    titles: dict = field(default_factory=dict)
    problem: str = ""


class Reader:
    """Reads names of files for one member of staff: `homes` are all that they may see, and no other is ever found."""

    def __init__(self, homes):
        self.homes, ours = {}, {}
        for home in homes.select_related("development", "building"):
            ours[home.development_id] = home.development
            for written in _ways_to_write(home):
                self.homes.setdefault(written, []).append(home)
        self.ours = list(ours.values())
        self.foreign = list(Development.objects.exclude(pk__in=ours))

    def read(self, file_name):
        """What the name of one file means."""
        stem = _half_width(file_name.rpartition(".")[0] or file_name)
        developments = [place for place in self.ours if _is_named(place, stem)]
        if not developments and any(_is_named(place, stem) for place in self.foreign):
            return Meant(problem=_("It names a development that is not one of yours."))
        rest = _without(stem, [name for place in developments for name in _names(place)])
        numbers = self._numbers_in(rest)
        rest = _without(rest, numbers)
        homes = self._homes_called(numbers, rest, developments)
        if not homes:
            return Meant(problem=_("No home of yours has a number that stands in this name."))
        return _meant(homes, _without(rest, [home.building.name for home in homes if home.building]))

    def _numbers_in(self, text):
        lowered = text.lower()
        found = [number for number in self.homes if number in lowered and _stands(number, text)]
        return [number for number in found if not any(number in longer and number != longer for longer in found)]

    def _homes_called(self, numbers, rest, developments):
        """The homes with these numbers, those of a development or a building that is named before all others."""
        homes = {home.pk: home for number in numbers for home in self.homes[number]}.values()
        if developments:
            homes = [home for home in homes if home.development in developments]
        in_building = [home for home in homes if home.building and _in_words(home.building.name, rest)]
        return list(in_building or homes)


def _meant(homes, rest):
    words = " ".join(re.sub(r"[_\s,，、;；()（）\[\]【】]+", " ", rest).split()).strip(" -–—.·")
    kind, word = _kind_of(words)
    title = "" if words.lower() == word else words[:120].strip()
    column = "title_zh" if CHINESE.search(title) else "title_en"
    return Meant(homes, kind, {"title_en": "", "title_zh": ""} | {column: title})


def _kind_of(words):
    """The kind that the words name, and the word that does; nothing when none does, or several do."""
    found = {word: kind for kind, names in WORDS.items() for word in names if _in_words(word, words)}
    longest = {word for word in found if not any(word in other and word != other for other in found)}
    if len({found[word] for word in longest}) != 1:
        return "", ""
    word = max(longest, key=len)
    return found[word], word


def _half_width(text):
    """Digits and letters in half width, dashes of all kinds the same."""
    return re.sub(r"[‐‑‒–—－]", "-", unicodedata.normalize("NFKC", text)).strip()


def _ways_to_write(home):
    """A number as it is, and after its building: home 1102 of building 3 is also 3-1102."""
    number = _half_width(home.number).lower()
    return {number, f"{_half_width(home.building.name).lower()}-{number}"} if home.building else {number}


def _names(development):
    return [name for name in (development.name_en, development.name_zh) if name]


def _is_named(development, text):
    return any(_in_words(name, text) for name in _names(development))


def _stands(number, text):
    """Whether a number stands there by itself, as no part of a longer one: 1102 does not stand in 3-1102."""
    alone = rf"(?<![a-z0-9])(?<![0-9]-)(?<!(?<![a-z])[a-z]-){re.escape(number)}(?![a-z0-9])(?!-[0-9])"
    return bool(re.search(alone, text, re.IGNORECASE))


def _in_words(words, text):
    """Whether the words stand there, not inside a longer English word; Chinese has no spaces to go by."""
    found = rf"(?<![a-z0-9]){re.escape(_half_width(words))}s?(?![a-z0-9])"
    return bool(re.search(found, text, re.IGNORECASE))


def _without(text, parts):
    for part in sorted(filter(None, map(_half_width, parts)), key=len, reverse=True):
        text = re.sub(rf"(?<![a-z0-9]){re.escape(part)}(?![a-z0-9])", " ", text, flags=re.IGNORECASE)
    return text
