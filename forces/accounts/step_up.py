"""Step-up: an act of weight asks for a fresh proof that the one who signed in still sits there."""

from datetime import datetime, timedelta

from forces.accounts.limits import PROOF
from forces.actors import Actor
from forces.audit.services import record_refusal
from forces.errors import DomainError

PAGE = "/account/proof/"


class StepUpRequired(DomainError):
    """The act needs a proof of the last five minutes; ``details.proof_url`` is the page that takes one (HTTP 403)."""

    code = "step_up_required"
    http_status = 403
    message = "Enter your password or a code from your authenticator app to go on."

    def __init__(self) -> None:
        """Say where a proof is taken."""
        super().__init__(details={"proof_url": PAGE})


def require_fresh_proof(*, actor: Actor, now: datetime, act: str) -> None:
    """Raise `StepUpRequired` and audit the refusal unless ``actor`` gave a proof in the last five minutes."""
    if actor.proved_at is not None and timedelta(0) <= now - actor.proved_at < PROOF:
        return
    record_refusal(actor=actor, act=act, code=StepUpRequired.code)
    raise StepUpRequired
