"""Every table of the streams app; all of them live in the schema of one force."""

from forces.errors import InvalidTransition
from streams.models.agency import AgencyMessage, AgencyShare, AgencyViewer
from streams.models.assignment import Assignment
from streams.models.chat import ChatMessage
from streams.models.consent import Consent, ConsentWording
from streams.models.gap import PictureGap
from streams.models.handover import Handover
from streams.models.incident import Incident, IncidentType
from streams.models.incident_message import IncidentMessage
from streams.models.invitation import Invitation, LinkPolicy, MessageTemplate
from streams.models.notice import Notice, PushSubscription
from streams.models.officer_position import OfficerPosition
from streams.models.policy import DutyPolicy, RoomPolicy
from streams.models.position import Position
from streams.models.risk import RiskAssessment, RiskQuestion, RiskQuestionSet
from streams.models.session import LiveSession
from streams.models.shift import Shift
from streams.models.showing import Showing
from streams.models.still import Still, StillAsk, StillViewing
from streams.models.stream import RecordingSegment, Stream, Watch
from streams.models.talk import Talk
from streams.models.upload import Upload
from streams.models.view_request import ViewRequest
from streams.models.whip import WhipResource

__all__ = [
    "AgencyMessage",
    "AgencyShare",
    "AgencyViewer",
    "Assignment",
    "ChatMessage",
    "Consent",
    "ConsentWording",
    "DutyPolicy",
    "Handover",
    "Incident",
    "IncidentMessage",
    "IncidentType",
    "InvalidTransition",
    "Invitation",
    "LinkPolicy",
    "LiveSession",
    "MessageTemplate",
    "Notice",
    "OfficerPosition",
    "PictureGap",
    "Position",
    "PushSubscription",
    "RecordingSegment",
    "RiskAssessment",
    "RiskQuestion",
    "RiskQuestionSet",
    "RoomPolicy",
    "Shift",
    "Showing",
    "Still",
    "StillAsk",
    "StillViewing",
    "Stream",
    "Talk",
    "Upload",
    "ViewRequest",
    "Watch",
    "WhipResource",
]
