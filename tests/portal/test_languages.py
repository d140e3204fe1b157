"""What the packages themselves have no Chinese for stands in locale/wagtail."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.utils import translation


def test_a_password_that_is_too_short_is_refused_in_chinese():
    with translation.override("zh-hans"), pytest.raises(ValidationError) as refused:
        validate_password("xQ7!")
    assert refused.value.messages == ["密码太短了，至少需要10个字符。"]
