"""The editor's form of a guide: whom it is for as boxes, and what makes no sense is said before it is saved."""

from collections import defaultdict

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminPageForm

from progress.journeys.models import JourneyTemplate, Kind, StageTemplate
from progress.models import Building, Development, HouseType, Role

NOBODY_CHOSEN = gettext_lazy("None chosen: for all.")


def stage_choices():
    """[(code, name)] of the stages of all kinds of work, each code once, in the order of the work."""
    stages = StageTemplate.objects.exclude(template__state=JourneyTemplate.State.DRAFT).select_related("template")
    found = {}
    for stage in stages.order_by("template__kind", "template__version", "order", "pk"):
        found.setdefault(stage.code, {})[stage.template.get_kind_display()] = str(stage.name)
    return [(code, f"{next(iter(names.values()))} ({', '.join(names)})") for code, names in found.items()]


def development_choices():
    return [(str(each.pk), str(each)) for each in Development.objects.all()]


def building_choices():
    return _by_development(Building)


def house_type_choices():
    return _by_development(HouseType)


def _by_development(model):
    groups = defaultdict(list)
    for place in model.objects.select_related("development"):
        groups[str(place.development)].append((str(place.pk), getattr(place, "title", place.name)))
    return list(groups.items())


class Several(forms.MultipleChoiceField):
    widget = forms.CheckboxSelectMultiple

    def __init__(self, choices, **kwargs):
        super().__init__(choices=choices, required=False, help_text=NOBODY_CHOSEN, **kwargs)

    def keep(self, values):
        """What was chosen once and is no longer there stays visible, so that saving does not widen the audience."""
        known = {str(value) for value, _label in _flat(self.choices)}
        gone = [value for value in values if value not in known]
        if gone:
            self.choices = [*self.choices, *((value, _("no longer in the portal")) for value in gone)]


def _flat(choices):
    for value, label in choices:
        yield from label if isinstance(label, list | tuple) else [(value, label)]


class GuidePageForm(WagtailAdminPageForm):
    for_kinds = Several(Kind.choices, label=gettext_lazy("Kinds of work"))
    for_developments = Several(development_choices, label=gettext_lazy("Developments"))
    for_buildings = Several(building_choices, label=gettext_lazy("Buildings"))
    for_house_types = Several(house_type_choices, label=gettext_lazy("House types"))
    for_stages = Several(stage_choices, label=gettext_lazy("Stages"))
    for_roles = Several(Role.choices, label=gettext_lazy("Roles in the household"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.pk and not self.instance.has_unpublished_changes:
            self.initial |= _as_published(self.instance)
        for name, field in self.fields.items():
            if isinstance(field, Several):
                field.keep(self.initial.get(name) or [])

    def clean_version(self):
        version = self.cleaned_data["version"]
        last = self._last_number()
        if version < 1 or version < last:
            raise forms.ValidationError(_("Edition %(number)s has been published already.") % {"number": last})
        return version

    def clean(self):
        cleaned = super().clean()
        self._say_what_changed(cleaned)
        self._places_belong_together(cleaned)
        self._stages_belong_to_kinds(cleaned)
        return cleaned

    def _last_number(self):
        numbers = self.instance.editions.values_list("edition__number", flat=True) if self.instance.pk else []
        return max(numbers, default=0)

    def _say_what_changed(self, cleaned):
        last = self._last_number()
        is_new = 0 < last < cleaned.get("version", 0)
        if is_new and not self.is_deferred_validation and not cleaned.get("what_changed", "").strip():
            self.add_error("what_changed", _("Please tell the readers what has changed in the new edition."))

    def _places_belong_together(self, cleaned):
        chosen = set(cleaned.get("for_developments") or [])
        for name, model in (("for_buildings", Building), ("for_house_types", HouseType)):
            for place in model.objects.filter(pk__in=cleaned.get(name) or []).select_related("development"):
                if chosen and str(place.development_id) not in chosen:
                    named = {"place": getattr(place, "title", place.name), "development": place.development}
                    self.add_error(name, _("%(place)s stands in %(development)s, which you have not chosen.") % named)

    def _stages_belong_to_kinds(self, cleaned):
        kinds, codes = cleaned.get("for_kinds"), cleaned.get("for_stages")
        if not kinds or not codes:
            return
        known = StageTemplate.objects.filter(template__kind__in=kinds, code__in=codes)
        if not known.exists():
            self.add_error("for_stages", _("No such stage belongs to the kinds of work you have chosen."))


def _as_published(page):
    """Audience and dates as the edition has them: whichever language was published last has set them for both."""
    from .models import Edition  # models know this form

    edition = Edition.objects.filter(guide_key=page.translation_key, number=page.version).first()
    if edition is None:
        return {}
    from .actions import audience_of

    return audience_of(edition) | {"valid_from": edition.valid_from, "tell": False}
