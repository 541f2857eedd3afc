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


class AlreadyReplaced(DomainError):
    """The call's film is being composed anew, or was."""

    code = "already_replaced"
    http_status = 409
    message = "Another film takes the place of this one already."


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


class NotAPicture(DomainError):
    """The bytes are no JPEG, PNG or WebP picture, or nothing can decode them (HTTP 415)."""

    code = "not_a_picture"
    http_status = 415
    message = "This is not a picture that can be used."


class TooManyPixels(DomainError):
    """Decoding the picture would take more memory than anybody's picture needs (HTTP 422)."""

    code = "too_many_pixels"
    http_status = 422
    message = "This picture is too large."


class NoRoom(DomainError):
    """The disk has no room for anything but recordings (HTTP 507)."""

    code = "no_room"
    http_status = 507
    message = "The control room’s store is full. Tell the operator."


class UploadBusy(DomainError):
    """Another request adds to this file now (HTTP 423)."""

    code = "upload_busy"
    http_status = 423
    message = "This file is being added to. Try again in a moment."


class OffsetMismatch(DomainError):
    """The piece does not begin where the file ends, or goes past what was said; `details` has `offset` (HTTP 409)."""

    code = "offset_mismatch"
    http_status = 409
    message = "The file ends elsewhere. Ask where, and send from there."


class PieceDamaged(DomainError):
    """The piece is not what its checksum says (HTTP 460, as tus has it)."""

    code = "piece_damaged"
    http_status = 460
    message = "A piece was damaged on its way. Send it again."
