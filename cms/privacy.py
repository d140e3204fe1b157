"""What pages hold about people: nothing. They are public."""

from accounts.privacy.registry import declare

from .models import HomePage

declare(HomePage, plain="page_ptr headline lead")
