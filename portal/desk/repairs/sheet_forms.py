"""The service sheet: work, materials, minutes, cost, and the owner's name and signature."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.files.forms import PhotosInput
from accounts.models import one_line
from portal.bookings.passages import how_long_ago
from portal.tickets.jobs.forms import CostField, TextField

from ..gate.forms import EntryForm
from .signatures import DrawnField, PaperField

LONGEST_DAY = 24 * 60
WORK = 1000  # characters: whoever has the home next reads it, too
CHINESE = re.compile(r"[\u4e00-\u9fff]")


class SheetForm(EntryForm):
    """`op`, from EntryForm, is the id of the sheet; a phone that sends it later says when it was signed."""

    work = TextField(
        label=_("Work done"), max_length=WORK, rows=3, help_text=_("In Chinese or English. The owner reads it.")
    )
    other = TextField(label=_("The same in the other language"), max_length=WORK, rows=2, required=False)
    materials = TextField(label=_("Materials used"), max_length=1000, rows=2, required=False)
    minutes = forms.IntegerField(label=_("Time taken, in minutes"), min_value=1, max_value=LONGEST_DAY)
    cost = CostField(label=_("To be paid, in yuan"), required=False, help_text=_("Empty: nothing is to be paid."))
    finished = forms.BooleanField(
        label=_("It is fixed"), required=False, initial=True, help_text=_("The owner is asked whether it is so.")
    )
    signed_name = forms.CharField(label=_("Who signs"), max_length=80, validators=[one_line])
    signature = DrawnField(required=False)
    paper = PaperField(
        label=_("Or a photo of the signed paper"),
        required=False,
        widget=PhotosInput(attrs={"data-paper": "", "data-max-files": 1, "multiple": False}),
    )

    def __init__(self, *args, ticket, **kwargs):
        super().__init__(*args, initial={"signed_name": ticket.owner.name if ticket.owner else ""}, **kwargs)

    @property
    def above(self):
        """What stands above the signature."""
        return [self[name] for name in ("work", "other", "materials", "minutes", "cost", "finished")]

    def clean(self):
        cleaned = super().clean()
        work, other = cleaned.get("work", ""), cleaned.get("other", "")
        if work and other and _is_chinese(work) == _is_chinese(other):
            self.add_error("other", _("Please write it in the other language, or leave it empty."))
        signed = cleaned.get("signature") or cleaned.get("paper")
        if not signed and not self.errors.keys() & {"signature", "paper"}:
            self.add_error("paper", _("Please let them sign, or take a photo of the signed paper."))
        return cleaned

    def _work(self):
        """(in English, in Chinese)"""
        work, other = self.cleaned_data["work"], self.cleaned_data["other"]
        return (other, work) if _is_chinese(work) else (work, other)

    def signed(self, *, at):
        """What the signing action takes; `at` is when it was signed."""
        data, (english, chinese) = self.cleaned_data, self._work()
        names = ("materials", "minutes", "cost", "signed_name")
        return {name: data[name] for name in names} | {
            "work_en": english,
            "work_zh": chinese,
            "signature": data["signature"] or data["paper"],
            "at": how_long_ago(made_at=data["made_at"], sent_at=data["sent_at"], at=at),
        }

    def done(self):
        """What is kept with the ticket, for whoever has the home next, too."""
        english, chinese = self._work()
        return {"work_done_en": english, "work_done_zh": chinese}


def _is_chinese(text):
    return bool(CHINESE.search(text))
