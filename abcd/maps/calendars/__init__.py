"""What happens, as calendars that anybody can subscribe to (RFC 5545): of a group, a venue, a place or one asset."""

from abcd.maps.calendars.feeds import KINDS, calendar

__all__ = ["KINDS", "calendar"]
