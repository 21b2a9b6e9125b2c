"""The rules of a new password (access/sign_in.toml), where Django asks for them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone

from kinfold.access.law import sign_in_number
from kinfold.access.sign_in_rules import password_problems
from kinfold.access.things import day_of


class PasswordRules:
    """Length, variety, and nothing of the person's own name or address. Django's own list has those given away."""

    def validate(self, password: str, user: Any = None) -> None:
        """Raise ValidationError with every sentence that is true of the password."""
        own = [*str(getattr(user, "name", "")).split(), str(getattr(user, "email", "")).partition("@")[0]]
        problems = password_problems(password, known=(), own_words=own, now=timezone.now())
        if problems:
            raise ValidationError([ValidationError(problem) for problem in problems])

    def get_help_text(self) -> str:
        """Return what to say beside the field."""
        shortest = sign_in_number("password_shortest", day_of(timezone.now()))
        return f"Use {shortest} characters or more. Three random words are easy to remember."
