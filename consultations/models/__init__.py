"""The rows of a consultation: constraints and transitions, no rules of who may."""

from consultations.models.answers import Feedback, MoveRequest
from consultations.models.consultation import Consultation, ConsultationPolicy
from consultations.models.message import CallMessage, Message
from consultations.models.notes import Caution, SilentSignal
from consultations.models.participant import AIDS, POLICE, PUBLIC, MeetingLink, Participant
from consultations.models.place import Feed, Place, PrivateTalk, Reception
from consultations.models.recording import RecordingConsent, RecordingPart, RecordingWording, TrackSegment

__all__ = [
    "AIDS",
    "POLICE",
    "PUBLIC",
    "CallMessage",
    "Caution",
    "Consultation",
    "ConsultationPolicy",
    "Feed",
    "Feedback",
    "MeetingLink",
    "Message",
    "MoveRequest",
    "Participant",
    "Place",
    "PrivateTalk",
    "Reception",
    "RecordingConsent",
    "RecordingPart",
    "RecordingWording",
    "SilentSignal",
    "TrackSegment",
]
