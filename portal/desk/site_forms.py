"""The forms in which staff write updates, on the desk and on site."""

import uuid
from datetime import UTC, datetime

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from accounts.files.forms import PhotosField
from accounts.models import one_line
from progress.journeys.models import JourneyTemplate, StageTemplate
from progress.updates.models import Update

from .site_announcements import POST, AnnouncementFields
from .site_places import PlacesFields

TEXT_FIELDS = ("title_en", "title_zh", "body_en", "body_zh")


class TextsForm(forms.ModelForm):
    """Title and text per language; one language is enough, and the reader sees that it is another's."""

    update_id = forms.UUIDField(initial=uuid.uuid4, widget=forms.HiddenInput)

    class Meta:
        model = Update
        fields = TEXT_FIELDS
        widgets = {
            "body_en": forms.Textarea(attrs={"rows": 6}),
            "body_zh": forms.Textarea(attrs={"rows": 6}),
        }

    def clean(self):
        cleaned = super().clean()
        written = [bool(cleaned.get(f"title_{code}")) and bool(cleaned.get(f"body_{code}")) for code in ("en", "zh")]
        if not any(written) and not self.errors:
            raise forms.ValidationError(_("Please write a title and a text in at least one language."))
        return cleaned

    def validate_constraints(self):
        """Left out: `clean` asks for the same, in words for the one who writes."""

    def texts(self):
        """The four text fields by name, as the actions take them."""
        return {field: self.cleaned_data[field] for field in TEXT_FIELDS}


class UpdateForm(AnnouncementFields, PlacesFields, TextsForm):
    """An update: whom it is for, its stage, its texts and photos. Choices are what `user` may post for."""

    stage_code = forms.ChoiceField(label=_("Stage"), required=False)
    photos = PhotosField(
        label=_("Photos"),
        required=False,
        help_text=_("Take them here, or choose several from the phone. The first one leads."),
    )

    class Meta(TextsForm.Meta):
        fields = ("places", "home_numbers", "stage_code", *TEXT_FIELDS, "photos")

    def __init__(self, *args, user, at, **kwargs):
        super().__init__(*args, **kwargs)
        self.at = at
        if not user.has_perm(POST):
            self.only_announcements()
        self.offer_places(user)
        self.fields["stage_code"].choices = [("", _("No particular stage")), *stage_choices(self.developments)]
        self.order_fields(["kind", *self.Meta.fields])

    def clean(self):
        cleaned = super().clean()
        places = self.chosen_places(cleaned)
        cleaned["chosen"] = places
        self.clean_terms(places, at=self.at)
        return cleaned

    def draft(self):
        """The keyword arguments of `draft_update` and `edit_update`."""
        return {
            "places": self.cleaned_data["chosen"],
            "texts": self.texts(),
            "stage_code": self.cleaned_data["stage_code"],
            "photos": self.cleaned_data["photos"] or [],
            "announcement": self.terms(),
        }


def stage_choices(developments):
    """The ordered stages by kind of work: of the kinds that go on in these developments, or of all if none does yet."""
    templates = JourneyTemplate.objects.known().order_by("kind", "version").distinct()
    under_way = templates.filter(journey__home__development__in=developments, journey__ended=None)
    templates = {template.kind: template for template in under_way or templates}.values()
    stages = StageTemplate.objects.filter(template__in=templates, order__isnull=False).order_by("template", "order")
    return [
        (str(template.get_kind_display()), [(s.code, str(s.name)) for s in stages if s.template_id == template.pk])
        for template in templates
    ]


class ScheduleForm(forms.Form):
    """When an update shall be published, in the development's own time."""

    publish_at = forms.DateTimeField(
        label=_("Publish at"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"],
        validators=[MaxValueValidator(datetime(2100, 1, 1, tzinfo=UTC))],  # the year 9999 ends nowhere else
    )


class CaptionForm(forms.Form):
    """What one photo shows, in each language; read aloud to those who do not see it."""

    caption_en = forms.CharField(label=_("Caption in English"), max_length=200, required=False, validators=[one_line])
    caption_zh = forms.CharField(label=_("Caption in Chinese"), max_length=200, required=False, validators=[one_line])
