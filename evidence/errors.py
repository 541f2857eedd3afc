"""Facts that stop an act on evidence."""

from forces.errors import DomainError


class HoldInForce(DomainError):
    """A hold keeps the item."""

    code = "hold_in_force"
    http_status = 409
    message = "A hold keeps this item. Release the hold first."


class HoldMissing(DomainError):
    """There is no hold to release."""

    code = "hold_missing"
    http_status = 409
    message = "No hold is in force on this item."


class NotDue(DomainError):
    """The retention date has not come, or the item is being worked on."""

    code = "not_due"
    http_status = 409
    message = "This is not due for erasure."


class ItemsRemain(DomainError):
    """The session's own data is kept as long as any of its items."""

    code = "items_remain"
    http_status = 409
    message = "Items of this session are still kept."
