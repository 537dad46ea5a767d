"""What is typed about a task: what, by when, who; and how it ended."""

from datetime import timedelta
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.forms import ActionForm, MomentField
from accounts.models import User
from accounts.widgets import Chips, Choices
from casework.forms.fields import MomentInput
from casework.models import Case, Task
from casework.people_at_work import who_work_on

WRONG_MOMENT = {"invalid": _("Write a day and a time that are in the calendar.")}


class PersonnelField(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic at type time only
    """Colleagues by name."""

    def label_from_instance(self, obj: Any) -> str:
        return str(obj.name)


class PlanForm(ActionForm):
    """By when, and who."""

    due_at = MomentField(label=_("Until when?"), widget=MomentInput, error_messages=WRONG_MOMENT)

    def __init__(self, data: Any = None, *, case: Case, user: User, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.fields["assigned_to"] = PersonnelField(
            label=_("Who does it?"),
            queryset=who_work_on(case, "casework.work_on_tasks"),
            initial=user.pk,
            empty_label=None,
        )


class TaskForm(PlanForm):
    """The keywords of `add_task`. There is no text: what is told about somebody is a note."""

    kind = forms.ChoiceField(label=_("What is to be done?"), choices=Task.Kind, widget=Chips)

    field_order = ("kind", "due_at", "assigned_to")

    def __init__(self, data: Any = None, *, case: Case, user: User) -> None:
        tomorrow = timezone.localtime() + timedelta(days=1)
        super().__init__(data, case=case, user=user, initial={"due_at": tomorrow})


class ChangeTaskForm(PlanForm):
    """The keywords of `change_task`."""

    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, *, task: Task, user: User) -> None:
        now = {
            "due_at": timezone.localtime(task.due_at),
            "assigned_to": task.assigned_to_id,
            "version": task.version,
        }
        super().__init__(data, case=task.case, user=user, initial=now, auto_id="change_%s")


class SettleTaskForm(ActionForm):
    """The keywords of `settle_task`."""

    version = forms.IntegerField(widget=forms.HiddenInput)
    state = forms.ChoiceField(
        label=_("Is it done?"),
        choices=[(Task.State.DONE, _("Yes")), (Task.State.CANCELLED, _("No, and it will not be"))],
        widget=Choices,
    )
    reason = forms.ChoiceField(
        label=_("If not: why?"),
        choices=[("", _("It is done")), *Task.Reason.choices],
        required=False,
    )
