"""Development and demonstration: everything on loopback, messages in the outbox."""

from config.settings.base import *

IS_PRODUCTION = False
CAMERAS_MAY_BE_HERE = True
