"""Every table of the streams app; all of them live in the schema of one force."""

from forces.errors import InvalidTransition
from streams.models.chat import ChatMessage
from streams.models.consent import Consent, ConsentWording
from streams.models.handover import Handover
from streams.models.incident import Incident, IncidentType
from streams.models.invitation import Invitation, LinkPolicy, MessageTemplate
from streams.models.policy import RoomPolicy
from streams.models.position import Position
from streams.models.risk import RiskAssessment, RiskQuestion, RiskQuestionSet
from streams.models.session import LiveSession
from streams.models.shift import Shift
from streams.models.still import Still, StillAsk, StillViewing
from streams.models.stream import RecordingSegment, Stream, Watch
from streams.models.upload import Upload

__all__ = [
    "ChatMessage",
    "Consent",
    "ConsentWording",
    "Handover",
    "Incident",
    "IncidentType",
    "InvalidTransition",
    "Invitation",
    "LinkPolicy",
    "LiveSession",
    "MessageTemplate",
    "Position",
    "RecordingSegment",
    "RiskAssessment",
    "RiskQuestion",
    "RiskQuestionSet",
    "RoomPolicy",
    "Shift",
    "Still",
    "StillAsk",
    "StillViewing",
    "Stream",
    "Upload",
    "Watch",
]
