"""Proofs: password or code, taken as evidence of this moment that the one who signed in still sits there."""

from datetime import datetime

from django.contrib.auth.hashers import check_password

from forces.accounts import budget
from forces.accounts.models import SignIn, User
from forces.accounts.second_factor import WrongCode, check_code
from forces.actors import Actor
from forces.audit.services import Operation, record, record_refusal
from forces.errors import DomainError, NotPermitted

_ACT = "account.prove"


class WrongProof(DomainError):
    """Neither the user's password nor a right code (HTTP 403)."""

    code = "wrong_proof"
    http_status = 403
    message = "That is neither your password nor a right code."


def prove(*, actor: Actor, now: datetime, user: User, proof: str) -> None:
    """Take the user's password or a code as a proof of this moment, good for five minutes of this sign-in.

    A password is longer than any code. Raises `WrongProof`, `TooManyAttempts`, and `NotPermitted` outside of a sign-in.
    """
    if user.sign_in is None:
        raise NotPermitted
    if is_code(proof):
        _check_code(actor, user, proof)
    else:
        _check_password(actor, user, proof)
    SignIn.objects.filter(pk=user.sign_in.pk).update(proved_at=now)
    record(actor=actor, act=_ACT, operation=Operation.ACCESS, object_type="user", object_id=user.pk)


def is_code(proof: str) -> bool:
    """Return whether this can only be a code: at most eight digits, however they are grouped."""
    digits = proof.replace(" ", "").replace("-", "")
    return digits.isdigit() and len(digits) <= 8


def _check_code(actor: Actor, user: User, code: str) -> None:
    try:
        check_code(actor=actor, user=user, code=code, act=_ACT)
    except WrongCode as error:
        raise WrongProof from error


def _check_password(actor: Actor, user: User, password: str) -> None:
    what = f"proof:{user.pk}"
    if not budget.spend(what):
        record_refusal(actor=actor, act=_ACT, code=budget.TooManyAttempts.code)
        raise budget.TooManyAttempts
    if not check_password(password, user.password):
        record_refusal(actor=actor, act=_ACT, code=WrongProof.code)
        raise WrongProof
    budget.refund(what)
