"""The terms of the warranty say nothing about anybody."""

from accounts.privacy.registry import declare

from .models import Term

declare(
    Term,
    plain="id kind system component since months seasons excluded name_en name_zh clause_en clause_zh in_use",
)
