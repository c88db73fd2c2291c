"""The brief on one treaty: what it is, who is in it, what it promises, who carries it, what else binds its members.

Every sentence and number is computed from the record for the day asked. Start with `compose`.
"""

from foedus.view.brief.compose import compose

__all__ = ["compose"]
