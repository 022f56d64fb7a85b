"""The clock of all fixtures."""

import calendar
import time

# Keys are made, then they sign, then images are judged.
CREATED = calendar.timegm((2024, 1, 1, 0, 0, 0))
SIGNED = calendar.timegm((2025, 6, 1, 12, 0, 0))
EXPIRED = calendar.timegm((2025, 12, 31, 0, 0, 0))
AT = calendar.timegm((2026, 1, 15, 12, 0, 0))
FUTURE = calendar.timegm((2040, 1, 1, 0, 0, 0))
YEAR = 365 * 24 * 3600
DAY = 24 * 3600


def rfc3339(seconds):
    """A moment as the suite writes it."""
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(seconds))
