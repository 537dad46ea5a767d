"""What who knows the field may change of an instrument: one form a block."""

from screening.instrument_forms.block import BlockForm
from screening.instrument_forms.entries import (
    ActionBlockForm,
    AlertForm,
    BandForm,
    DimensionForm,
    ElementForm,
    NewActionForm,
    NewSourceForm,
    RuleTextForm,
    SourceForm,
)
from screening.instrument_forms.frame import FrameForm, GroupForm, SectionForm
from screening.instrument_forms.indicators import (
    IndicatorForm,
    MoveForm,
    NewGroupForm,
    NewIndicatorForm,
    RemoveForm,
)
from screening.instrument_forms.verbs import (
    BeginInstrumentForm,
    DraftVersionForm,
    PlainForm,
    RetireForm,
    ReviewForm,
    SwitchForm,
)

# The last part of the address of a block: its form.
BLOCKS: dict[str, type[BlockForm]] = {
    "frame": FrameForm,
    "section": SectionForm,
    "group": GroupForm,
    "indicator": IndicatorForm,
    "new-indicator": NewIndicatorForm,
    "remove": RemoveForm,
    "move": MoveForm,
    "dimension": DimensionForm,
    "band": BandForm,
    "action": ActionBlockForm,
    "new-action": NewActionForm,
    "source": SourceForm,
    "new-source": NewSourceForm,
    "words": RuleTextForm,
    "new-group": NewGroupForm,
    "alert": AlertForm,
    "element": ElementForm,
}

__all__ = [
    "BLOCKS",
    "BeginInstrumentForm",
    "BlockForm",
    "DraftVersionForm",
    "PlainForm",
    "RetireForm",
    "ReviewForm",
    "SwitchForm",
]
