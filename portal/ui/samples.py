"""What the page of components shows: a form in every state, photos, dates, a home."""

import re
from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

from django import forms
from django.contrib.staticfiles import finders
from django.core.paginator import Paginator
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.languages import LocalizedText

SCENES = ("ground", "structure", "topped", "windows", "finishing", "home")
COLOURS = [
    "paper",
    "surface",
    "sunken",
    "ink",
    "ink-soft",
    "accent",
    "lamp",
    "sky",
    "earth",
    "good",
    "info",
    "warning",
    "danger",
]


class SampleForm(forms.Form):
    """Each kind of field once."""

    name = forms.CharField(label=gettext_lazy("Name on the contract"))
    phone = forms.CharField(
        label=gettext_lazy("Phone"),
        required=False,
        help_text=gettext_lazy("Only for the visit; never after 22:00."),
        widget=forms.TextInput(attrs={"type": "tel", "placeholder": "138 0000 0000", "autocomplete": "tel"}),
    )
    email = forms.EmailField(label=gettext_lazy("E-mail"))
    password = forms.CharField(label=gettext_lazy("Password"), widget=forms.PasswordInput, required=False)
    room = forms.ChoiceField(
        label=gettext_lazy("Room"),
        choices=[("bath", gettext_lazy("Main bathroom")), ("kitchen", gettext_lazy("Kitchen"))],
    )
    number = forms.CharField(label=gettext_lazy("Contract number"), disabled=True, required=False)
    day = forms.DateField(label=gettext_lazy("Day"))
    moment = forms.DateTimeField(label=gettext_lazy("Publish at"))
    words = forms.CharField(
        label=gettext_lazy("What is wrong?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("A photo and two words are enough."),
    )
    reach = forms.ChoiceField(
        label=gettext_lazy("How shall we reach you?"),
        widget=forms.RadioSelect,
        choices=[("sms", gettext_lazy("Text message")), ("email", gettext_lazy("E-mail"))],
    )
    news = forms.MultipleChoiceField(
        label=gettext_lazy("Tell me when"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[
            (gettext_lazy("On the site"), [("dates", gettext_lazy("a date changes"))]),
            (gettext_lazy("In my home"), [("photos", gettext_lazy("new photos arrive"))]),
        ],
    )
    rules = forms.BooleanField(
        label=gettext_lazy("I accept the rules of the site"),
        error_messages={"required": gettext_lazy("Please accept the rules first.")},
    )
    photos = forms.FileField(
        label=gettext_lazy("Add photos"),
        required=False,
        help_text=gettext_lazy("Up to ten. We remove the place and the device from each."),
        widget=forms.FileInput(attrs={"accept": "image/*", "data-max-files": "10", "data-max-bytes": "20000000"}),
    )
    step = forms.CharField(widget=forms.HiddenInput, initial="1")


INITIAL = {
    "name": "Shen Yue",
    "email": "shen.yue@home.example",
    "number": "QH-3-1102",
    "day": date(2026, 12, 5),
    "moment": datetime(2026, 12, 5, 10, 30),  # noqa: DTZ001  as a form shows it
    "reach": "sms",
    "news": ["dates"],
}


def context(request):
    """Everything the page and its frames need; `failed` is the form as it comes back with errors."""
    failed = SampleForm({"email": "shen.yue@home", "news": ["x"], "step": "1"}, prefix="failed", initial=INITIAL)
    failed.data = {f"failed-{key}": value for key, value in failed.data.items()}
    failed.add_error(None, _("Someone else took the last place while you were writing."))
    homes = [home("Qinghuai Lane", "青槐里", "3-1102"), home("Tinghe Court", "听河苑", "6-501")]
    return {
        "form": SampleForm(initial=INITIAL),
        "failed": failed,
        "icons": icon_names(),
        "colours": COLOURS,
        "tones": ["", "quiet", "good", "info", "warning", "danger"],
        "saturday": date(2026, 12, 5),
        "planned": date(2026, 11, 30),
        "forecast": date(2026, 12, 9),
        "moment": datetime(2026, 12, 5, 10, 30, tzinfo=ZoneInfo("Asia/Shanghai")),
        "steps": steps(),
        "photos": photos(),
        "page_obj": Paginator(range(120), 10).get_page(request.GET.get("page", 6)),
        "written": LocalizedText.of(
            SimpleNamespace(title_en="Windows reach floor nine", title_zh="外窗装到九层"), "title"
        ),
        "english_only": LocalizedText.of(SimpleNamespace(text_en=ENGLISH, text_zh=""), "text"),
        "chinese_only": LocalizedText.of(SimpleNamespace(text_en="", text_zh=CHINESE), "text"),
        "masthead": {"tabs": tabs(), "home": homes[0], "homes": homes, "unread": 2},
        "public": {"links": [{"label": _("News"), "url": "#news"}, {"label": _("Guides"), "url": "#guides"}]},
    }


ENGLISH = "The replacement panes came on Monday.\n\nFloors 10 and 11 are next, wind allowing."
CHINESE = "重做的玻璃周一到了。\n\n接下来是10层和11层，看风力。"


def icon_names():
    """The ids in the sprite."""
    with open(finders.find("ui/icons.svg"), encoding="utf-8") as sprite:
        return re.findall(r'<symbol id="([\w-]+)"', sprite.read())


def home(name_en, name_zh, number):
    place = SimpleNamespace(name_en=name_en, name_zh=name_zh)
    development = SimpleNamespace(name=LocalizedText.of(place, "name"))
    return SimpleNamespace(
        pk="00000000-0000-4000-8000-000000000001" if number == "3-1102" else number,
        development=development,
        number=number,
    )


def tabs():
    labels = [(_("Home"), "home"), (_("Journey"), "journey"), (_("Messages"), "bell"), (_("Profile"), "user")]
    return [{"label": label, "url": "#main", "icon": icon, "current": icon == "home"} for label, icon in labels]


def steps():
    return [
        {"name": _("Welcome"), "note": "2025-07", "state": "done"},
        {"name": _("Contract"), "note": "2025-08", "state": "done"},
        {"name": _("Construction"), "note": _("Now"), "state": "now"},
        {"name": _("Handover"), "note": "2027-06", "state": ""},
    ]


def photos():
    """Scenes in place of photographs."""
    captions = [
        _("The ground is ready."),
        _("Nine floors stand."),
        _("The roof is on."),
        "",
        _("The paths are laid."),
        "",
    ]
    return [
        {
            "page_url": f"/ui/frames/photo/?photo={number}",
            "thumb_url": static(f"ui/art/site-{scene}.svg"),
            "large_url": static(f"ui/art/site-{scene}.svg"),
            "alt": f"{_('Building')} 3, {scene}",
            "width": 760,
            "height": 610,
            "caption": caption,
        }
        for number, (scene, caption) in enumerate(zip(SCENES, captions, strict=True), start=1)
    ]
