"""Fields say what they want, errors say how to put it right, and nothing is marked with an asterisk."""

from django import forms
from django.utils.datastructures import MultiValueDict
from django.utils.translation import override

from edu.design.forms import UiForm
from edu.design.values import field_errors


class Application(UiForm):
    name = forms.CharField(label="Full name", help_text="As in your record")
    pinyin = forms.CharField(label="Pinyin", required=False)
    finished_on = forms.DateField(label="Last day")
    result = forms.ChoiceField(label="Result", choices=[("a", "Recognise"), ("b", "Refuse")], widget=forms.RadioSelect)
    scan = forms.FileField(label="Scan")
    sure = forms.BooleanField(label="It is true", error_messages={"required": "Tick it, or write to us"})


def _faulty() -> Application:
    with override("en"):
        form = Application({"finished_on": "yesterday"}, MultiValueDict())
        form.is_valid()
        return form


def test_an_empty_field_is_asked_for_by_its_kind() -> None:
    errors = _faulty().errors
    assert errors["name"] == ["Enter: Full name"]
    assert errors["result"] == ["Choose: Result"]
    assert errors["scan"] == ["Add: Scan"]


def test_a_wrong_shape_is_answered_by_an_example() -> None:
    with override("en"):
        assert _faulty().errors["finished_on"] == ["Enter the day like 2026-11-23"]


def test_a_fields_own_words_stay() -> None:
    assert _faulty().errors["sure"] == ["Tick it, or write to us"]


def test_one_forms_words_do_not_leak_into_django() -> None:
    _faulty()
    with override("en"):
        assert str(forms.CharField().error_messages["required"]) == "This field is required."


def test_the_field_is_drawn_with_label_hint_and_error_tied_to_it() -> None:
    html = _faulty()["name"].as_field_group()
    assert '<label class="label" for="id_name">Full name</label>' in html
    assert 'id="id_name_helptext"' in html
    assert 'id="id_name_error"' in html
    assert 'aria-describedby="id_name_helptext id_name_error"' in html
    assert 'aria-invalid="true"' in html


def test_optional_is_said_in_words_and_required_by_nothing() -> None:
    with override("en"):
        html = str(Application())
    assert html.count("(optional)") == 1
    assert "*" not in html


def test_choices_are_a_group_with_a_legend() -> None:
    html = str(Application()["result"].as_field_group())
    assert html.startswith('<fieldset class="field" id="id_result">')
    assert '<legend class="label">Result</legend>' in html


def test_the_summary_leads_to_the_first_choice_of_a_group_or_to_the_group() -> None:
    targets = {error.text: error.id for error in field_errors([_faulty()])}
    assert targets["Enter: Full name"] == "id_name"
    assert targets["Choose: Result"] == "id_result"


def test_errors_of_the_whole_form_come_first() -> None:
    form = _faulty()
    form.add_error(None, "Both dates lie in the future")
    assert field_errors([form])[0].text == "Both dates lie in the future"
