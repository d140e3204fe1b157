"""Coming in as people do."""

from tests.accounts.conftest import texts

__all__ = ["texts"]
