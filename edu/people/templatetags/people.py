"""Words for values of people."""

from django import template

from edu.people.models import Role

register = template.Library()


@register.filter
def role_label(role: str) -> str:
    """Return a role in the visitor's language; an unknown one stands for itself."""
    return str(Role(role).label) if role in Role else role
