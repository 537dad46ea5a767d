"""One factory a model: required fields only, no surprise; a named state is a named factory."""

from datetime import date, timedelta
from uuid import uuid4

import factory
from django.contrib.auth.hashers import make_password
from django.utils import timezone
from factory.django import DjangoModelFactory

from accounts.levels import Level
from accounts.models import ApiToken, AuditEvent, Organization, Role, RoleAssignment, Team, User
from casework import cards
from casework.models import (
    AgeEstimate,
    BestInterestsStep,
    Card,
    Care,
    Case,
    CaseAccess,
    CaseEvent,
    CaseNote,
    Channel,
    CheckIn,
    Consent,
    ConsentText,
    ContactRule,
    DoNotAsk,
    EmergencyAccess,
    FormDraft,
    Guardian,
    Headcount,
    Household,
    HouseholdMember,
    IncomeActivity,
    IncomeActivitySession,
    Interpreter,
    InterpreterBlock,
    KeepApart,
    LeafletGiven,
    Person,
    PersonIdentity,
    PersonMerge,
    PossibleMatch,
    Relation,
    ServiceDelivered,
    SoughtRelative,
    TalkWish,
    Task,
    TeamCaseAccess,
    TraffickingStatus,
    TwinTicket,
    Visit,
    VisitRule,
)
from casework.models.access import AccessKind, permission_for
from directory.models import AgeBand, Dialect, Grant, Language, LeafletEdition, Service, ServiceType
from protection.models import (
    Anomaly,
    AuthorityRequest,
    Breach,
    DueRow,
    ErasureRequest,
    LegalHold,
    PersonRequest,
    SharingAgreement,
    Subject,
    Telling,
)
from referrals.models import (
    Accompaniment,
    Identification,
    ProcedureStep,
    Referral,
    ReferralStep,
    SuspicionReport,
    UnmetNeed,
)
from vault.models import DataKey


def language(code="fa"):
    return Language.objects.get(pk=code)


def dialect(code="tehrani"):
    return Dialect.objects.get(pk=code)


def service_type(code="information"):
    return ServiceType.objects.get(pk=code)


def edition(leaflet="trafficking", code="fa"):
    return LeafletEdition.objects.get(leaflet=leaflet, language=code, is_in_use=True)


def age_band(youngest=25, bands="programme"):
    return AgeBand.objects.get(age_band_set=bands, min_age=youngest)


def in_days(days):
    """A moment to come, for what has to end."""
    return timezone.now() + timedelta(days=days)


def make_key(owner_id):
    key = DataKey.make(owner_id)
    key.save()
    return key


# Accounts


class OrganizationFactory(DjangoModelFactory):
    class Meta:
        model = Organization

    code = factory.Sequence(lambda n: f"org-{n}")
    name_en = factory.Sequence(lambda n: f"Organization {n}")
    name_sr = factory.Sequence(lambda n: f"Organizacija {n}")
    type = Organization.Type.NGO


class HouseFactory(OrganizationFactory):
    """An organization that keeps its own data here."""

    is_house = True


class TeamFactory(DjangoModelFactory):
    class Meta:
        model = Team

    name = factory.Sequence(lambda n: f"Team {n}")
    organization = factory.SubFactory(HouseFactory)
    kind = Team.Kind.HUB


class UserFactory(DjangoModelFactory):
    """Somebody who signs in: `UserFactory(role="caseworker", teams=[team])`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    username = factory.Sequence(lambda n: f"user{n}")
    name = factory.Sequence(lambda n: f"User {n}")
    password = factory.LazyFunction(lambda: make_password(None))
    organization = factory.SubFactory(HouseFactory)

    @factory.post_generation
    def teams(self, create, teams, **kwargs):
        self.teams.set(teams or [])

    @factory.post_generation
    def role(self, create, code, **kwargs):
        if code:
            role, _ = Role.objects.get_or_create(pk=code)
            RoleAssignment.objects.create(user=self, role=role, starts_on=date(2026, 1, 1))


class ApiTokenFactory(DjangoModelFactory):
    """A machine's key of somebody of this organization; its text is thrown away."""

    class Meta:
        model = ApiToken

    class Params:
        organization = factory.SubFactory(HouseFactory)

    user = factory.SubFactory(UserFactory, organization=factory.SelfAttribute("..organization"))
    label = factory.Sequence(lambda n: f"Machine {n}")
    scopes = factory.List(["visits:read"])
    expiry = timedelta(days=30)

    @classmethod
    def _create(cls, model_class, *args, **fields):
        token, _text = model_class.objects.create(**fields)
        return token


# Directory


class GrantFactory(DjangoModelFactory):
    class Meta:
        model = Grant

    organization = factory.SubFactory(HouseFactory)
    donor_id = "IRC"
    code = factory.Sequence(lambda n: f"grant-{n}")
    name_en = factory.Sequence(lambda n: f"Grant {n}")
    name_sr = factory.Sequence(lambda n: f"Grant {n}")
    starts_on = date(2026, 1, 1)
    ends_on = date(2035, 12, 31)
    age_band_set_id = "programme"


# Casework


class PersonFactory(DjangoModelFactory):
    """A coded person of `team`, registered by a user who need not exist otherwise."""

    class Meta:
        model = Person

    id = factory.LazyFunction(uuid4)
    data_key = factory.LazyAttribute(lambda person: make_key(person.id))
    team = factory.SubFactory(TeamFactory)
    organization = factory.SelfAttribute("team.organization")
    sex = Person.Sex.FEMALE
    nationality = "AF"
    language_id = "fa"
    registered_by = factory.SubFactory(
        UserFactory, organization=factory.SelfAttribute("..organization")
    )


class GrownUpFactory(PersonFactory):
    """Somebody who is of age for sure, and answers for herself."""

    birth_year_from = 1990
    birth_year_to = 1992
    birth_year_source = Person.BirthYearSource.STATED


class PersonIdentityFactory(DjangoModelFactory):
    class Meta:
        model = PersonIdentity

    person = factory.SubFactory(PersonFactory)
    data_key = factory.SelfAttribute("person.data_key")
    name = "Zarmina Testowa"


class CaseFactory(DjangoModelFactory):
    """A case that nobody has access to yet; `AssignedCaseFactory(owner=…)` gives it."""

    class Meta:
        model = Case

    id = factory.LazyFunction(uuid4)
    data_key = factory.LazyAttribute(lambda case: make_key(case.id))
    person = factory.SubFactory(PersonFactory)
    organization = factory.SelfAttribute("person.organization")
    team = factory.SelfAttribute("person.team")
    owner = factory.SubFactory(UserFactory, organization=factory.SelfAttribute("..organization"))


class AssignedCaseFactory(CaseFactory):
    """A case whose owner sees it down to its story, as `open_case` leaves it."""

    class Meta:
        model = Case
        skip_postgeneration_save = True

    @factory.post_generation
    def access_of_owner(self, create, extracted, **kwargs):
        CaseAccessFactory(content_object=self, user=self.owner)


class ClosedCaseFactory(CaseFactory):
    status = Case.Status.CLOSED
    closed_on = factory.LazyFunction(timezone.localdate)
    closure_reason = Case.ClosureReason.DONE


class CaseAccessFactory(DjangoModelFactory):
    """Access of one user; `level` is a Level, down to the story unless said otherwise."""

    class Meta:
        model = CaseAccess
        exclude = ["level"]

    level = Level.NARRATIVE
    content_object = factory.SubFactory(CaseFactory)
    user = factory.SubFactory(UserFactory)
    permission = factory.LazyAttribute(lambda access: permission_for(access.level))
    kind = AccessKind.ASSIGNED


class TeamCaseAccessFactory(DjangoModelFactory):
    class Meta:
        model = TeamCaseAccess
        exclude = ["level"]

    level = Level.OPERATIONAL
    content_object = factory.SubFactory(CaseFactory)
    group = factory.SubFactory(TeamFactory)
    permission = factory.LazyAttribute(lambda access: permission_for(access.level))
    kind = AccessKind.SUPERVISOR


class OfCaseFactory(DjangoModelFactory):
    """What belongs to a case and was recorded by its owner."""

    class Meta:
        abstract = True

    case = factory.SubFactory(AssignedCaseFactory)
    recorded_by = factory.SelfAttribute("case.owner")


class CaseEventFactory(DjangoModelFactory):
    class Meta:
        model = CaseEvent

    case = factory.SubFactory(AssignedCaseFactory)
    code = CaseEvent.Code.CASE_OPENED


class TaskFactory(DjangoModelFactory):
    """Due tomorrow; its owner does it."""

    class Meta:
        model = Task

    case = factory.SubFactory(AssignedCaseFactory)
    data_key = factory.SelfAttribute("case.data_key")
    kind = Task.Kind.CONTACT
    due_at = factory.LazyFunction(lambda: in_days(1))
    assigned_to = factory.SelfAttribute("case.owner")
    added_by = factory.SelfAttribute("case.owner")


class CaseNoteFactory(DjangoModelFactory):
    class Meta:
        model = CaseNote

    case = factory.SubFactory(AssignedCaseFactory)
    data_key = factory.SelfAttribute("case.data_key")
    text = "He waited at the door."
    written_by = factory.SelfAttribute("case.owner")


class ConsentTextFactory(DjangoModelFactory):
    """A draft that nobody has reviewed."""

    class Meta:
        model = ConsentText

    purpose = ConsentText.Purpose.RECORD
    language_id = "en"
    version = factory.Sequence(lambda n: f"v{n}")
    text = "We would like to write down how we help you."


class ReviewedConsentTextFactory(ConsentTextFactory):
    """One that a house uses: `ReviewedConsentTextFactory(organization=house)`."""

    organization = factory.SubFactory(HouseFactory)
    reviewed_at = factory.LazyFunction(timezone.now)
    reviewed_by = factory.SubFactory(UserFactory)


class PersonConsentFactory(DjangoModelFactory):
    """What somebody without a case agreed to: to keep a record."""

    class Meta:
        model = Consent

    person = factory.SubFactory(PersonFactory)
    data_key = factory.SelfAttribute("person.data_key")
    purpose = Consent.Purpose.RECORD
    decision = Consent.Decision.GIVEN
    channel = Consent.Channel.SPOKEN
    language_id = "fa"
    text_version = "2026-11"
    recorded_by = factory.SelfAttribute("person.registered_by")


class ConsentFactory(OfCaseFactory):
    """Consent to keep a record, given aloud."""

    class Meta:
        model = Consent

    person = factory.SelfAttribute("case.person")
    data_key = factory.SelfAttribute("case.data_key")
    purpose = Consent.Purpose.RECORD
    decision = Consent.Decision.GIVEN
    channel = Consent.Channel.SPOKEN
    language_id = "fa"
    text_version = "2026-11"


class RefusedConsentFactory(ConsentFactory):
    decision = Consent.Decision.REFUSED


class ReferralConsentFactory(ConsentFactory):
    """Consent to share code, sex and age band with one organization."""

    purpose = Consent.Purpose.REFERRAL
    organization = factory.SubFactory(OrganizationFactory)
    items = [Consent.Item.AGE_BAND, Consent.Item.CODE, Consent.Item.SEX]


class TraffickingStatusFactory(OfCaseFactory):
    class Meta:
        model = TraffickingStatus

    status = TraffickingStatus.Status.PRESUMED
    decided_on = factory.LazyFunction(timezone.localdate)
    deciding_body = TraffickingStatus.DecidingBody.NGO
    organization = factory.SelfAttribute("case.organization")
    basis = TraffickingStatus.Basis.SCREENING


class VisitFactory(DjangoModelFactory):
    class Meta:
        model = Visit

    person = factory.SubFactory(PersonFactory)
    team = factory.SelfAttribute("person.team")
    data_key = factory.SelfAttribute("person.data_key")
    language_id = "fa"
    recorded_by = factory.SelfAttribute("person.registered_by")


class LeafletGivenFactory(DjangoModelFactory):
    class Meta:
        model = LeafletGiven

    visit = factory.SubFactory(VisitFactory)
    edition = factory.LazyFunction(edition)


class CardFactory(DjangoModelFactory):
    """A card in use; `cards.number_of(card.pk)` is what is printed on it."""

    class Meta:
        model = Card

    id = factory.LazyFunction(uuid4)
    person = factory.SubFactory(PersonFactory)
    number_hash = factory.LazyAttribute(lambda card: cards.hash_of(cards.number_of(card.id)))
    issued_by = factory.SelfAttribute("person.registered_by")


class CheckInFactory(DjangoModelFactory):
    """Somebody who is in the hub now."""

    class Meta:
        model = CheckIn

    person = factory.SubFactory(PersonFactory)
    team = factory.SelfAttribute("person.team")
    how = CheckIn.How.CODE
    checked_in_by = factory.SelfAttribute("person.registered_by")


class VisitRuleFactory(DjangoModelFactory):
    """One hygiene kit a day."""

    class Meta:
        model = VisitRule

    organization = factory.SubFactory(HouseFactory)
    service_type_id = "hygiene"
    interval_hours = 24
    changed_by = factory.SubFactory(
        UserFactory, organization=factory.SelfAttribute("..organization")
    )


class HeadcountFactory(DjangoModelFactory):
    class Meta:
        model = Headcount

    team = factory.SubFactory(TeamFactory)
    sex = Person.Sex.MALE
    recorded_by = factory.SubFactory(
        UserFactory, organization=factory.SelfAttribute("..team.organization")
    )


class ServiceDeliveredFactory(OfCaseFactory):
    """A service inside a case."""

    class Meta:
        model = ServiceDelivered

    person = factory.SelfAttribute("case.person")
    organization = factory.SelfAttribute("case.organization")
    service_type_id = "counselling"


class IncomeActivityFactory(OfCaseFactory):
    class Meta:
        model = IncomeActivity

    kind = IncomeActivity.Kind.COURSE


class IncomeActivitySessionFactory(DjangoModelFactory):
    class Meta:
        model = IncomeActivitySession

    activity = factory.SubFactory(IncomeActivityFactory)
    attended_on = factory.LazyFunction(timezone.localdate)
    recorded_by = factory.SelfAttribute("activity.recorded_by")


# Two records of one person


class TwinTicketFactory(DjangoModelFactory):
    """A pair that is to be settled: `person` and somebody else of her team, in their order."""

    class Meta:
        model = TwinTicket
        exclude = ["person", "other"]

    person = factory.SubFactory(PersonFactory)
    other = factory.SubFactory(
        PersonFactory,
        team=factory.SelfAttribute("..person.team"),
        registered_by=factory.SelfAttribute("..person.registered_by"),
    )
    first = factory.LazyAttribute(lambda pair: min(pair.person, pair.other, key=lambda p: p.pk))
    second = factory.LazyAttribute(lambda pair: max(pair.person, pair.other, key=lambda p: p.pk))
    organization = factory.SelfAttribute("person.organization")
    found_how = TwinTicket.FoundHow.WORKER
    score = TwinTicket.Score.POSSIBLE


class PersonMergeFactory(DjangoModelFactory):
    """A merge that is to be carried out: `person` stays, the other one of the pair goes."""

    class Meta:
        model = PersonMerge
        exclude = ["person"]

    person = factory.SubFactory(PersonFactory)
    ticket = factory.SubFactory(TwinTicketFactory, person=factory.SelfAttribute("..person"))
    survivor = factory.SelfAttribute("person")
    loser = factory.LazyAttribute(
        lambda merge: next(p for p in merge.ticket.people if p.pk != merge.person.pk)
    )
    loser_code = factory.SelfAttribute("loser.code")
    data_key = factory.SelfAttribute("person.data_key")
    organization = factory.SelfAttribute("person.organization")
    merged_by = factory.SelfAttribute("person.registered_by")


# Families and children


class HouseholdFactory(DjangoModelFactory):
    class Meta:
        model = Household

    organization = factory.SubFactory(HouseFactory)
    made_by = factory.SubFactory(UserFactory, organization=factory.SelfAttribute("..organization"))


class HouseholdMemberFactory(DjangoModelFactory):
    class Meta:
        model = HouseholdMember

    person = factory.SubFactory(PersonFactory)
    household = factory.SubFactory(
        HouseholdFactory, organization=factory.SelfAttribute("..person.organization")
    )
    recorded_by = factory.SelfAttribute("person.registered_by")


class OfPersonFactory(DjangoModelFactory):
    """What belongs to a person without a case, recorded by whoever registered her."""

    class Meta:
        abstract = True

    person = factory.SubFactory(PersonFactory)
    recorded_by = factory.SelfAttribute("person.registered_by")


class RelationFactory(OfPersonFactory):
    """Told in the file of one of them only."""

    class Meta:
        model = Relation

    other = factory.SubFactory(PersonFactory, team=factory.SelfAttribute("..person.team"))
    kind = Relation.Kind.SPOUSE


class KeepApartFactory(OfPersonFactory):
    class Meta:
        model = KeepApart

    other = factory.SubFactory(PersonFactory, team=factory.SelfAttribute("..person.team"))
    reason = KeepApart.Reason.AFRAID


class CareFactory(OfPersonFactory):
    class Meta:
        model = Care

    situation = Care.Situation.UNACCOMPANIED
    arrangement = Care.Arrangement.NONE


class GuardianFactory(OfPersonFactory):
    class Meta:
        model = Guardian

    data_key = factory.SelfAttribute("person.data_key")
    organization = factory.SubFactory(OrganizationFactory)
    name = "Test Staratelj"


class BestInterestsStepFactory(OfPersonFactory):
    """Begun now, due tomorrow."""

    class Meta:
        model = BestInterestsStep

    data_key = factory.SelfAttribute("person.data_key")
    step = BestInterestsStep.Step.ASSESSMENT
    due_at = factory.LazyFunction(lambda: in_days(1))


class AgeEstimateFactory(OfPersonFactory):
    class Meta:
        model = AgeEstimate

    data_key = factory.SelfAttribute("person.data_key")
    source = Person.BirthYearSource.STATED
    birth_year_from = 2010
    birth_year_to = 2011


# Talking safely


class InterpreterFactory(DjangoModelFactory):
    """Somebody who can be asked: `InterpreterFactory(languages=["fa"], dialects=["tehrani"])`."""

    class Meta:
        model = Interpreter
        skip_postgeneration_save = True

    id = factory.LazyFunction(uuid4)
    organization = factory.SubFactory(HouseFactory)
    data_key = factory.LazyAttribute(lambda row: make_key(row.id))
    name = factory.Sequence(lambda n: f"Interpretana {n}")
    pledged_on = factory.LazyFunction(lambda: timezone.localdate() - timedelta(days=30))
    vetting = Interpreter.Vetting.PASSED
    recorded_by = factory.SubFactory(
        UserFactory, organization=factory.SelfAttribute("..organization")
    )

    @factory.post_generation
    def languages(self, create, codes, **kwargs):
        self.languages.set(codes or ["fa"])

    @factory.post_generation
    def dialects(self, create, codes, **kwargs):
        self.dialects.set(codes or [])


class InterpreterBlockFactory(OfPersonFactory):
    class Meta:
        model = InterpreterBlock

    interpreter = factory.SubFactory(
        InterpreterFactory, organization=factory.SelfAttribute("..person.organization")
    )
    reason = InterpreterBlock.Reason.KNOWS
    said_by = InterpreterBlock.SaidBy.CLIENT


class TalkWishFactory(OfPersonFactory):
    class Meta:
        model = TalkWish


class ContactRuleFactory(OfPersonFactory):
    class Meta:
        model = ContactRule

    data_key = factory.SelfAttribute("person.data_key")
    channel = Channel.CALL
    is_safe = "yes"


class DoNotAskFactory(DjangoModelFactory):
    class Meta:
        model = DoNotAsk

    person = factory.SubFactory(PersonFactory)
    told_to = factory.SelfAttribute("person.registered_by")
    topic = DoNotAsk.Topic.ROUTE
    kept_in = DoNotAsk.KeptIn.NOTES


# Referrals


class ServiceFactory(DjangoModelFactory):
    """A service of an institution that takes everybody."""

    class Meta:
        model = Service

    organization = factory.SubFactory(OrganizationFactory)
    name_en = factory.Sequence(lambda n: f"Service {n}")
    name_sr = factory.Sequence(lambda n: f"Usluga {n}")


class ReferralFactory(DjangoModelFactory):
    """A draft that nobody but the sender knows of."""

    class Meta:
        model = Referral

    case = factory.SubFactory(AssignedCaseFactory)
    data_key = factory.SelfAttribute("case.data_key")
    service = factory.SubFactory(ServiceFactory)
    organization = factory.SelfAttribute("service.organization")
    created_by = factory.SelfAttribute("case.owner")


class SentReferralFactory(ReferralFactory):
    """Sent an hour ago, with all its items covered by its consent: code, sex and age band."""

    consent = factory.SubFactory(
        ReferralConsentFactory,
        case=factory.SelfAttribute("..case"),
        organization=factory.SelfAttribute("..organization"),
    )
    items = factory.SelfAttribute("consent.items")
    state = Referral.State.SENT
    sent_by = factory.SelfAttribute("case.owner")
    sent_at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    due_at = factory.LazyAttribute(lambda referral: referral.sent_at + timedelta(days=14))


class ReadyReferralFactory(SentReferralFactory):
    """Agreed to, and still in the house."""

    state = Referral.State.CONSENT
    sent_by = sent_at = due_at = None


class OverdueReferralFactory(SentReferralFactory):
    due_at = factory.LazyFunction(lambda: timezone.now() - timedelta(minutes=1))


class ReceivedReferralFactory(SentReferralFactory):
    state = Referral.State.RECEIVED
    received_at = factory.LazyFunction(timezone.now)


class AskedReferralFactory(ReceivedReferralFactory):
    """The receiver wants to know more."""

    state = Referral.State.NEED_INFORMATION


class AcceptedReferralFactory(ReceivedReferralFactory):
    state = Referral.State.ACCEPTED
    answered_at = factory.LazyFunction(timezone.now)


class DeclinedReferralFactory(AcceptedReferralFactory):
    state = Referral.State.DECLINED
    decline_reason_id = "no_place"


class RedirectedReferralFactory(AcceptedReferralFactory):
    state = Referral.State.REDIRECTED
    other_service = "The shelter in the next town"


class NoShowReferralFactory(AcceptedReferralFactory):
    state = Referral.State.NO_SHOW


class LostReferralFactory(AcceptedReferralFactory):
    """It ended with the client: not wanted any more, unless another end is given."""

    state = Referral.State.CLIENT_DECLINED
    ended_at = factory.LazyFunction(timezone.now)


class StartedReferralFactory(AcceptedReferralFactory):
    state = Referral.State.STARTED
    started_at = factory.LazyFunction(timezone.now)


class DeliveredReferralFactory(StartedReferralFactory):
    state = Referral.State.DELIVERED
    delivered_at = factory.LazyFunction(timezone.now)


class ClosedReferralFactory(DeliveredReferralFactory):
    state = Referral.State.CLOSED
    ended_at = factory.LazyFunction(timezone.now)


class RecalledReferralFactory(SentReferralFactory):
    state = Referral.State.RECALLED
    deletion_asked_at = factory.LazyFunction(timezone.now)
    ended_at = factory.LazyFunction(timezone.now)


class InHouseReferralFactory(SentReferralFactory):
    """Sent to a service of the sender's own organization."""

    service = factory.SubFactory(
        ServiceFactory, organization=factory.SelfAttribute("..case.organization")
    )


class ReferralStepFactory(DjangoModelFactory):
    class Meta:
        model = ReferralStep

    referral = factory.SubFactory(SentReferralFactory)
    data_key = factory.SelfAttribute("referral.data_key")
    verb = ReferralStep.Verb.SEND
    from_state = Referral.State.DRAFT
    to_state = Referral.State.SENT
    side = ReferralStep.Side.SENDER
    actor = factory.SelfAttribute("referral.case.owner")


class IdentificationFactory(DjangoModelFactory):
    """Begun with an institution that decides; no step of it is written down yet."""

    class Meta:
        model = Identification

    case = factory.SubFactory(AssignedCaseFactory)
    data_key = factory.SelfAttribute("case.data_key")
    number = factory.LazyAttribute(lambda made: made.case.identifications.count() + 1)
    route = Identification.Route.CENTER
    organization = factory.SubFactory(OrganizationFactory)
    begun_by = factory.SelfAttribute("case.owner")


class ProcedureStepFactory(DjangoModelFactory):
    """The suspicion, noticed an hour ago."""

    class Meta:
        model = ProcedureStep

    identification = factory.SubFactory(IdentificationFactory)
    data_key = factory.SelfAttribute("identification.data_key")
    step = ProcedureStep.Step.SUSPICION
    at = factory.LazyFunction(lambda: timezone.now() - timedelta(hours=1))
    recorded_by = factory.SelfAttribute("identification.begun_by")


class SuspicionReportFactory(DjangoModelFactory):
    """Of somebody in danger now."""

    class Meta:
        model = SuspicionReport

    identification = factory.SubFactory(IdentificationFactory)
    data_key = factory.SelfAttribute("identification.data_key")
    ground = SuspicionReport.Ground.DANGER
    receivers = [SuspicionReport.Receiver.BODY]
    exploitation = [SuspicionReport.Exploitation.LABOUR]
    in_danger = "yes"
    text = "Cannot leave the building alone."
    reported_by = factory.SelfAttribute("identification.begun_by")


class AccompanimentFactory(DjangoModelFactory):
    """An hour at the doctor's, counted as nothing yet."""

    class Meta:
        model = Accompaniment

    case = factory.SubFactory(AssignedCaseFactory)
    worker = factory.SelfAttribute("case.owner")
    place = Accompaniment.Place.HEALTH
    why = Accompaniment.Why.EXAMINATION
    minutes = 60
    outcome = Accompaniment.Outcome.DONE
    recorded_by = factory.SelfAttribute("worker")


class UnmetNeedFactory(DjangoModelFactory):
    """Of a case: no bed, because the house takes no migrant women."""

    class Meta:
        model = UnmetNeed

    case = factory.SubFactory(AssignedCaseFactory)
    organization = factory.SelfAttribute("case.organization")
    need_id = "shelter"
    reason = UnmetNeed.Reason.REFUSED
    barrier = UnmetNeed.Barrier.MIGRANTS
    recorded_by = factory.SelfAttribute("case.owner")


# Emergency access


class EmergencyAccessFactory(DjangoModelFactory):
    """Asked for by the owner herself; two others have to agree."""

    class Meta:
        model = EmergencyAccess

    case = factory.SubFactory(CaseFactory)
    organization = factory.SelfAttribute("case.organization")
    asked_by = factory.SelfAttribute("case.owner")
    data_key = factory.SelfAttribute("case.person.data_key")
    category = EmergencyAccess.Category.DANGER
    reason = "Somebody stands at the gate and says he is her brother"
    state = EmergencyAccess.State.WAITING


# Protection


class LegalHoldFactory(DjangoModelFactory):
    """A hold on everything of a person, for criminal proceedings."""

    class Meta:
        model = LegalHold

    person = factory.SubFactory(PersonFactory)
    organization = factory.SelfAttribute("person.organization")
    reason = LegalHold.Reason.CRIMINAL
    placed_by = factory.SubFactory(UserFactory)


class DueRowFactory(DjangoModelFactory):
    """A person without a case whose time is over."""

    class Meta:
        model = DueRow

    person = factory.SubFactory(PersonFactory)
    organization = factory.SelfAttribute("person.organization")
    kind = Subject.PERSON
    rule = DueRow.Rule.CONTACT
    due_on = date(2026, 1, 1)


class ErasureRequestFactory(DjangoModelFactory):
    """An erasure of a person that waits for a second person."""

    class Meta:
        model = ErasureRequest
        exclude = ["person"]

    person = factory.SubFactory(PersonFactory)
    organization = factory.SelfAttribute("person.organization")
    kind = Subject.PERSON
    subject = factory.SelfAttribute("person.pk")
    code = factory.SelfAttribute("person.code")
    origin = ErasureRequest.Origin.ASKED
    begun_by = factory.SubFactory(UserFactory)


class TellingFactory(DjangoModelFactory):
    """The team's phones, which may hold what is erased."""

    class Meta:
        model = Telling

    erasure = factory.SubFactory(ErasureRequestFactory)
    kind = Telling.Kind.DEVICE


class RegisterFactory(DjangoModelFactory):
    """A line of a register with a key of its own."""

    class Meta:
        abstract = True

    id = factory.LazyFunction(uuid4)
    data_key = factory.LazyAttribute(lambda line: make_key(line.id))
    organization = factory.SubFactory(HouseFactory)
    recorded_by = factory.SubFactory(
        UserFactory, organization=factory.SelfAttribute("..organization")
    )


class PersonRequestFactory(RegisterFactory):
    """Somebody asks to see what is kept."""

    class Meta:
        model = PersonRequest

    kind = PersonRequest.Kind.ACCESS
    asker = PersonRequest.Asker.HERSELF
    channel = PersonRequest.Channel.IN_PERSON
    received_on = factory.LazyFunction(timezone.localdate)
    due_on = factory.LazyAttribute(lambda line: line.received_on + timedelta(days=30))


class AuthorityRequestFactory(RegisterFactory):
    class Meta:
        model = AuthorityRequest

    authority = AuthorityRequest.Authority.POLICE
    basis = AuthorityRequest.Basis.COURT_ORDER
    scope = AuthorityRequest.Scope.ONE


class BreachFactory(RegisterFactory):
    class Meta:
        model = Breach

    kind = Breach.Kind.LOST_DEVICE
    severity = Breach.Severity.HIGH


class SharingAgreementFactory(RegisterFactory):
    class Meta:
        model = SharingAgreement

    partner = factory.SubFactory(OrganizationFactory)
    kind = SharingAgreement.Kind.PARTNER
    detail = SharingAgreement.Detail.NAMED
    frequency = SharingAgreement.Frequency.EACH
    basis = SharingAgreement.Basis.CONSENT
    country = "RS"
    safeguard = SharingAgreement.Safeguard.INSIDE
    reference = factory.Sequence(lambda n: f"ISP-{n}")
    approved_on = date(2026, 1, 1)
    starts_on = date(2026, 1, 1)


# The trail


class AuditEventFactory(DjangoModelFactory):
    """The owner of a case looked at it."""

    class Meta:
        model = AuditEvent
        exclude = ["case"]

    case = factory.SubFactory(CaseFactory)
    actor = factory.LazyAttribute(lambda row: row.case.owner)
    verb = "view_case"
    object_type = "casework.case"
    listed = factory.LazyAttribute(lambda row: [row.case.pk])
    fields = ["risk"]
    meta = {"status": 200}
    object_id = factory.LazyAttribute(lambda row: str(row.case.pk))
    case_id = factory.LazyAttribute(lambda row: row.case.pk)


class AnomalyFactory(DjangoModelFactory):
    class Meta:
        model = Anomaly

    organization = factory.SubFactory(HouseFactory)
    kind = Anomaly.Kind.MANY_CASES
    people = factory.LazyAttribute(lambda row: [UserFactory(organization=row.organization).pk])
    day = date(2026, 3, 4)
    key = factory.Sequence(str)
    count = 41


# casework: unfinished forms, half-finished people, sought relatives


class HalfFinishedPersonFactory(PersonFactory):
    """Somebody who left within the hour: sex, age and language are known, and nothing else."""

    nationality = "XX"
    intake = Person.Intake.TRANSIT
    not_asked = factory.LazyFunction(
        lambda: ["nationality", "unaccompanied_or_separated", "residence_status", "disability"]
    )


class FormDraftFactory(DjangoModelFactory):
    """A form about somebody known, begun on a device that nobody has."""

    class Meta:
        model = FormDraft

    person = factory.SubFactory(PersonFactory)
    user = factory.SelfAttribute("person.registered_by")
    data_key = factory.SelfAttribute("person.data_key")
    device = "0" * 32
    path = "/people/{person}/change/"
    typed = factory.LazyFunction(lambda: {"sex": ["female"]})


class SoughtRelativeFactory(DjangoModelFactory):
    class Meta:
        model = SoughtRelative

    person = factory.SubFactory(PersonFactory)
    data_key = factory.SelfAttribute("person.data_key")
    kin = SoughtRelative.Kin.SIBLING
    name = "Soheila Kazemvand"
    recorded_by = factory.SelfAttribute("person.registered_by")


class PossibleMatchFactory(DjangoModelFactory):
    class Meta:
        model = PossibleMatch

    sought = factory.SubFactory(SoughtRelativeFactory)
    seeker = factory.SelfAttribute("sought.person")
    person = factory.SubFactory(PersonFactory, team=factory.SelfAttribute("..seeker.team"))
    why = factory.LazyFunction(lambda: ["name"])
