"""What touchpoints hold about people: nothing."""

from accounts.privacy.registry import declare

from .models import Touchpoint

declare(
    Touchpoint,
    plain=("id code stage sensitivity name_en name_zh department_en department_zh standard_en standard_zh in_use"),
)
