"""Rooms and components say nothing about anybody."""

from accounts.privacy.registry import declare

from .models import Component

declare(Component, plain="id code parent order name_en name_zh words system in_use")
