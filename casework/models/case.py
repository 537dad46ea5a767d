"""A case: what an organization does for one person; its events and its notes."""

from datetime import date, timedelta
from typing import Self
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.levels import Level
from accounts.models import Organization, Role, Team, User
from casework.models.access import CaseAccess, CaseBlock, TeamCaseAccess
from casework.models.person import Person
from vault.fields import DataKeyField, SealedTextField


class CaseView(models.TextChoices):
    """What the list of cases is asked for, on the page, on paper and in a file."""

    MINE = "mine", _("Mine")
    DUE = "due", _("Contact due")
    OPEN = "open", _("All open to me")
    CLOSED = "closed", _("Closed")


class CaseQuerySet(models.QuerySet["Case"]):
    def visible_to(self, user: User, level: Level = Level.OPERATIONAL) -> Self:
        """Cases of which this user may see at least that level.

        Access rows decide. A coordinator sees what is operational of her organization's cases
        without one, unless the case is sealed or closed to her; names and stories need a row that
        stands on the case for all to see.
        """
        if level > user.highest_level:
            return self.none()
        # Asked row by row or once for all, as the database finds cheaper.
        this = OuterRef("pk")
        rows = Q(Exists(CaseAccess.objects.held_by(user, level).filter(content_object=this)))
        rows |= Q(Exists(TeamCaseAccess.objects.held_by(user, level).filter(content_object=this)))
        if level <= Level.OPERATIONAL and user.has_role(Role.Code.COORDINATOR):
            rows |= (
                Q(organization=user.organization_id)
                & ~Q(person__cases__is_sealed=True)
                & ~Q(person__in=CaseBlock.objects.persons_closed_to(user))
            )
        return self.filter(rows, archived_on=None)

    def open(self) -> Self:
        return self.filter(status__in=[Case.Status.ACTIVE, Case.Status.FOLLOW_UP])

    def closed(self) -> Self:
        return self.filter(status__in=[Case.Status.CLOSED, Case.Status.CLOSED_REFERRED])

    def contact_due(self) -> Self:
        """Open cases whose last contact lies longer back than their risk allows."""
        today = timezone.localdate()
        late = Q()
        for risk, days in CONTACT_DAYS.items():
            late |= Q(risk=risk, last_contact_on__lt=today - timedelta(days=days))
        return self.open().filter(late)

    def in_view(self, view: str, user: User) -> Self:
        """Of cases that this user may see those of one view; an unknown word means her own."""
        if view == CaseView.OPEN:
            return self.open()
        if view == CaseView.CLOSED:
            return self.closed()
        mine = self.filter(owner=user)
        return mine.contact_due() if view == CaseView.DUE else mine.open()

    def with_person(self) -> Self:
        """Read with what the head of a case's page shows."""
        return self.select_related("person__data_key", "person__language", "owner", "team")


class Case(models.Model):
    """One person's case with one organization (HTCDS Case)."""

    class Status(models.TextChoices):
        """Source: HTCDS 2.0, cas_Status."""

        ACTIVE = "Active", _("Open")
        FOLLOW_UP = "FollowUp", _("Follow-up")
        CLOSED = "Closed", _("Closed")
        CLOSED_REFERRED = "ClosedReferred", _("Closed, referred")

    class Risk(models.TextChoices):
        HIGH = "high", _("High risk")
        MEDIUM = "medium", _("Medium risk")
        LOW = "low", _("Low risk")
        UNKNOWN = "unknown", _("Risk not assessed")

    class ClosureReason(models.TextChoices):
        DONE = "done", _("Goals reached")
        REFERRED = "referred", _("Taken over by another service")
        WITHDREW = "withdrew", _("The client ended it")
        MOVED_ON = "moved_on", _("Moved on")
        LOST = "lost", _("Contact lost")
        DIED = "died", _("Died")
        MISTAKE = "mistake", _("Opened by mistake")
        MERGED = "merged", _("Goes on in another case")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    person = models.ForeignKey(Person, models.PROTECT, related_name="cases")
    organization = models.ForeignKey(Organization, models.PROTECT, related_name="cases")
    team = models.ForeignKey(Team, models.PROTECT, related_name="cases")
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="owned_cases")
    data_key = DataKeyField()
    status = models.CharField(max_length=20, choices=Status, default=Status.ACTIVE)
    risk = models.CharField(_("risk"), max_length=10, choices=Risk, default=Risk.UNKNOWN)
    opened_on = models.DateField(default=timezone.localdate)
    closed_on = models.DateField(null=True, blank=True)
    closure_reason = models.CharField(_("reason"), max_length=20, choices=ClosureReason, blank=True)
    last_contact_on = models.DateField(default=timezone.localdate)
    # Since when it waits to be erased; nobody who works with cases sees it from then on.
    archived_on = models.DateField(null=True, editable=False)
    # Open to those only who have access by name: to no team and no coordinator.
    is_sealed = models.BooleanField(_("sealed"), default=False, editable=False)
    version = models.PositiveIntegerField(default=1, editable=False)

    objects = CaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("case")
        verbose_name_plural = _("cases")
        permissions = [
            ("access_operational", "Access to what is operational"),
            ("access_identity", "Access to identity"),
            ("access_narrative", "Access to notes and answers"),
            ("access_restricted", "Access to restricted parts"),
            ("open_case", "Can open a case"),
            ("view_cases", "Can work with cases"),
            ("change_case_facts", "Can change what is known of a case"),
            ("close_case", "Can close and reopen a case"),
            ("assign_case", "Can give access to a case"),
        ]
        constraints = [
            models.CheckConstraint(
                name="closed_case_has_day_and_reason",
                condition=Q(status__in=["Active", "FollowUp"], closed_on=None, closure_reason="")
                | (
                    Q(status__in=["Closed", "ClosedReferred"], closed_on__isnull=False)
                    & ~Q(closure_reason="")
                ),
                violation_error_message=_("A closed case needs a day and a reason."),
            ),
            models.UniqueConstraint(
                name="one_open_case_per_person_and_organization",
                fields=["person", "organization"],
                condition=Q(status__in=["Active", "FollowUp"]),
                violation_error_message=_("This person has an open case already."),
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization", "-last_contact_on", "id"], name="case_by_organization"
            ),
            models.Index(fields=["owner", "-last_contact_on", "id"], name="case_by_owner"),
            models.Index(
                fields=["person"], name="sealed_case_by_person", condition=Q(is_sealed=True)
            ),
        ]

    def __str__(self) -> str:
        return str(self.person)

    def get_absolute_url(self) -> str:
        return reverse("casework:case", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.status in {self.Status.ACTIVE, self.Status.FOLLOW_UP}

    def level_for(self, user: User) -> Level:
        """How much of this case the user may see; NONE for a stranger. Three queries at most."""
        if self.archived_on is not None:
            return Level.NONE
        rows: list[CaseAccess | TeamCaseAccess] = [
            *self.access.filter(pk__in=CaseAccess.objects.held_by(user)).select_related(
                "permission"
            ),
            *self.team_access.filter(pk__in=TeamCaseAccess.objects.held_by(user)).select_related(
                "permission"
            ),
        ]
        levels = [row.level for row in rows]
        if not levels and Case.objects.visible_to(user).filter(pk=self.pk).exists():
            levels.append(Level.OPERATIONAL)
        return min(max(levels, default=Level.NONE), user.highest_level)

    @property
    def contact_due_on(self) -> date:
        """The day by which the next contact is due."""
        return self.last_contact_on + timedelta(days=CONTACT_DAYS[Case.Risk(self.risk)])


# After so many days without contact a case asks for one.
CONTACT_DAYS = {
    Case.Risk.HIGH: 7,
    Case.Risk.MEDIUM: 14,
    Case.Risk.UNKNOWN: 14,
    Case.Risk.LOW: 30,
}


class CaseEventQuerySet(models.QuerySet["CaseEvent"]):
    def visible_to(self, user: User) -> Self:
        """Events of the cases this user may see; each still has its level."""
        return self.filter(case__in=Case.objects.visible_to(user))

    def up_to(self, level: Level) -> Self:
        return self.filter(level__lte=level)


class CaseEvent(models.Model):
    """One line of a case's timeline: a code, a link, no text."""

    class Code(models.TextChoices):
        CASE_OPENED = "case_opened", _("Case opened")
        CASE_CLOSED = "case_closed", _("Case closed")
        CASE_REOPENED = "case_reopened", _("Case reopened")
        CASE_CHANGED = "case_changed", _("Case changed")
        ACCESS_GIVEN = "access_given", _("Access given")
        ACCESS_ENDED = "access_ended", _("Access ended")
        ACCESS_EMERGENCY = "access_emergency", _("Opened by emergency access")
        CASE_SEALED = "case_sealed", _("Case sealed")
        CASE_UNSEALED = "case_unsealed", _("Case no longer sealed")
        IDENTITY_RECORDED = "identity_recorded", _("Identity recorded")
        IDENTITY_SHOWN = "identity_shown", _("Name and contacts shown")
        CONTACT_RULE = "contact_rule", _("How to reach the person recorded")
        CONTACT_OVERRIDDEN = "contact_overridden", _("Phone shown although not safe now")
        RECORDS_MERGED = "records_merged", _("Two records merged")
        RECORDS_PARTED = "records_parted", _("Merged records taken apart")
        NOTE_ADDED = "note_added", _("Note added")
        FILE_ADDED = "file_added", _("File added")
        FILE_REMOVED = "file_removed", _("File removed")
        VISIT_RECORDED = "visit_recorded", _("Hub visit")
        SERVICE_DELIVERED = "service_delivered", _("Service delivered")
        CONSENT_RECORDED = "consent_recorded", _("Consent recorded")
        CONSENT_WITHDRAWN = "consent_withdrawn", _("Consent taken back")
        STATUS_RECORDED = "status_recorded", _("Status recorded")
        GUARDIAN_RECORDED = "guardian_recorded", _("Guardian recorded")
        STEP_BEGUN = "step_begun", _("Step for the child begun")
        STEP_DONE = "step_done", _("Step for the child done")
        AGE_CHOSEN = "age_chosen", _("Age chosen")
        ACTIVITY_STARTED = "activity_started", _("Income activity started")
        ACTIVITY_ATTENDED = "activity_attended", _("Income activity attended")
        ACTIVITY_ENDED = "activity_ended", _("Income activity ended")
        SCREENING_STARTED = "screening_started", _("Screening started")
        SCREENING_STOPPED = "screening_stopped", _("Screening stopped")
        SCREENING_DECLINED = "screening_declined", _("Screening declined")
        SCREENING_COMPLETED = "screening_completed", _("Screening completed")
        SCREENING_DECIDED = "screening_decided", _("Screening decided")
        INCIDENT_RECORDED = "incident_recorded", _("Incident recorded")
        INCIDENT_CORRECTED = "incident_corrected", _("Incident corrected")
        INCIDENT_CLOSED = "incident_closed", _("Incident closed")
        TASK_ADDED = "task_added", _("Task added")
        TASK_SETTLED = "task_settled", _("Task settled")
        REFERRAL_DRAFTED = "referral_drafted", _("Referral drafted")
        REFERRAL_SENT = "referral_sent", _("Referral sent")
        REFERRAL_RECEIVED = "referral_received", _("Referral received")
        REFERRAL_ACCEPTED = "referral_accepted", _("Referral accepted")
        REFERRAL_DECLINED = "referral_declined", _("Referral declined")
        REFERRAL_STARTED = "referral_started", _("Service started")
        REFERRAL_DELIVERED = "referral_delivered", _("Service delivered by partner")
        REFERRAL_NARROWED = "referral_narrowed", _("Less is shared from now on")
        REFERRAL_RECALLED = "referral_recalled", _("Referral taken back")
        REFERRAL_CLOSED = "referral_closed", _("Referral closed")
        REFERRAL_OVERDUE = "referral_overdue", _("Referral overdue")
        REFERRAL_READY = "referral_ready", _("Referral ready to send")
        REFERRAL_REVISED = "referral_revised", _("Referral back in preparation")
        REFERRAL_OVERRIDDEN = "referral_overridden", _("Referral may leave without consent")
        REFERRAL_ASKS = "referral_asks", _("Receiver asks for information")
        REFERRAL_INFORMED = "referral_informed", _("Information given to the receiver")
        REFERRAL_REDIRECTED = "referral_redirected", _("Referral pointed elsewhere")
        REFERRAL_REVIEWED = "referral_reviewed", _("Refusal looked at")
        REFERRAL_NO_SHOW = "referral_no_show", _("Did not come to the appointment")
        REFERRAL_REBOOKED = "referral_rebooked", _("New appointment")
        REFERRAL_NOT_WANTED = "referral_not_wanted", _("Help not wanted any more")
        REFERRAL_UNREACHABLE = "referral_unreachable", _("Cannot be reached")
        REFERRAL_MOVED_ON = "referral_moved_on", _("Moved on")
        REFERRAL_MISSING = "referral_missing", _("Missing")
        REFERRAL_MESSAGE = "referral_message", _("Message about a referral")
        REFERRAL_CLIENT_SAYS = "referral_client_says", _("The client's word on a referral")
        REFERRAL_DELETED = "referral_deleted", _("Receiver has deleted a referral")
        REFERRAL_REMINDED = "referral_reminded", _("Somebody was reminded of a referral")
        PROCEDURE_STEP = "procedure_step", _("Step of a procedure recorded")
        ACCOMPANIED = "accompanied", _("Somebody went along")
        NEED_UNMET = "need_unmet", _("A need could not be met")

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="events")
    at = models.DateTimeField(default=timezone.now)
    code = models.CharField(max_length=40, choices=Code)
    level = models.PositiveSmallIntegerField(default=Level.OPERATIONAL)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    # Where the reader finds more: the URL's name and the id it takes.
    url_name = models.CharField(max_length=60, blank=True)
    object_id = models.UUIDField(null=True)

    objects = CaseEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("case event")
        verbose_name_plural = _("case events")
        ordering = ["-at", "-id"]
        indexes = [models.Index(fields=["case", "-at", "-id"], name="event_by_case")]

    def __str__(self) -> str:
        return self.get_code_display()

    @property
    def url(self) -> str:
        return reverse(self.url_name, args=[self.object_id]) if self.url_name else ""


class CaseNoteQuerySet(models.QuerySet["CaseNote"]):
    def visible_to(self, user: User) -> Self:
        """Notes of the cases whose stories this user may read."""
        return self.filter(case__in=Case.objects.visible_to(user, Level.NARRATIVE))


class CaseNote(models.Model):
    """Something told or seen, sealed with the case's key; never changed, only added to."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    case = models.ForeignKey(Case, models.CASCADE, related_name="notes")
    data_key = DataKeyField()
    text = SealedTextField(verbose_name=_("note"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    written_at = models.DateTimeField(default=timezone.now)

    objects = CaseNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("note")
        verbose_name_plural = _("notes")
        ordering = ["-written_at"]
        permissions = [("write_note", "Can write a note")]

    def __str__(self) -> str:
        return str(self.pk)
