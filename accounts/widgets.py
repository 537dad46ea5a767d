"""Form controls of the design system, on top of Django's own: docs/design.md."""

from typing import Any

from django import forms


class Chips(forms.RadioSelect):
    """One short value of several, in pills."""

    template_name = "ui/widgets/chips.html"


class Segments(forms.RadioSelect):
    """One of at most four short answers side by side: yes, no, unclear, not asked."""

    template_name = "ui/widgets/segments.html"


class Ticks(forms.CheckboxSelectMultiple):
    """Many of many, in tiles; with `keys` the digits 1 to 9 and 0 tick the first ten."""

    template_name = "ui/widgets/ticks.html"

    def __init__(self, *, keys: bool = False, small: bool = False, **options: Any) -> None:
        super().__init__(**options)
        self.keys, self.small = keys, small

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        context["widget"].update(keys=self.keys, small=self.small)
        return context

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(*args, **options)
        position = int(option["index"])
        if self.keys and position < 10:
            option["key"] = str((position + 1) % 10)
        return option


class Choices(forms.RadioSelect):
    """One of several, each with a line that explains it: `hints` is {value: sentence}."""

    def __init__(self, *, hints: dict[str, Any] | None = None, **options: Any) -> None:
        super().__init__(**options)
        self.hints = hints or {}

    def create_option(self, *args: Any, **options: Any) -> dict[str, Any]:
        option = super().create_option(*args, **options)
        option["hint"] = self.hints.get(str(option["value"]), "")
        return option


class Counter(forms.NumberInput):
    """A whole number that grows by one with each tap; a plain number field without script."""

    template_name = "ui/widgets/counter.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"min": 0, "inputmode": "numeric", **(attrs or {})})


class Stepper(Counter):
    """A small number with one less and one more."""

    template_name = "ui/widgets/stepper.html"
