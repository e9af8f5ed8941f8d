"""Sample texts of the styleguide: both languages stand beside each other, since they are matter, not interface."""

from django import template

from edu.design import formats

register = template.Library()


@register.simple_tag
def say(chinese: str, english: str) -> str:
    return chinese if formats.in_chinese() else english
