"""How many, how long, how soon: the numbers of a consultation, in one place."""

from __future__ import annotations

from datetime import timedelta

MOST_INSIDE = 12
MOST_PEOPLE = 24
MOST_MEMBERS = 23
"""Of the public and their aids, in one booking; with the officer they are as many as a consultation has."""

RETURN_WITHIN = timedelta(minutes=5)
"""Whoever was inside comes back without being admitted anew."""
BACK_WITHIN = timedelta(seconds=60)
"""The same where the room is locked."""
LOST_AFTER = timedelta(seconds=3.5)
PLACE_GIVEN_UP_AFTER = timedelta(seconds=30)
NEVER_UP_AFTER = timedelta(seconds=15)
ANSWER_OFFER_WITHIN_S = 5.0
GATHER_CHANGES_S = 0.04
TUNER_OUTLIVES_SOCKET_S = 10.0
ROUND_CLOSES_AFTER = timedelta(seconds=60)
NOBODY_LEADS_ALARM = timedelta(seconds=60)
NOBODY_LEADS_ENDS = timedelta(minutes=5)
TALK_ASKED_FOR = timedelta(seconds=60)
ONE_LEFT_TALK = timedelta(seconds=15)
CHECK_LASTS = timedelta(minutes=3)
MISSED_AFTER = timedelta(minutes=60)
"""After the end that was planned, where no officer took it."""
RISK_ALERTED_AFTER = timedelta(minutes=5)
QUESTIONS_STAND = timedelta(hours=24)
BOOKED_AHEAD = timedelta(days=365)
SHOWN_AHEAD = timedelta(days=14)
NEWEST_SAID = 300

CHECKS_PER_MINUTE = 6
SIGNALS_PER_MINUTE = 6
SAID_PER_MINUTE = 40
BOOKED_PER_MINUTE = 12
