"""The vital signs of an alliance in one year, theme by theme: each module reads a `Moment` and gives `Reading`s."""

from foedus.measure.signs.moment import Moment, Reading

__all__ = ["Moment", "Reading"]
