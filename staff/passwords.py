"""What a password of ours has to be, beside what Django's own validators ask."""

from django.core.exceptions import ValidationError


class AnotherThanNow:
    """Refuses the password that a person has already: whoever read a one-time password would know the next one too."""

    def validate(self, password: str, user=None) -> None:
        """Raises ValidationError if `password` is what the person signs in with now."""
        if user is not None and user.pk and user.check_password(password):
            raise ValidationError("This is the password that you have now. Choose another.", code="password_not_new")

    def get_help_text(self) -> str:
        return "It cannot be the one that you have now."
