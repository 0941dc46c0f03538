"""Closed sets of words. Their spelling is the contract with files, so it never changes."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Level(IntEnum):
    """Level of an administrative division (GB/T 2260 for 1 to 3, statistics codes below)."""

    PROVINCE = 1
    CITY = 2
    DISTRICT = 3
    TOWN = 4
    VILLAGE = 5


class Granularity(StrEnum):
    """Deepest level of an address that is known, coarse to fine."""

    NONE = "none"
    PROVINCE = "province"
    CITY = "city"
    DISTRICT = "district"
    TOWN = "town"
    VILLAGE = "village"
    ROAD = "road"
    ROAD_NUMBER = "road_number"
    POI = "poi"
    BUILDING = "building"
    UNIT = "unit"
    ROOM = "room"


class Verdict(StrEnum):
    """May a letter go there, apart from how likely it is to be signed for."""

    DELIVERABLE = "deliverable"
    MISSING_DETAIL = "missing_detail"
    AMBIGUOUS = "ambiguous"
    UNDELIVERABLE = "undeliverable"
    BLOCKED = "blocked"


class Source(StrEnum):
    """Where an address came from."""

    ID_CARD = "id_card"
    HOUSEHOLD_REGISTER = "household_register"
    RESIDENCE = "residence"
    WORKPLACE = "workplace"
    DELIVERY = "delivery"
    CREDIT_REPORT = "credit_report"
    CONTACT = "contact"
    CONTRACT = "contract"
    COURT_CONFIRMED = "court_confirmed"
    OTHER = "other"


class SpanLabel(StrEnum):
    """Labels of the CCKS-2021 address scheme."""

    PROV = "prov"
    CITY = "city"
    DISTRICT = "district"
    DEVZONE = "devzone"
    TOWN = "town"
    COMMUNITY = "community"
    VILLAGE_GROUP = "village_group"
    ROAD = "road"
    ROADNO = "roadno"
    POI = "poi"
    SUBPOI = "subpoi"
    HOUSENO = "houseno"
    CELLNO = "cellno"
    FLOORNO = "floorno"
    ROOMNO = "roomno"
    DETAIL = "detail"
    ASSIST = "assist"
    DISTANCE = "distance"
    INTERSECTION = "intersection"
    REDUNDANT = "redundant"


class ElementKind(StrEnum):
    """What a piece of a text is: every character of it belongs to exactly one.

    The first twenty are the labels of `SpanLabel`, by the same values; the others are no address.
    """

    PROV = "prov"
    CITY = "city"
    DISTRICT = "district"
    DEVZONE = "devzone"
    TOWN = "town"
    COMMUNITY = "community"
    VILLAGE_GROUP = "village_group"
    ROAD = "road"
    ROADNO = "roadno"
    POI = "poi"
    SUBPOI = "subpoi"
    HOUSENO = "houseno"
    CELLNO = "cellno"
    FLOORNO = "floorno"
    ROOMNO = "roomno"
    DETAIL = "detail"
    ASSIST = "assist"
    DISTANCE = "distance"
    INTERSECTION = "intersection"
    REDUNDANT = "redundant"
    COUNTRY = "country"
    LABEL = "label"
    PERSON = "person"
    PHONE = "phone"
    ID_NO = "id_no"
    FILLER_LEVEL = "filler_level"
    LIST_NUMBER = "list_number"
    COURIER_NOTE = "courier_note"
    PRIVACY_CODE = "privacy_code"
    POSTCODE = "postcode"
    REPEATED = "repeated"
    EMPTY_PART = "empty_part"
    LANDMARK_NOTE = "landmark_note"
    SENTENCE = "sentence"
    MARK = "mark"
    UNREAD = "unread"


class Decision(StrEnum):
    """What happens to a case."""

    SEND = "send"
    HOLD = "hold"


class Relation(StrEnum):
    """How two addresses relate (CONTRACT of `addrfix compare`)."""

    SAME = "same"
    PARTIAL = "partial"
    DIFFERENT = "different"


class Outcome(StrEnum):
    """What became of a letter."""

    SIGNED = "signed"
    RETURNED = "returned"
    IN_TRANSIT = "in_transit"
    LOST = "lost"
    CANCELLED = "cancelled"


class SignClass(StrEnum):
    """Who signed."""

    SELF = "self"
    HOUSEHOLD = "household"
    UNIT = "unit"
    UNATTENDED = "unattended"
