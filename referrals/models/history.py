"""What rows were, kept by the database."""

from accounts.models.history import keep_history
from referrals.models.accompaniment import Accompaniment
from referrals.models.identification import Identification, ProcedureStep
from referrals.models.referral import Referral
from referrals.models.unmet_need import UnmetNeed

# What the clocks note for themselves is no change of a referral: its steps and timeline tell it.
ReferralHistory = keep_history(Referral, exclude={"next_check_at", "rung", "overdue_at"})
IdentificationHistory = keep_history(Identification)
ProcedureStepHistory = keep_history(ProcedureStep)
AccompanimentHistory = keep_history(Accompaniment)
UnmetNeedHistory = keep_history(UnmetNeed)
