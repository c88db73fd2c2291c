"""The Traffic Light Protocol: its labels, the marking definitions of STIX, and how far an item of each level reaches.

Levels of TLP 2.0 (FIRST, August 2022): clear, green, amber, amber+strict, red; TLP 1 has white for clear and no strict.
The marking ids of TLP 1 are fixed by STIX 2.1, section 7.2.1.4; those of TLP 2.0 by OASIS's extension definition.
"""

from __future__ import annotations

import msgspec

from foedus.cyber.errors import ImportRefused

LEVELS = ("clear", "green", "amber", "amber+strict", "red")  # least to most restricted
_SAME = {"white": "clear", "unlimited": "clear"}


class Coverage(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Share of the receiver's exposure that an item of each level may protect. Assumed: nobody has measured it."""

    clear: float = 1.0
    green: float = 1.0
    amber: float = 0.6
    amber_strict: float = 0.3
    red: float = 0.0


class Mix(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Shares of items by level, which sum to 1, and how far each reaches."""

    clear: float = 0.0
    green: float = 0.0
    amber: float = 0.0
    amber_strict: float = 0.0
    red: float = 0.0
    coverage: Coverage = Coverage()

    def reach(self) -> float:
        """Probability that an item may be used where it is needed: shares by coverage."""
        return float(sum(getattr(self, f) * getattr(self.coverage, f) for f in _FIELDS))

    def problems(self, automation: float) -> list[str]:
        """What is wrong with it, in a policy that lets machines handle a share `automation` of items."""
        shares = [getattr(self, f) for f in _FIELDS]
        found = [f"tlp.{f}: {s}; expected 0 to 1." for f, s in zip(_FIELDS, shares, strict=True) if not 0 <= s <= 1]
        reach = [(f, getattr(self.coverage, f)) for f in _FIELDS]
        found += [f"tlp.coverage.{f}: {s}; expected 0 to 1." for f, s in reach if not 0 <= s <= 1]
        if not abs(sum(shares) - 1.0) < 1e-6:
            found.append(f"tlp: shares sum to {sum(shares):.4g}, expected 1.")
        if self.coverage.red:
            found.append("tlp.coverage.red: what is for named recipients only reaches nobody else; expected 0.")
        if automation > 1.0 - self.red + 1e-9:
            found.append(f"tlp.red {self.red} with automation {automation}: what is red is never handled by machines.")
        return found


_FIELDS = ("clear", "green", "amber", "amber_strict", "red")

MARKINGS = {
    "marking-definition--613f2e26-407d-48c7-9eca-b8e91df99dc9": "clear",
    "marking-definition--34098fce-860f-48ae-8e50-ebd3cc5e41da": "green",
    "marking-definition--f88d31f6-486f-44da-b317-01333bde0b82": "amber",
    "marking-definition--5e57c739-391a-4eb3-b6be-7d15ca92d5ed": "red",
    "marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487": "clear",
    "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb": "green",
    "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421": "amber",
    "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003": "amber+strict",
    "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1": "red",
}


def level(label: str, where: str) -> str:
    """The level that a label such as TLP:AMBER+STRICT or tlp:white names. Raises ImportRefused for an unknown one."""
    plain = label.strip().casefold().removeprefix("tlp").lstrip(":-_ ").replace("_", "+").replace(" ", "+")
    found = _SAME.get(plain, plain)
    if found not in LEVELS:
        raise ImportRefused(
            f'{where}: "{label}" is no level of the Traffic Light Protocol; expected {", ".join(LEVELS)}.'
        )
    return found


def strictest(levels: list[str]) -> str:
    """The most restricted of some levels; red for none, since what bears no mark must not be passed on."""
    return max(levels, key=LEVELS.index) if levels else "red"
