"""What a new force starts with: sensible police defaults that its admin then changes. Safe to run again."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from streams.models import (
    ConsentWording,
    DutyPolicy,
    IncidentType,
    LinkPolicy,
    MessageTemplate,
    RiskQuestion,
    RiskQuestionSet,
    RoomPolicy,
)
from streams.services.default_words import APPROVED, MESSAGES, SAFE_MESSAGES, WORDINGS

INCIDENT_TYPES = (
    ("concern", "Concern for safety"),
    ("missing", "Missing or lost person"),
    ("collision", "Road traffic collision"),
    ("domestic", "Domestic abuse"),
    ("violence", "Violence or threat"),
    ("burglary", "Burglary or theft"),
    ("disorder", "Disorder or nuisance"),
    ("suspicious", "Suspicious activity"),
    ("water-rescue", "Water, height or rescue"),
    ("other", "Other"),
)


class Asked(NamedTuple):
    """A default question; `refuses` is the answer that blocks the link, empty for advice only."""

    code: str
    text: str
    help_text: str
    refuses: str
    advice: str
    is_video_only: bool = False


GENERAL_QUESTIONS = (
    Asked(
        "safe-to-text",
        "Is it safe for the caller to receive a text message now?",
        "The phone may sound, light up or show the message on its locked screen.",
        "no",
        "Do not send. Keep to the telephone call and ask for the location by voice.",
    ),
    Asked(
        "offender-near",
        "Could an offender see or hear the phone?",
        "Think of who is in the room, and of a shared or watched phone.",
        "yes",
        "Do not send. Use silent or yes/no questions and send resources to the known location.",
    ),
    Asked(
        "driving",
        "Is the caller driving?",
        "A passenger may take over the phone.",
        "yes",
        "Do not send. Ask the caller to stop where it is safe, or to hand the phone to a passenger.",
    ),
    Asked(
        "filming-risk",
        "Would filming put the caller or anyone else at more risk?",
        "Being seen to film, moving closer, or losing hold of a safe place.",
        "yes",
        "Do not ask for video. Send a link for the location only.",
        is_video_only=True,
    ),
    Asked(
        "safe-place",
        "Can the caller film from where they are, without moving towards danger?",
        "Never encourage a caller to go closer.",
        "no",
        "Do not ask for video. Send a link for the location only.",
        is_video_only=True,
    ),
    Asked(
        "vulnerable-alone",
        "Is the caller under 18, or vulnerable, and without support?",
        "This does not block the link.",
        "",
        "Tell a supervisor, keep the caller on the telephone and ask for an adult nearby.",
    ),
)
DOMESTIC_QUESTIONS = (
    Asked(
        "phone-shared",
        "Does the suspect have access to the caller's phone or its messages?",
        "Also from another device, or later.",
        "yes",
        "Do not send: the message would stay on the phone. Keep to the telephone call.",
    ),
    *GENERAL_QUESTIONS,
)
FLIGHT_QUESTIONS = (
    Asked(
        "flight-people",
        "Will the aircraft stay clear of people who are not involved, or may it fly over them by your authorisation?",
        "Think of crowds, roads and play areas below the whole way, and of where it would fall.",
        "no",
        "Do not launch. Choose another launch site or way, or have the ground cleared.",
    ),
    Asked(
        "flight-airspace",
        "Is the airspace checked (restrictions, NOTAMs), and any permission that it needs given?",
        "Aerodromes, prisons, military sites, and restrictions that were set up for this incident.",
        "no",
        "Do not launch. Ask air traffic control, or wait for the permission.",
    ),
    Asked(
        "flight-other-aircraft",
        "Is another aircraft at the scene or on its way, whose crew has not agreed to this flight?",
        "Police helicopter, air ambulance, coastguard, or a drone of another service.",
        "yes",
        "Do not launch. Reach the crew by radio first; land at once when one arrives.",
    ),
    Asked(
        "flight-in-sight",
        "Can the pilot keep the aircraft in sight, in weather and light that it is made for?",
        "Or is it a flight beyond sight that your authorisation covers.",
        "no",
        "Do not launch. Wait for the weather, or place the pilot nearer.",
    ),
    Asked(
        "flight-privacy",
        "Is what the camera will see of homes and gardens no more than the purpose needs?",
        "Way, height, camera and the time in the air decide how much that is.",
        "no",
        "Do not launch. Plan another way or height, or turn the camera away until it is over the scene.",
    ),
    Asked(
        "flight-sensitive",
        "Are children, a place of worship, a clinic or a demonstration under the way?",
        "This does not block the flight.",
        "",
        "Tell a supervisor, note why the flight is needed all the same, and keep the recording short.",
    ),
)

CONSULTATION_QUESTIONS = (
    Asked(
        "meeting-safe",
        "Is it safe for the person to talk in a video call now?",
        "Ask on the telephone, or by a word agreed before, where you can.",
        "no",
        "Do not let anybody in. Agree another time and way, and send resources where they are needed.",
    ),
    Asked(
        "meeting-offender-near",
        "Could an offender see or hear the call, or come in while it lasts?",
        "Think of who is in the home, who has a key, and of a shared or watched phone.",
        "yes",
        "Do not let anybody in. Use the telephone with silent or yes/no questions, and send resources.",
    ),
    Asked(
        "meeting-alone",
        "Is the person alone, or only with those they want there?",
        "What they said before joining may have been said with somebody listening.",
        "no",
        "Do not let anybody in. Find out first who is there, and offer a visit or another place.",
    ),
    Asked(
        "meeting-way-out",
        "Do they know a way out of the room, and have you agreed what to do if the line drops?",
        "Who calls whom on which number, and after how long you send somebody.",
        "no",
        "Agree it first: on the telephone, or in a message that is safe to read.",
    ),
    Asked(
        "meeting-children",
        "Are children in the home who may see or hear it?",
        "This does not block the call.",
        "",
        "Offer another room or time, think of safeguarding, and note what you did.",
    ),
)


def seed_defaults(now: datetime) -> None:
    """Make what is missing for the active force; never changes what is there."""
    for position, (code, label) in enumerate(INCIDENT_TYPES):
        IncidentType.objects.get_or_create(code=code, defaults={"label": label, "position": position})
    _seed_questions(None, GENERAL_QUESTIONS)
    _seed_questions(IncidentType.objects.get(code="domestic"), DOMESTIC_QUESTIONS)
    _seed_questions(None, FLIGHT_QUESTIONS, RiskQuestionSet.Purpose.FLIGHT)
    _seed_questions(None, CONSULTATION_QUESTIONS, RiskQuestionSet.Purpose.CONSULTATION)
    for language in WORDINGS:
        _seed_words(language, now)
    if not LinkPolicy.objects.exists():
        LinkPolicy.objects.create()
    if not RoomPolicy.objects.exists():
        RoomPolicy.objects.create()
    if not DutyPolicy.objects.exists():
        DutyPolicy.objects.create()


def _seed_words(language: str, now: datetime) -> None:
    """Write the wording and the messages of a language, unless the force has its own."""
    if not ConsentWording.objects.filter(language=language).exists():
        approval = {"approved_by": "Sightline default", "approved_at": now} if language in APPROVED else {}
        ConsentWording.objects.create(version=1, language=language, **WORDINGS[language], **approval)
    for link_kind, body in MESSAGES[language].items():
        for safe_mode, words in ((False, body), (True, SAFE_MESSAGES[language])):
            names = {"link_kind": link_kind, "language": language, "safe_mode": safe_mode}
            MessageTemplate.objects.get_or_create(**names, defaults={"body": words})


def _seed_questions(
    kind: IncidentType | None, questions: tuple[Asked, ...], purpose: str = RiskQuestionSet.Purpose.LINK
) -> None:
    """Write the first version of a set of questions, unless the force has any version of it."""
    if RiskQuestionSet.objects.filter(purpose=purpose, incident_type=kind).exists():
        return
    made = RiskQuestionSet.objects.create(purpose=purpose, incident_type=kind, version=1)
    RiskQuestion.objects.bulk_create(
        RiskQuestion(
            question_set=made,
            code=asked.code,
            text=asked.text,
            help_text=asked.help_text,
            position=position,
            refusing_answer=asked.refuses,
            advice=asked.advice,
            applies_to_video_only=asked.is_video_only,
        )
        for position, asked in enumerate(questions)
    )
