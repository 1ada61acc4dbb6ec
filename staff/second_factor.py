"""The second factor: a code of an app on one's phone, or one of ten recovery codes, each good once.

The codes are those of RFC 6238 (TOTP), checked by django-otp, which keeps in the database which one was the last, so
that none opens twice, in whichever process. Recovery codes are kept as hashes.
"""

import hashlib
import re
from base64 import b32encode
from binascii import unhexlify
from functools import partial

import segno
from django.conf import settings
from django.db import models, transaction
from django.utils import timezone
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice, default_key

from basics import letters
from staff.models import User, one_time_password
from staff.recovery import RecoveryCode
from staff.sign_ins import SignIn, SignInOutcome, in_small_letters

HOW_MANY_RECOVERY_CODES = 10
# Who may do one of these decides what the public reads, or who may.
_DECIDES = ("editions.review_edition", "editions.publish_edition", "staff.change_user")


class WrongCode(Exception):
    """A code is not the one of this moment, was used before, or is none of the recovery codes."""

    def __init__(self):
        super().__init__(
            "This code is not right. Codes of the app change every half minute, and each opens once: wait for the next "
            "one. A recovery code opens once too."
        )


def is_required_of(user: User) -> bool:
    """Whether somebody has to have a second factor: reviewers, publishers and administrators, where the site is public."""
    return settings.SECOND_FACTOR_REQUIRED and any(user.has_perm(permission) for permission in _DECIDES)


def new_key() -> str:
    """A secret of 160 bits, the length that RFC 4226 recommends, in hexadecimal digits."""
    return default_key()


def key_in_words(key: str) -> str:
    """The secret as an app takes it by hand: base 32 in groups of four."""
    text = b32encode(unhexlify(key)).decode()
    return " ".join(text[at : at + 4] for at in range(0, len(text), 4))


def picture(user: User, key: str) -> str:
    """The QR code that an app reads, as the address of an SVG picture (`data:`)."""
    device = TOTPDevice(user=user, key=key)
    return segno.make(device.config_url, error="m").svg_data_uri(scale=5, border=4, light="#fff", dark="#000")


def new_recovery_codes() -> list[str]:
    return [one_time_password() for _ in range(HOW_MANY_RECOVERY_CODES)]


def mark_of(recovery_codes: list[str]) -> str:
    """What tells one set of recovery codes from another, and tells none of them."""
    return hashlib.sha256(" ".join(recovery_codes).encode()).hexdigest()


def left(user: User) -> int:
    """How many recovery codes somebody has not used yet."""
    return user.recovery_codes.filter(used_at=None).count()


def check(user: User, code: str) -> SignInOutcome:
    """Use a code up. Returns CODE_GIVEN for one of the app and RECOVERED for a recovery code; raises WrongCode."""
    digits = re.sub(r"[\s-]", "", code)
    with transaction.atomic():
        device = TOTPDevice.objects.select_for_update().filter(user=user, confirmed=True).first()
        if device is None:
            raise WrongCode
        if re.fullmatch(r"\d{6}", digits, re.ASCII):
            if device.verify_token(digits):
                return SignInOutcome.CODE_GIVEN
        elif _use_up(user, digits):
            return SignInOutcome.RECOVERED
    raise WrongCode


def shows(key: str, code: str) -> bool:
    """Whether an app that keeps `key` shows this code now, or did half a minute ago. Uses nothing up."""
    digits = re.sub(r"\s", "", code)
    return bool(re.fullmatch(r"\d{6}", digits, re.ASCII)) and TOTP(unhexlify(key)).verify(int(digits), tolerance=1)


def set_up(user: User, *, key: str, code: str, recovery_codes: list[str]) -> None:
    """Make `key` the second factor of somebody whose app shows `code` for it. What they had before opens no more.

    Raises WrongCode if the app shows another one, as when its clock is wrong, or if `user` is not as stored any more.
    """
    with transaction.atomic():
        held = User.objects.select_for_update(no_key=True).get(pk=user.pk)
        if held.second_factor_since != user.second_factor_since:
            raise WrongCode  # set up meanwhile in another browser: whoever replaces it shows a code of it
        TOTPDevice.objects.filter(user=held).delete()
        if not TOTPDevice(user=held, name="app", key=key).verify_token(re.sub(r"\s", "", code)):
            raise WrongCode
        _keep(held, recovery_codes)
        user.second_factor_since = timezone.now()
        user.save(update_fields=["second_factor_since"])
        _note(user, SignInOutcome.FACTOR_ON)


def change_recovery_codes(user: User, recovery_codes: list[str]) -> None:
    """Replace somebody's recovery codes: those that they had open nothing any more."""
    with transaction.atomic():
        _keep(user, recovery_codes)
        _note(user, SignInOutcome.CODES_ANEW)


def take_off(user: User, *, by: User | None) -> None:
    """Let somebody sign in by password alone again, as when their phone is lost. They get a letter.

    Their sessions end, unless it is they who do it. `by` is None for whoever has the server's shell.
    """
    with transaction.atomic():
        TOTPDevice.objects.filter(user=user).delete()
        user.recovery_codes.all().delete()
        user.second_factor_since = None
        user.save(update_fields=["second_factor_since"])
        if by is None or by.pk != user.pk:
            user.sessions.all().delete()
        _note(user, SignInOutcome.FACTOR_OFF, by=by)


def tell_of_guessing(user: User) -> None:
    """Tell somebody that their password is known and the second factor is being guessed."""
    letters.send(
        "second_factor", to=[user.email], subject="Somebody tries codes for your account", person=user, what="guessed"
    )


def tell_of_recovery(user: User) -> None:
    letters.send(
        "second_factor",
        to=[user.email],
        subject="A recovery code was used",
        person=user,
        what="recovered",
        left=left(user),
    )


def _keep(user: User, recovery_codes: list[str]) -> None:
    user.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create([RecoveryCode(user=user, hash=_hash(code)) for code in recovery_codes])


def _use_up(user: User, code: str) -> bool:
    """Whether a recovery code was one, and unused until now."""
    unused: models.QuerySet = user.recovery_codes.filter(hash=_hash(code), used_at=None)
    return unused.update(used_at=timezone.now()) == 1


def _hash(code: str) -> str:
    """A code of 79 random bits needs no slow hash: nobody can go through that many."""
    return hashlib.sha256(re.sub(r"[\s-]", "", code).lower().encode(errors="replace")).hexdigest()


def _note(user: User, outcome: SignInOutcome, *, by: User | None = None) -> None:
    """Write down a change of how somebody signs in, and tell them: it may not have been them."""
    other = by if by is not None and by.pk != user.pk else None
    SignIn.objects.create(name=in_small_letters(user.username), outcome=outcome, user=user, by=other)
    tell = partial(
        letters.send,
        "second_factor",
        to=[user.email],
        subject="How you sign in was changed",
        person=user,
        what=outcome.value,
        by=other,
    )
    transaction.on_commit(tell, robust=True)
