"""Fields and forms: labels, hints and errors belong to their inputs."""

import re
from datetime import date, datetime

import pytest
from django import forms
from django.utils import translation

from tests.portal.ui.rendering import render


class VisitForm(forms.Form):
    name = forms.CharField(label="Name")
    phone = forms.CharField(label="Phone", required=False, help_text="Only for the visit.")
    password = forms.CharField(widget=forms.PasswordInput)
    words = forms.CharField(widget=forms.Textarea)
    reach = forms.ChoiceField(widget=forms.RadioSelect, choices=[("sms", "Text"), ("mail", "E-mail")], help_text="One.")
    news = forms.MultipleChoiceField(
        widget=forms.CheckboxSelectMultiple,
        required=False,
        choices=[("Site", [("date", "dates")]), ("photo", "photos")],
    )
    rules = forms.BooleanField(label="I accept")
    day = forms.DateField()
    moment = forms.DateTimeField()
    photos = forms.FileField(widget=forms.FileInput(attrs={"data-max-files": 3}), required=False)
    key = forms.CharField(widget=forms.HiddenInput)


def field(name, form=None, arguments=""):
    return render(f"{{% field field {arguments} %}}", field=(form or VisitForm())[name])


def ids_described_by(html):
    return re.search(r'aria-describedby="([^"]+)"', html)[1].split()


class TestField:
    def test_a_label_belongs_to_its_input(self):
        html = field("name")
        assert '<label for="id_name">Name</label>' in html
        assert 'class="control"' in html
        assert "required" in html

    def test_what_may_stay_empty_says_so(self):
        assert '<span class="optional">(optional)</span>' in field("phone")
        assert "optional" not in field("phone", arguments="mark_optional=False")
        assert "optional" not in field("name")

    def test_a_hint_is_read_with_the_input(self):
        html = field("phone")
        assert ids_described_by(html) == ["id_phone_helptext"]
        assert '<p class="hint" id="id_phone_helptext">Only for the visit.</p>' in html

    @pytest.mark.parametrize("name", ["name", "password", "words", "reach", "rules", "day", "moment"])
    def test_an_error_is_read_with_the_input(self, name):
        html = field(name, VisitForm({}))
        assert ids_described_by(html)[-1] == f"id_{name}_error"
        assert f'<div class="errors" id="id_{name}_error"><p class="error">' in html
        assert 'aria-invalid="true"' in html

    def test_hint_and_error_are_both_read(self):
        assert ids_described_by(field("reach", VisitForm({}))) == ["id_reach_helptext", "id_reach_error"]

    def test_several_choices_stand_under_a_legend(self):
        html = field("reach")
        assert html.startswith('<fieldset class="field" aria-describedby="id_reach_helptext">')
        assert html.count('<label class="choice">') == 2
        assert "<legend>Reach</legend>" in html

    def test_groups_of_choices_have_legends_of_their_own(self):
        html = field("news", VisitForm({"news": ["photo"]}))
        assert '<fieldset class="field"><legend>Site</legend>' in html
        assert re.search(r'value="photo"[^>]*checked', html)
        assert not re.search(r'value="date"[^>]*checked', html)

    @pytest.mark.parametrize("language", ["en", "zh-hans"])
    @pytest.mark.parametrize(
        ("name", "value", "written"),
        [
            ("day", date(2026, 12, 5), 'type="date" name="day" value="2026-12-05"'),
            ("moment", datetime(2026, 12, 5, 10, 30), 'type="datetime-local" name="moment" value="2026-12-05T10:30"'),  # noqa: DTZ001
        ],
    )
    def test_days_and_moments_are_written_for_the_browsers_picker(self, language, name, value, written):
        with translation.override(language):
            assert written in field(name, VisitForm(initial={name: value}))

    def test_a_file_field_tells_its_limits_to_the_script(self):
        html = field("photos")
        assert '<label class="drop">' in html
        assert 'data-max-files="3"' in html

    def test_a_hidden_field_is_nothing_else(self):
        assert field("key") == '<input type="hidden" name="key" id="id_key">'

    def test_a_link_may_stand_beside_the_label(self):
        html = field("password", arguments='beside="Forgotten it?" beside_url="/reset/"')
        assert '<a class="beside" href="/reset/">Forgotten it?</a>' in html


class TestForm:
    def test_it_carries_the_token_and_its_files(self):
        html = render("{% form form submit='Send' %}", form=VisitForm(), csrf_token="token")
        assert html.startswith('<form class="stack" method="post" enctype="multipart/form-data">')
        assert '<input type="hidden" name="csrfmiddlewaretoken" value="token">' in html
        assert '<button class="button" type="submit">Send</button>' in html

    def test_an_error_of_no_single_field_stands_first(self):
        form = VisitForm({})
        form.add_error(None, "Someone was faster.")
        html = render("{% form form %}", form=form, csrf_token="token")
        assert '<div class="alert" data-tone="danger" role="alert">' in html
        assert html.index("Someone was faster.") < html.index('name="name"')

    def test_a_filter_has_neither_token_nor_marks(self):
        html = render("{% form form method='get' %}", form=VisitForm(), csrf_token="token")
        assert "csrfmiddlewaretoken" not in html
        assert "optional" not in html
