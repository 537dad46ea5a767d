"""Components of the design system as template tags: docs/design.md."""
