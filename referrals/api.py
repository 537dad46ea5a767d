"""Referrals in the API: the sender's record, and the receiver's sheet by the same disclosure."""

from typing import Any
from uuid import UUID

from django.db import models
from django.http import Http404
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import extend_schema
from rest_framework import serializers, status
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api import VerbViewSet
from accounts.audit import record, record_list
from accounts.levels import Level
from casework.models import Case
from referrals import actions
from referrals.disclosure import disclosed_sheet, stage_of
from referrals.models import Referral
from referrals.receiving import hand_over, hand_over_with_note, taken_back
from referrals.shapes import (
    AcceptSerializer,
    ClientWordSerializer,
    CommentedSerializer,
    DeclineSerializer,
    DeliverSerializer,
    DraftSerializer,
    MessageSerializer,
    OverrideReviewSerializer,
    OverrideSerializer,
    RebookSerializer,
    RecallSerializer,
    ReceivedReferralSerializer,
    RedirectSerializer,
    ReferralSerializer,
    ReferralStorySerializer,
    ReviewSerializer,
    SharedSerializer,
    VerbSerializer,
)
from referrals.states import Side, Verb

# Who may read the referrals of a side at all.
READERS = {
    Side.SENDER: "referrals.view_referrals",
    Side.RECEIVER: "referrals.answer_referral",
}


class ReferralViewSet(VerbViewSet[Referral]):
    """Referrals of visible cases; for a receiver, those open to her institution.

    Who is both, in two roles, says `?side=receiver` for the second list.
    """

    model = Referral
    serializer_class = ReferralSerializer
    ordering = ("-number",)

    @property
    def side(self) -> Side:
        if self.request.query_params.get("side") in set(Side):
            return Side(self.request.query_params["side"])
        return Side.SENDER if self.user.has_perm(READERS[Side.SENDER]) else Side.RECEIVER

    def get_queryset(self) -> models.QuerySet[Referral]:
        return self._gate(self.side)

    def _gate(self, side: Side) -> models.QuerySet[Referral]:
        rows = Referral.objects.visible_to(self.user, side)
        return rows.as_received() if side == Side.RECEIVER else rows.with_sheet()

    def list(self, request: Request) -> Response:
        self.user.require(READERS[self.side])
        page = self.paginate_queryset(self.get_queryset()) or []
        record_list(self.user, "list_referrals", Referral, [row.pk for row in page])
        received = self.side == Side.RECEIVER
        if received:
            hand_over(page)
        shape = ReceivedReferralSerializer if received else ReferralSerializer
        return self.get_paginated_response(shape(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        referral, side = self._found(pk, self.side)
        self.user.require(READERS[side])
        return Response(self._shown(referral, side))

    def create(self, request: Request) -> Response:
        facts = self._asked(DraftSerializer)
        case = get_object_or_404(Case.objects.visible_to(self.user), pk=facts.pop("case"))
        if previous := facts.pop("previous", None):
            rows = Referral.objects.visible_to(self.user).filter(case=case)
            facts["previous"] = get_object_or_404(rows, pk=previous)
        referral = self.perform(actions.draft_referral, case, **facts)
        return Response(self._shown(referral, Side.SENDER), status.HTTP_201_CREATED)

    def _found(self, pk: str, first: Side) -> tuple[Referral, Side]:
        """The referral, and the side it was found from. Raises Http404."""
        wanted = _key(pk)
        for side in sorted(Side, key=lambda side: side != first):
            referral = self._gate(side).filter(pk=wanted).first()
            if referral is not None:
                return referral, side
        raise Http404

    def _shown(self, referral: Referral, side: Side) -> dict[str, Any]:
        """One referral as this side may see it; what was shown is recorded."""
        referral = self._gate(side).get(pk=referral.pk)
        if side == Side.RECEIVER:
            hand_over_with_note(referral)
            sheet = disclosed_sheet(referral, stage_of(referral))
            shown = {**ReceivedReferralSerializer(referral).data, **SharedSerializer(sheet).data}
            fields = sheet.shown
        else:
            reads = referral.case.level_for(self.user) >= Level.NARRATIVE
            shape = ReferralStorySerializer if reads else ReferralSerializer
            shown = dict(shape(referral).data)
            fields = ["message"] if reads else []
        record(self.user, "view_referral", referral, case_id=referral.case_id, fields=fields)
        return shown

    def _asked(self, shape: type[serializers.Serializer[Referral]]) -> dict[str, Any]:
        asked = shape(data=self.request.data)
        asked.is_valid(raise_exception=True)
        return dict(asked.validated_data)

    def _say(
        self,
        told: Any,
        side: Side,
        pk: str,
        shape: type[serializers.Serializer[Referral]],
        **said: str,
    ) -> Response:
        """Say a verb for a side; who sees the referral from the other side only is refused."""
        referral, _ = self._found(pk, side)
        referral = self.perform(told, referral, **self._asked(shape), **said)
        return Response(self._shown(referral, side))

    @extend_schema(request=VerbSerializer)
    @action(detail=True, methods=["post"])
    def send(self, request: Request, pk: str) -> Response:
        return self._say(actions.send_referral, Side.SENDER, pk, VerbSerializer)

    @extend_schema(request=RecallSerializer)
    @action(detail=True, methods=["post"])
    def recall(self, request: Request, pk: str) -> Response:
        return self._say(actions.recall_referral, Side.SENDER, pk, RecallSerializer)

    @extend_schema(request=VerbSerializer)
    @action(detail=True, methods=["post"])
    def receive(self, request: Request, pk: str) -> Response:
        return self._say(actions.receive_referral, Side.RECEIVER, pk, VerbSerializer)

    @extend_schema(request=AcceptSerializer)
    @action(detail=True, methods=["post"])
    def accept(self, request: Request, pk: str) -> Response:
        return self._say(actions.accept_referral, Side.RECEIVER, pk, AcceptSerializer)

    @extend_schema(request=DeclineSerializer)
    @action(detail=True, methods=["post"])
    def decline(self, request: Request, pk: str) -> Response:
        return self._say(actions.decline_referral, Side.RECEIVER, pk, DeclineSerializer)

    @extend_schema(request=CommentedSerializer)
    @action(detail=True, methods=["post"])
    def start(self, request: Request, pk: str) -> Response:
        return self._say(actions.start_referral, Side.RECEIVER, pk, CommentedSerializer)

    @extend_schema(request=DeliverSerializer)
    @action(detail=True, methods=["post"])
    def deliver(self, request: Request, pk: str) -> Response:
        return self._say(actions.deliver_referral, Side.RECEIVER, pk, DeliverSerializer)

    @extend_schema(request=MessageSerializer)
    @action(detail=True, methods=["post"], url_path="need-information")
    def need_information(self, request: Request, pk: str) -> Response:
        return self._say(actions.ask_for_information, Side.RECEIVER, pk, MessageSerializer)

    @extend_schema(request=RedirectSerializer)
    @action(detail=True, methods=["post"])
    def redirect(self, request: Request, pk: str) -> Response:
        return self._say(actions.redirect_referral, Side.RECEIVER, pk, RedirectSerializer)

    @extend_schema(request=CommentedSerializer)
    @action(detail=True, methods=["post"], url_path="no-show")
    def no_show(self, request: Request, pk: str) -> Response:
        return self._say(actions.tell_no_show, Side.RECEIVER, pk, CommentedSerializer)

    @extend_schema(request=VerbSerializer)
    @action(detail=True, methods=["post"])
    def deleted(self, request: Request, pk: str) -> Response:
        """Of what was taken back the receiver sees no more than that she has said so."""
        referral = taken_back(self.user, _key(pk))
        done = self.perform(actions.confirm_deletion, referral, **self._asked(VerbSerializer))
        return Response({"number": str(done), "deleted_at": done.deleted_at})

    @extend_schema(request=MessageSerializer)
    @action(detail=True, methods=["post"])
    def messages(self, request: Request, pk: str) -> Response:
        """A sentence to the other side; to a receiver who asked, the answer."""
        return self._say_from_either(actions.write_message, pk, MessageSerializer)

    @extend_schema(request=RebookSerializer)
    @action(detail=True, methods=["post"])
    def rebook(self, request: Request, pk: str) -> Response:
        return self._say_from_either(actions.rebook_referral, pk, RebookSerializer)

    @extend_schema(request=CommentedSerializer)
    @action(detail=True, methods=["post"], url_path="client-declined")
    def client_declined(self, request: Request, pk: str) -> Response:
        return self._lose(Verb.CLIENT_DECLINED, pk)

    @extend_schema(request=CommentedSerializer)
    @action(detail=True, methods=["post"])
    def unreachable(self, request: Request, pk: str) -> Response:
        return self._lose(Verb.UNREACHABLE, pk)

    @extend_schema(request=CommentedSerializer)
    @action(detail=True, methods=["post"], url_path="moved-on")
    def moved_on(self, request: Request, pk: str) -> Response:
        return self._lose(Verb.MOVED_ON, pk)

    @extend_schema(request=CommentedSerializer)
    @action(detail=True, methods=["post"])
    def missing(self, request: Request, pk: str) -> Response:
        return self._lose(Verb.MISSING, pk)

    @extend_schema(request=ClientWordSerializer)
    @action(detail=True, methods=["post"], url_path="client-says")
    def client_says(self, request: Request, pk: str) -> Response:
        return self._say(actions.record_client_word, Side.SENDER, pk, ClientWordSerializer)

    @extend_schema(request=ReviewSerializer)
    @action(detail=True, methods=["post"])
    def review(self, request: Request, pk: str) -> Response:
        return self._say(actions.review_refusal, Side.SENDER, pk, ReviewSerializer)

    @extend_schema(request=OverrideSerializer)
    @action(detail=True, methods=["post"])
    def override(self, request: Request, pk: str) -> Response:
        return self._say(actions.override_consent, Side.SENDER, pk, OverrideSerializer)

    @extend_schema(request=OverrideReviewSerializer)
    @action(detail=True, methods=["post"], url_path="review-override")
    def review_override(self, request: Request, pk: str) -> Response:
        return self._say(actions.review_override, Side.SENDER, pk, OverrideReviewSerializer)

    @extend_schema(request=CommentedSerializer)
    @action(detail=True, methods=["post"])
    def close(self, request: Request, pk: str) -> Response:
        return self._say_from_either(actions.close_referral, pk, CommentedSerializer)

    def _say_from_either(
        self, told: Any, pk: str, shape: type[serializers.Serializer[Referral]], **said: str
    ) -> Response:
        """A verb of both sides: who stands on both speaks for the receiver."""
        _, side = self._found(pk, Side.RECEIVER)
        return self._say(told, side, pk, shape, **said)

    def _lose(self, verb: Verb, pk: str) -> Response:
        return self._say_from_either(actions.tell_loss, pk, CommentedSerializer, verb=verb)


def _key(pk: str) -> UUID:
    """Raises Http404."""
    try:
        return UUID(pk)
    except ValueError as error:
        raise Http404 from error


ROUTES = [("referrals", ReferralViewSet, "referral")]
