"""What ready sentences hold about people: nothing, their names come in when one is used."""

from accounts.privacy.registry import declare

from .models import Macro

declare(Macro, plain="id order title_en title_zh text_en text_zh in_use")
