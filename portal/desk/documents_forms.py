"""The forms in which staff send documents of homes, and say where each belongs."""

import uuid

from django import forms
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.files.forms import DocumentField, DocumentsField
from accounts.models import one_line
from progress.documents.actions import shown_versions
from progress.documents.filenames import Reader
from progress.documents.models import PRIVATE_KINDS, Kind, MinRole
from progress.transfers.models import HomeTransfer

from .scoped import ScopedForm

TITLES = ("title_en", "title_zh")
LEFT_OUT = "out"


class BatchForm(forms.Form):
    batch_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)


class DocumentForm(ScopedForm):
    """A document of one home. Without a title it is called by its kind."""

    batch_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)
    min_role = forms.ChoiceField(
        label=_("For whom"),
        required=False,
        choices=[("", _("As usual for its kind")), *MinRole.choices],
        help_text=_("Contracts and invoices: owners and co-owners. Others: their family too."),
    )
    upload = DocumentField(label=_("File"), help_text=_("A PDF or a picture, at most 50 MB."))
    for_present = forms.BooleanField(
        label=_("It is for the owners of today"),
        required=False,
        help_text=_("Asked only for a contract or an invoice of a home that is about to change hands."),
    )

    def clean(self):
        cleaned = super().clean()
        private = cleaned.get("kind") in PRIVATE_KINDS
        warning = before_transfer(cleaned["home"]) if private and cleaned.get("home") else ""
        if warning and not cleaned.get("for_present"):
            self.add_error("for_present", warning)
        return cleaned

    def document(self):
        """The keyword arguments of `publish_document`."""
        given = {name: self.cleaned_data[name] for name in ("batch_id", "upload", "home", "kind", "min_role")}
        return given | {"titles": {name: self.cleaned_data[name] for name in TITLES}}


class VersionForm(BatchForm):
    upload = DocumentField(label=_("File"), help_text=_("A PDF or a picture, at most 50 MB."))


class ManyForm(BatchForm):
    """Files whose names say where they belong."""

    uploads = DocumentsField(
        label=_("Files"),
        help_text=_("At most 30 at once, each a PDF or a picture of at most 50 MB."),
    )


def before_transfer(home):
    """What to know about contracts and invoices of a home that is to change hands; "" where none is planned."""
    planned = HomeTransfer.objects.planned().filter(home=home).first()
    if planned is None:
        return ""
    words = gettext(
        "%(home)s changes hands on %(day)s. A contract or an invoice goes to its owners of today. What is meant for"
        " the new owners is uploaded once the home is theirs."
    )
    return words % {"home": home, "day": date_format(planned.on)}


class ChangeForm(forms.Form):
    """What a published document is called, and who sees it."""

    title_en = forms.CharField(label=_("Title in English"), max_length=120, required=False, validators=[one_line])
    title_zh = forms.CharField(label=_("Title in Chinese"), max_length=120, required=False, validators=[one_line])
    min_role = forms.ChoiceField(label=_("For whom"), choices=MinRole)

    def __init__(self, *args, document, **kwargs):
        names = (*TITLES, "min_role")
        super().__init__(*args, initial={name: getattr(document, name) for name in names}, **kwargs)
        if document.is_private:
            self.fields["min_role"].choices = [(MinRole.OWNER, MinRole.OWNER.label)]
            self.fields["min_role"].help_text = _("Contracts and invoices are for owners and co-owners only.")

    def change(self):
        """The keyword arguments of `change_document`."""
        titles = {name: self.cleaned_data[name] for name in TITLES}
        return {"titles": titles, "min_role": self.cleaned_data["min_role"]}


class WithdrawForm(forms.Form):
    """Asks which versions, where owners find more than one."""

    which = forms.ChoiceField(label=_("What is withdrawn"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Why it is withdrawn"), max_length=200)

    def __init__(self, *args, document, **kwargs):
        super().__init__(*args, **kwargs)
        others = [number for number in shown_versions(document) if number != document.version]
        if others:
            self.fields["which"].choices = [("one", _only_this(document, max(others))), ("all", _("All its versions"))]
            self.fields["which"].initial = "one"
        else:
            del self.fields["which"]


def _only_this(document, newest):
    words = {"number": document.version, "other": newest}
    if newest > document.version:
        return gettext("Only version %(number)s; version %(other)s stays the one that owners see first") % words
    return gettext("Only version %(number)s; owners see version %(other)s as the current one again") % words


class PlaceForm(forms.Form):
    """Where one file of a batch goes: a home that its name may mean, and its kind; or nowhere."""

    home = forms.ChoiceField(label=_("Home"))
    kind = forms.ChoiceField(label=_("Kind"), required=False, choices=[("", _("Please choose")), *Kind.choices])

    def __init__(self, *args, waiting, meant, **kwargs):
        super().__init__(*args, prefix=f"file{waiting.pk}", **kwargs)
        self.waiting, self.meant = waiting, meant
        self.homes = {str(home.pk): home for home in meant.homes}
        open_choice = [("", _("Please choose"))] if len(self.homes) > 1 else []
        places = [(pk, _place(home)) for pk, home in self.homes.items()]
        self.fields["home"].choices = [*open_choice, *places, (LEFT_OUT, _("Leave it out"))]
        self.fields["home"].initial = "" if open_choice else next(iter(self.homes))
        self.fields["kind"].initial = meant.kind
        for name, field in self.fields.items():
            field.widget.attrs = {"class": "control", "aria-label": f"{field.label}: {waiting.file_name}"}
            field.widget.attrs["id"] = f"{self.prefix}-{name}"

    @property
    def warnings(self):
        """What to know of the homes it may go to, once each."""
        return list(filter(None, map(before_transfer, self.homes.values())))

    @property
    def title(self):
        return self.meant.titles["title_en"] or self.meant.titles["title_zh"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("home") != LEFT_OUT and not cleaned.get("kind"):
            self.add_error("kind", _("Please choose what it is."))
        return cleaned

    def placed(self):
        """What `publish_batch` takes of this file; None when it is left out."""
        if self.cleaned_data["home"] == LEFT_OUT:
            return None
        return self.waiting, self.homes[self.cleaned_data["home"]], self.cleaned_data["kind"], self.meant.titles


def _place(home):
    return f"{home}, {home.building.name}" if home.building else str(home)


def place_forms(batch, homes, data=None):
    """(a PlaceForm for each file that may go somewhere, [(name, why not) of the others]).

    `homes` are all that the person may choose from: names are read anew each time, so nothing else is accepted.
    """
    reader, forms_, refused = Reader(homes), [], []
    for waiting in batch.waiting.select_related("file"):
        meant = None if waiting.problem else reader.read(waiting.file_name)
        if waiting.problem or meant.problem:
            refused.append((waiting.file_name, waiting.problem or meant.problem))
        else:
            forms_.append(PlaceForm(data, waiting=waiting, meant=meant))
    return forms_, refused
