"""Which rows of the registers the database shows: those of the own house, to who keeps them."""

from django.db import migrations

from accounts.policies import also, guard, of

OURS = "organization_id = (SELECT gate_organization())"
KEEPERS = "(SELECT gate_has_role('data_protection', 'coordinator', 'leadership'))"
# Who wrote a line may see it again.
KEPT = f"{OURS} AND ({KEEPERS} OR recorded_by_id = (SELECT gate_uid()))"
REGISTERS = ("personrequest", "authorityrequest", "breach", "sharingagreement")


class Migration(migrations.Migration):
    dependencies = [("protection", "0003_forget_history"), ("casework", "0007_policies")]

    operations = [
        *(guard(f"protection_{name}", KEPT, new=OURS) for name in REGISTERS),
        guard("protection_erasurerequest", f"{OURS} AND {KEEPERS}"),
        guard("protection_telling", of("protection_erasurerequest", "erasure_id")),
        guard("protection_legalhold", f"{OURS} AND {KEEPERS}"),
        guard("protection_duerow", f"{OURS} AND {KEEPERS}"),
        *(
            also("vault_datakey", f"of_{name}", of(f"protection_{name}", "id"))
            for name in REGISTERS
        ),
    ]
