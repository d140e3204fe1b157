"""The forms in which a draft of a journey template is written: one stage, and its milestones."""

from django import forms
from django.forms import formset_factory
from django.utils.translation import gettext_lazy as _

from accounts.models import one_line
from progress.contacts.roles import ContactRole
from progress.documents.models import Kind as DocumentKind
from progress.journeys.models import StageTemplate

TEXTS = [f"{field}_{language}" for field in ("happens", "to_do", "contact") for language in ("en", "zh")]


class StageForm(forms.ModelForm):
    """One stage, and what owners read of it."""

    contact_roles = forms.MultipleChoiceField(
        label=_("Who is asked about it"),
        choices=ContactRole.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Owners read the names of those who look after their home in these roles."),
    )
    document_kinds = forms.MultipleChoiceField(
        label=_("Documents that belong to it"),
        choices=DocumentKind.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Owners see links to their own documents of these kinds."),
    )

    class Meta:
        model = StageTemplate
        fields = ["name_en", "name_zh", "code", "order", "regular_news", *TEXTS, "contact_roles", "document_kinds"]
        help_texts = {
            "code": _("Homes keep their dates where stage and milestone have the same code as before."),
            "order": _("Empty: it stands beside the others, as “always” does."),
        }
        widgets = dict.fromkeys(TEXTS, forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in ("name_en", "name_zh"):
            self.fields[name].validators.append(one_line)


class StepForm(forms.Form):
    """One milestone of a stage."""

    name_en = forms.CharField(label=_("Name in English"), max_length=80, validators=[one_line])
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, validators=[one_line])
    code = forms.SlugField(label=_("Code"), max_length=40)


class BaseStepsFormSet(forms.BaseFormSet):
    def steps(self):
        """The values of the milestones in the order in which they shall stand."""
        rows = [form.cleaned_data for form in self.ordered_forms if form.cleaned_data]
        return [{name: row[name] for name in ("code", "name_en", "name_zh")} for row in rows]


StepsFormSet = formset_factory(
    StepForm, formset=BaseStepsFormSet, extra=2, can_order=True, can_delete=True, max_num=30, absolute_max=40
)


def steps_of(stage):
    """What the formset shows of a stage that is there."""
    return [{"code": step.code, "name_en": step.name_en, "name_zh": step.name_zh} for step in stage.milestones.all()]
