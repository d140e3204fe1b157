"""Forms: a field with its label, hint and error; a whole form with its button."""

import copy

from django import forms, template
from django.forms.boundfield import BoundWidget

from portal.ui.markup import csrf_input

register = template.Library()

DATE_FORMATS = {"date": "%Y-%m-%d", "datetime-local": "%Y-%m-%dT%H:%M", "time": "%H:%M"}


@register.inclusion_tag("ui/parts/field.html")
def field(bound, label="", hint="", beside_url="", beside="", mark_optional=True):
    """A form field in the look, whatever its widget. `beside` is a link at the label's end ("Forgotten it?")."""
    widget = bound.field.widget
    kind = kind_of(widget)
    return {
        "bound": bound,
        "kind": kind,
        "label": label or bound.label,
        "hint": hint or bound.help_text,
        "hint_id": f"{bound.auto_id}_helptext",
        "error_id": f"{bound.auto_id}_error",
        "described": described(bound, hint),
        "optional": mark_optional and is_optional(bound.field, kind),
        "control": control(bound, kind, hint),
        "groups": choice_groups(bound) if kind == "choices" else [],
        "beside_url": beside_url,
        "beside": beside,
    }


def is_optional(form_field, kind):
    return not form_field.required and not form_field.disabled and kind not in ("check", "hidden")


def kind_of(widget):
    """Which of the five shapes of parts/field.html this widget takes."""
    if widget.is_hidden:
        return "hidden"
    if isinstance(widget, (forms.RadioSelect, forms.CheckboxSelectMultiple)):
        return "choices"
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    return "file" if isinstance(widget, forms.FileInput) else "control"


def described(bound, hint=""):
    """The ids of the hint and the error, for aria-describedby."""
    ids = [f"{bound.auto_id}_helptext"] if hint or bound.help_text else []
    if bound.errors:
        ids.append(f"{bound.auto_id}_error")
    return " ".join(ids)


def control(bound, kind, hint=""):
    """The input itself, wired to its hint and error."""
    if kind in ("hidden", "choices"):
        return str(bound) if kind == "hidden" else ""
    attrs = {"aria-describedby": described(bound, hint)} if described(bound, hint) else {}
    if kind == "control":
        own = bound.field.widget.attrs.get("class", "")
        attrs["class"] = f"control {own}".strip()
    widget = native(bound.field.widget)
    return bound.as_widget(widget, attrs=attrs)


def choice_groups(bound):
    """The choices of radios and tick boxes: pairs of a group's name, "" for none, and its inputs."""
    widget = bound.field.widget
    attrs = bound.build_widget_attrs({"id": bound.auto_id}, widget)
    groups = widget.optgroups(bound.html_name, widget.format_value(bound.value()), attrs)
    return [
        (name or "", [BoundWidget(widget, option, bound.form.renderer) for option in options])
        for name, options, _index in groups
    ]


def native(widget):
    """Dates and times in the browser's own picker, which wants ISO whatever the language."""
    types = [(forms.DateTimeInput, "datetime-local"), (forms.DateInput, "date"), (forms.TimeInput, "time")]
    kind = next((kind for cls, kind in types if isinstance(widget, cls)), None)
    if not kind:
        return widget
    widget = copy.copy(widget)
    widget.input_type, widget.format = kind, DATE_FORMATS[kind]
    return widget


@register.inclusion_tag("ui/parts/form.html", takes_context=True)
def form(context, form, submit="", action="", method="post", size="", kind="", gap="", mark_optional=True):
    """A whole form: errors that concern no single field, the fields, the button named `submit`.

    `method="get"` for filters. `size`: full; `kind`: second. `mark_optional=False` where one field may do for another.
    """
    return {
        "form": form,
        "submit": submit,
        "action": action,
        "posts": method == "post",
        "mark_optional": mark_optional and method == "post",
        "size": size,
        "kind": kind,
        "gap": gap,
        "multipart": form.is_multipart(),
        "csrf": csrf_input(context) if method == "post" else "",
    }
