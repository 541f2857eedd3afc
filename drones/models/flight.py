"""A flight: what a drone's live session is beside its media, from the plan to the landing."""

from __future__ import annotations

from datetime import datetime

from django.db import models
from django.db.models import Q

from drones.models.aircraft import Aircraft
from streams.models import LiveSession
from streams.models.transitions import check_transition


class Flight(models.Model):
    """One flight of one aircraft; incident, risk answers, stream and recording are its session's.

    The transition methods set fields and raise `InvalidTransition`; the service saves the row.
    """

    class State(models.TextChoices):
        """Where it stands."""

        PLANNED = "planned", "Planned"
        FLYING = "flying", "Flying"
        LANDED = "landed", "Landed"
        CALLED_OFF = "called_off", "Called off"

    class LawfulBasis(models.TextChoices):
        """By what law what the camera sees is processed."""

        LAW_ENFORCEMENT = "law_enforcement", "Law enforcement task (DPA 2018, section 35(2)(b))"
        VITAL_INTERESTS = "vital_interests", "Vital interests (UK GDPR, article 6(1)(d))"
        PUBLIC_TASK = "public_task", "Public task (UK GDPR, article 6(1)(e))"
        DIRECTED_SURVEILLANCE = "directed_surveillance", "Directed surveillance, authorised (RIPA 2000, section 28)"

    OPEN = (State.PLANNED, State.FLYING)

    session = models.OneToOneField(LiveSession, on_delete=models.CASCADE, primary_key=True, related_name="flight")
    aircraft = models.ForeignKey(Aircraft, on_delete=models.PROTECT, related_name="flights")
    state = models.CharField(max_length=12, choices=State.choices, default=State.PLANNED)
    pilot_id = models.CharField(max_length=64)
    pilot_name = models.CharField(max_length=150, blank=True)
    flyer_id = models.CharField(max_length=19, help_text="The pilot's, as it was at the time.")
    purpose = models.CharField(max_length=300)
    lawful_basis = models.CharField(max_length=24, choices=LawfulBasis.choices)
    authorisation = models.CharField(max_length=64, blank=True, help_text="The reference of what authorises it.")
    planned_by = models.CharField(max_length=64)
    planned_by_name = models.CharField(max_length=150, blank=True)
    planned_at = models.DateTimeField()
    launched_at = models.DateTimeField(null=True, blank=True)
    over_at = models.DateTimeField(null=True, blank=True, help_text="When it landed, or was called off.")

    class Meta:
        ordering = ("-planned_at",)
        indexes = (models.Index(fields=("planned_at", "session"), name="flight_oldest"),)
        constraints = (
            models.CheckConstraint(
                condition=Q(state="planned", launched_at__isnull=True, over_at__isnull=True)
                | Q(state="flying", launched_at__isnull=False, over_at__isnull=True)
                | Q(state="landed", launched_at__isnull=False, over_at__isnull=False)
                | Q(state="called_off", launched_at__isnull=True, over_at__isnull=False),
                name="flight_state_has_its_times",
            ),
            models.CheckConstraint(
                condition=Q(lawful_basis__in=("law_enforcement", "vital_interests", "public_task"))
                | (Q(lawful_basis="directed_surveillance") & ~Q(authorisation="")),
                name="flight_basis_known",
            ),
            models.UniqueConstraint(
                fields=("aircraft",), condition=Q(state__in=("planned", "flying")), name="flight_one_open_of_aircraft"
            ),
            models.UniqueConstraint(
                fields=("pilot_id",), condition=Q(state="flying"), name="flight_one_in_the_air_of_pilot"
            ),
        )

    def __str__(self) -> str:
        return f"flight of {self.aircraft}, {self.planned_at:%Y-%m-%d %H:%M}"

    def launch(self, now: datetime) -> None:
        """It is in the air."""
        check_transition("flight", self.state, (self.State.PLANNED,), self.State.FLYING)
        self.state = self.State.FLYING
        self.launched_at = max(now, self.planned_at)

    def end(self, now: datetime) -> None:
        """It has landed; one that never was in the air is called off. One that is over stays as it is."""
        if self.state not in self.OPEN:
            return
        is_flying = self.state == self.State.FLYING
        self.state = self.State.LANDED if is_flying else self.State.CALLED_OFF
        self.over_at = max(now, self.launched_at or self.planned_at)
