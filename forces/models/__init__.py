"""Models of the platform, all in ``public``."""

from forces.models.domain import Domain
from forces.models.force import Force
from forces.models.media_node import MediaNode
from forces.models.share_grant import ShareGrant, ShareNotice

__all__ = ["Domain", "Force", "MediaNode", "ShareGrant", "ShareNotice"]
